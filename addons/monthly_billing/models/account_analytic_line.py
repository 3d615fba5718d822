from odoo import api, fields, models
from odoo.exceptions import UserError

#: What the customer was billed for; other fields of a billed entry stay editable
LOCKED_FIELDS = frozenset(
    {
        "unit_amount",
        "product_uom_id",
        "date",
        "employee_id",
        "user_id",
        "project_id",
        "task_id",
        "ticket_id",
        "partner_id",
        "company_id",
        "non_billable",
    }
)


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    non_billable = fields.Boolean(help="The monthly billing leaves this time out.")
    allocation_ids = fields.One2many(
        "billing.allocation",
        "timesheet_id",
        string="Billed Time",
        readonly=True,
        groups="monthly_billing.monthly_billing_group_user",
    )

    _billable_customer_date_index = models.Index(
        "(partner_id, date) WHERE project_id IS NOT NULL"
    )

    def _is_frozen(self):
        return super()._is_frozen() or self._is_billed()

    def _is_billed(self):
        """Return whether any part of the entry stands on an invoice that counts."""
        return bool(self.sudo().allocation_ids._filter_counting())

    def _is_readonly(self):
        return super()._is_readonly() or self._is_billed()

    def _check_can_write(self, values):
        if LOCKED_FIELDS & values.keys():
            self._check_not_billed()
        return super()._check_can_write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def unlink(self):
        dead = self.sudo().allocation_ids
        (dead - dead._filter_counting()).unlink()
        return super().unlink()

    def _check_not_billed(self):
        """Raise if one of the entries stands on an invoice that counts."""
        billed = self.sudo().allocation_ids._filter_counting()
        if billed:
            raise UserError(
                self.env._(
                    "The time “%(entry)s” of %(date)s is billed on %(invoice)s and "
                    "cannot change. Cancel the invoice first, or delete it while it "
                    "is a draft.",
                    entry=billed[0].timesheet_id.name,
                    date=billed[0].timesheet_id.date,
                    invoice=billed[0].move_id.display_name,
                )
            )
