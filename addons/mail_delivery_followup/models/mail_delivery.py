"""One of several e-mails about a document: to one reader, for one purpose."""

from odoo import api, fields, models


class MailDelivery(models.Model):
    _name = "mail.delivery"
    _inherit = "mail.delivery.mixin"
    _description = "E-Mail about a Document"
    _order = "id desc"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    purpose = fields.Char(
        required=True,
        readonly=True,
        help="Technical name by which the document tells its e-mails apart.",
    )
    recipient_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )

    _document_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "res_id")
    def _compute_display_name(self):
        for delivery in self:
            delivery.display_name = delivery._get_document().display_name

    def _get_document(self):
        """Return the document that the e-mail is about, empty if it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _deliver_now(self):
        """Hand these to the mail queue in this transaction."""
        for delivery in self:
            delivery._deliver()
        self._look_again_later()

    def _send_delivery(self):
        return self._get_document()._send_delivery_of(self)

    def _is_delivery_wanted(self):
        document = self._get_document()
        return bool(document) and document._is_delivery_wanted_of(self)

    def _get_delivery_owner(self):
        return self._get_document()._get_delivery_owner_of(self)

    def _get_undelivered_title(self):
        document = self._localize_for_staff()._get_document()
        return document._get_undelivered_title_of(self)

    def _get_delivery_user(self):
        document = self._get_document()
        return document._get_delivery_user_of(self) if document else self.env.user

    @api.model
    def _find_deliveries(self, documents):
        return self.search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("delivery_message_id", "!=", False),
            ]
        )

    @api.model
    def _get_delivery_models(self):
        """Return all models whose records are sent and followed up, empty."""
        names = self.pool.descendants(["mail.delivery.mixin"], "_inherit")
        return [self.env[name] for name in names if not self.env[name]._abstract]

    @api.model
    def _cron_deliver_everything(self):
        """Send and follow up the records of all models without a job of their own."""
        cron = self._get_delivery_cron()
        for model in self._get_delivery_models():
            if model._get_delivery_cron() == cron and not model._cron_deliver():
                return
