from odoo import api, fields, models

from .mite_account import PROBLEMS

MODES = [
    ("changes", "What changed since the last run"),
    ("windows", "Month by month"),
    ("file", "File"),
]
STATES = [
    ("running", "Running"),
    ("paused", "Goes on soon"),
    ("done", "Done"),
    ("failed", "Not finished"),
]
#: runs older than that are forgotten if they changed nothing
KEPT_DAYS = 180


class MiteRun(models.Model):
    """What one synchronisation did."""

    _name = "mite.run"
    _description = "Run of an Import"
    _order = "id desc"
    _rec_name = "started_on"

    account_id = fields.Many2one(
        "mite.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    started_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    ended_on = fields.Datetime(readonly=True)
    mode = fields.Selection(MODES, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="running")
    problem = fields.Selection(PROBLEMS, readonly=True)
    problem_text = fields.Text(string="What to Do", compute="_compute_problem_text")
    detail = fields.Char(readonly=True)
    months = fields.Integer(
        readonly=True, help="Months that were read whole, of a run month by month."
    )
    fetched = fields.Integer(string="Read", readonly=True)
    created = fields.Integer(string="Booked", readonly=True)
    updated = fields.Integer(string="Changed", readonly=True)
    deleted = fields.Integer(string="Removed", readonly=True)
    waiting = fields.Integer(string="New Exceptions", readonly=True)
    drifts = fields.Integer(string="New Drift", readonly=True)
    locked = fields.Integer(string="Locked in mite", readonly=True)
    difference_ids = fields.One2many("mite.difference", "run_id", readonly=True)

    @api.depends("problem")
    def _compute_problem_text(self):
        for run in self:
            run.problem_text = run.account_id._get_problem_text(run.problem)

    def _count(self, **numbers):
        """Add to what the run has done."""
        self.ensure_one()
        for name, number in numbers.items():
            if number:
                self[name] += number

    @api.autovacuum
    def _gc_old_runs(self):
        """Runs of long ago are forgotten, except the last one of each account."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        old = self.search([("started_on", "<", limit)], limit=10_000)
        old.filtered(lambda run: run != run.account_id.last_run_id).unlink()
