from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_direct_debit(self):
        """An invoice with a valid mandate is collected on the day it is due."""
        self.ensure_one()
        mandate = self.sudo().mandate_id
        creditor = self._get_creditor_identifier()
        if self.move_type != "out_invoice" or mandate.state != "valid" or not creditor:
            return super()._get_direct_debit()
        return {
            "bank": mandate.partner_bank_id,
            "mandate": mandate.unique_mandate_reference,
            "creditor": creditor,
            "date": self.invoice_date_due,
        }

    def _get_creditor_identifier(self):
        """Return what identifies the company as the one who collects, or False."""
        move = self.sudo()
        return (
            move.payment_mode_id.sepa_creditor_identifier
            or move.company_id.sepa_creditor_identifier
        )
