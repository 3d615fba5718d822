from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.entries import to_bounded


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    billed_hours = fields.Float(
        compute="_compute_billed_hours",
        compute_sudo=True,
        groups="monthly_billing.monthly_billing_group_user",
        help="Hours of this ticket that stand on invoices of its present customer.",
    )
    withheld_hours = fields.Float(
        compute="_compute_withheld_hours",
        compute_sudo=True,
        groups="monthly_billing.monthly_billing_group_user",
        help="Hours of this ticket that wait for the customer's approval.",
    )

    def _compute_billed_hours(self):
        allocations = self.env["billing.allocation"]
        sums = allocations._read_group(
            allocations._get_counting_domain()
            & Domain("move_line_id.ticket_id", "in", self.ids),
            ["move_line_id.ticket_id", "period_id.partner_id"],
            ["billed_hours:sum"],
        )
        for ticket in self:
            ticket.billed_hours = sum(
                hours
                for billed, customer, hours in sums
                if billed == ticket and ticket._is_for_present_customer(customer)
            )

    def _compute_withheld_hours(self):
        agreements = self.env["billing.agreement"]
        agreements = agreements.search(
            agreements._get_running_domain()
            & Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
        )
        end = agreements._get_end_of_booked_time()
        hours = defaultdict(float)
        collect = agreements.env["billing.run.collect"]
        for entries in collect._get_withheld(agreements, end).values():
            for entry in entries:
                hours[entry.job] += float(entry.worked)
        for ticket in self:
            ticket.withheld_hours = hours["ticket", ticket.id]

    def action_view_withheld(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_withheld_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {}
        return action

    def _get_agreed_hours(self, customer, tolerance):
        """Return the hours a customer pays: approved, or free of approval.

        :param customer: the one of the ticket, or a former one
        :param Decimal tolerance: factor on the approved hours, 1 for none
        :rtype: Decimal
        """
        self.ensure_one()
        if approved := self._get_hours_approved_by(customer):
            return to_bounded(approved) * tolerance
        return to_bounded(customer._get_ticket_policy(self.company_id).free_hours)

    def action_view_invoice_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_allocation_action"
        )
        action["domain"] = [
            ("move_line_id.ticket_id", "=", self.id),
            ("period_id.partner_id", "in", self.commercial_partner_id.ids),
        ]
        return action

    @api.model
    def _get_time_shown_domain(self, customer):
        """What was agreed with the customer decides; hiding wins over showing."""
        agreements = self.env["billing.agreement"]
        shown = agreements._get_portal_ticket_domain(customer, "show")
        hidden = agreements._get_portal_ticket_domain(customer, "hide")
        by_team = super()._get_time_shown_domain(customer)
        return (by_team | shown) & ~hidden

    @api.model
    def _get_agreed_intakes(self, customer):
        """The agreements that run today say who takes a new ticket."""
        agreements = self.env["billing.agreement"].sudo()
        domain = agreements._get_current_domain(customer)
        domain &= Domain("company_id", "=", self.env.company.id)
        agreed = [
            intake
            for agreement in agreements.search(domain)
            for intake in agreement._get_intakes()
        ]
        return agreed + super()._get_agreed_intakes(customer)

    def _get_portal_invoices(self):
        """The posted invoices and credit notes of the ticket's own customer."""
        self.ensure_one()
        lines = self.env["account.move.line"].sudo()
        domain = Domain(
            [
                ("ticket_id", "=", self.id),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                (
                    "move_id.commercial_partner_id",
                    "in",
                    self.sudo().commercial_partner_id.ids,
                ),
            ]
        )
        invoices = super()._get_portal_invoices() | lines.search(domain).move_id
        return invoices.sorted(lambda move: (move.invoice_date, move.id), reverse=True)
