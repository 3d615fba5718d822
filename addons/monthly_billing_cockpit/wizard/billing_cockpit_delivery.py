from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.monthly_billing.models.account_move_receipt import RECEIPT


class BillingCockpit(models.TransientModel):
    """Invoices, receipts and estimates that no customer has."""

    _inherit = "billing.cockpit"

    def _find_delivery_issues(self):
        """Return what was sent in vain and is not tried again: invoices, credit notes
        and receipts up to this month, and estimates.

        Extension point: another addon adds what it has followed up.
        """
        return [*self._find_billing_issues(), *self._find_undelivered_estimates()]

    def _find_billing_issues(self):
        """Return the issues about invoices, credit notes and receipts up to this
        month."""
        return [
            self._prepare_delivery_issue(kind, move, period, reason)
            for kind, move, reason in [
                *self._find_undelivered_invoices(),
                *self._find_undelivered_receipts(),
            ]
            if (period := move._get_billing_period()).date_start
            <= self._get_window().start
        ]

    def _find_undelivered_invoices(self):
        """Return (kind, invoice, reason) of what was not delivered."""
        moves = self.env["account.move"].search_fetch(
            [
                ("delivery_state", "=", "failed"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["billing_period_id", "reversed_entry_id", "partner_id", "delivery_error"],
            order="name, id",
        )
        return [("undelivered", move, move.delivery_error) for move in moves]

    def _find_undelivered_receipts(self):
        """Return (kind, invoice, reason) of payments whose receipt was not
        delivered."""
        receipts = self._search_failed("account.move")
        receipts = receipts.filtered(lambda one: one.purpose == RECEIPT)
        reasons = {one.res_id: one.delivery_error for one in receipts}
        moves = self.env["account.move"].search(
            [
                ("id", "in", list(reasons)),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="name, id",
        )
        return [("undelivered_receipt", move, reasons[move.id]) for move in moves]

    def _search_failed(self, model):
        """Return the e-mails about documents of a model that did not arrive and are
        not tried again (``mail.delivery``)."""
        return self.env["mail.delivery"].search(
            [("delivery_state", "=", "failed"), ("res_model", "=", model)], order="id"
        )

    def _find_undelivered_estimates(self):
        """Return the issues about estimates whose e-mails the customer did not get."""
        failed = self._search_failed("helpdesk.ticket.estimate").grouped("res_id")
        estimates = self.env["helpdesk.ticket.estimate"].search(
            [
                ("id", "in", list(failed)),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="id",
        )
        return [
            self._prepare_document_issue(
                "undelivered_estimate",
                estimate,
                estimate.partner_id.commercial_partner_id,
                estimate._get_person_in_charge(),
                "\n".join(dict.fromkeys(failed[estimate.id].mapped("delivery_error"))),
            )
            for estimate in estimates
        ]

    def _prepare_document_issue(self, kind, document, customer, user, reason):
        """Return the issue about a document that was not delivered; it opens the
        document.

        :param user: who is asked to see to it
        :param reason: why it was not delivered
        """
        return {
            "kind": kind,
            "res_model": document._name,
            "res_id": document.id,
            "partner_id": customer.id or None,
            "user_id": user.id or None,
            "reason": f"{document.display_name}: {reason}",
        }

    def _prepare_delivery_issue(self, kind, move, period, reason):
        """Return the issue about what was not delivered of an invoice of ``period``."""
        month = format_date(self.env, period.date_start, date_format="LLLL yyyy")
        return {
            "kind": kind,
            "period_id": period.id,
            "move_id": move.id,
            "partner_id": move.partner_id.id,
            "user_id": period.user_id.id or None,
            "date": period.date_start,
            "reason": f"{move.name}, {month}: {reason}",
        }
