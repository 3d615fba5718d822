from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..payment_terms import find_refused


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    is_refused_in_e_invoices = fields.Boolean(
        string="Invalid in E-Invoices",
        compute="_compute_is_refused_in_e_invoices",
        search="_search_is_refused_in_e_invoices",
        help="The note has a line that makes German e-invoices invalid.",
    )

    @api.depends("note")
    def _compute_is_refused_in_e_invoices(self):
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for term in self:
            term.is_refused_in_e_invoices = any(
                term.with_context(lang=code)._find_refused_lines() for code in languages
            )

    def _search_is_refused_in_e_invoices(self, operator, value):
        if operator != "in":
            return NotImplemented
        terms = self.sudo().with_context(active_test=False)
        with_note = terms.search([("note", "!=", False)])
        refused = Domain("id", "in", with_note.filtered("is_refused_in_e_invoices").ids)
        return refused if True in value else ~refused

    def _get_note_lines(self):
        """Return the lines of the note in the language of the environment."""
        self.ensure_one()
        return html2plaintext(self.note or "").splitlines()

    def _find_refused_lines(self):
        """Return the lines of the note that make German e-invoices invalid."""
        self.ensure_one()
        return find_refused(self._get_note_lines())
