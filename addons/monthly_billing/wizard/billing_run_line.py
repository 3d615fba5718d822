from odoo import api, fields, models


class BillingRunLine(models.TransientModel):
    _name = "billing.run.line"
    _description = "Preview of a Billing Month"
    _rec_name = "agreement_id"

    run_id = fields.Many2one("billing.run", required=True, ondelete="cascade")
    agreement_id = fields.Many2one("billing.agreement", ondelete="cascade")
    partner_id = fields.Many2one(related="agreement_id.partner_id")
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft Invoice"),
            ("invoiced", "Posted Invoice"),
            ("empty", "Nothing to Bill"),
            ("carried", "Carried Forward"),
            ("error", "Error"),
            ("done", "Billed Already"),
        ]
    )
    error = fields.Text()
    ticket_count = fields.Integer(string="Tickets")
    worked_hours = fields.Float()
    billed_hours = fields.Float()
    withheld_hours = fields.Float()
    amount_untaxed = fields.Monetary()
    amount_total = fields.Monetary()
    detail_ids = fields.One2many("billing.run.detail", "line_id", string="Lines")

    @api.constrains("agreement_id")
    def _check_agreement_is_readable(self):
        """The row shows customer and currency: only to those who may read it."""
        # constraints run as superuser
        self.agreement_id.with_user(self.env.uid).check_access("read")
