"""How a customer may pay the invoice of a month."""

from base64 import b64encode

from odoo import models
from odoo.tools import formatLang
from odoo.tools.image import image_data_uri
from odoo.tools.misc import format_date

from odoo.addons.base_iban.models.res_partner_bank import pretty_iban


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_fact_preparers(self):
        return {
            **super()._get_fact_preparers(),
            "account": self._prepare_account_facts,
            "debit": self._prepare_debit_facts,
        }

    def _get_payment_methods(self):
        """Return how the customer may pay, in the language of the environment.

        Extension point: another addon may add ways to pay.

        :return: list of dicts: ``code``, ``title``, ``text`` (a sentence, or False),
            ``facts`` (list of label and value), ``url`` (or False), ``qr`` (an image
            as data URI, or False). Empty where nothing is to pay, and for other
            invoices than those of a month.
        """
        self.ensure_one()
        if not self._is_to_be_paid():
            return []
        debit = self._get_announced_debit()
        if debit:  # who transferred the money, too, would pay twice
            return [self._describe_direct_debit(debit)]
        methods = [self._describe_transfer(), self._describe_online_payment()]
        return [method for method in methods if method]

    def _is_to_be_paid(self):
        """Return whether this invoice of a month asks for money, also as a draft."""
        return (
            self._is_monthly_invoice()
            and self.state != "cancel"
            and self.payment_state in ("not_paid", "partial")
            and self.currency_id.compare_amounts(self.amount_residual, 0) > 0
        )

    def _get_direct_debit(self):
        """Return how this invoice is collected from the customer's account, else {}.

        Extension point: an addon that knows mandates returns a dict of ``bank``
        (the customer's account, a ``res.partner.bank``), ``mandate`` (its reference),
        ``creditor`` (the identifier of the company) and ``date`` (day of collection).
        The invoice then announces the collection and names no other way to pay.
        """
        return {}

    def _prepare_debit_facts(self):
        """Return {document: ``account``, ``mandate``, ``creditor`` and ``date``} of
        those that are collected."""
        debits = {move: move._get_direct_debit() for move in self}
        return {
            move: {
                "account": debit["bank"].sudo().sanitized_acc_number,
                "mandate": debit["mandate"],
                "creditor": debit["creditor"],
                "date": str(debit["date"] or ""),
            }
            for move, debit in debits.items()
            if debit
        }

    def _get_announced_debit(self):
        """Return how the invoice is collected, as it was announced, else {}.

        Whether it still is, is asked anew: who gave a mandate later pays no other way,
        and who withdrew it has to.
        """
        self.ensure_one()
        if not self._get_direct_debit():
            return {}
        move = self.sudo()
        return move._get_fact("debit") or move._prepare_debit_facts()[self]

    def _describe_direct_debit(self, debit):
        return {
            "code": "direct_debit",
            "title": self.env._("Direct Debit"),
            "text": self.env._(
                "We collect %(amount)s on %(date)s from your account. Please transfer "
                "nothing.",
                amount=self._format_residual(),
                date=format_date(self.env, debit["date"]),
            ),
            "facts": [
                (self.env._("Your Account"), self._mask_account(debit["account"])),
                (self.env._("Mandate Reference"), debit["mandate"]),
                (self.env._("Creditor Identifier"), debit["creditor"]),
            ],
            "url": False,
            "qr": False,
        }

    def _mask_account(self, number):
        """Return the number of the customer's account, all but its ends hidden."""
        return f"{number[:4]} … {number[-4:]}"

    def _prepare_account_facts(self):
        """Return {document: facts of the account to pay to} of those with one."""
        banks = {move: move.partner_bank_id.sudo() for move in self}
        return {
            move: {
                "holder": bank.acc_holder_name or bank.partner_id.name or "",
                "is_iban": bank.acc_type == "iban",
                "number": pretty_iban(bank.sanitized_acc_number)
                if bank.acc_type == "iban"
                else bank.acc_number,
                "bic": bank.bank_bic or "",
                "bank": bank.bank_name or "",
            }
            for move, bank in banks.items()
            if bank
        }

    def _describe_transfer(self):
        """Return the bank transfer as a way to pay, None without a bank account."""
        account = self._get_fact("account")
        if not account:
            return None
        env = self.env
        facts = [
            (env._("Recipient"), account["holder"]),
            (
                env._("IBAN") if account["is_iban"] else env._("Account"),
                account["number"],
            ),
            (env._("BIC"), account["bic"]),
            (env._("Bank"), account["bank"]),
            (env._("Amount"), self._format_residual()),
            (env._("Payment Reference"), self.payment_reference),
        ]
        qr = self._draw_transfer(account)
        return {
            "code": "transfer",
            "title": env._("Bank Transfer"),
            "text": qr and env._("Scan the code with your banking app."),
            "facts": [(label, value) for label, value in facts if value],
            "url": False,
            "qr": qr or False,
        }

    def _draw_transfer(self, account):
        """Return the code that a banking app scans, False where Odoo would draw one of
        another account than the invoice was sent with."""
        if (
            self.state != "posted"
            or self.sudo()._prepare_account_facts().get(self) != account
        ):
            return False
        return self._generate_qr_code(silent_errors=True)

    def _describe_online_payment(self):
        """Return the payment on the portal as a way to pay, None if it is not open."""
        url = self._get_online_payment_url()
        if not url:
            return None
        return {
            "code": "online",
            "title": self.env._("Online Payment"),
            "text": self.env._("Open this invoice in our portal and pay it there."),
            "facts": [],
            "url": url,
            "qr": self.display_link_qr_code and self._draw_link(url),
        }

    def _draw_link(self, url):
        """Return a QR code of an address as data URI."""
        report = self.env["ir.actions.report"]
        image = report.barcode("QR", url, width=128, height=128, quiet=0)
        return image_data_uri(b64encode(image))

    def _format_residual(self):
        return formatLang(self.env, self.amount_residual, currency_obj=self.currency_id)
