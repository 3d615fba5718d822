from odoo import api, fields, models

STAFF = "account.group_account_readonly,account.group_account_invoice"


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_debtor = fields.Selection(
        [("business", "Business"), ("consumer", "Consumer")],
        string="In Default As",
        copy=False,
        groups=STAFF,
        help="Decides interest and flat sum. Empty: companies and whoever has a VAT "
        "number are businesses; others are treated as consumers until you say so.",
    )
    dunning_hold_until = fields.Date(
        string="No Reminders Until",
        company_dependent=True,
        copy=False,
        groups=STAFF,
        help="Because of a promise to pay, for instance. Holds for all invoices.",
    )
    dunning_hold_reason = fields.Char(
        string="Why No Reminders",
        company_dependent=True,
        copy=False,
        groups=STAFF,
        size=200,
    )
    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_notice_count",
        groups=STAFF,
        compute_sudo=True,
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["dunning_debtor"]

    @api.depends_context("company")
    def _compute_dunning_notice_count(self):
        found = self.env["dunning.notice"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "sent"),
            ],
            ["partner_id"],
            ["__count"],
        )
        counts = dict(found)
        for partner in self:
            partner.dunning_notice_count = counts.get(partner.commercial_partner_id, 0)

    def _is_dunning_consumer(self):
        """Return whether the law's terms for consumers hold for this debtor.

        In doubt they do: too little is asked for, never too much.
        """
        self.ensure_one()
        debtor = self.commercial_partner_id.sudo()
        if debtor.dunning_debtor:
            return debtor.dunning_debtor == "consumer"
        return not (debtor.is_company or debtor.vat)

    def action_open_dunning_notices(self):
        """Show the reminders that this customer got."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "invoice_dunning.dunning_notice_action"
        )
        partner = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", partner.id)],
            "context": {"create": False},
        }
