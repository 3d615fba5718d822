"""The end of an agreement: what its windows still ask, or have too much, is settled.

No next invoice would do that: a last one does, or a credit note (pricing.md).
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import to_decimal

from ..core.plan import Plan


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    open_difference = fields.Text(
        compute="_compute_open_difference",
        compute_sudo=True,
        help="What the volume discount asks more or less than was charged, after the "
        "last month of the agreement.",
    )

    @api.depends("state", "date_end", "period_ids.move_ids.state")
    def _compute_open_difference(self):
        ended = self.filtered(
            lambda one: (
                one.state == "closed"
                or (one.date_end and one.date_end < one._get_today())
            )
        )
        texts = ended._get_differences_at_end()
        for agreement in self:
            agreement.open_difference = "\n".join(texts.get(agreement, ())) or False

    def action_settle(self):
        """Bill, or pay out, what is open after the last month of an agreement."""
        self.ensure_one()
        self._check_can_bill()
        self.check_access("write")
        agreement = self.sudo()
        day = agreement._get_day_to_settle()
        is_closed = agreement.state == "closed"
        if is_closed:
            agreement.state = "active"
        period, message = agreement._bill_by_hand(day)
        if period.error:
            raise UserError(period.error)
        if is_closed:
            agreement.state = "closed"
        if message:
            return agreement._get_message_action(message)
        if not period.invoice_id:
            return True
        return period.with_env(self.env).action_view_invoice()

    def _get_day_to_settle(self):
        """Return a day of the first month since the last one that has no invoice.

        :raise UserError: if there is none yet
        """
        self.ensure_one()
        today = self._get_today()
        if not self.date_end or self.date_end > today:
            raise UserError(
                self.env._(
                    "Set the last day of %s in “Valid Until”: the invoice of its last "
                    "month settles what is open.",
                    self.name,
                )
            )
        done = self.period_ids.filtered(lambda period: not period._is_billable())
        billed = set(done.mapped("date_start"))
        month = window_of(self.date_end)
        while month.start in billed:
            month = window_of(month.end)
        if month.start > today:
            raise UserError(
                self.env._(
                    "Every month of %s has its invoice. Settle it next month.",
                    self.name,
                )
            )
        return month.start

    def _check_is_settled(self):
        """Raise while closing would leave open what a window asks or has too much."""
        for agreement, texts in self.sudo()._get_differences_at_end().items():
            if agreement._is_running():
                raise UserError(
                    self.env._(
                        "%(difference)s Set the last day of %(agreement)s in “Valid "
                        "Until” and settle it, then close the agreement.",
                        difference="\n".join(texts),
                        agreement=agreement.name,
                    )
                )

    def _is_left_time_paid(self):
        """Return whether what is left after the last month costs nothing: hours that
        the retainer paid for make no invoice."""
        self.ensure_one()
        today = self._get_today()
        if not self.date_end or self.date_end > today:
            return False
        plan = self.env["billing.run.plan"]._get_plans(self, window_of(today))[self]
        return (
            isinstance(plan, Plan)
            and bool(plan.lines)
            and not (plan.is_charged or plan.amount() or plan.withheld)
        )

    def _get_differences_at_end(self):
        """Return what windows of these agreements ask more or less that nobody else
        will ask, in words.

        :return: dict of agreement to list of text
        """
        texts, sisters = {}, self._get_sisters() if self else self
        for found in sisters._find_window_differences(sisters) if self else ():
            owner = found.agreement
            if abs(found.amount) < to_decimal(owner.currency_id.rounding):
                continue
            key = owner._get_customer_key()
            for agreement in self.filtered(lambda one, key=key: one._has_key(key)):
                if not agreement._get_successors(found.terms.key, self._get_today()):
                    text = owner._get_window_deviation(found).text
                    texts.setdefault(agreement, []).append(text)
        return texts

    def _has_key(self, key):
        """Return whether hours of the agreement count in the windows of a customer."""
        self.ensure_one()
        return self._get_customer_key() == key

    def _get_successors(self, table, day):
        """Return the running agreements of the customer with the same table that go on
        after ``day``: their next invoice asks what is open.

        :param table: id of a tier table
        """
        self.ensure_one()
        key = self._get_customer_key()
        return (self._get_sisters() - self).filtered(
            lambda other: (
                other._is_running()
                and other._has_key(key)
                and other.volume_discount_id.id == table
                and (not other.date_end or other.date_end > day)
            )
        )
