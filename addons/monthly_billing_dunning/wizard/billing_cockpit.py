from odoo import models


class BillingCockpit(models.TransientModel):
    """Reminders that no customer has."""

    _inherit = "billing.cockpit"

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
