from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class AccountAnalyticLine(models.Model):
    """An hour belongs to a sales order or to a month, never to both."""

    _inherit = "account.analytic.line"

    def _is_not_billed(self):
        """Freeze order item, project and customer of time that the month has billed,
        or about which a manager has decided.

        Sales asks this before it recomputes them, for instance when a project whose
        time is billed gets a sales order.
        """
        return super()._is_not_billed() and not self._is_frozen()

    @api.constrains("so_line")
    def _check_order_is_not_cancelled(self):
        """No invoice would ever bill the time: the order never, the month neither."""
        for line in self.sudo():
            if line.so_line.state == "cancel" and not line._is_invoiced_by_sales():
                raise ValidationError(
                    self.env._(
                        "Order %(order)s is cancelled and will not invoice “%(entry)s”."
                        " Choose an item of a confirmed order, or none.",
                        order=line.so_line.order_id.name,
                        entry=line.name,
                    )
                )

    @api.depends(
        "timesheet_invoice_id.state",
        "task_id.sale_line_id.state",
        "project_id.sale_line_employee_ids.sale_line_id.state",
    )
    def _compute_so_line(self):
        """Time that Sales has invoiced stays with its order, for instance when its
        task moves to another project. What a cancelled order has not invoiced leaves
        it. The month bills what has no order item afterwards."""
        movable = self.filtered(lambda line: not line._is_invoiced_by_sales())
        former = {line: line.sudo().so_line for line in movable}
        result = super(AccountAnalyticLine, movable)._compute_so_line()
        for line in movable.filtered(lambda line: line._is_not_billed()):
            if line.sudo().so_line.state == "cancel":
                line.so_line = False
            if not line.so_line and former[line]._is_fixed_price_invoiced():
                line.so_line = former[line]
        self._recompute_delivered(former)
        return result

    @api.model
    def _recompute_delivered(self, former):
        """Let order items that lost time know of it: Odoo marks only those that get
        time, the others would invoice what the month bills.

        :param dict former: the order items that the entries had, by entry
        """
        items = self.env["sale.order.line"].sudo()
        for line, item in former.items():
            if item and line.sudo().so_line != item:
                items |= item
        self.env.add_to_compute(items._fields["qty_delivered"], items)
        items.modified(["qty_delivered"])

    def _check_can_write(self, values):
        if "so_line" in values:
            self._check_order_item_can_change(values["so_line"])
        return super()._check_can_write(values)

    def _check_order_item_can_change(self, item_id):
        """Raise where time would be invoiced by the order and by the month.

        :param item_id: id of the new order item, or False
        :raises UserError: the month or the former order has billed the time
        """
        moved = self.filtered(lambda line: line.so_line.id != (item_id or False))
        moved._check_unlocked()
        for line in moved.sudo():
            if line._is_invoiced_by_sales():
                raise UserError(
                    self.env._(
                        "The time “%(entry)s” of %(date)s is invoiced on order "
                        "%(order)s. Credit it there first.",
                        entry=line.name,
                        date=line.date,
                        order=line.order_id.name,
                    )
                )

    def _is_invoiced_by_sales(self):
        """Return whether the order has invoiced the entry, net of credit notes.

        Sales knows no parts of an entry, and a partial credit note frees all entries
        of its invoice. What tells is the order item: without the entry, more would be
        invoiced than was delivered.
        """
        self.ensure_one()
        item = self.sudo().so_line
        if not item or not item.product_id._is_delivered_timesheet():
            return False
        hours = self.product_uom_id._compute_quantity(
            self.unit_amount, item.product_uom_id, round=False, raise_if_failure=False
        )
        left = item.qty_delivered - hours
        return item.product_uom_id.compare(item.qty_invoiced, left) > 0

    def _follow_again(self):
        """Time that is free again may belong to a sales order by now."""
        result = super()._follow_again()
        self.modified(["project_id"])  # order item, and what the order delivers
        return result
