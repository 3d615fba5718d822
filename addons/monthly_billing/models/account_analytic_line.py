from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.volume_discount.core.numbers import EPSILON

#: Who decides that time costs nothing
GIVERS = "monthly_billing.monthly_billing_group_goodwill"
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

    non_billable = fields.Boolean(
        help="The monthly billing asks nothing for this time. It leaves it out, or "
        "shows it at 0.00 if the agreement wants that."
    )
    allocation_ids = fields.One2many(
        "billing.allocation",
        "timesheet_id",
        string="Billed Time",
        readonly=True,
        groups="monthly_billing.monthly_billing_group_user",
    )

    is_billed = fields.Boolean(
        compute="_compute_is_billed",
        search="_search_is_billed",
        groups="monthly_billing.monthly_billing_group_user",
        help="At least a part of the entry stands on an invoice.",
    )

    _billable_customer_date_index = models.Index(
        "(partner_id, date) WHERE project_id IS NOT NULL"
    )

    @api.depends("allocation_ids")
    def _compute_is_billed(self):
        for line in self:
            line.is_billed = line._is_billed()

    def _search_is_billed(self, operator, value):
        if operator != "in":
            return NotImplemented
        allocations = self.env["billing.allocation"].sudo()
        counting = allocations._get_counting_domain()
        ledger = allocations._search(counting, bypass_access=True)
        billed_ids = SQL(
            "(%s GROUP BY timesheet_id HAVING SUM(worked_hours) > %s)",
            ledger.select("timesheet_id"),
            EPSILON,
        )
        billed = Domain("id", "in", billed_ids)
        return billed if True in value else ~billed

    @api.model
    def _get_non_billable_domain(self):
        """Return the domain of the time that costs the customer nothing.

        The only place that says so: the entry, the category of its ticket or its
        project is non-billable.
        """
        return (
            Domain("non_billable", "=", True)
            | Domain("ticket_id.category_id.non_billable", "=", True)
            | Domain("project_id.non_billable", "=", True)
        )

    def _is_frozen(self):
        return super()._is_frozen() or self._is_locked()

    def _is_readonly(self):
        return super()._is_readonly() or self._is_locked()

    def _is_locked(self):
        """Return whether hours of the entry are billed, or decided about."""
        return self._is_billed() or self._is_decided()

    def _is_billed(self):
        """Return whether any part of the entry is billed and not given back."""
        counting = self.sudo().allocation_ids._filter_counting()
        return sum(counting.mapped("worked_hours")) > EPSILON

    def _check_can_write(self, values):
        if LOCKED_FIELDS & values.keys():
            self._check_unlocked()
        if "non_billable" in values and any(
            line.non_billable != bool(values["non_billable"]) for line in self
        ):
            self._check_can_give_away()
        return super()._check_can_write(values)

    def _check_can_create(self):
        if any(line.non_billable for line in self):
            self._check_can_give_away()
        return super()._check_can_create()

    def _check_can_give_away(self):
        """Raise unless the user decides whether time costs the customer something."""
        if not (self.env.su or self.env.user.has_group(GIVERS)):
            raise AccessError(
                self.env._(
                    "Whether time is non-billable is decided by people with the role "
                    "“May give time away”. Ask one of them."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_unlocked()
        credited = self.sudo().allocation_ids._filter_counting()
        if credited:
            raise UserError(
                self.env._(
                    "The time “%(entry)s” of %(date)s stands on %(invoices)s and stays "
                    "as a record of it. Mark it as non-billable, or set its hours to "
                    "zero.",
                    entry=credited[0].timesheet_id.name,
                    date=credited[0].timesheet_id.date,
                    invoices=", ".join(
                        credited[0].timesheet_id.allocation_ids.move_id.mapped("name")
                    ),
                )
            )

    def unlink(self):
        dead = self.sudo().allocation_ids
        (dead - dead._filter_counting()).unlink()
        return super().unlink()

    def _check_unlocked(self):
        """Raise if hours of the entries are billed, or decided about."""
        self._check_not_billed()
        self._check_not_decided()

    def _check_not_billed(self):
        """Raise if one of the entries stands on an invoice that counts."""
        entries = self.sudo().filtered(lambda line: line._is_billed())
        if billed := entries.allocation_ids._filter_counting():
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

    def _check_billed_once(self):
        """Raise if more of an entry is billed than was worked, or less than nothing
        (the invariant)."""
        allocations = self.env["billing.allocation"].sudo()
        if not self:
            return
        sums = allocations._read_group(
            allocations._get_counting_domain() & Domain("timesheet_id", "in", self.ids),
            ["timesheet_id"],
            ["worked_hours:sum"],
        )
        factors = self.env["billing.run.collect"]._get_hours_by_uom()
        written_off = self._get_written_off_hours()
        for entry, billed in sums:
            worked = entry.unit_amount * factors[entry.product_uom_id.id]
            if billed < -2 * float(EPSILON):
                raise UserError(
                    self.env._(
                        "A credit note gives back the time “%(entry)s” of %(date)s, "
                        "so the invoice that bills it must count. Cancel the credit "
                        "note first, or delete it while it is a draft.",
                        entry=entry.name,
                        date=entry.date,
                    )
                )
            if billed + written_off[entry.id] - worked > 2 * float(EPSILON):
                raise UserError(
                    self.env._(
                        "The time “%(entry)s” of %(date)s would be billed twice. It "
                        "stands on another invoice already, or is written off.",
                        entry=entry.name,
                        date=entry.date,
                    )
                )

    def _follow_again(self):
        """Let entries that are free again follow their ticket, task and project."""
        for name in ("project_id", "partner_id"):
            self.env.add_to_compute(self._fields[name], self)
        self.ticket_id.filtered(
            lambda ticket: ticket._get_timesheet_project().allow_timesheets
        )._move_timesheets_to_project()

    def _get_odd_hours_text(self):
        """Return why the hours of the entry cannot be billed, and what to do."""
        self.ensure_one()
        values = {"text": self.name, "date": self.date, "hours": self.unit_amount}
        if self.unit_amount < 0:
            return self.env._(
                "The timesheet entry “%(text)s” of %(date)s has negative hours "
                "(%(hours)s). Reduce the entry it corrects instead, or mark it "
                "as non-billable.",
                **values,
            )
        return self.env._(
            "The timesheet entry “%(text)s” of %(date)s has %(hours)s hours. Nobody "
            "can work that: correct the entry.",
            **values,
        )

    def _get_job(self):
        """Return what the entry is a part of: (``ticket``, ``task`` or ``project``,
        id)."""
        self.ensure_one()
        for kind in ("ticket", "task", "project"):
            if record := self[f"{kind}_id"]:
                return kind, record.id
        raise ValueError(f"{self} has no project")
