from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.rates import FixedRate
from ..core.working_days import is_working_day, next_working_day

GERMAN_POINTS = {False: Decimal(9), True: Decimal(5)}


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_is_active = fields.Boolean(
        string="Send Reminders Daily",
        help="Write and send the reminders that are due, every working day.",
    )
    dunning_law = fields.Selection(
        [("de", "German law (BGB 286 to 288)"), ("fixed", "A rate of our own")],
        string="Interest on Default",
        compute="_compute_dunning_law",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="German law: base rate + 9 points between businesses, + 5 with "
        "consumers, and EUR 40 from businesses.",
    )
    dunning_percent = fields.Float(
        string="Interest (% a Year)",
        digits=(6, 2),
        help="Where German law does not hold: what your law or contract allows.",
    )
    dunning_flat = fields.Boolean(
        string="Flat Sum Outside German Law",
        help="Whether EUR 40 may be claimed: so in the European Union.",
    )
    dunning_due_is_agreed = fields.Boolean(
        string="Due Days Are Agreed",
        help="Contracts name the due day by the calendar: default then begins without "
        "a reminder.",
    )
    dunning_warns_consumers = fields.Boolean(
        string="Invoices Tell Consumers of the 30 Days",
        help="Only then consumers come into default 30 days after due day and receipt "
        "without a reminder.",
    )
    dunning_scope = fields.Selection(
        [
            ("auto", "Sent ones, if invoices are sent from Odoo"),
            ("sent", "Invoices that were sent from Odoo"),
            ("all", "All posted invoices"),
        ],
        string="Remind Of",
        default="auto",
        required=True,
        help="Nobody should be reminded of an invoice that never reached him.",
    )
    dunning_pause_days = fields.Integer(
        string="Days Between Letters",
        default=7,
        help="A customer gets no two reminders within these days.",
    )
    dunning_tolerance = fields.Monetary(
        string="Remind From",
        default=1.0,
        help="Smaller open sums of a customer are not worth a letter.",
    )
    dunning_account_id = fields.Many2one(
        "account.account",
        string="Account of Claims",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        help="Income account for interest, flat sums and fees once they are booked.",
    )
    dunning_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Claims",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )

    def _compute_dunning_law(self):
        for company in self:
            company.dunning_law = company._get_law_of_country()

    def _get_law_of_country(self):
        """Return the law that a firm of this country begins with."""
        country = self.account_fiscal_country_id or self.country_id
        return "de" if not country or country.code == "DE" else "fixed"

    @api.constrains("dunning_percent")
    def _check_dunning_percent(self):
        if any(not 0 <= company.dunning_percent <= 100 for company in self):
            raise ValidationError(
                self.env._("Interest lies between 0 and 100 percent a year.")
            )

    @api.constrains("dunning_pause_days")
    def _check_dunning_pause_days(self):
        if any(not 0 <= company.dunning_pause_days <= 365 for company in self):
            raise ValidationError(self.env._("Enter a number of days from 0 to 365."))

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")  # before other addons write for the company
        companies = super().create(vals_list)
        companies._create_dunning_levels()
        return companies

    def write(self, vals):
        """The law follows the country when that changes, and is the firm's own choice
        otherwise."""
        before = {company: company._get_law_of_country() for company in self}
        result = super().write(vals)
        if "dunning_law" not in vals:
            for company, law in before.items():
                if company._get_law_of_country() != law:
                    company.dunning_law = company._get_law_of_country()
        return result

    def _create_dunning_levels(self):
        self.env["dunning.level"]._create_for(self)

    def _get_dunning_today(self):
        """Return the day it is where the company is (date)."""
        return self._get_dunning_day(fields.Datetime.now())

    def _get_dunning_day(self, moment):
        """Return the day of a moment (naive, UTC) where the company is (date)."""
        self.ensure_one()
        zone = self.partner_id.tz or self.env.user.tz or "UTC"
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return local.date()

    def _get_dunning_country(self):
        """Return the ISO code of the country whose holidays count."""
        self.ensure_one()
        return self.country_id.code or ""

    def _is_dunning_day(self, day):
        """Return whether reminders are written on ``day`` by themselves.

        Extension point: more holidays.
        """
        return is_working_day(day, self._get_dunning_country())

    def _get_last_day_to_pay(self, due):
        """Return ``due``, or the next working day where it is none (BGB 193)."""
        return next_working_day(due, self._get_dunning_country())

    def _get_dunning_rate(self, is_consumer):
        """Return the rate of interest that a debtor in default owes, as a plain value.

        :param is_consumer: whether the debtor is a consumer (BGB 13)
        """
        self.ensure_one()
        if self.dunning_law == "de":
            points = GERMAN_POINTS[is_consumer]
            return self.env["dunning.base.rate"]._get_rate(points)
        return FixedRate(Decimal(str(round(self.dunning_percent, 2))))

    def _has_dunning_flat(self):
        """Return whether the flat sum may be claimed at all."""
        return self.dunning_law == "de" or self.dunning_flat
