from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.schedule import Step

DAYS_LIMIT = 3650
NOTE_LIMIT = 60


class DunningLevel(models.Model):
    _name = "dunning.level"
    _description = "Reminder Level"
    _order = "company_id, days, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="Heads the reminder: the customer reads it.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    days = fields.Integer(
        string="Days Overdue",
        required=True,
        default=7,
        help="How many days after the due day this reminder is sent. Between two "
        "reminders of an invoice lies at least the difference of their days. A "
        "negative number makes it a note that is sent before the due day.",
    )
    subject = fields.Char(
        required=True,
        translate=True,
        help="Subject of the e-mail; the number of the reminder follows.",
    )
    text = fields.Text(
        required=True,
        translate=True,
        help="What stands above the table of invoices. Write it as a good host would: "
        "the customer is to stay one.",
    )
    closing = fields.Text(
        translate=True, help="What stands below the table of invoices."
    )
    fee = fields.Monetary(
        help="Asked for with each letter of this level. The first reminder has to be "
        "free of charge, later ones may ask for real costs alone."
    )
    has_interest = fields.Boolean(
        string="Asks for Interest",
        help="Interest for default, as the law allows or as the settings say.",
    )
    has_flat = fields.Boolean(
        string="Asks for the Flat Sum",
        help="EUR 40, once for each invoice, from businesses in default alone.",
    )
    channel = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter")],
        required=True,
        default="mail",
        help="A letter is printed and posted by hand.",
    )
    is_invoice_attached = fields.Boolean(
        string="Attach Invoices", default=True, help="Copies of the open invoices."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets the activities, and is the customer's person to ask. Empty: the "
        "salesperson of the invoice.",
    )

    @api.constrains("days")
    def _check_days(self):
        if any(not -NOTE_LIMIT <= level.days <= DAYS_LIMIT for level in self):
            raise ValidationError(
                self.env._(
                    "A level is reached up to 60 days before or 3650 days after the "
                    "due day."
                )
            )

    @api.constrains("fee")
    def _check_fee(self):
        if any(not 0 <= level.fee <= 1000 for level in self):
            raise ValidationError(self.env._("A fee lies between 0 and 1000."))

    @api.constrains("fee", "has_flat", "has_interest", "days", "company_id", "active")
    def _check_first_is_free(self):
        for company in self.company_id:
            levels = self._get_levels(company)
            if notes := levels.filtered(
                lambda level: (
                    level._is_note()
                    and (level.fee or level.has_flat or level.has_interest)
                )
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is sent before the due day: nothing can be claimed yet.",
                        notes[0].name,
                    )
                )
            first = (levels - levels.filtered(lambda level: level._is_note()))[:1]
            if first.fee or first.has_flat:
                raise ValidationError(
                    self.env._(
                        "The first reminder is free of charge: it puts the customer in "
                        "default, so it may ask for no fee and no flat sum. Move them "
                        "to a later level than “%s”.",
                        first.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        notices = self.env["dunning.notice"].sudo()
        if used := notices.search([("level_id", "in", self.ids)], limit=1).level_id:
            raise ValidationError(
                self.env._(
                    "Reminders of the level “%s” were written. Archive it instead.",
                    used.name,
                )
            )

    @api.model
    def _get_levels(self, company):
        """Return the levels of a company in the order in which they are reached."""
        return self.sudo().search([("company_id", "=", company.id)], order="days, id")

    def _is_note(self):
        """Return whether this is sent before the due day."""
        return self.days < 0

    def _get_lead(self):
        """Return how many days before the due day the first of these is sent."""
        return max((-level.days for level in self if level._is_note()), default=0)

    def _get_steps(self):
        """Return the levels as plain values for the schedule."""
        return [Step(level.id, level.days) for level in self]

    @api.model
    def _create_for(self, companies):
        """Give companies without levels the usual three and a note before the due day
        that is archived, in each installed language."""
        known = self.sudo().with_context(active_test=False)
        taken = known.search([("company_id", "in", companies.ids)]).company_id
        for company in companies - taken:
            values = [
                {**texts, **terms, "company_id": company.id}
                for texts, terms in zip(
                    self.with_context(lang="en_US")._get_default_texts(),
                    self._get_default_terms(),
                    strict=True,
                )
            ]
            levels = self.sudo().with_context(lang="en_US").create(values)
            levels._translate_defaults()

    def _translate_defaults(self):
        """Say what these levels say from the start in each installed language; a text
        of the firm's own stays as it is."""
        english = self.with_context(lang="en_US")._get_default_texts()
        for code, _name in self.env["res.lang"].get_installed():
            translated = self.with_context(lang=code)._get_default_texts()
            for level in self:
                said = level.with_context(lang=code)
                values = {
                    field: new[field]
                    for old, new in zip(english, translated, strict=True)
                    for field, text in old.items()
                    if text == level.with_context(lang="en_US")[field] == said[field]
                    and text != new[field]
                }
                if values:
                    said.write(values)

    @api.model
    def _get_default_terms(self):
        """Return what the usual levels do, beside their texts."""
        return [
            {"days": -3, "active": False, "is_invoice_attached": False},
            {"days": 7},
            {"days": 21},
            {"days": 35, "has_interest": True, "has_flat": True},
        ]

    @api.model
    def _get_default_texts(self):
        """Return the texts of the usual levels in the language of the context."""
        return [self._get_note_texts(), *self._get_reminder_texts()]

    @api.model
    def _get_note_texts(self):
        return {
            "name": self.env._("Note before the due day"),
            "subject": self.env._("Due soon"),
            "text": self.env._(
                "so that it does not slip your mind: the amounts below are due in the "
                "next days. If your payment is on its way already, there is nothing "
                "left to do."
            ),
            "closing": self.env._(
                "If something about an invoice is not as you expected, just call or "
                "answer: we will sort it out before it is due."
            ),
        }

    @api.model
    def _get_reminder_texts(self):
        return [
            {
                "name": self.env._("Payment reminder"),
                "subject": self.env._("A friendly reminder"),
                "text": self.env._(
                    "You may simply have overlooked it: the amounts below are past "
                    "their due day and we have not received them yet. We would be "
                    "grateful if you transferred them within the next days."
                ),
                "closing": self.env._(
                    "If your payment and this letter crossed, please take our thanks "
                    "and set the letter aside. And if something about an invoice is "
                    "not as you expected, just call or answer: we will sort it out."
                ),
            },
            {
                "name": self.env._("Second reminder"),
                "subject": self.env._("Second reminder"),
                "text": self.env._(
                    "We wrote to you about the amounts below and found no payment "
                    "yet. Please transfer them within a week, or tell us what keeps "
                    "you from it, so that we can find a way together."
                ),
                "closing": self.env._(
                    "If you have paid in the meantime, please set this letter aside. "
                    "Questions about an invoice are answered by the person named here."
                ),
            },
            {
                "name": self.env._("Last reminder"),
                "subject": self.env._("Last reminder"),
                "text": self.env._(
                    "In spite of our reminders the amounts below are still open, and "
                    "you are in default. We therefore claim the interest, and from "
                    "businesses the flat sum, that the law provides. Please pay the "
                    "total within ten days. After that we will have to take legal "
                    "steps, which we would much rather spare both of us."
                ),
                "closing": self.env._(
                    "If you have paid in the meantime, please set this letter aside. "
                    "If you cannot pay at once, please call: we can agree on a date."
                ),
            },
        ]
