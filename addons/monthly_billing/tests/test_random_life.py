"""Months that are booked, billed, cancelled, credited and billed again at random.

A model of its own, in plain Python, says after each step what must stand in the ledger
and what the customer has been charged.
"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.tests import freeze_time, tagged

from ..periods import window_of
from .common import MonthlyBillingCommon

FIRST_MONTH = date(2026, 8, 1)
MONTHS = [date(2026, month, 1) for month in (8, 9, 10)]
QUARTERS = st.integers(1, 40).map(lambda quarter: quarter / 4)
DAYS = st.integers(0, 91).map(lambda days: FIRST_MONTH + timedelta(days))


def get_month_end(month):
    """Return the first day after ``month``."""
    return (month + timedelta(32)).replace(day=1)


def charge(hours):
    """Return what the table asks for a month: 120.00, from 5 h 100.00, from 12 h 90.00
    (graduated, as in pricing.md)."""
    limits = [(0, 5, 120), (5, 12, 100), (12, 10**6, 90)]
    return sum(
        max(min(hours, upper) - lower, 0) * price for lower, upper, price in limits
    )


class Life(RuleBasedStateMachine):
    """The customer's months, and beside them the model.

    ``entries``: [record, day, ticket, hours] by id; ``parts``: {invoice: {entry id:
    hours that stand on it}}; ``approved``: hours by ticket, None for no limit.
    """

    case = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.tickets = [self.case.make_ticket(name) for name in ("Large", "Small")]
        self.case.approve_estimate(self.tickets[0], 10_000)
        self.entries, self.parts, self.unsettled = {}, {}, set()
        self.approved = Decimal(0)

    def teardown(self):
        self.savepoint.rollback()
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()

    # what the model says

    def get_net(self, entry_id):
        return sum(parts.get(entry_id, 0) for parts in self.parts.values())

    def get_left(self, end):
        """Return what a run for the time before ``end`` would bill, by entry id."""
        estimated = self.tickets[1]
        room = self.approved - sum(
            self.get_net(key)
            for key, entry in self.entries.items()
            if entry[2] == estimated
        )
        left = {}
        for key in sorted(self.entries, key=lambda key: (self.entries[key][1], key)):
            _record, day, ticket, hours = self.entries[key]
            open_hours = hours - self.get_net(key)
            if ticket == estimated:
                open_hours = min(open_hours, max(room, Decimal(0)))
            if day >= end:
                continue
            if ticket == estimated:
                room -= open_hours
            if open_hours > 0:
                left[key] = open_hours
        return left

    def get_invoices(self, *states):
        return [move for move in self.parts if move.state in states]

    # what people do

    @rule(work=st.lists(st.tuples(DAYS, QUARTERS, st.integers(0, 1)), max_size=5))
    def book(self, work):
        for day, hours, number in work:
            ticket = self.tickets[number]
            record = self.case.book(hours, f"{day:%m-%d}", ticket)
            self.entries[record.id] = [record, day, ticket, Decimal(str(hours))]

    @precondition(lambda self: any(not self.get_net(key) for key in self.entries))
    @rule(data=st.data(), hours=QUARTERS)
    def edit(self, data, hours):
        free = [key for key in self.entries if not self.get_net(key)]
        key = data.draw(st.sampled_from(free))
        self.entries[key][0].unit_amount = hours
        self.entries[key][3] = Decimal(str(hours))

    @rule(hours=QUARTERS)
    def approve(self, hours):
        self.approved += Decimal(str(hours))
        self.case.approve_estimate(self.tickets[1], float(self.approved))

    @rule(month=st.sampled_from(MONTHS))
    def bill(self, month):
        period = self.case.agreement._search_periods(window_of(month))
        expected = self.get_left(get_month_end(month))
        if period.invoice_id:
            expected = {}
        before = period.invoice_id
        period = self.case.bill(month)
        invoice = period.invoice_id
        if expected:
            self.parts[invoice] = expected
            months = {self.entries[key][1].replace(day=1) for key in expected}
            self.unsettled -= months
        else:
            assert invoice == before, "an invoice from nothing"

    @precondition(lambda self: self.get_invoices("draft", "posted"))
    @rule(data=st.data())
    def post_or_reset(self, data):
        moves = self.get_invoices("draft", "posted")
        invoice = data.draw(st.sampled_from(moves))
        if invoice.state == "draft":
            invoice.action_post()
        elif not invoice.reversal_move_ids:
            invoice.button_draft()

    @precondition(lambda self: self.get_invoices("draft", "posted"))
    @rule(data=st.data())
    def cancel(self, data):
        invoice = data.draw(st.sampled_from(self.get_invoices("draft", "posted")))
        if invoice.reversal_move_ids:
            return
        invoice.button_cancel()
        self.disturb(self.parts.pop(invoice))

    @precondition(lambda self: self.get_invoices("posted"))
    @rule(data=st.data())
    def credit(self, data):
        """Give back a part of an entry, or all that is left of the invoice."""
        invoice = data.draw(st.sampled_from(self.get_invoices("posted")))
        open_parts = {key: left for key, left in self.parts[invoice].items() if left}
        if not open_parts:
            return
        chosen = open_parts
        if data.draw(st.booleans()):
            key = data.draw(st.sampled_from(sorted(open_parts)))
            quarters = data.draw(st.integers(1, int(open_parts[key] * 4)))
            chosen = {key: Decimal(quarters) / 4}
        self.case.give_back(invoice, chosen, whole=chosen is open_parts)
        for key, hours in chosen.items():
            self.parts[invoice][key] -= hours
        self.disturb(chosen)

    def disturb(self, parts):
        """The month's price is settled by the next run that bills time of it."""
        self.unsettled |= {self.entries[key][1].replace(day=1) for key in parts}

    # what must be true

    @invariant()
    def ledger_is_sound(self):
        found = self.env["billing.allocation"]._check_ledger()
        assert not found, [one.text for one in found]

    @invariant()
    def ledger_agrees_with_the_model(self):
        for key, (record, _day, _ticket, hours) in self.entries.items():
            counting = record.allocation_ids._filter_counting()
            billed = sum(counting.mapped("worked_hours"))
            assert abs(billed - float(self.get_net(key))) < 1e-6
            assert -1e-6 <= billed <= float(hours) + 1e-6

    @invariant()
    def unbilled_time_agrees_with_the_model(self):
        usage = self.case.agreement._get_usage(date(2026, 12, 1))
        entries = usage[self.case.agreement]
        left = {entry.timesheet_id: entry.worked for entry in entries}
        assert left == {
            key: hours - self.get_net(key)
            for key, (_record, _day, _ticket, hours) in self.entries.items()
            if hours > self.get_net(key)
        }

    @invariant()
    def charges_agree_with_the_table(self):
        for month in MONTHS:
            if month in self.unsettled:
                continue
            hours = sum(
                self.get_net(key)
                for key, entry in self.entries.items()
                if entry[1].replace(day=1) == month
            )
            charged = self.case.get_charged(month)
            assert abs(charged - float(charge(hours))) < 0.005, (
                f"{month}: {charged} for {hours} h"
            )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRandomLife(MonthlyBillingCommon):
    """Ledger, invoices and the model agree after every step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.write(
            {
                "volume_discount_id": cls.make_table((0, 120), (5, 100), (12, 90)).id,
                "estimate_policy": "withhold",
                "auto_post": True,
            }
        )

    def give_back(self, invoice, hours, whole):
        """Credit ``hours`` by entry id, or the whole invoice, and post it."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        release = "all" if whole else "chosen"
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": release}
        )
        left = dict(hours)
        for row in reversed(wizard.billing_time_ids):
            key = row.allocation_id.timesheet_id.id
            row.hours = min(float(left.get(key, 0)), row.open_hours)
            left[key] = left.get(key, Decimal(0)) - Decimal(str(row.hours))
        wizard.refund_moves()
        wizard.new_move_ids.action_post()

    def get_charged(self, month):
        """Return the net amount that counts for work in ``month``."""
        lines = self.env["account.move.line"].search(
            [
                ("service_month", "=", month),
                ("move_id.partner_id", "=", self.partner.id),
                ("display_type", "=", "product"),
                ("parent_state", "!=", "cancel"),
            ]
        )
        return sum(-line.move_id.direction_sign * line.price_subtotal for line in lines)

    def test_random_life(self):
        Life.case = self
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=5,
                stateful_step_count=16,
                deadline=None,
                derandomize=True,
                # explaining traces every line of Odoo and takes ten times as long
                phases=(Phase.generate, Phase.shrink),
                print_blob=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
