from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import NOVEMBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestSalesOrMonth(MonthlyBillingCommon):
    """One hour, one invoice, whichever of the two comes first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold_service = cls.make_service(
            "Project hours",
            100.0,
            service_type="timesheet",
            service_policy="delivered_timesheet",
        )
        cls.project.allow_billable = True

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "sales_team.group_sale_manager"
        )

    @classmethod
    def make_order(cls, product=None):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.sold_service).id,
                            "product_uom_qty": 10,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def make_task(self, order):
        """Make a task whose time is sold with ``order``."""
        return self.env["project.task"].create(
            {
                "name": "Migration",
                "project_id": self.project.id,
                "sale_line_id": order.order_line.id,
            }
        )

    def invoice(self, order):
        move = order._create_invoices()
        move.action_post()
        return move

    def credit(self, move, quantity=None):
        """Credit a sales invoice, whole or ``quantity`` hours."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = wizard.create({"journal_id": move.journal_id.id})
        wizard.refund_moves()
        credit = wizard.new_move_ids
        if quantity:
            line = credit.invoice_line_ids
            credit.invoice_line_ids = [Command.update(line.id, {"quantity": quantity})]
        credit.action_post()
        return credit

    def test_order_on_the_project_takes_only_what_the_month_has_not_billed(self):
        billed = self.book(3, "10-05")
        self.bill()
        free = self.book(2, "11-02")
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        self.assertFalse(billed.so_line)
        self.assertEqual(free.so_line, order.order_line)
        self.assertEqual(order.order_line.qty_delivered, 2.0)

    def test_billed_time_cannot_be_put_on_an_order_by_hand(self):
        billed = self.book(3, "10-05")
        self.bill()
        with self.assertRaisesRegex(UserError, "is billed on"):
            billed.so_line = self.make_order().order_line

    def test_task_of_billed_time_leaves_it_when_it_gets_an_order(self):
        task = self.env["project.task"].create(
            {"name": "Migration", "project_id": self.project.id}
        )
        billed = self.book(3, "10-05", task_id=task.id)
        self.bill()
        task.sale_line_id = self.make_order().order_line
        self.assertFalse(billed.so_line)

    def test_cancelled_month_gives_its_time_to_the_order(self):
        billed = self.book(3, "10-05")
        period = self.bill()
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        period.invoice_id.button_cancel()
        self.assertEqual(billed.so_line, order.order_line)
        self.assertEqual(self.bill().state, "empty")

    def test_time_given_back_by_a_credit_note_goes_to_the_order(self):
        billed = self.book(3, "10-05")
        period = self.bill()
        invoice = period.invoice_id
        invoice.action_post()
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "all"}
        )
        wizard.refund_moves()
        self.assertFalse(billed.so_line)
        wizard.new_move_ids.action_post()
        self.assertEqual(billed.so_line, order.order_line)
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        self.assertEqual(self.bill(NOVEMBER).state, "empty")

    def test_credited_order_bills_again_not_the_month(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        self.book(3, "10-05")
        self.credit(self.invoice(order))
        self.assertEqual(self.bill().state, "empty")
        self.assertEqual(self.invoice(order).invoice_line_ids.quantity, 3.0)

    def test_partial_credit_of_an_order_frees_no_hour_for_the_month(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        sold = self.book(3, "10-05")
        self.credit(self.invoice(order), 1.0)
        self.assertFalse(sold.timesheet_invoice_id)
        with self.assertRaisesRegex(UserError, "is invoiced on order"):
            sold.so_line = False
        self.project.sale_line_id = False
        self.assertEqual(sold.so_line, order.order_line)
        self.assertEqual(self.bill().state, "empty")

    def test_wholly_credited_time_can_go_to_the_month(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        sold = self.book(3, "10-05")
        self.credit(self.invoice(order))
        sold.so_line = False
        self.assertEqual(self.bill().billed_hours, 3.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_time_moved_from_the_order_before_it_is_invoiced_goes_to_the_month(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        sold = self.book(3, "10-05")
        sold.so_line = False
        self.assertEqual(self.bill().billed_hours, 3.0)
        self.assertEqual(order.order_line.qty_delivered, 0.0)

    def test_draft_invoice_of_the_order_keeps_its_time(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        sold = self.book(3, "10-05")
        order._create_invoices()
        with self.assertRaises(UserError):
            sold.so_line = False

    def test_written_off_time_goes_to_no_order(self):
        self.agreement.estimate_policy = "withhold"
        entry = self.book(3, "10-05", self.make_ticket("Not approved"))
        self.env["billing.decision"]._decide("write_off", {entry.id: 3}, "Our fault")
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        self.assertFalse(entry.so_line)
        self.assertEqual(order.order_line.qty_delivered, 0.0)

    def test_order_item_taken_from_the_project_leaves_the_time_to_the_month_alone(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        self.book(3, "10-05")
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        self.project.sale_line_id = False
        self.assertEqual(self.bill().billed_hours, 3.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_time_of_a_cancelled_order_goes_to_the_month(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        entry = self.book(3, "10-05")
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        order._action_cancel()
        self.assertEqual(self.bill().billed_hours, 3.0)
        order.action_draft()
        order.action_confirm()
        self.assertFalse(entry.so_line)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_time_on_a_task_of_a_cancelled_order_is_billed_once(self):
        order = self.make_order()
        entry = self.book(3, "10-05", task_id=self.make_task(order).id)
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        order._action_cancel()
        self.assertEqual(self.bill().billed_hours, 3.0)
        order.action_draft()
        order.action_confirm()
        self.assertFalse(entry.so_line)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_order_that_comes_back_takes_time_the_month_has_not_billed(self):
        order = self.make_order()
        entry = self.book(3, "10-05", task_id=self.make_task(order).id)
        order._action_cancel()
        self.assertFalse(entry.so_line)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(entry.so_line, order.order_line)
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        self.assertEqual(self.bill().state, "empty")

    def test_time_of_an_invoiced_fixed_price_stays_with_its_order(self):
        website = self.make_service(
            "Website", 900.0, service_type="manual", service_policy="ordered_prepaid"
        )
        order = self.make_order(website)
        self.project.sale_line_id = order.order_line
        entry = self.book(3, "10-05")
        self.invoice(order)
        self.project.sale_line_id = False
        self.assertEqual(entry.so_line, order.order_line)
        self.assertEqual(self.bill().state, "empty")

    def test_invoiced_time_of_a_cancelled_order_stays_there(self):
        order = self.make_order()
        self.project.sale_line_id = order.order_line
        entry = self.book(3, "10-05")
        self.invoice(order)
        order._action_cancel()
        self.assertEqual(entry.so_line, order.order_line)
        self.assertEqual(self.bill().state, "empty")

    def test_time_is_not_put_on_a_cancelled_order(self):
        order = self.make_order()
        order._action_cancel()
        entry = self.book(3, "10-05")
        with self.assertRaises(ValidationError) as refusal:
            entry.so_line = order.order_line
        self.assertIn(order.name, str(refusal.exception))
        with self.assertRaises(ValidationError):
            self.book(2, "10-06", so_line=order.order_line.id)
        self.env.invalidate_all()
        self.assertEqual(self.bill().billed_hours, 3.0)
