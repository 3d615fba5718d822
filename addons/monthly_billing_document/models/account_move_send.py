from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """The timesheet report goes out with the invoice."""

    _inherit = "account.move.send"

    @api.model
    def _get_placeholder_mail_attachments_data(self, move, **kwargs):
        result = super()._get_placeholder_mail_attachments_data(move, **kwargs)
        if move._has_timesheet_report("separate") and not move.timesheet_report_id:
            name = f"{move._get_timesheet_report_name()}.pdf"
            result.append(
                {
                    "id": f"placeholder_{name}",
                    "name": name,
                    "mimetype": "application/pdf",
                    "placeholder": True,
                }
            )
        return result

    @api.model
    def _hook_invoice_document_before_pdf_report_render(self, invoice, invoice_data):
        # first: an e-invoice may want to embed the report
        invoice._ensure_timesheet_report_attachments()
        return super()._hook_invoice_document_before_pdf_report_render(
            invoice, invoice_data
        )

    @api.model
    def _get_invoice_extra_attachments_data(self, move):
        """The mail gets the report, too. It is no legal document of its own, so the
        customer's download of the invoice stays a single PDF."""
        return super()._get_invoice_extra_attachments_data(move) + [
            {
                "id": attachment.id,
                "name": attachment.name,
                "mimetype": attachment.mimetype,
                "placeholder": False,
                "protect_from_deletion": True,
            }
            for attachment in move.timesheet_report_id
        ]
