from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCommon

#: what prefetching and caches of the registry may change: less than one per line
MARGIN = 3


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestQueries(InvoiceCommon):
    """However much was billed before, as many queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount.window = "year"

    def create_customer(self, invoices, lines=1):
        partner = self.create_partner(name=f"{invoices} by {lines}", is_company=True)
        partner.volume_discount_id = self.discount
        for month in range(1, invoices + 1):
            day = f"2026-0{month}-15"
            self.create_invoice(
                *[0.5] * lines, day=day, partner_id=partner.id
            ).action_post()
        return partner

    def count_queries(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def count_for_invoice(self, action, partner):
        invoice = self.create_invoice(12, partner_id=partner.id)
        return self.count_queries(lambda: action(invoice))

    def count_for_simulation(self, *partners):
        simulation = self.env["volume.discount.simulation"].create(
            {
                "partner_ids": [Command.set([partner.id for partner in partners])],
                "table_ids": [Command.set(self.discount.ids)],
                "date_start": "2026-01-01",
                "date_end": "2026-10-15",
            }
        )
        return self.count_queries(simulation.action_simulate)

    def test_applying_does_not_ask_more_for_more_earlier_lines(self):
        actions = (
            lambda invoice: invoice.volume_discount_message,
            lambda invoice: invoice.action_apply_volume_discount(),
        )
        few, many = self.create_customer(2), self.create_customer(8, 4)
        for action in actions:
            self.count_for_invoice(action, few)  # fill the caches of the registry
            with self.subTest(action=action):
                self.assertLessEqual(
                    self.count_for_invoice(action, many),
                    self.count_for_invoice(action, few) + MARGIN,
                )

    def test_simulating_does_not_ask_more_for_more_customers_and_lines(self):
        few = self.create_customer(2)
        many = [self.create_customer(8, 2) for _number in range(4)]
        self.count_for_simulation(few)
        self.assertLessEqual(
            self.count_for_simulation(*many), self.count_for_simulation(few) + MARGIN
        )
