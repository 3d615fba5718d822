"""What may happen to the windows of a customer, whoever writes the invoices."""

from datetime import date
from random import Random

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.terms import Terms
from odoo.addons.volume_discount.core.tiers import Tier

from .window_model import WindowModel, to_decimal

MONTHS = (8, 9, 10)
MODES = [("graduated", False), ("volume", False), ("volume", True)]


class RandomWindows(WindowModel):
    """One customer from the agreement to its end, drawn by ``Random(seed)``."""

    def __init__(self, case, seed):
        super().__init__(case)
        self.random, self.by_hand = Random(seed), 0  # noqa: S311
        self.agree()

    def pick(self, *options):
        return self.random.choice(options)

    def quarters(self, most=24):
        return self.random.randint(1, most) / 4

    # what is agreed

    def agree(self):
        case, pick = self.case, self.pick
        case.company.tax_calculation_rounding_method = pick(
            "round_per_line", "round_globally"
        )
        self.currency = pick(case.company.currency_id, case.dollar)
        self.partner = case.make_partner("Random")
        projects = [case.make_project(name, self.partner) for name in ("Full", "Cut")]
        self.table = self.make_table()
        self.agreement = case.make_agreement(
            partner_id=self.partner.id,
            currency_id=self.currency.id,
            volume_discount_id=self.table.id,
            bill_from=date(2026, 8, 1),
            rate_ids=[
                Command.create(
                    {"project_id": projects[1].id, "product_id": case.reduced.id}
                )
            ],
            **self.draw_agreement(),
        )
        self.list_prices = {
            product: self.agreement._get_list_price(date(2026, 8, 1), product)
            for product in (case.service, case.reduced)
        }
        self.partner.volume_discount_id = self.table
        names = [("Large", 0, 10_000), ("Cut", 1, 10_000), ("Small", 0, 5)]
        self.tickets = [
            case.make_ticket(name, projects[at]) for name, at, _hours in names
        ]
        for ticket, (_name, _at, hours) in zip(self.tickets, names, strict=True):
            case.approve_estimate(ticket, hours)

    def draw_agreement(self):
        pick = self.pick
        included = pick(0, 0, 3)
        return {
            "auto_post": pick(True, False),
            "estimate_policy": "withhold",
            "estimate_tolerance": pick(0, 10),
            "rounding_scope": pick("none", "none", "entry", "day", "month"),
            "rounding_direction": pick("up", "nearest"),
            "rounding_minutes": pick(15, 30, 60),
            "grouping": pick("ticket", "project", "entry"),
            "minimum_amount": pick(0, 0, 300),
            "included_hours": included,
            "included_price": included and pick(0, 250),
            "included_rollover": pick(0, 1),
        }

    def make_table(self):
        mode, best_price = self.pick(*MODES)
        self.size = self.pick("month", "quarter", "year")
        starts = sorted(self.random.sample(range(1, 121), self.random.randint(1, 3)))
        table = self.case.make_table(
            currency_id=self.currency.id,
            mode=mode,
            best_price=best_price,
            window=self.size,
            presentation=self.pick("line", "summary"),
            product_ids=[Command.set(self.pick((), (), (self.case.service.id,)))],
            tier_ids=[
                Command.create({"min_quantity": start / 4, **self.draw_price()})
                for start in starts
            ],
        )
        self.remember_table(table)
        return table

    def draw_price(self):
        if self.pick(True, False):
            price = self.random.randint(50, 120)
            return {"price_type": "price", "price_unit": price, "discount": 0}
        return {"price_type": "discount", "discount": self.pick(5, 10, 12.5, 50)}

    def remember_table(self, table):
        """Keep what holds for windows that begin now."""
        tiers = [
            Tier(
                to_decimal(row.min_quantity),
                row.price_type,
                to_decimal(row.discount),
                to_decimal(row.price_unit),
            )
            for row in table.tier_ids
        ]
        terms = Terms(table.mode, tuple(tiers), self.size, best_price=table.best_price)
        self.current = terms, frozenset(table.product_ids.ids)

    # what happens

    def live(self, operations):
        for _step in range(operations):
            action = self.pick(*self.get_actions())
            self.log.append(action.__name__)
            self.settled, rules = self.env["account.move"], self.rules
            try:
                with self.env.cr.savepoint():
                    action()
                    self.env.flush_all()
            except UserError as error:
                if action not in self.get_refusable():
                    raise
                self.log.append(f"refused: {str(error)[:60]}")
                self.settled, self.rules = self.settled.browse(), rules
            self.check()
        self.end()

    def get_actions(self):
        actions = [self.book, self.book, *[self.bill] * 4, self.open_early]
        actions += [self.invoice_by_hand, self.approve]
        actions += [self.edit_table, self.apply_table] if self.pick(1, 0) else []
        if self.get_moves("draft"):
            actions += [self.type_hours, self.type_hours, self.post, self.post]
            actions += [self.recompute, self.delete]
        if self.get_moves("posted"):
            actions += [self.credit] * 4 + [self.give, self.reset, self.cancel]
        if self.get_credits():
            actions += [self.cancel_credit]
        return actions

    def get_refusable(self):
        """Return what the ledger may refuse: it would bill time twice."""
        return [
            self.cancel,
            self.cancel_credit,
            self.credit,
            self.delete,
            self.give,
            self.post,
            self.recompute,
            self.reset,
        ]

    def get_moves(self, *states):
        return self.agreement.period_ids.move_ids.filtered(
            lambda move: move._is_monthly_invoice() and move.state in states
        )

    def get_credits(self):
        return self.agreement.period_ids.move_ids.filtered(
            lambda move: move.billing_release and move.state == "posted"
        )

    def draw_move(self, *states):
        return self.pick(*self.get_moves(*states))

    def book(self):
        for _entry in range(self.random.randint(1, 4)):
            day = f"{self.pick(*MONTHS):02}-{self.random.randint(1, 20):02}"
            self.case.book(self.quarters(), day, self.pick(*self.tickets))

    def approve(self):
        hours = self.tickets[2].planned_hours + self.quarters()
        self.case.approve_estimate(self.tickets[2], hours)

    def bill(self, month=None):
        day = date(2026, month or self.pick(*MONTHS), 1)
        period = self.agreement.sudo()._ensure_periods(window_of(day))
        before = period.invoice_id
        if before and period._is_early_draft():
            self.forget(before)
        elif before:
            return
        # an ended agreement has nothing to do with a month
        self.case.bill(day, self.agreement)
        self.case.assertFalse(period.error, period.error)
        self.settled = period.invoice_id

    def open_early(self):
        day = date(2026, self.pick(*MONTHS), 1)
        period = self.agreement.sudo()._ensure_periods(window_of(day))
        if not period.invoice_id:
            self.settled = self.agreement._open_draft(day).invoice_id

    def recompute(self):
        self.settled = self.draw_move("draft")
        self.forget(self.settled)
        self.settled.billing_period_id.action_recompute()

    def forget(self, move):
        """Lines that are written anew give their windows no terms."""
        left = self.get_windows(move)
        self.rules = {key: rule for key, rule in self.rules.items() if key in left}

    def post(self):
        move = self.draw_move("draft")
        if move.invoice_line_ids and move.amount_total >= 0:
            typed = move._has_typed_hours()
            move.action_post()
            self.settled = typed and move or self.settled

    def delete(self):
        self.draw_move("draft").unlink()

    def reset(self):
        self.draw_move("posted").button_draft()

    def cancel(self):
        move = self.draw_move("posted")
        move.button_draft()
        move.button_cancel()

    def cancel_credit(self):
        credit = self.pick(*self.get_credits())
        credit.button_draft()
        credit.button_cancel()

    def prepare_hours(self):
        product = self.pick(self.case.service, self.case.service, self.case.reduced)
        return {
            "product_id": product.id,
            "product_uom_id": self.case.hour.id,
            "name": "By hand",
            "quantity": self.quarters(),
            "price_unit": self.list_prices[product],
        }

    def type_hours(self):
        move = self.draw_move("draft")
        move.invoice_line_ids = [Command.create(self.prepare_hours())]

    def invoice_by_hand(self):
        """On a day of its own, after the entries of its month."""
        self.by_hand += 1
        day = date(2026, self.pick(*MONTHS), 21 + self.by_hand % 7)
        lines = [self.prepare_hours() for _line in range(self.pick(1, 2))]
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "currency_id": self.currency.id,
                "invoice_date": day,
                "delivery_date": day,
                "invoice_line_ids": [Command.create(line) for line in lines],
            }
        )
        if move.volume_discount_proposal_id and self.pick(True, True, False):
            move.action_apply_volume_discount()
        move.action_post()
        self.settled = move if move.volume_discount_id else self.settled

    def credit(self):
        move = self.draw_move("posted")
        wizard = self.make_reversal(move, self.pick("all", "chosen", "chosen"))
        for row in wizard.billing_time_ids:
            part = self.pick(0, row.open_hours, self.quarters())
            row.hours = min(part, row.open_hours)
        self.finish(wizard)

    def give(self):
        """Goodwill is money: no window knows of it."""
        wizard = self.make_reversal(self.draw_move("posted"), "none")
        self.finish(wizard, is_posted=self.pick(True, False))

    def make_reversal(self, move, release):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        values = {"journal_id": move.journal_id.id, "billing_release": release}
        return wizard.create(values)

    def finish(self, wizard, is_posted=True):
        wizard.refund_moves()
        if is_posted and self.pick(True, True, True, False):
            wizard.new_move_ids.action_post()

    def edit_table(self):
        """Another price holds from the next window on."""
        self.pick(*self.table.tier_ids).write(self.draw_price())
        self.remember_table(self.table)

    def apply_table(self):
        """A manager lets the table of today hold in a running window."""
        day = date(2026, self.pick(*MONTHS), 1)
        self.agreement._apply_table_now(day, "Agreed")
        self.decided[window_of(day, self.size).start] = self.current

    def end(self):
        """All time is billed, what is open is settled, the agreement is closed."""
        self.log.append("end")
        self.get_moves("draft").filtered(
            lambda move: move.amount_total >= 0 and move.invoice_line_ids
        ).action_post()
        self.settled = self.env["account.move"]
        self.check()
        self.agreement.write(
            {
                "date_end": date(2026, 10, 31),
                "estimate_policy": "bill_all",
                "minimum_amount": 0,
                "auto_post": True,
            }
        )
        for month in (*MONTHS, 11):
            self.bill(month)
            self.check()
        self.get_moves("draft").action_post()
        if self.agreement.open_difference:
            self.agreement.action_settle()
        self.check()
        self.case.assertFalse(self.agreement.open_difference, self.log)
        self.agreement.action_close()
