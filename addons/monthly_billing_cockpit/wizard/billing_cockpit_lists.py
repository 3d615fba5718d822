"""Everything of a kind as a native list, where there is more than rows show."""

from odoo import fields, models

from .billing_cockpit_issue import LISTS


class BillingCockpit(models.TransientModel):
    _inherit = "billing.cockpit"

    def _get_list_action(self, kind):
        """Return the action that lists everything of a kind, looked for now."""
        self.ensure_one()
        name, xml_id = LISTS[kind]
        finder = self.sudo().with_context(allowed_company_ids=self.company_ids.ids)
        ids = {issue[name] for issue in finder._find_issues() if issue["kind"] == kind}
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("id", "in", sorted(ids))]
        if kind == "no_ticket":
            action["domain"] = list(self._get_time_without_ticket_domain(ids))
        action["context"] = {}
        return action

    def _get_time_without_ticket_domain(self, partner_ids):
        """Return the domain of the month's unbilled time of customers on no ticket."""
        window = self._get_window()
        return fields.Domain(
            [
                ("project_id", "!=", False),
                ("ticket_id", "=", False),
                ("is_billed", "=", False),
                ("date", ">=", window.start),
                ("date", "<", window.end),
                ("partner_id.commercial_partner_id", "in", sorted(partner_ids)),
            ]
        )
