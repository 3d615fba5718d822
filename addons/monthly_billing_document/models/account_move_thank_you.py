"""The thank-you note of an invoice; its placeholders are filled in when it is read."""

from odoo import api, fields, models
from odoo.tools import formatLang

#: on paper: a person may write it on a draft
PRINTED = {"thank_you_note", "thank_you_note_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    thank_you_note = fields.Text(
        help="Printed below the totals. Placeholders: {contact}, {customer}, {month}, "
        "{hours}, {tickets}, {total}, {responsible}, {company}.",
    )
    thank_you_note_id = fields.Many2one(
        "billing.thank.you.note",
        string="Occasion of the Note",
        readonly=True,
        copy=False,  # whoever may copy a move need not read this
        index="btree_not_null",
        ondelete="set null",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    thank_you_text = fields.Text(
        string="Printed Note",
        compute="_compute_thank_you_text",
        compute_sudo=True,
        help="The thank-you note as the customer reads it.",
    )

    @api.depends(
        "posted_facts",
        "thank_you_note",
        "partner_id",
        "invoice_user_id",
        "amount_total",
        "invoice_line_ids.quantity",
    )
    def _compute_thank_you_text(self):
        for move in self:
            move.thank_you_text = move._get_fact("thank_you") or ""

    @api.model
    def _get_printed_fields(self):
        return super()._get_printed_fields() | PRINTED

    def _prepare_thank_you_facts(self):
        """Return {document: the note as the customer reads it}."""
        return {move: move._get_thank_you_text() for move in self}

    def _get_thank_you_text(self):
        """Return the note in the language of the document; a credit note has none."""
        self.ensure_one()
        if not (self.thank_you_note and self._is_monthly_invoice()):
            return ""
        move = self.with_context(lang=self._get_document_language())
        lines = move.invoice_line_ids.filtered(
            lambda line: line.allocation_ids or line.ticket_id
        )
        return move.env["billing.thank.you.note"]._fill(
            self.thank_you_note,
            partner=move.partner_id,
            company=move.company_id,
            user=move.invoice_user_id,
            month=move.service_period_start,
            hours=sum(lines.mapped("quantity")),
            tickets=len(lines.ticket_id),
            total=formatLang(
                move.env, move.amount_total, currency_obj=move.currency_id
            ),
        )
