"""What the windows of a customer must have been charged, whoever wrote the invoices.

The hours are those on documents; what they cost at once is counted naively, without the
engine (``window_life.ask_naively``).
"""

from collections import defaultdict
from decimal import Decimal

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.tiers import Usage
from odoo.addons.volume_discount.tests.window_life import ask_naively

CENTS = Decimal("0.01")


def to_decimal(number):
    return Decimal(str(round(number, 6)))


class WindowModel:
    """The terms of each window, and a check after each step.

    ``current``: terms and services (ids; none are all) that hold where a window begins
    now; ``rules``: those of the windows with invoices, ``decided``: what a manager let
    hold, both by first day; ``settled``: the invoice whose windows have no difference.
    """

    def __init__(self, case):
        self.case, self.env = case, case.env
        self.rules, self.decided, self.current = {}, {}, None
        self.settled, self.log = case.env["account.move"], []

    def get_lines(self):
        """Return the lines that count in windows."""
        moves = self.env["account.move"].search(
            [("partner_id", "=", self.partner.id), ("state", "!=", "cancel")]
        )
        moves = moves.filtered(
            lambda move: (
                move.billing_release != "none"
                and (move.state == "posted" or move._is_monthly_invoice())
            )
        )
        return moves.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.billing_kind not in ("included", "free", "retainer")
            )
        )

    def get_day(self, line):
        move = line.move_id
        return line.service_month or move.delivery_date or move.invoice_date

    def get_start(self, line):
        return window_of(self.get_day(line), self.size).start

    def is_own(self, line):
        return bool(line.volume_discount_kind)

    def get_windows(self, but=None):
        """Return the first days of the windows with hours that the table priced.

        :param but: a move of which generated lines do not count
        """
        return {
            self.get_start(line)
            for line in self.get_lines()
            if line.volume_discount_kind == "time"
            and line.move_id.move_type == "out_invoice"
            and not (line.move_id == but and line.billing_kind)
        }

    def get_usages(self, start, products):
        """Return the hours of a window as ``ask_naively`` wants them."""
        hours, own, facts = defaultdict(Decimal), {}, {}
        for line in self.get_lines():
            is_counted = not products or line.product_id.id in products
            if self.get_start(line) != start or not is_counted:
                continue
            rows = line.allocation_ids
            for row in rows:
                place = row.timesheet_id.date, row.timesheet_id.id
                hours[place] += to_decimal(row.billed_hours)
                facts[place], own[place] = line, self.is_own(line)
            if not rows and line.product_uom_id == self.case.hour:
                place = self.get_day(line), line.id
                hours[place] += to_decimal(line.quantity)
                facts[place], own[place] = line, self.is_own(line)
        return [
            (
                Usage(
                    count,
                    to_decimal(self.list_prices[facts[place].product_id]),
                    taxes=tuple(facts[place].tax_ids.ids),
                    day=place[0],
                    order=place[1],
                ),
                own[place],
            )
            for place, count in hours.items()
            if count
        ]

    def get_charged(self, start):
        """Return by taxes what was charged, and how many lines were rounded."""
        charged, count = defaultdict(Decimal), 0
        for line in self.get_lines().filtered(self.is_own):
            if self.get_start(line) == start:
                amount = to_decimal(line.quantity) * Decimal(str(line.price_unit))
                sign = -line.move_id.direction_sign
                charged[tuple(line.tax_ids.ids)] += sign * amount
                count += 1
        return charged, count

    def get_differences(self, start):
        """Return by taxes what a window asks beyond what was charged."""
        terms, products = self.decided.get(start) or self.rules[start]
        usages = self.get_usages(start, products)
        asked = ask_naively(terms, usages)
        charged, count = self.get_charged(start)
        slack = CENTS * (count + len(usages) + 4) / 2
        return {
            taxes: difference
            for taxes in {*asked, *charged}
            if abs(difference := asked.get(taxes, 0) - charged.get(taxes, 0)) > slack
        }, slack

    def check(self):
        windows = self.get_windows()
        for start in windows:
            self.rules.setdefault(start, self.current)
        self.rules = {key: rule for key, rule in self.rules.items() if key in windows}
        found = self.env["billing.allocation"]._find_deviations()
        self.case.assertFalse([one.text for one in found], self.log)
        open_ones = {
            one.window.start: dict(one.amounts)
            for one in self.agreement._find_window_differences(self.agreement)
        }
        for start in windows:
            self.check_window(start, open_ones.get(start))

    def check_window(self, start, opened):
        expected, slack = self.get_differences(start)
        message = f"{start} {self.log}"
        if opened is not None:
            for taxes in {*opened, *expected}:
                difference = opened.get(taxes, 0) - expected.get(taxes, 0)
                self.case.assertLessEqual(abs(difference), 2 * slack, message)
        new = self.settled.invoice_line_ids.filtered(
            lambda line: (
                line.volume_discount_kind == "time"
                and line.quantity
                and self.get_start(line) == start
            )
        )
        if new:
            self.case.assertFalse(expected, message)
