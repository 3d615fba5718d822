from odoo import api, fields, models


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    is_cancellation = fields.Boolean(
        string="Work Cancelled",
        help="Tickets end here without their work being done. Their hours say nothing "
        "about the estimate, so the accuracy of estimates leaves them out.",
    )

    @api.model
    def _mark_cancellations(self):
        """The closed stages of a new helpdesk that stand for no work are marked.

        A stage that was deleted is missed by nobody.
        """
        for name in ("cancelled", "rejected"):
            xmlid = f"helpdesk_mgmt.helpdesk_ticket_stage_{name}"
            if stage := self.env.ref(xmlid, raise_if_not_found=False):
                stage.is_cancellation = True
