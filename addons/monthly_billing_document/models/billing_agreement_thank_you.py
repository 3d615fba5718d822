"""The one thank-you note of an invoice: for an occasion, or the agreement's own."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    thank_you_mode = fields.Selection(
        [
            ("occasion", "For an occasion, else the text below"),
            ("own", "The text below"),
            ("none", "None"),
        ],
        string="Thank-you Note",
        required=True,
        default="occasion",
        tracking=True,
        help="An invoice has one note at most. Notes for occasions such as the first "
        "invoice are kept under Monthly Billing, Thank-you Notes.",
    )
    thank_you_note = fields.Text(
        string="Thank-you Text",
        translate=True,
        help="Printed below the totals, in the customer's language. Placeholders: "
        "{contact}, {customer}, {month}, {hours}, {tickets}, {total}, {responsible}, "
        "{company}.",
    )

    @api.constrains("thank_you_note")
    def _check_thank_you_note(self):
        notes = self.env["billing.thank.you.note"]
        for agreement in self:
            notes._check_text(agreement.thank_you_note)

    def action_preview_thank_you(self):
        """Open the preview of the note on the invoice of the running month."""
        self.ensure_one()
        return self.env["billing.thank.you.preview"]._open(agreement=self)

    def _prepare_invoice_extras(self, plans, window):
        extras = super()._prepare_invoice_extras(plans, window)
        notes = self._prepare_thank_you(plans, window)
        return {agreement: extras[agreement] | notes[agreement] for agreement in self}

    def _prepare_thank_you(self, plans, window):
        """Return the values of the note on the invoices of a month.

        :param plans: dict of agreement to ``Plan``; a batch costs a few queries
        :param window: the billed month
        :return: dict of agreement to values of ``account.move``
        """
        notes = self.env["billing.thank.you.note"].search(
            [("company_id", "parent_of", self.company_id.ids)]
        )
        wanted = set(notes.mapped("occasion"))
        agreements = self.filtered(lambda one: one.thank_you_mode == "occasion")
        occasions = agreements._get_occasions(plans, window, wanted)
        values = {}
        for agreement in self:
            chosen = notes._choose(agreement.company_id, occasions.get(agreement, ()))
            localized = agreement._localize()
            text = chosen.with_env(localized.env).note or localized.thank_you_note
            values[agreement] = {
                "thank_you_note": agreement.thank_you_mode != "none" and text,
                "thank_you_note_id": chosen.id,
            }
        return values

    def _get_occasions(self, plans, window, wanted):
        """Return the occasions to thank for that the invoices are.

        Extension point: add the occasions of another addon.

        :param set wanted: the occasions that there are notes for
        :return: dict of agreement to a set of occasions
        """
        found = {"always": self}
        if "first_invoice" in wanted:
            found["first_invoice"] = self._filter_first_invoice(window)
        if "punctual_year" in wanted:
            found["punctual_year"] = self._filter_punctual_year()
        if "estimate_kept" in wanted:
            found["estimate_kept"] = self._filter_estimates_kept(plans)
        return {
            agreement: {name for name, those in found.items() if agreement in those}
            for agreement in self
        }

    def _filter_first_invoice(self, window):
        """Return the agreements whose customers have no invoice of another month."""
        known = self.env["billing.period"]._read_group(
            [
                ("agreement_id", "in", self._get_sisters().ids),
                ("state", "in", ("draft", "invoiced")),
                ("date_start", "!=", window.start),
            ],
            ["company_id", "partner_id"],
        )
        return self.filtered(lambda one: (one.company_id, one.partner_id) not in known)

    def _filter_punctual_year(self):
        """Return the agreements whose customers have had monthly invoices for a year,
        paid every one that was due in time, and read no note about it since."""
        today = self._get_today()
        since = today - relativedelta(years=1)
        months = Domain("agreement_id", "in", self._get_sisters().ids)
        invoices = (
            Domain("billing_period_id", "any", months)
            & Domain("state", "=", "posted")
            & Domain("move_type", "=", "out_invoice")
        )
        thanked = Domain("invoice_date", ">", since) & Domain(
            "thank_you_note_id.occasion", "=", "punctual_year"
        )
        loyal = self._get_customers(invoices & Domain("invoice_date", "<=", since))
        loyal -= self._get_customers(invoices & thanked)
        loyal -= self._get_late_payers(invoices, since, today)
        return self.filtered(lambda one: (one.company_id, one.partner_id) in loyal)

    def _get_customers(self, domain):
        """Return the companies and customers of the invoices of ``domain``, a set."""
        return set(
            self.env["account.move"]._read_group(
                domain, ["company_id", "commercial_partner_id"]
            )
        )

    def _get_late_payers(self, invoices, since, today):
        """Return the companies and customers with an amount that was due from
        ``since`` until before ``today`` and was not, or too late, settled.

        An invoice that was reversed is no debt that was paid late.
        """
        lines = self.env["account.move.line"].search(
            Domain("display_type", "=", "payment_term")
            & Domain("date_maturity", ">=", since)
            & Domain("date_maturity", "<", today)
            & Domain(
                "move_id", "any", invoices & Domain("payment_state", "!=", "reversed")
            )
        )
        late = lines.filtered(
            lambda line: (
                not line.reconciled
                or max(line.matched_credit_ids.mapped("max_date"), default=since)
                > line.date_maturity
            )
        )
        return {(line.company_id, line.move_id.commercial_partner_id) for line in late}

    def _filter_estimates_kept(self, plans):
        """Return the agreements whose months have tickets with an approved estimate,
        none of which took longer."""
        tickets = {
            agreement: {
                line.job[1]
                for line in plan.lines
                if line.job and line.job[0] == "ticket"
            }
            for agreement, plan in plans.items()
        }
        records = self.env["helpdesk.ticket"].browse(set().union(*tickets.values()))
        own = records.filtered(lambda one: one.commercial_partner_id in self.partner_id)
        estimated = own.filtered("planned_hours")
        exceeded = estimated.filtered(lambda one: one.total_hours > one.planned_hours)
        return self.filtered(
            lambda one: (
                tickets[one] & set(estimated.ids)
                and not tickets[one] & set(exceeded.ids)
            )
        )
