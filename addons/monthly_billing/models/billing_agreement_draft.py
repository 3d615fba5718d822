"""Opening the draft of a month before it is billed."""

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.volume_discount.core.calendar import window_of


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def action_open_draft(self):
        """Open the draft invoice of the running month."""
        self.ensure_one()
        return self._open_draft(self._get_today()).action_view_invoice()

    def _open_draft(self, day):
        """Open the draft of the month that contains ``day``, to type into it.

        It has the time that is there; the run adds later time on the billing day. A
        month that has its invoice keeps it.

        :return: the ``billing.period`` of the agreement and the month
        :raise AccessError: if the user may not bill
        :raise UserError: if the month has not begun, the agreement is not running,
            something must be put right first or another run holds the customer
        """
        self.ensure_one()
        self._check_can_bill()
        window = self._get_month(day)
        agreement = self.sudo()
        agreement._check_can_start(window)
        period = agreement._ensure_periods(window)
        if not period.invoice_id:
            if not period._lock_for_run():
                raise UserError(
                    self.env._(
                        "%s is being billed at this moment. Try again in a minute.",
                        period.display_name,
                    )
                )
            period._open_early()
        return period.with_env(self.env)

    def _try_early_draft(self, period):
        """Return the preview of a month whose draft was opened early.

        The draft is completed as the run would do it; the caller undoes that.
        """
        window = window_of(period.date_start)
        try:
            with self.env.cr.savepoint():
                plan = period._recompute_draft()
                if period._get_draft_outcome(plan):
                    period._discard_draft()
                    return self._get_plan_preview(plan, window)
        except UserError as error:
            return self._prepare_preview(window, state="error", error=str(error))
        return self._get_done_preview(period) | {
            "state": "invoiced" if self.auto_post else "draft",
            "invoice_id": False,
        }
