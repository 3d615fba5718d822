from odoo import fields, models

COUNTS = {
    "open_count": ("open",),
    "error_count": ("error",),
    "draft_count": ("draft",),
    "invoiced_count": ("invoiced",),
    "without_count": ("empty", "carried"),
}


class BillingCockpit(models.TransientModel):
    """How far the run of the month is."""

    _inherit = "billing.cockpit"

    total_count = fields.Integer(
        string="Agreements", compute="_compute_progress", compute_sudo=True
    )
    open_count = fields.Integer(
        string="Open", compute="_compute_progress", compute_sudo=True
    )
    error_count = fields.Integer(
        string="Errors", compute="_compute_progress", compute_sudo=True
    )
    draft_count = fields.Integer(
        string="In Review", compute="_compute_progress", compute_sudo=True
    )
    invoiced_count = fields.Integer(
        string="Invoiced", compute="_compute_progress", compute_sudo=True
    )
    without_count = fields.Integer(
        string="Without Invoice",
        compute="_compute_progress",
        compute_sudo=True,
        help="Nothing to bill, or carried to the next month.",
    )
    progress = fields.Integer(
        compute="_compute_progress",
        compute_sudo=True,
        help="Share of the agreements whose month has its outcome, in percent.",
    )

    def _compute_progress(self):
        for cockpit in self:
            states = cockpit._count_periods_by_state()
            for name, members in COUNTS.items():
                cockpit[name] = sum(states.get(state, 0) for state in members)
            cockpit.open_count += cockpit._count_missing_periods()
            total = sum(cockpit[name] for name in COUNTS)
            done = total - cockpit.open_count - cockpit.error_count
            cockpit.total_count = total
            cockpit.progress = 100 * done // total if total else 0

    def _get_periods_domain(self):
        """Return the domain of the billing months of this month."""
        return fields.Domain(
            [
                ("date_start", "=", self._get_window().start),
                ("company_id", "in", self.company_ids.ids),
            ]
        )

    def _count_periods_by_state(self):
        """Return how many billing months are in each state."""
        groups = self.env["billing.period"]._read_group(
            self._get_periods_domain(), ["state"], ["__count"]
        )
        return dict(groups)

    def _count_missing_periods(self):
        """Return how many running agreements no run has looked at for this month."""
        companies = self.with_context(allowed_company_ids=self.company_ids.ids)
        domain = companies._get_agreements_domain()
        started = fields.Domain(
            "period_ids", "any", [("date_start", "=", self._get_window().start)]
        )
        return self.env["billing.agreement"].search_count(domain & ~started)

    def action_view_periods(self):
        """Show the billing months of the month (context: ``states``)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_period_action"
        )
        domain = self._get_periods_domain()
        if states := self.env.context.get("states"):
            domain &= fields.Domain("state", "in", states)
        action["domain"] = list(domain)
        return action
