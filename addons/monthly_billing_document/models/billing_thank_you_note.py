from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.formats import format_number

from ..core.thank_you import PLACEHOLDERS, fill, find_unknown

#: It stands on one page with the invoice
MAX_NOTE = 2_000
MAX_NAME = 200


class BillingThankYouNote(models.Model):
    _name = "billing.thank.you.note"
    _description = "Thank-you Note"
    _order = "sequence, id"

    name = fields.Char(required=True, help="For the firm only, never printed.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The first note whose occasion is there is printed, alone."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="For invoices of this company and its branches.",
    )
    occasion = fields.Selection(
        [
            ("first_invoice", "First invoice"),
            ("punctual_year", "A year of punctual payment"),
            ("estimate_kept", "Estimates kept"),
            ("always", "Every invoice"),
        ],
        required=True,
        default="first_invoice",
        help="First invoice: the customer had no monthly invoice before. A year of "
        "punctual payment: every monthly invoice that was due within the last twelve "
        "months was paid in time, and the customer read no such note in that year. "
        "Estimates kept: the invoice has tickets with an approved estimate, and none "
        "of them took longer.",
    )
    note = fields.Text(
        required=True,
        translate=True,
        help="Printed in the customer's language. Placeholders: {contact}, {customer}, "
        "{month}, {hours}, {tickets}, {total}, {responsible}, {company}.",
    )

    @api.constrains("name", "note")
    def _check_note(self):
        for record in self:
            record._check_text(record.note)
            if len(record.name) > MAX_NAME:
                raise ValidationError(
                    self.env._("The name of a note has 200 characters at most.")
                )

    @api.model
    def _check_text(self, text):
        """Raise if ``text`` has something in braces that no invoice can fill in.

        :raise ValidationError: with the placeholders there are, or the length
        """
        if len(text or "") > MAX_NOTE:
            raise ValidationError(
                self.env._("A thank-you note has 2,000 characters at most. Shorten it.")
            )
        if unknown := find_unknown(text):
            raise ValidationError(
                self.env._(
                    "{%(unknown)s} is no placeholder of a thank-you note. There are: "
                    "%(known)s.",
                    unknown=unknown[0],
                    known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                )
            )

    def _choose(self, company, occasions):
        """Return the first of these notes that is for ``company`` and one of the
        ``occasions``, or none."""
        return self.filtered(
            lambda note: (
                note.occasion in occasions and note.company_id in company.parent_ids
            )
        )[:1]

    @api.model
    def _fill(self, text, partner, company, user, month, hours, tickets, total):
        """Return ``text`` with its placeholders replaced, in the language of the
        environment.

        :param partner: who gets the invoice
        :param user: the person to ask
        :param date month: any day of the billed month
        :param float hours: billed hours
        :param int tickets: number of tickets
        :param total: text of the total with tax
        """
        values = {
            "contact": partner.name or partner.commercial_partner_id.name or "",
            "customer": partner.commercial_partner_id.name or "",
            "month": format_date(self.env, month, date_format="LLLL yyyy"),
            "hours": format_number(self.env, hours),
            "tickets": str(tickets),
            "total": total,
            "responsible": user.name or "",
            "company": company.name,
        }
        return fill(text, values)

    def action_preview(self):
        """Open the preview of this note."""
        self.ensure_one()
        return self.env["billing.thank.you.preview"]._open(note=self)
