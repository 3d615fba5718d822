from odoo import models
from odoo.tools.misc import format_date


class BillingCockpit(models.TransientModel):
    """What a person has to see to about reminders."""

    _inherit = "billing.cockpit"

    def _find_issues(self):
        return [
            *super()._find_issues(),
            *self._find_missing_rates(),
            *self._find_last_reminders(),
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
                        "date": rates._get_known_until(),
                        "reason": self.env._(
                            "The base rate of today is not known: reminders with "
                            "interest wait for it."
                        ),
                    }
                )
        return issues

    def _find_last_reminders(self):
        """Return the last reminders after which time has passed without payment."""
        notices = self.env["dunning.notice"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", "sent"),
                ("is_handed_over", "=", True),
                ("line_ids.move_line_id.reconciled", "=", False),
            ],
            order="date, id",
        )
        return [
            {
                "kind": "last_reminder",
                "res_model": notice._name,
                "res_id": notice.id,
                "partner_id": notice.partner_id.id,
                "user_id": notice.user_id.id or None,
                "date": notice.date,
                "reason": f"{notice.display_name}, {day}",
            }
            for notice in notices
            for day in (format_date(self.env, notice.date),)
        ]

    def _find_delivery_issues(self):
        notices = self.env["dunning.notice"].search(
            [
                ("delivery_state", "=", "failed"),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="id",
        )
        return [
            *super()._find_delivery_issues(),
            *(
                self._prepare_document_issue(
                    "undelivered_reminder",
                    notice,
                    notice.partner_id,
                    notice._get_delivery_user(),
                    notice.delivery_error,
                )
                for notice in notices
            ),
        ]
