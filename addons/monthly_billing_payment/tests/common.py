from html import unescape
from re import findall
from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.monthly_billing.tests.common import OCTOBER
from odoo.addons.monthly_billing_document.tests.common import InvoiceDocumentCommon


class PaymentCommon(InvoiceDocumentCommon):
    @classmethod
    def set_portal_payment(cls, enabled):
        cls.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", str(enabled)
        )

    @classmethod
    def open_online_payment(cls, company):
        """Let customers of a company pay online; return the provider, as superuser."""
        cls.set_portal_payment(True)
        demo = cls.env.ref("payment.payment_provider_demo").sudo()
        unknown = cls.env.ref("payment.payment_method_unknown").sudo()
        methods = demo.with_context(active_test=False).payment_method_ids or unknown
        methods.active = True
        return demo.copy(
            {
                "company_id": company.id,
                "state": "test",
                "is_published": True,
                "payment_method_ids": [Command.set(methods.ids)],
            }
        )


class OnlinePaymentCommon(PaymentCommon, MailCase, HttpCase):
    """The firm takes money by a provider that only acts so, and sends a month."""

    # Odoo runs the tests of a base class for those alone that ask for it.
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("monthly_billing_delivery", "payment_demo"):
            if cls.env["ir.module.module"]._get(name).state != "installed":
                raise SkipTest(f"{name} is not installed")
        cls.provider = cls.open_online_payment(cls.company)
        cls.company.send_payment_receipt = True
        cls.company.link_qr_code = True
        cls.partner.invoice_sending_method = "email"
        cls.agreement.write({"auto_post": True, "auto_send": True})
        cls.book(2, "10-05", cls.make_ticket("Printer"))
        cls.invoice = cls.agreement._bill_period(OCTOBER).invoice_id

    def speak_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"

    def run_mails(self, cron):
        """Run a scheduled action and that of mails; return what went out."""
        with self.mock_mail_gateway():
            self.env.ref(f"monthly_billing_delivery.{cron}").method_direct_trigger()
            self.env["mail.mail"].process_email_queue()
            sent = list(self._mails)
        self.invoice.invalidate_recordset()
        return sent

    def deliver(self):
        """Return the mail with the invoice."""
        self.invoice.action_deliver()
        [mail] = self.run_mails("account_move_cron_deliver")
        return mail

    def send_receipts(self):
        return self.run_mails("account_move_cron_send_receipts")

    def find_link(self, mail):
        """Return the address of the payment as it stands in a mail, or False."""
        links = findall(r'href="([^"]*payment=True[^"]*)"', mail["body"])
        return unescape(links[0]) if links else False

    def register_payment(self, amount=None):
        """Record money that came by another way."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        wizard.create({"amount": amount} if amount else {})._create_payments()

    def start_payment(self, invoice, amount, **values):
        """Ask for a payment as the page does.

        :return: the answer of the server, a dict with ``result`` or ``error``
        """
        return self.url_open(
            f"/invoice/transaction/{invoice.id}",
            json={
                "params": {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.provider.payment_method_ids[:1].id,
                    "token_id": None,
                    "amount": amount,
                    "flow": "direct",
                    "tokenization_requested": False,
                    "landing_route": invoice.get_portal_url(),
                    "access_token": invoice._portal_ensure_token(),
                    **values,
                }
            },
        ).json()

    def finish_payment(self, book=True):
        """Let the provider say that the last payment arrived, and book it."""
        transaction = self.invoice.sudo().transaction_ids.sorted("id")[-1]
        transaction._process(
            "demo",
            {"reference": transaction.reference, "simulated_state": "done"},
        )
        if book:
            transaction._post_process()
