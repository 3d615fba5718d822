from collections import Counter, defaultdict

from odoo import api, fields, models

from .billing_cockpit_issue import KINDS, LISTS, ROWS

GRAVE = ("error", "ledger", "no_address", "zero_rate")


class BillingCockpitSummary(models.TransientModel):
    _name = "billing.cockpit.summary"
    _description = "Count of What Stands in the Way"
    _order = "id"
    _rec_name = "kind"
    _transient_max_hours = 24

    cockpit_id = fields.Many2one(
        "billing.cockpit", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, string="What", required=True, readonly=True)
    is_grave = fields.Boolean(readonly=True, help="Such a month is not billed.")
    issue_count = fields.Integer(string="Count", readonly=True)
    hours = fields.Float(readonly=True)
    remedy = fields.Char(compute="_compute_remedy", string="What to Do")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_remedy(self):
        remedies = self._get_remedies()
        for summary in self:
            summary.remedy = remedies[summary.kind]

    @api.model
    def _get_remedies(self):
        """Return what puts each kind right, as sentences."""
        return {
            "error": self.env._(
                "Read the reason, put it right and bill the month again."
            ),
            "ledger": self.env._("Recompute the draft, or correct the invoice."),
            "window": self.env._(
                "Let the next invoice correct it, or leave it as it is."
            ),
            "no_address": self.env._("Enter street, city and country."),
            "zero_rate": self.env._(
                "Set the price of the service, or a rule in the pricelist."
            ),
            "unclaimed": self.env._(
                "Start the agreement again, make the next one, or mark the entries as "
                "non-billable."
            ),
            "employer": self.env._(
                "Choose other contacts on the tickets of the former employer, then "
                "mark the activity as done."
            ),
            "held": self.env._(
                "An invoice was cancelled: bill the month again by hand."
            ),
            "draft": self.env._("Check the invoice and confirm it."),
            "early_draft": self.env._(
                "Bill the month: the run adds the time that has come since."
            ),
            "undelivered": self.env._(
                "Put the address right and send the invoice again."
            ),
            "undelivered_receipt": self.env._(
                "Put the address right and send the receipt again."
            ),
            "undelivered_estimate": self.env._(
                "Put the address right and send the estimate again."
            ),
            "missing_days": self.env._("Ask the person for the missing bookings."),
            "unapproved": self.env._("Send an estimate, or release the hours."),
            "withheld": self.env._(
                "Let more hours be approved, release or write them off."
            ),
            "no_ticket": self.env._("Put the entries on a ticket."),
            "long_entry": self.env._("Check the hours with the person."),
            "long_day": self.env._("Check the hours with the person."),
            "no_email": self.env._("Enter the e-mail address of the invoice address."),
            "no_vat": self.env._(
                "Ask the customer for the number, for reverse charge."
            ),
        }

    @api.model
    def _create_for(self, cockpit, issues):
        """Create the counts of ``issues``, one record per kind that occurs."""
        counts = Counter(issue["kind"] for issue in issues)
        hours = defaultdict(float)
        for issue in issues:
            hours[issue["kind"]] += issue.get("hours") or 0.0
        return self.create(
            [
                {
                    "cockpit_id": cockpit.id,
                    "kind": kind,
                    "is_grave": kind in GRAVE,
                    "issue_count": counts[kind],
                    "hours": hours[kind],
                }
                for kind in self._fields["kind"].get_values(self.env)
                if counts[kind]
            ]
        )

    def action_view_issues(self):
        """Show the rows behind the count, as the records themselves where there are
        more than have a row."""
        self.ensure_one()
        if self.kind in LISTS and self.issue_count > ROWS:
            return self.cockpit_id._get_list_action(self.kind)
        action = self.cockpit_id.action_view_issues()
        action["domain"].append(("kind", "=", self.kind))
        action["context"] = {}
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        action["display_name"] = kinds[self.kind]
        return action
