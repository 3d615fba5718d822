from odoo import models
from odoo.tools.misc import format_date


class BillingCockpit(models.TransientModel):
    """What a person has to see to about reminders."""

    _inherit = "billing.cockpit"

    def _find_issues(self):
        return [
            *super()._find_issues(),
            *self._find_missing_rates(),
            *self._find_reminders("reminder_failed", ("delivery_state", "=", "failed")),
            *self._find_reminders("reminder_last", ("is_handed_over", "=", True)),
        ]

    def _find_missing_rates(self):
        """Return the companies whose reminders wait for a base rate."""
        issues, rates = [], self.env["dunning.base.rate"]
        for company in self.env.companies.filtered("dunning_is_active"):
            today = company._get_dunning_today()
            if company.dunning_law == "de" and not rates._is_known_on(today):
                issues.append(
                    {
                        "kind": "base_rate",
                        "partner_id": company.partner_id.id,
                        "date": rates._get_known_until() or None,
                        "reason": self.env._(
                            "The base rate of today is not known: reminders with "
                            "interest wait for it."
                        ),
                    }
                )
        return issues

    def _find_reminders(self, kind, condition):
        """Return the reminders that meet a condition while something is open."""
        notices = self.env["dunning.notice"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", "sent"),
                ("line_ids.move_line_id.reconciled", "=", False),
                condition,
            ],
            order="date, id",
        )
        return [self._prepare_reminder_issue(kind, notice) for notice in notices]

    def _prepare_reminder_issue(self, kind, notice):
        """Return the issue about a reminder; without a reason of its own it says which
        reminder of which day is meant."""
        reason = notice.delivery_error if kind == "reminder_failed" else False
        open_lines = notice.line_ids.filtered(
            lambda line: not line.move_line_id.reconciled
        )
        named = f"{notice.display_name}, {format_date(self.env, notice.date)}"
        return {
            "kind": kind,
            "partner_id": notice.partner_id.id,
            "move_id": open_lines.move_id[:1].id,
            "user_id": notice.user_id.id or None,
            "date": notice.date,
            "reason": f"{named}: {reason}" if reason else named,
        }
