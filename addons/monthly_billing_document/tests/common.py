from lxml import html

from odoo.fields import Command

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon


class InvoiceDocumentCommon(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.external_report_layout_id = cls.env.ref(
            "web.external_layout_standard"
        )
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "DE02120300000000202051",
                "acc_holder_name": "Havelwerk GmbH",
                "partner_id": cls.company.partner_id.id,
                "bank_id": cls.env["res.bank"]
                .create({"name": "Kreditbank", "bic": "BYLADEM1001"})
                .id,
                "allow_out_payment": True,
            }
        )
        cls.agreement.customer_reference = "4500087213"
        cls.agreement.user_id = cls.env["res.users"].create(
            {
                "name": "Jana Petersen",
                "login": "jana",
                "email": "jana@example.com",
                "phone": "0331 5550171",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
            }
        )

    def bill_and_post(self, **values):
        """Return the posted invoice of October."""
        invoice = self.bill().invoice_id
        invoice.write({"partner_bank_id": self.bank.id, **values})
        invoice.action_post()
        return invoice

    def credit(self, invoice, release="all", hours=None):
        """Return the posted credit note of an invoice.

        :param hours: to give back of the first entry, for ``chosen``
        """
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Wrong hours"})
        )
        wizard.billing_release = release
        if hours:
            wizard.billing_time_ids[0].hours = hours
        wizard.reverse_moves()
        credit = wizard.new_move_ids
        credit.action_post()
        return credit

    def render(self, invoice):
        """Return the root of the printed document."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        return html.fromstring(content)

    def get_text(self, node):
        return " ".join(node.text_content().split())

    def get_facts(self, root):
        """Return {code: text} of the head of a document."""
        (table,) = root.xpath("//table[@name='billing_facts']")
        return {
            cell.get("data-code"): self.get_text(cell) for cell in table.xpath(".//td")
        }
