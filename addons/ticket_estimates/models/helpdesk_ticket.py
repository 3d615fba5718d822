from odoo import api, fields, models
from odoo.api import NewId
from odoo.exceptions import UserError

from .helpdesk_ticket_estimate import ESTIMATE_STATES
from .helpdesk_ticket_rank import RANKING_FIELDS

# What follows from estimates and time, which alone change it.
CONSENT_FIGURES = frozenset(
    {
        "estimate_id",
        "estimate_state",
        "last_timesheet_activity",
        "planned_hours",
        "progress",
        "remaining_hours",
        "total_hours",
    }
)
ESTIMATE_READERS = "helpdesk_mgmt.group_helpdesk_user_own,account.group_account_invoice"


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # Portal users read every field of their tickets over RPC: hence the groups.
    timesheet_ids = fields.One2many(
        comodel_name="account.analytic.line",
        inverse_name="ticket_id",
        string="Timesheets",
        groups="hr_timesheet.group_hr_timesheet_user",
    )
    planned_hours = fields.Float(
        compute="_compute_planned_hours",
        store=True,
        groups="base.group_user",
        tracking=True,
        help="Hours of the estimate the customer has approved.",
    )
    total_hours = fields.Float(
        string="Hours Spent",
        compute="_compute_total_hours",
        store=True,
        groups="base.group_user",
        help="Hours for the customer the ticket belongs to now.",
    )
    remaining_hours = fields.Float(
        compute="_compute_remaining_hours",
        store=True,
        groups="base.group_user",
        help="Approved hours minus the hours spent; negative once they are exceeded.",
    )
    progress = fields.Float(
        compute="_compute_remaining_hours",
        store=True,
        groups="base.group_user",
        aggregator="avg",
        help="Hours spent in percent of the approved hours; over 100 once exceeded.",
    )
    last_timesheet_activity = fields.Date(
        compute="_compute_total_hours",
        store=True,
        groups="base.group_user",
    )
    estimate_ids = fields.One2many(
        comodel_name="helpdesk.ticket.estimate",
        inverse_name="ticket_id",
        string="Estimates",
        groups=ESTIMATE_READERS,
    )
    estimate_count = fields.Integer(
        compute="_compute_estimate_count", groups=ESTIMATE_READERS
    )
    estimate_id = fields.Many2one(
        comodel_name="helpdesk.ticket.estimate",
        string="Current Estimate",
        compute="_compute_estimate_id",
        store=True,
        index="btree_not_null",
        groups=ESTIMATE_READERS,
        help="The latest estimate that is not superseded.",
    )
    estimate_state = fields.Selection(
        selection=ESTIMATE_STATES,
        compute="_compute_estimate_id",
        store=True,
        groups="base.group_user",
    )

    @api.depends("estimate_ids.state", "estimate_ids.estimated_hours")
    def _compute_planned_hours(self):
        for ticket in self:
            approved = ticket.estimate_ids.filtered(lambda e: e.state == "approved")
            ticket.planned_hours = sum(approved.mapped("estimated_hours"))

    @api.depends(
        "timesheet_ids.unit_amount",
        "timesheet_ids.product_uom_id",
        "timesheet_ids.date",
        "timesheet_ids.partner_id",
        "commercial_partner_id",
    )
    def _compute_total_hours(self):
        spent = self._get_spent_hours()
        for ticket in self:
            hours, last_date = spent.get(ticket.id, (0.0, False))
            ticket.total_hours = hours
            ticket.last_timesheet_activity = last_date

    @api.depends("planned_hours", "total_hours")
    def _compute_remaining_hours(self):
        for ticket in self:
            ticket.remaining_hours = ticket.planned_hours - ticket.total_hours
            planned = ticket.planned_hours
            ticket.progress = 100 * ticket.total_hours / planned if planned else 0.0

    @api.depends("estimate_ids")
    def _compute_estimate_count(self):
        for ticket in self:
            ticket.estimate_count = len(ticket.estimate_ids)

    @api.depends(
        "estimate_ids.state",
        "estimate_ids.revision",
        "estimate_ids.partner_id",
        "commercial_partner_id",
    )
    def _compute_estimate_id(self):
        for ticket in self:
            valid = ticket.estimate_ids._filter_of_present_customer().filtered(
                lambda e: e.state != "superseded"
            )
            ticket.estimate_id = valid.sorted("revision")[-1:]
            ticket.estimate_state = ticket.estimate_id.state

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_figures_untouched(vals.keys())
            if "name" in vals:
                vals["name"] = self._prepare_title(vals["name"])
        return super().create(vals_list)

    def write(self, vals):
        self._check_figures_untouched(vals.keys())
        if "name" in vals:
            vals = {**vals, "name": self._prepare_title(vals["name"])}
        if "company_id" in vals:
            self._check_company_can_change(vals["company_id"])
        former = {ticket: ticket.commercial_partner_id for ticket in self}
        result = super().write(vals)
        if vals.get("project_id"):
            self._check_timesheets_can_follow()
            self._move_timesheets_to_project()
        if "partner_id" in vals:
            self._void_estimates_of_former_customers(former)
        if vals.get("forecast_hours"):
            self._watch_overrun()
        if RANKING_FIELDS & vals.keys():
            self._leave_ranking(former)
        return result

    def unlink(self):
        self.check_access("unlink")
        # Through the ORM, so that an estimate the customer has seen refuses.
        self.sudo().estimate_ids.unlink()
        return super().unlink()

    def action_new_estimate(self):
        """Open an empty estimate for this ticket."""
        self.ensure_one()
        self._check_has_customer()
        return {
            **self._get_estimate_action(),
            "views": [(False, "form")],
            "context": {"default_ticket_id": self.id},
        }

    def action_view_estimates(self):
        self.ensure_one()
        return {
            **self._get_estimate_action(),
            "domain": [("ticket_id", "=", self.id)],
            "context": {"default_ticket_id": self.id},
        }

    def action_view_timesheets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_timesheet.timesheet_action_all"
        )
        return {
            **action,
            "domain": [("ticket_id", "=", self.id)],
            "context": {
                "default_ticket_id": self.id,
                "default_project_id": self._get_timesheet_project().id,
                "is_timesheet": 1,
            },
        }

    def _get_estimate_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ticket_estimates.helpdesk_ticket_estimate_action"
        )

    def _check_figures_untouched(self, names):
        """Raise where approved or spent hours are set: a client may send anything."""
        if CONSENT_FIGURES & names:
            raise UserError(
                self.env._(
                    "Approved and spent hours of a ticket follow from its estimates "
                    "and timesheets. Change those."
                )
            )

    def _check_has_customer(self):
        for ticket in self:
            if not ticket.partner_id:
                raise UserError(
                    self.env._(
                        "Ticket %(ticket)s has no customer. Set its contact first: "
                        "an estimate needs someone to approve it.",
                        ticket=ticket.display_name,
                    )
                )

    def _check_company_can_change(self, company_id):
        """Refuse another company for tickets with time or estimates in their own."""
        for ticket in self.sudo():
            used = ticket.timesheet_ids or ticket.estimate_ids
            if used and ticket.company_id.id != company_id:
                raise UserError(
                    self.env._(
                        "Ticket %(ticket)s has timesheets or estimates and stays in "
                        "%(company)s. Open a new ticket in the other company.",
                        ticket=ticket.display_name,
                        company=ticket.company_id.display_name,
                    )
                )

    def _get_timesheet_project(self):
        """Return the project time on this ticket is booked on, or no project."""
        ticket = self.sudo()
        team = ticket.team_id.with_company(ticket.company_id)
        return ticket.project_id or team.default_project_id

    def _get_timesheet_task(self):
        """Return the ticket's task where it takes time in the ticket's project."""
        ticket = self.sudo()
        project = ticket._get_timesheet_project()
        return ticket.task_id.filtered(
            lambda task: task.project_id == project and task.allow_timesheets
        )

    def _check_timesheet_project(self, project):
        """Raise where time on this ticket cannot be booked on ``project``."""
        if not project:
            raise UserError(
                self.env._(
                    "No time can be booked on ticket %(ticket)s: set a project on the "
                    "ticket or a default project on the team.",
                    ticket=self.display_name,
                )
            )
        if not project.allow_timesheets:
            raise UserError(
                self.env._(
                    "No time can be booked on ticket %(ticket)s: its project "
                    "%(project)s has timesheets switched off.",
                    ticket=self.display_name,
                    project=project.display_name,
                )
            )

    def _check_timesheets_can_follow(self):
        for ticket in self:
            if ticket._get_movable_timesheets():
                ticket._check_timesheet_project(ticket._get_timesheet_project())

    def _get_movable_timesheets(self):
        """Return the time that follows when these tickets change or are merged."""
        return self.sudo().timesheet_ids._filter_movable()

    def _move_timesheets_to_project(self):
        """Book the tickets' movable time on the tickets' present projects.

        Time stays where it is while its ticket has no project that takes time.
        """
        for ticket in self:
            project = ticket._get_timesheet_project()
            if project.allow_timesheets:
                lines = ticket._get_movable_timesheets()
                lines._move_to_project(project, ticket._get_timesheet_task())

    def _move_timesheets_to(self, ticket):
        """Book the movable time of these tickets on ``ticket``, as a merge does.

        Frozen time stays where it was billed. ``ticket`` needs no project of its own:
        the time then keeps its projects.
        """
        ticket.ensure_one()
        (self - ticket)._get_movable_timesheets().write({"ticket_id": ticket.id})

    def _get_spent_hours(self):
        """Return {ticket id: (hours, date of the last entry)} of these tickets.

        The hours are those for the ticket's present customer.
        """
        if any(isinstance(ticket_id, NewId) for ticket_id in self._ids):
            names = ("ticket_id", "partner_id", "product_uom_id", "unit_amount", "date")
            rows = [[line[name] for name in names] for line in self.timesheet_ids]
        else:
            rows = self.env["account.analytic.line"]._read_group(
                [("ticket_id", "in", self.ids)],
                ["ticket_id", "partner_id", "product_uom_id"],
                ["unit_amount:sum", "date:max"],
            )
        hour = self.env.ref("uom.product_uom_hour")
        # Read together, which the tickets of the rows would not be.
        known, spent = {ticket.id: ticket for ticket in self}, {}
        for ticket, partner, uom, quantity, date in rows:
            hours, last_date = spent.get(ticket.id, (0.0, date))
            if known[ticket.id]._is_for_present_customer(partner):
                hours += self._convert_to_hours(quantity, uom, hour)
            last_date = max(filter(None, (date, last_date)), default=False)
            spent[ticket.id] = (hours, last_date)
        return spent

    @api.model
    def _convert_to_hours(self, quantity, uom, hour):
        """Return ``quantity`` in hours, unrounded; without unit it is in hours."""
        if not uom or uom == hour or not uom._has_common_reference(hour):
            return quantity
        return uom._compute_quantity(quantity, hour, round=False)
