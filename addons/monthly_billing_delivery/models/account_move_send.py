from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """Copies go to whom it is agreed, and what became of each mail is recorded."""

    _inherit = "account.move.send"

    @api.model
    def _check_sending_data(self, moves, **custom_settings):
        # before Odoo lists the files that it finds
        monthly = moves.filtered(lambda move: move._get_billing_period())
        monthly._renew_unreadable_files()
        return super()._check_sending_data(moves, **custom_settings)

    @api.model
    def _get_default_mail_partner_ids(self, move, mail_template, mail_lang):
        partners = super()._get_default_mail_partner_ids(move, mail_template, mail_lang)
        if not partners.filtered("active"):
            return partners  # a copy alone would pass for a delivery
        copies = move._get_billing_period().agreement_id.copy_partner_ids
        return partners | copies.filtered("email")

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """An invoice that a person printed waits for nobody any more."""
        result = super()._hook_if_success(moves_data, from_cron)
        for move, move_data in moves_data.items():
            by_mail = "email" in move_data["sending_methods"]
            if move.delivery_state == "failed" and not by_mail:
                move._record_delivered()
        return result

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        result = super()._send_mail(move, mail_template, **kwargs)
        if move._get_billing_period():
            message = self.env["mail.message"].search(
                [("model", "=", move._name), ("res_id", "=", move.id)],
                order="id desc",
                limit=1,
            )
            move._check_files_of(message)
            move.sudo()._record_handover(message)
        return result
