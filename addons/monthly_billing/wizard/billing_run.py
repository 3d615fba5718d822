from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.volume_discount.core.calendar import add_months


class BillingRun(models.TransientModel):
    _name = "billing.run"
    _description = "Run Monthly Billing"

    month = fields.Date(
        required=True,
        default=lambda self: add_months(self.env.company._get_today(), -1),
        help="Any day of the month to bill.",
    )
    agreement_ids = fields.Many2many(
        "billing.agreement",
        string="Agreements",
        domain="[('state', '=', 'active')]",
        help="Empty: all running agreements.",
    )
    line_ids = fields.One2many("billing.run.line", "run_id", readonly=True)
    is_previewed = fields.Boolean(compute="_compute_is_previewed")

    @api.depends("line_ids")
    def _compute_is_previewed(self):
        for run in self:
            run.is_previewed = bool(run.line_ids)

    def _get_agreements(self):
        """Return the agreements of the run."""
        agreements = self.agreement_ids
        agreements = agreements or agreements.search(
            agreements._get_running_domain()
            & fields.Domain("company_id", "in", self.env.companies.ids)
        )
        if not agreements:
            raise UserError(
                self.env._(
                    "There is no running agreement. Make one under Billing Agreements "
                    "and start it."
                )
            )
        return agreements

    def action_change(self):
        """Drop the preview, so that month and agreements can be chosen again."""
        self.ensure_one()
        self.line_ids.unlink()
        return self._reopen()

    def action_preview(self):
        """Show what each customer would get; nothing is billed."""
        self.ensure_one()
        self.line_ids.unlink()
        previews = self._get_agreements()._preview_period(self.month)
        self.env["billing.run.line"].create(
            [self._prepare_line(preview) for preview in previews]
        )
        return self._reopen()

    def _reopen(self):
        """Return the action that shows this run in its dialog."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
            "name": self.env._("Run Monthly Billing"),
        }

    def _prepare_line(self, preview):
        """Return the values of the line that shows ``preview``."""
        names = (
            "agreement_id",
            "error",
            "worked_hours",
            "billed_hours",
            "withheld_hours",
            "amount_untaxed",
            "amount_total",
        )
        return {
            "run_id": self.id,
            "ticket_count": len(
                {line["ticket_id"] for line in preview["lines"]} - {False}
            ),
            "state": "done" if preview["invoice_id"] else preview["state"],
            "detail_ids": [Command.create(line) for line in preview["lines"]],
            **{name: preview[name] for name in names},
        }

    def action_bill(self):
        """Bill the month and show its periods; say who bills what is left over."""
        self.ensure_one()
        agreements = self._get_agreements()
        periods, message = agreements._bill_by_hand(self.month)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_period_action"
        )
        action["domain"] = [("id", "in", periods.ids)]
        if message:
            return agreements._get_message_action(message, action)
        return action
