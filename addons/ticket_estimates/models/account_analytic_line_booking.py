from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang

from ..texts import find_text_problem

# Whoever has it answers for the time of others and may book what looks odd.
APPROVERS = "hr_timesheet.group_hr_timesheet_approver"
MAX_HOURS = 10_000
MAX_TEXT = 50_000
# What decides how much somebody worked on a day.
DAY_FIELDS = frozenset({"unit_amount", "product_uom_id", "date", "employee_id"})
# What decides whose time it is, and to whose charge.
OWNER_FIELDS = frozenset({"unit_amount", "partner_id", "employee_id", "user_id"})


class AccountAnalyticLine(models.Model):
    """Who books which time: own time, on tickets one may read, as much as a day has."""

    _inherit = "account.analytic.line"

    @api.constrains("unit_amount", "project_id")
    def _check_hours_in_bounds(self):
        for line in self.filtered("project_id"):
            if not -MAX_HOURS <= line.unit_amount <= MAX_HOURS:
                raise ValidationError(
                    self.env._(
                        "Nobody can work %(hours)s hours. An entry has 10,000 hours at "
                        "most: correct the number.",
                        hours=line.unit_amount,
                    )
                )

    @api.constrains("name", "project_id")
    def _check_text_in_bounds(self):
        for line in self.filtered("project_id"):
            if problem := find_text_problem(self.env, line.name, MAX_TEXT):
                raise ValidationError(problem)

    @api.onchange("unit_amount", "date", "employee_id")
    def _onchange_day_hours(self):
        """Say at once that nobody works that much on a day."""
        company = self.company_id or self.env.company
        limit = company.sudo().timesheet_day_limit
        if not (limit and self.employee_id and self.date):
            return None
        hours = self._get_day_hours().get((self.employee_id, self.date), 0.0)
        hours -= self._origin._get_own_hours()
        hours += self._get_own_hours()
        if hours <= limit:
            return None
        return {
            "warning": {
                "title": self.env._("More than a day has"),
                "message": self._get_long_day_text(hours, limit),
                "type": "notification",
            }
        }

    def onchange(self, values, field_names, fields_spec):
        """A form tells nothing about a ticket its user may not read."""
        ticket_id = values.get("ticket_id")
        if isinstance(ticket_id, dict):  # the form of a ticket that shows its time
            ticket_id = ticket_id.get("id")
        if isinstance(ticket_id, int) and ticket_id:
            self._check_can_book_on([ticket_id])
        return super().onchange(values, field_names, fields_spec)

    def _check_can_book_on(self, ticket_ids):
        """Raise if the user may not read one of the tickets.

        :raise AccessError: without a word about the ticket
        """
        tickets = self.env["helpdesk.ticket"].browse(ticket_ids)
        if not self.env.su and not tickets.has_access("read"):
            raise AccessError(
                self.env._(
                    "You may not read this ticket and so cannot book time on it. Ask "
                    "somebody of its team to add you as a follower."
                )
            )

    def _may_correct_time(self):
        """Return whether the user answers for the time of others."""
        return self.env.su or self.env.user.has_group(APPROVERS)

    def _check_own_time(self):
        """Raise if somebody without a role for it books for others, to the charge of
        another customer, or takes hours away."""
        if self._may_correct_time():
            return
        for line in self.sudo().filtered("project_id"):
            if line.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "You can book your own time only. A timesheet approver can "
                        "book for others."
                    )
                )
            if line.unit_amount < 0 and line._get_hours_of_place() < 0:
                raise UserError(
                    self.env._(
                        "You can take back your own hours here, and no more than you "
                        "have booked. A timesheet approver can book other corrections."
                    )
                )
            if line.partner_id and line.partner_id not in line._get_customers():
                raise AccessError(
                    self.env._(
                        "The customer of your time is that of its ticket, task or "
                        "project. Choose those; a timesheet approver can set another "
                        "customer."
                    )
                )

    def _get_hours_of_place(self):
        """Return what the person has booked on the ticket, task or project of the
        entry, in hours."""
        self.ensure_one()
        place = "ticket_id" if self.ticket_id else "project_id"
        if self.task_id and not self.ticket_id:
            place = "task_id"
        groups = self.sudo()._read_group(
            Domain("employee_id", "=", self.employee_id.id)
            & Domain(place, "=", self[place].id),
            ["product_uom_id"],
            ["unit_amount:sum"],
        )
        return sum(self._to_hours(amount, unit) for unit, amount in groups)

    def _get_customers(self):
        """Return who may be the customer of the entry by where it is booked."""
        self.ensure_one()
        places = self.ticket_id.partner_id | self.task_id.partner_id
        return places | self.project_id.partner_id

    def _check_days(self):
        """Raise if somebody would have worked more on a day than the company allows.

        :raise UserError: the policy allows it to nobody, or to timesheet approvers
        """
        if self.env.su:
            return
        for company, lines in self.sudo().grouped("company_id").items():
            limit = company.timesheet_day_limit
            may_exceed = company.timesheet_day_policy == "approver"
            if not limit or (may_exceed and self._may_correct_time()):
                continue
            for (employee, day), hours in lines._get_day_hours().items():
                if hours > limit + 1e-6:
                    line = lines.filtered(
                        lambda one, employee=employee, day=day: (
                            one.employee_id == employee and one.date == day
                        )
                    )[:1]
                    if line:
                        raise UserError(
                            line.with_env(self.env)._get_long_day_text(hours, limit)
                        )

    def _get_day_hours(self):
        """Return the hours booked by (employee, date) on the days of these entries."""
        lines = self.sudo()
        groups = lines._read_group(
            Domain("employee_id", "in", self.employee_id.ids)
            & Domain("date", "in", list(set(self.mapped("date"))))
            & Domain("project_id", "!=", False),
            ["employee_id", "date:day", "product_uom_id"],
            ["unit_amount:sum"],
        )
        hours = {}
        for employee, day, unit, amount in groups:
            key = (employee.with_env(self.env), day)
            hours[key] = hours.get(key, 0.0) + self._to_hours(amount, unit)
        return hours

    def _get_own_hours(self):
        """Return the hours of this entry, none for no entry."""
        return sum(self._to_hours(one.unit_amount, one.product_uom_id) for one in self)

    def _to_hours(self, amount, unit):
        hour = self.env.ref("uom.product_uom_hour")
        return self.env["helpdesk.ticket"]._convert_to_hours(amount, unit, hour)

    def _get_long_day_text(self, hours, limit):
        """Return who would have worked too much on which day, and what to do."""
        values = {
            "employee": self.employee_id.sudo().name,
            "date": format_date(self.env, self.date),
            "hours": formatLang(self.env, hours),
            "limit": formatLang(self.env, limit),
        }
        company = self.company_id or self.env.company
        if company.sudo().timesheet_day_policy == "approver":
            return self.env._(
                "%(employee)s would have %(hours)s h on %(date)s, more than the "
                "%(limit)s h of a day. Correct the hours or the date, or let a "
                "timesheet approver book it.",
                **values,
            )
        return self.env._(
            "%(employee)s would have %(hours)s h on %(date)s, more than the %(limit)s "
            "h of a day. Correct the hours or the date.",
            **values,
        )
