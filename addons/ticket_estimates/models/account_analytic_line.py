from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..people import show_person
from .account_analytic_line_booking import DAY_FIELDS, OWNER_FIELDS
from .account_analytic_line_consent import WORK_FIELDS


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    ticket_partner_id = fields.Many2one(
        related="ticket_id.partner_id",
        string="Ticket Customer",
        compute_sudo=True,
    )

    @api.constrains("ticket_id", "project_id")
    def _check_ticket_project(self):
        for line in self:
            if line.ticket_id and not line.project_id:
                raise ValidationError(
                    self.env._(
                        "Time on ticket %(ticket)s needs a project: without one it "
                        "would be missing from every timesheet.",
                        ticket=line.ticket_id.sudo().display_name,
                    )
                )

    @api.depends("ticket_id.partner_id")
    def _compute_partner_id(self):
        movable = self._filter_movable()
        by_ticket = movable.filtered("ticket_id.partner_id")
        rest = movable - by_ticket
        result = super(AccountAnalyticLine, rest)._compute_partner_id()
        for line in by_ticket:
            line.partner_id = line.ticket_id.partner_id
        return result

    def _compute_project_id(self):
        movable = self._filter_movable()
        return super(AccountAnalyticLine, movable)._compute_project_id()

    @api.onchange("ticket_id")
    def _onchange_ticket_id(self):
        """The project and the task follow the chosen ticket."""
        project = self.ticket_id._get_timesheet_project()
        if project and project != self.project_id:
            self.project_id = project
            self.task_id = self.ticket_id._get_timesheet_task()

    @api.model_create_multi
    def create(self, vals_list):
        default_ticket_id = self.env.context.get("default_ticket_id")
        ids = [vals.get("ticket_id", default_ticket_id) for vals in vals_list]
        # Together, so that they are read together.
        tickets = self.env["helpdesk.ticket"].browse(dict.fromkeys(filter(None, ids)))
        self._check_can_book_on(tickets.ids)
        by_id = {ticket.id: ticket for ticket in tickets.sudo()}
        for ticket_id, vals in zip(ids, vals_list, strict=True):
            ticket = by_id.get(ticket_id)
            if ticket and not vals.get("project_id") and not vals.get("task_id"):
                # Before super: a line without a project is no timesheet.
                vals.update(self._prepare_ticket_values(ticket))
            if ticket and not vals.get("company_id"):
                vals["company_id"] = ticket.company_id.id
        return super().create(vals_list)

    def write(self, vals):
        adds_work = bool(WORK_FIELDS & vals.keys())
        before = self._get_hours_by_ticket() if adds_work else {}
        result = super().write(self._with_place_of_ticket(vals))
        if OWNER_FIELDS & vals.keys():
            self._check_own_time()
        if DAY_FIELDS & vals.keys():
            self._check_days()
        if adds_work:
            self._admit_changed_hours(before)
        return result

    def _check_can_create(self):
        result = super()._check_can_create()
        self._check_own_time()
        self._check_days()
        self._admit_changed_hours({})
        return result

    def _with_place_of_ticket(self, vals):
        """Return ``vals`` with the project and task of the ticket they name, if any.

        :raises AccessError: the user may not read the ticket
        """
        if not vals.get("ticket_id"):
            return vals
        self._check_can_book_on([vals["ticket_id"]])
        if vals.get("project_id") or vals.get("task_id"):
            return vals
        ticket = self.env["helpdesk.ticket"].sudo().browse(vals["ticket_id"])
        return {**vals, **self._prepare_ticket_values(ticket)}

    def _prepare_ticket_values(self, ticket):
        """Return the project and task that time on this ticket is booked on.

        Existing lines keep their project where the ticket names none.

        :param ticket: the ticket, with sudo
        :raises UserError: there is no project to book time on
        """
        project = ticket._get_timesheet_project()
        if not project and self and all(line.project_id for line in self):
            return {}
        ticket._check_timesheet_project(project)
        return {"project_id": project.id, "task_id": ticket._get_timesheet_task().id}

    def _is_frozen(self):
        """Tell whether the line must keep its customer, project and ticket.

        Never here. An addon that bills time returns True once the line is billed:
        changes of the ticket, its customer or its task then leave the line alone.
        """
        self.ensure_one()
        return False

    def _filter_of_present_customer(self):
        """Return the lines that are for the customer their ticket belongs to now.

        Frozen ones stay with the customer of then: they count for nothing that is
        agreed with the next one.
        """
        return self.filtered(
            lambda line: line.ticket_id._is_for_present_customer(line.partner_id)
        )

    def _filter_movable(self):
        """Return the lines that still follow their ticket, task and project."""
        return self.filtered(lambda line: not line._is_frozen())

    def _move_to_project(self, project, task):
        """Book these lines on ``project`` and ``task``, whoever booked them."""
        lines = self.filtered(lambda line: line.project_id != project)
        lines.sudo().write({"project_id": project.id, "task_id": task.id})

    def _get_worker(self):
        """Return the name of who did the work."""
        self.ensure_one()
        return self.employee_id.name or self.user_id.name or ""

    def _get_shown_people(self):
        """Return {entry: how the customer reads who did the work}, for entries that
        may be read with sudo."""
        choices = self._get_person_choices()
        return {
            line: show_person(line._get_worker(), choices.get(line, "name"))
            for line in self
        }

    def _get_person_choices(self):
        """Return {entry: ``name``, ``initials`` or ``none``}; a name if it is missing.

        Extension point: an addon that knows what was agreed with the customer says it.
        """
        return {}

    def _timesheet_get_portal_domain(self):
        """Of time on tickets customers see here what they see on the tickets' pages.

        Whether the project is shared with them, which is Odoo's rule, matters only for
        other time.
        """
        domain = super()._timesheet_get_portal_domain()
        if self.env.user._is_internal():
            return domain
        customer = self.env.user.partner_id.commercial_partner_id
        shown = self.env["helpdesk.ticket"]._get_time_shown_domain(customer)
        shown &= Domain("commercial_partner_id", "=", customer.id)
        # A ticket may have had another customer, whose time stays with that one.
        on_tickets = (
            Domain("project_id", "!=", False)
            & Domain("partner_id", "child_of", customer.ids)
            & Domain("ticket_id", "any", shown)
        )
        return on_tickets | Domain("ticket_id", "=", False) & Domain(domain)
