from odoo.tests import tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon
from odoo.addons.ticket_estimates.tests.test_migration import load_script

SCRIPT = "monthly_billing/migrations/19.0.1.1.0/post-followed-receipts.py"


@tagged("post_install", "-at_install")
class TestMigrationReceipts(MonthlyBillingCommon):
    """Receipts that were sent are not sent again, those that wait are followed up."""

    def migrate(self, invoice, state):
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("ALTER TABLE account_move ADD COLUMN receipt_state VARCHAR")
        cr.execute(
            "UPDATE account_move SET receipt_state = %s WHERE id = %s",
            [state, invoice.id],
        )
        load_script(SCRIPT).migrate(cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_a_receipt_keeps_its_state(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        for state in ("sent", "waiting"):
            with self.subTest(state):
                self.migrate(invoice, state)
                receipt = invoice._get_deliveries("receipt")[:1]
                self.assertEqual(invoice.receipt_state, state)
                self.assertEqual(bool(receipt.delivery_at), state == "waiting")
                self.assertEqual(receipt.recipient_id, invoice.partner_id)

    def test_a_second_update_finds_nothing_to_do(self):
        self.book(1, "10-05")
        invoice = self.bill().invoice_id
        self.migrate(invoice, "sent")
        load_script(SCRIPT).migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual(len(invoice._get_deliveries("receipt")), 1)
