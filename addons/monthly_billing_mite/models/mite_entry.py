import hashlib

from odoo import api, fields, models

from ..core.records import Named, TimeEntry
from ..core.texts import find_numbers, to_line

STATES = [
    ("waiting", "Waiting"),
    ("booked", "Booked"),
    ("left_out", "Left out"),
    ("drift", "Drift"),
    ("gone", "Deleted in mite"),
]
PROBLEMS = [
    ("customer", "Customer not assigned"),
    ("project", "Project not assigned"),
    ("service", "Service not assigned"),
    ("user", "Person not assigned"),
    ("conflict", "Project of another customer"),
    ("running", "Timer still runs"),
    ("empty", "No minutes"),
    ("refused", "Cannot be booked"),
]
LINKS = ("user", "customer", "project", "service")


class MiteEntry(models.Model):
    """Time as mite has it. Nothing that came is ever forgotten."""

    _name = "mite.entry"
    _description = "Time of mite"
    _order = "day desc, id desc"
    _rec_name = "external_id"

    account_id = fields.Many2one(
        "mite.account", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    external_id = fields.Char(string="Number in mite", required=True, readonly=True)
    day = fields.Date(string="Date", required=True, readonly=True)
    minutes = fields.Integer(readonly=True)
    hours = fields.Float(compute="_compute_hours")
    note = fields.Text(readonly=True)
    billable = fields.Boolean(readonly=True)
    locked = fields.Boolean(string="Locked in mite", readonly=True)
    locked_here = fields.Boolean(
        string="Locked by the Billing", readonly=True, copy=False
    )
    running = fields.Boolean(string="Timer Runs", readonly=True)
    is_deleted = fields.Boolean(string="Deleted in mite", readonly=True)
    user_link_id = fields.Many2one(
        "mite.link", string="Person", readonly=True, index=True, ondelete="restrict"
    )
    customer_link_id = fields.Many2one(
        "mite.link",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    project_link_id = fields.Many2one(
        "mite.link",
        string="Project",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    service_link_id = fields.Many2one(
        "mite.link",
        string="Service",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="waiting", index=True
    )
    problem = fields.Selection(PROBLEMS, readonly=True)
    problem_text = fields.Text(string="What to Do", readonly=True)
    booked_facts = fields.Json(readonly=True)
    ignored_minutes = fields.Integer(
        readonly=True, help="Minutes of mite that stay different by decision."
    )
    timesheet_ids = fields.One2many(
        "account.analytic.line", "mite_entry_id", string="Booked Time", readonly=True
    )

    _one_per_account = models.UniqueIndex(
        "(account_id, external_id)", "An entry of mite is imported once."
    )
    _account_day_index = models.Index("(account_id, day)")

    @api.depends("minutes")
    def _compute_hours(self):
        for entry in self:
            entry.hours = entry.minutes / 60

    def _get_facts(self):
        """Return what decides about the booking as plain values, None if there is
        nothing to book."""
        self.ensure_one()
        if self.is_deleted or self.running or not self.minutes or self._is_left_out():
            return None
        line = to_line(self.note or "")
        return {
            "minutes": self.minutes,
            "date": self.day.isoformat(),
            "user": self.user_link_id.id,
            "place": [
                self.customer_link_id.id,
                self.project_link_id.id,
                self.service_link_id.id,
                *self._get_numbers(),
            ],
            "billable": self.billable,
            "text": hashlib.sha256(line.encode()).hexdigest()[:16],
        }

    def _get_numbers(self):
        """Return what may be ticket numbers in the note."""
        self.ensure_one()
        if not self.account_id.reads_numbers:
            return ()
        return find_numbers(self.note or "")

    @api.model
    def _get_problem_text(self, problem):
        """Return what keeps time from being booked, and what to do."""
        texts = {
            "customer": self.env._("Say which customer this is, under Assignments."),
            "project": self.env._(
                "Say where its time is booked, under Assignments: on a project that "
                "takes timesheets."
            ),
            "service": self.env._("Say which rate it has, under Assignments."),
            "user": self.env._("Say which employee this is, under Assignments."),
            "conflict": self.env._(
                "The assigned project or ticket belongs to another customer than the "
                "time in mite. Correct one of the assignments."
            ),
            "running": self.env._("It comes once the timer is stopped in mite."),
            "empty": self.env._("It comes once it has minutes in mite."),
        }
        return texts.get(problem, "")

    def _is_left_out(self):
        """Return whether somebody decided that such time stays out."""
        self.ensure_one()
        return any(self[f"{kind}_link_id"].state == "left_out" for kind in LINKS)

    def _get_value(self):
        """Return the entry as a plain value."""
        self.ensure_one()
        named = {
            kind: Named(link.external_id, link.name) if link else Named()
            for kind in LINKS
            for link in [self[f"{kind}_link_id"]]
        }
        return TimeEntry(
            key=self.external_id,
            day=self.day,
            minutes=self.minutes,
            note=self.note or "",
            billable=self.billable,
            locked=self.locked,
            running=self.running,
            **named,
        )

    def _is_billed_for_good(self):
        """Return whether each of the timesheet entries stands on a posted invoice."""
        self.ensure_one()
        return bool(self.timesheet_ids) and all(
            line._is_billed()
            and set(line.allocation_ids._filter_counting().move_id.mapped("state"))
            == {"posted"}
            for line in self.timesheet_ids
        )

    def _accept_as_booked(self):
        """What is booked stays as it is, although mite has something else."""
        self.ensure_one()
        here = self._get_minutes_here()
        wanted = self._get_facts()
        self.write(
            {
                "booked_facts": wanted or self.booked_facts,
                "ignored_minutes": (wanted["minutes"] if wanted else 0) - here,
                "state": "gone" if self.is_deleted else "booked",
                "problem": False,
                "problem_text": False,
            }
        )

    def _get_minutes_here(self):
        """Return the minutes of the timesheet entries of this one."""
        self.ensure_one()
        hour = self.env.ref("uom.product_uom_hour")
        convert = self.env["helpdesk.ticket"]._convert_to_hours
        return round(
            sum(
                convert(line.unit_amount, line.product_uom_id, hour) * 60
                for line in self.timesheet_ids
            )
        )

    def action_book(self):
        """Try again to book the time."""
        self.env["mite.account"]._check_can_import()
        self.check_access("read")
        for account, entries in self.sudo().grouped("account_id").items():
            self.env["mite.booking"].sudo()._book(account, entries)
        return True
