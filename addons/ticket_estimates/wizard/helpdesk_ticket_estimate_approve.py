from odoo import api, fields, models


class HelpdeskTicketEstimateApprove(models.TransientModel):
    _name = "helpdesk.ticket.estimate.approve"
    _description = "Approve Estimate on Behalf of the Customer"

    estimate_id = fields.Many2one(
        comodel_name="helpdesk.ticket.estimate", required=True, ondelete="cascade"
    )
    name = fields.Char(
        string="Approved By",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The person on the customer's side who gave the approval.",
    )
    channel = fields.Selection(
        selection=[
            ("phone", "By Phone"),
            ("email", "By E-Mail"),
            ("meeting", "In Person"),
            ("letter", "In Writing"),
        ],
        string="How",
        required=True,
        default="phone",
    )
    note = fields.Text(string="Details")
    send_confirmation = fields.Boolean(
        string="Confirm by E-Mail",
        default=True,
        help="The customer gets an e-mail with the approved estimate.",
    )

    @api.depends("estimate_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.estimate_id.partner_id.name

    def action_approve(self):
        self.ensure_one()
        labels = dict(self._fields["channel"]._description_selection(self.env))
        note = ", ".join(filter(None, [labels[self.channel], self.note]))
        self.estimate_id._approve(self.name, note=note, user=self.env.user)
        if self.send_confirmation:
            self.estimate_id._confirm_approval()
        return True
