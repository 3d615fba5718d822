from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.monthly_billing.models.account_move_facts import is_recording

#: the file that proves the hours of an invoice
PROOF = "timesheet_report_file"
CONTENT = {
    "datas",
    "db_datas",
    "raw",
    "res_field",
    "res_id",
    "res_model",
    "store_fname",
}


class IrAttachment(models.Model):
    """The timesheet report that went out with an invoice stays as it was."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("res_field") == PROOF for vals in vals_list):
            self._check_proof_is_recorded()
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("res_model") == "mail.message":
            # Odoo's Peppol takes its files off the invoice by SQL; from the cache they
            # look like a part of the audit trail, and an error would come after the
            # network has taken the invoice
            self.invalidate_recordset(["res_id", "res_model"], flush=False)
        if CONTENT & vals.keys() and (
            vals.get("res_field") == PROOF or self._has_proof()
        ):
            self._check_proof_is_recorded()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        if self._has_proof():
            self._check_proof_is_recorded()

    def _has_proof(self):
        return any(attachment.res_field == PROOF for attachment in self.sudo())

    def _check_proof_is_recorded(self):
        if not is_recording(self.env):
            raise UserError(
                self.env._(
                    "The timesheet report of an invoice is written when the invoice "
                    "is sent, and stays as it was. Reset the invoice to draft to have "
                    "it written anew."
                )
            )
