"""Payment in the portal: what the page of the browser believes is looked up again."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing


class MonthlyPaymentPortal(PaymentPortal):
    def _process_transaction(
        self, partner_id, currency_id, invoice_ids, payment_reference, **kwargs
    ):
        invoices_sudo = request.env["account.move"].sudo().browse(invoice_ids)
        provider_sudo = request.env["payment.provider"].sudo()
        begun = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY)
        invoices_sudo._begin_online_payment(
            self._cast_as_float(kwargs.get("amount")) or 0.0,
            provider_sudo.browse(self._cast_as_int(kwargs.get("provider_id"))),
            request.env["payment.transaction"].sudo().browse(begun),
        )
        return super()._process_transaction(
            partner_id, currency_id, invoice_ids, payment_reference, **kwargs
        )


class MonthlyPortalAccount(PortalAccount):
    @http.route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, **query):
        """Customers read why a withdrawn invoice is not to be paid, and no draft."""
        try:
            invoice_sudo = self._document_check_access(
                "account.move", invoice_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not access_token:
            # who may see the invoice may pay it, and Odoo's payment asks for the token
            access_token = invoice_sudo._portal_ensure_token()
        if invoice_sudo._is_withdrawn() and not request.env.user._is_internal():
            return request.render(
                "monthly_billing_payment.portal_invoice_withdrawn",
                {"invoice": invoice_sudo},
            )
        return super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, **query
        )

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        """What was paid of overdue invoices is not asked for again."""
        values = super()._overdue_invoices_get_page_view_values(
            overdue_invoices, **kwargs
        )
        if "payment" in values:
            values["amount"] = sum(overdue_invoices.mapped("amount_residual"))
            values["payment"]["amount"] = values["amount"]
        return values
