"""Estimates promise what the monthly invoice will ask: its service and its rate."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import ZERO, to_decimal
from odoo.addons.volume_discount.formats import format_number

from ..core import kinds

WINDOW_FORMATS = {"month": "LLLL yyyy", "quarter": "QQQ yyyy", "year": "yyyy"}


class HelpdeskTicketEstimate(models.Model):
    _inherit = "helpdesk.ticket.estimate"

    billing_agreement_id = fields.Many2one(
        "billing.agreement",
        compute="_compute_billing_agreement_id",
        compute_sudo=True,
        groups="monthly_billing.monthly_billing_group_user",
        help="The running agreement that will bill work of today on this ticket.",
    )

    @api.depends(
        "ticket_id.project_id", "ticket_id.team_id", "partner_id", "company_id"
    )
    def _compute_billing_agreement_id(self):
        agreements = self.env["billing.agreement"]
        agreements = agreements.search(
            agreements._get_running_domain()
            & Domain("partner_id", "in", self.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
        )
        by_scope = agreements.grouped(lambda a: (a.company_id.id, a.partner_id.id))
        for estimate in self:
            company = estimate.company_id._origin
            customer = estimate.partner_id.commercial_partner_id._origin
            project = estimate.ticket_id._get_timesheet_project()._origin
            running = by_scope.get((company.id, customer.id), agreements.browse())
            today = estimate._get_today()
            estimate.billing_agreement_id = running.filtered(
                lambda agreement, today=today, key=project.id: (
                    agreement._get_claim().covers(today, key)
                )
            )[:1]

    def _get_today(self):
        """Return the day it is in the company of the estimate."""
        return (self.company_id or self.env.company)._get_today()

    def _get_default_product(self):
        agreement = self.sudo().billing_agreement_id
        return agreement.product_id or super()._get_default_product()

    def _get_default_taxes(self):
        """A tax that changes is that of today, as on work of today."""
        taxes = super()._get_default_taxes()
        changes, today = self.env["billing.tax.change"], self._get_today()
        return changes._map_taxes(taxes, self.product_id, today, self.company_id)

    def _get_default_currency(self):
        agreement = self.sudo().billing_agreement_id
        return agreement.currency_id or super()._get_default_currency()

    def _get_pricelist(self):
        """The pricelist of the agreement counts, even if it is none."""
        agreement = self.sudo().billing_agreement_id
        return agreement.pricelist_id if agreement else super()._get_pricelist()

    def _get_default_price_unit(self):
        """The rate of work done today, as the monthly run bills it.

        Only for the service of the agreement: another one on the estimate was chosen
        for its rate.
        """
        agreement = self.sudo().billing_agreement_id
        if (
            agreement
            and agreement.product_id == self.product_id
            and agreement.currency_id == self.currency_id
        ):
            return agreement._get_list_price(self._get_today())
        return super()._get_default_price_unit()

    def _get_discount_hint(self):
        """Say what the estimated hours would cost with the hours known today.

        While the estimate is open; the approved rate stays the list price, because
        the tier depends on all the hours of the window (pricing.md, "Window").
        """
        estimate = self.sudo().with_company(self.company_id)
        table = estimate._get_volume_discount()
        if self.state not in ("draft", "sent") or not (table and self.amount_untaxed):
            return super()._get_discount_hint()
        consumed = estimate._get_hours_in_window(table)
        charges = table._rate(self.estimated_hours, consumed, self.price_unit)
        # a rate that includes tax is discounted like its net amount
        listed = to_decimal(self.estimated_hours) * to_decimal(self.price_unit)
        share = sum((charge.amount for charge in charges), ZERO) / listed
        expected = self.amount_untaxed * float(share)
        if self.currency_id.compare_amounts(expected, self.amount_untaxed) >= 0:
            return super()._get_discount_hint()
        return self._get_discount_text(table, consumed, expected)

    def _get_volume_discount(self):
        """Return the tier table that will price these hours, or none."""
        self.ensure_one()
        agreement = self.billing_agreement_id
        if agreement:
            counted = agreement._has_counted_service()
            return agreement.volume_discount_id if counted else self._no_discount()
        table = self.partner_id.commercial_partner_id.volume_discount_id
        is_counted = (
            table
            and table.currency_id == self.currency_id
            and table._is_product_counted(self.product_id)
        )
        return table if is_counted else self._no_discount()

    def _no_discount(self):
        return self.env["volume.discount"]

    def _get_hours_in_window(self, table):
        """Return the hours of today's window that come before this ticket's.

        Under an agreement what was billed and what is still to bill, without agreement
        what was invoiced. Unbilled time on the ticket itself is what the estimate is
        about and does not count again.
        """
        self.ensure_one()
        today = self._get_today()
        agreement = self.billing_agreement_id
        if not agreement:
            partner = self.partner_id.commercial_partner_id
            span = window_of(today, table.window)
            return table._get_history(partner, self.company_id, span).hours
        window = window_of(today, table.window)
        job = ("ticket", self.ticket_id._origin.id)
        unbilled = agreement.env["billing.run.collect"]._get_usage(
            agreement, window.end
        )[agreement]
        _terms, past = agreement._get_window_of(today)
        return past.hours + sum(
            (
                entry.worked
                for entry in unbilled
                if entry.day in window
                and entry.job != job
                and entry.worked > 0
                and entry.kind != kinds.FREE
            ),
            ZERO,
        )

    def _get_discount_text(self, table, consumed, expected):
        today = self._get_today()
        return self.env._(
            "With the volume discount as of today (%(hours)s h in %(period)s) "
            "expected: %(expected)s instead of %(listed)s net. Not binding: the "
            "discount follows from all hours of the period.",
            hours=format_number(self.env, float(consumed)),
            period=format_date(
                self.env, today, date_format=WINDOW_FORMATS[table.window]
            ),
            expected=formatLang(self.env, expected, currency_obj=self.currency_id),
            listed=formatLang(
                self.env, self.amount_untaxed, currency_obj=self.currency_id
            ),
        )
