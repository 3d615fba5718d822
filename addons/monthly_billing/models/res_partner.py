from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_agreement_ids = fields.One2many(
        "billing.agreement",
        "partner_id",
        string="Billing Agreements",
        groups="monthly_billing.monthly_billing_group_user",
    )
    billing_agreement_count = fields.Integer(
        compute="_compute_billing_agreement_count",
        groups="monthly_billing.monthly_billing_group_user",
    )

    def _compute_billing_agreement_count(self):
        counts = dict(
            self.env["billing.agreement"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.billing_agreement_count = counts.get(
                partner.commercial_partner_id, 0
            )

    def action_view_billing_agreements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_agreement_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
