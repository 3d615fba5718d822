from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import NOVEMBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSales(MonthlyBillingCommon):
    """Hours of a sales order are left to Sales."""

    def setUp(self):
        super().setUp()
        if "so_line" not in self.env["account.analytic.line"]._fields:
            self.skipTest("sale_timesheet is not installed")
        service = self.make_service(
            "Project hours",
            100.0,
            service_type="timesheet",
            service_policy="delivered_timesheet",
        )
        self.order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "order_line": [
                        (0, 0, {"product_id": service.id, "product_uom_qty": 10})
                    ],
                }
            )
        )
        self.order.action_confirm()
        self.sold = self.book(3, "10-05")
        self.sold.sudo().so_line = self.order.order_line

    def test_hours_of_a_sales_order_are_not_billed(self):
        self.book(1, "10-06")
        period = self.bill()
        self.assertEqual(period.billed_hours, 1.0)
        self.assertNotIn(self.sold, period.allocation_ids.timesheet_id)

    def test_hours_that_sales_invoiced_are_not_billed(self):
        self.order._create_invoices()
        self.assertTrue(self.sold.timesheet_invoice_id)
        self.assertEqual(self.bill().state, "empty")

    def test_sales_without_timesheets_on_orders_is_no_obstacle(self):
        timesheets = type(self.env["account.analytic.line"])
        fields = {
            name: field
            for name, field in timesheets._fields.items()
            if name != "timesheet_invoice_id"
        }
        with patch.object(timesheets, "_fields", fields):
            domain = self.agreement.env[
                "billing.run.collect"
            ]._get_billable_timesheets_domain(self.agreement, NOVEMBER)
        self.assertIn("so_line", str(domain))
        self.assertNotIn("timesheet_invoice_id", str(domain))
