from odoo import fields, models
from odoo.tools import format_date


class HelpdeskTicketEstimate(models.Model):
    """What the printed estimate and the customer's page show."""

    _inherit = "helpdesk.ticket.estimate"

    def _get_report_base_filename(self):
        """Return the name of the printed estimate's file, without ending."""
        self.ensure_one()
        return self.display_name

    def _get_customer_timezone(self):
        """Return the name of the time zone in which the customer reads times."""
        team = self.user_id.sudo().tz or self.company_id.sudo().partner_id.tz
        return self.partner_id.tz or team or "UTC"

    def _get_day_of_answer(self):
        """Return the day on which the customer answered, in the customer's zone."""
        self.ensure_one()
        local = self.with_context(tz=self._get_customer_timezone())
        return fields.Datetime.context_timestamp(local, self.signed_on).date()

    def _get_report_facts(self):
        """Return [(label, value)] of number and dates, in the language of self."""
        self.ensure_one()
        env = self.with_context(tz=self._get_customer_timezone()).env
        issued = self.sent_on or fields.Datetime.now()
        facts = [
            (env._("Ticket"), self.ticket_id.number),
            (env._("Revision"), str(self.revision)),
            (env._("Date"), format_date(env, issued)),
            (env._("Valid Until"), format_date(env, self.validity_date)),
            (env._("Your Contact"), self.user_id.sudo().name),
        ]
        return [(label, value) for label, value in facts if value]

    def _get_tax_rows(self):
        """Return [(tax, amount)] for the customer, in the estimate's currency.

        One row for all taxes where a tax has changed since the estimate was sent: the
        amounts the customer saw stay.
        """
        self.ensure_one()
        rows = [
            (group["group_name"], group["tax_amount_currency"])
            for subtotal in self._get_tax_totals()["subtotals"]
            for group in subtotal["tax_groups"]
        ]
        total = sum(amount for _name, amount in rows)
        if self.currency_id.compare_amounts(total, self.amount_tax):
            return [(self.env._("Taxes"), self.amount_tax)]
        return rows
