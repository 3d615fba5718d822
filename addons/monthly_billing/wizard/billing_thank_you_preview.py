from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..models.run.facts import Refusal
from ..periods import window_of


class BillingThankYouPreview(models.TransientModel):
    _name = "billing.thank.you.preview"
    _description = "Preview of a Thank-you Note"

    agreement_id = fields.Many2one(
        "billing.agreement",
        required=True,
        help="Whose invoice of the running month has the note.",
    )
    note_id = fields.Many2one(
        "billing.thank.you.note",
        help="Empty: the note that the invoice of the running month would have.",
    )
    text = fields.Text(string="As the Customer Reads It", compute="_compute_text")

    @api.model
    def _open(self, agreement=None, note=None):
        """Return the action that shows what a customer would read.

        :raise UserError: if there is no agreement to show it for
        """
        agreement = agreement or self.env["billing.agreement"].search(
            self.env["billing.agreement"]._get_running_domain(), limit=1
        )
        if not agreement:
            raise UserError(
                self.env._(
                    "There is no running agreement to show the note for. Make one "
                    "under Billing Agreements and start it."
                )
            )
        values = {"agreement_id": agreement.id, "note_id": note.id if note else False}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of the Thank-you Note"),
            "res_model": self._name,
            "res_id": self.create(values).id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("agreement_id", "note_id")
    def _compute_text(self):
        for preview in self:
            preview.text = preview._get_text() if preview.agreement_id else False

    def _get_text(self):
        """Return the note with the time that is there by now, or why there is none."""
        self.agreement_id.check_access("read")
        self.note_id.check_access("read")
        agreement = self.agreement_id.sudo()._localize()
        month = window_of(agreement._get_today())
        plan = agreement.env["billing.run.plan"]._get_plans(agreement, month)[agreement]
        if isinstance(plan, Refusal):
            return plan.message
        text = self.note_id.with_env(agreement.env).note
        if not self.note_id:
            prepared = agreement._prepare_thank_you({agreement: plan}, month)
            text = prepared[agreement]["thank_you_note"]
        preview = agreement._get_plan_preview(plan, month)
        tickets = {line["ticket_id"] for line in preview["lines"]} - {False}
        return agreement.env["billing.thank.you.note"]._fill(
            text,
            partner=agreement._get_invoice_partner(),
            company=agreement.company_id,
            user=agreement.user_id,
            month=month.start,
            hours=preview["billed_hours"],
            tickets=len(tickets),
            total=formatLang(
                agreement.env,
                preview["amount_total"],
                currency_obj=agreement.currency_id,
            ),
        )
