"""What a customer's life may bring, as a state machine of hypothesis, and the model
beside it (``life_model.py``)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from odoo.exceptions import UserError

from odoo.addons.volume_discount.core.calendar import window_of

from .life_model import Entry, Model, Terms
from .random_months import bounds, draw, modes, often, quarters

FIRST_MONTH = date(2026, 8, 1)
MONTHS = [date(2026, month, 1) for month in (8, 9, 10)]
EVER = date(2026, 12, 1)
days = st.integers(0, 91).map(lambda days: FIRST_MONTH + timedelta(days))
months = st.sampled_from(MONTHS)


def works(size):
    """Draw (day, hours, ticket) at least ``size`` times."""
    one = st.tuples(days, quarters, st.integers(0, 1))
    return st.lists(one, min_size=size, max_size=size + 3)


roundings = often("none", "entry", "day", "month")
all_terms = draw(
    mode=modes,
    window=st.sampled_from(["month", "quarter", "year"]),
    presentation=st.sampled_from(["line", "summary"]),
    tiers=st.dictionaries(
        bounds.filter(bool), st.integers(60, 120), min_size=1, max_size=3
    ),
    rounding=st.tuples(
        roundings,
        st.sampled_from(["up", "nearest"]),
        st.sampled_from([6, 15, 30, 60]),
    ),
    grouping=st.sampled_from(["ticket", "project", "person", "entry"]),
    tolerance=often(0, 10, 20),
    minimum=often(0, 300),
    auto_post=st.booleans(),
)


def get_month_end(month):
    """Return the first day after ``month``."""
    return (month + timedelta(32)).replace(day=1)


def to_terms(drawn):
    mode, best_price = drawn.pop("mode")
    tiers = drawn.pop("tiers").items()
    tiers = sorted((Decimal(str(start)), Decimal(price)) for start, price in tiers)
    return Terms(mode, best_price, tiers=tuple(tiers), **drawn)


class Life(RuleBasedStateMachine):
    """The customer's months, and beside them the model.

    Time on the first ticket is billed without limit, on the second as approved.
    """

    case = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.tickets = [self.case.make_ticket(name) for name in ("Large", "Small")]
        self.case.approve_estimate(self.tickets[0], 10_000)
        self.records = {}
        self.model = Model(Terms())

    def teardown(self):
        self.savepoint.rollback()
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()

    @initialize(drawn=all_terms, work=works(6))
    def agree(self, drawn, work):
        self.model.terms = to_terms(dict(drawn))
        self.case.agree(self.model.terms)
        self.book_all(work)

    @rule(data=st.data())
    def happen(self, data):
        """One rule, for hypothesis would leave out some of many."""
        data.draw(st.sampled_from(self.get_actions()))(data)

    def get_actions(self):
        """Return what can happen now, the more important things several times."""
        actions = [self.book, self.approve, self.open_early, *[self.bill] * 3]
        if self.get_free():
            actions += [self.edit, self.move_to_other_ticket]
        if self.model.split(EVER)[1]:
            actions += [self.decide] * 2
        if self.get_invoices("draft"):
            actions += [self.recompute, self.delete, self.post, self.post]
        if self.get_invoices("posted"):
            actions += [self.reset, self.cancel, self.give, *[self.credit] * 3]
        if self.get_credited():
            actions += [self.cancel_credited]
        if self.model.terms.tiers:
            actions += [self.edit_table]
        return actions

    def get_invoices(self, *states):
        return [move for move in self.model.invoices if move.state in states]

    def draw_invoice(self, data, *states):
        return data.draw(st.sampled_from(self.get_invoices(*states)))

    def is_whole(self, invoice):
        """Return whether nothing of an invoice was credited."""
        return not invoice.reversal_move_ids

    # what people do

    def book(self, data):
        self.book_all(data.draw(works(1)))

    def book_all(self, work):
        for day, hours, number in work:
            record = self.case.book(hours, f"{day:%m-%d}", self.tickets[number])
            self.records[record.id] = record
            entry = Entry(record.id, day, number, Decimal(str(hours)))
            self.model.entries[record.id] = entry

    def get_free(self):
        """Return the entries that nothing was billed or decided of."""
        return [
            key
            for key, entry in self.model.entries.items()
            if not (self.model.get_worked(key) or entry.written_off)
            and not entry.released_up_to
        ]

    def edit(self, data):
        key, hours = data.draw(st.sampled_from(self.get_free())), data.draw(quarters)
        self.records[key].unit_amount = hours
        self.model.entries[key].hours = Decimal(str(hours))

    def move_to_other_ticket(self, data):
        key = data.draw(st.sampled_from(self.get_free()))
        entry = self.model.entries[key]
        entry.job = 1 - entry.job
        self.records[key].ticket_id = self.tickets[entry.job]

    def approve(self, data):
        self.model.approved += data.draw(st.integers(1, 10))
        self.case.approve_estimate(self.tickets[1], float(self.model.approved))

    def decide(self, data):
        withheld = self.model.split(EVER)[1]
        key = data.draw(st.sampled_from(sorted(withheld)))
        part = data.draw(quarters.map(str).map(Decimal))
        hours = min(withheld[key], part)
        if data.draw(st.booleans()):
            self.case.decide("release", key, hours)
            self.model.release(key, withheld[key], hours)
        else:
            self.case.decide("write_off", key, hours)
            self.model.entries[key].written_off += hours

    def bill(self, data):
        month = data.draw(months)
        period = self.case.agreement._search_periods(window_of(month))
        before = period.invoice_id
        if before and not period._is_early_draft():
            self.case.bill(month)
            assert period.invoice_id == before, "a second invoice"
            return
        self.model.invoices.pop(before, None)
        plan = self.model.plan(get_month_end(month))
        period = self.case.bill(month)
        assert not period.error, period.error
        if self.model.is_invoiced(plan):
            self.model.invoices[period.invoice_id] = plan
            self.case.check_posted(period.invoice_id)
        else:
            assert not period.invoice_id, "an invoice from nothing"

    def open_early(self, data):
        month = data.draw(months)
        period = self.case.agreement._search_periods(window_of(month))
        if not period.invoice_id:
            plan = self.model.plan(get_month_end(month))
            period = self.case.agreement._open_draft(month)
            self.model.invoices[period.invoice_id] = plan

    def recompute(self, data):
        invoice = self.draw_invoice(data, "draft")
        del self.model.invoices[invoice]
        period = invoice.billing_period_id
        self.model.invoices[invoice] = self.model.plan(get_month_end(period.date_start))
        period.action_recompute()

    def post(self, data):
        invoice = self.draw_invoice(data, "draft")
        if invoice.amount_total >= 0 and invoice.invoice_line_ids.allocation_ids:
            invoice.action_post()

    def reset(self, data):
        invoice = self.draw_invoice(data, "posted")
        if self.is_whole(invoice):
            invoice.button_draft()

    def cancel(self, data):
        invoice = self.draw_invoice(data, "draft", "posted")
        if self.is_whole(invoice):
            invoice.button_cancel()
            del self.model.invoices[invoice]

    def delete(self, data):
        invoice = self.draw_invoice(data, "draft")
        if not invoice.posted_before:
            del self.model.invoices[invoice]
            invoice.unlink()

    def get_credited(self):
        """Return the invoices of which a credit note gave time back."""
        return [
            move
            for move in self.get_invoices("posted")
            if "chosen" in move.reversal_move_ids.mapped("billing_release")
        ]

    def cancel_credited(self, data):
        """Whatever became of its time: a credited invoice cannot be cancelled."""
        invoice = data.draw(st.sampled_from(self.get_credited()))
        with self.case.assertRaises(UserError), self.env.cr.savepoint():
            invoice.button_draft()
            invoice.button_cancel()

    def give(self, data):
        """Goodwill is money: no window knows of it."""
        invoice = self.draw_invoice(data, "posted")
        if invoice.amount_total > 0:
            self.case.give_money(invoice, data.draw(st.integers(1, 3)))

    def edit_table(self, data):
        """Another price holds from the next window on."""
        windows = {w for one in self.model.invoices.values() for w in one.amounts}
        for window in windows:
            self.model.prices[window] = self.model.get_terms(window)
        at = data.draw(st.integers(0, len(self.model.terms.tiers) - 1))
        price = Decimal(data.draw(st.integers(60, 120)))
        tiers = list(self.model.terms.tiers)
        tiers[at] = (tiers[at][0], price)
        self.model.terms = replace(self.model.terms, tiers=tuple(tiers))
        self.case.set_tier(float(tiers[at][0]), float(price))

    def credit(self, data):
        invoice = self.draw_invoice(data, "posted")
        left = {k: v for k, v in self.model.invoices[invoice].parts.items() if v}
        if not left:
            return
        choice = data.draw(st.sampled_from(["all", "ticket", "entry", "entry"]))
        chosen = left if choice == "all" else self.choose(data, left, choice)
        credit = self.case.give_back(invoice, chosen, choice == "all")
        self.take_off(invoice, chosen, credit)

    def choose(self, data, left, choice):
        """Return the hours of a ticket, or some of an entry where no rounding makes
        more or less of them."""
        key = data.draw(st.sampled_from(sorted(left)))
        if choice == "ticket" or self.model.terms.rounding[0] != "none":
            job = self.model.entries[key].job
            return {k: v for k, v in left.items() if self.model.entries[k].job == job}
        part = data.draw(quarters.map(str).map(Decimal))
        return {key: min(left[key], part)}

    def take_off(self, invoice, chosen, credit):
        """Let the model know of a credit note.

        The first one of a whole invoice takes what was asked; the amount of others is
        that of the document.
        """
        known = self.model.invoices[invoice]
        amounts = self.case.get_amounts(credit, self.model.terms.get_window)
        if credit.billing_release == "all" and len(invoice.reversal_move_ids) == 1:
            expected = {window: -amount for window, amount in known.amounts.items()}
            self.case.check_amounts(amounts, expected)
        self.model.take_off(known, chosen, amounts)

    # what must be true

    @invariant()
    def ledger_is_sound(self):
        found = self.env["billing.allocation"]._find_deviations()
        assert not found, [one.text for one in found]

    @invariant()
    def ledger_agrees_with_the_model(self):
        for key, record in self.records.items():
            counting = record.allocation_ids._filter_counting()
            billed = sum(counting.mapped("worked_hours"))
            assert abs(billed - float(self.model.get_worked(key))) < 1e-6
            assert -1e-6 <= billed <= record.unit_amount + 1e-6

    @invariant()
    def billed_hours_agree_with_the_model(self):
        expected = sum(sum(one.billed.values()) for one in self.model.invoices.values())
        counting = self.case.agreement.period_ids.allocation_ids._filter_counting()
        billed = sum(counting.mapped("billed_hours"))
        assert abs(billed - float(expected)) < 1e-6, (billed, expected)

    @invariant()
    def open_time_agrees_with_the_model(self):
        """What is billable and what is withheld adds up to what is left."""
        usage = self.case.agreement.env["billing.run.collect"]._get_usage(
            self.case.agreement, EVER
        )[self.case.agreement]
        left = {entry.timesheet_id: entry.worked for entry in usage}
        billable, withheld = self.model.split(EVER)
        expected = {
            key: billable.get(key, 0) + withheld.get(key, 0)
            for key in {*billable, *withheld}
        }
        assert left == expected
        assert self.case.get_withheld() == withheld

    @invariant()
    def charges_agree_with_the_model(self):
        charged = self.case.get_charged(self.model.terms.get_window)
        windows = {w for one in self.model.invoices.values() for w in one.amounts}
        expected = {window: self.model.get_amount(window) for window in windows}
        self.case.check_amounts(charged, expected)
