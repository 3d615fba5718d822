from odoo import api, fields, models


class HelpdeskTicketEstimateReject(models.TransientModel):
    _name = "helpdesk.ticket.estimate.reject"
    _description = "Reject Estimate on Behalf of the Customer"

    estimate_id = fields.Many2one(
        comodel_name="helpdesk.ticket.estimate", required=True, ondelete="cascade"
    )
    name = fields.Char(
        string="Rejected By",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The person on the customer's side who rejected the estimate.",
    )
    reason = fields.Text(required=True)

    @api.depends("estimate_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.estimate_id.partner_id.name

    def action_reject(self):
        self.ensure_one()
        self.estimate_id._reject(self.reason, name=self.name, user=self.env.user)
        return True
