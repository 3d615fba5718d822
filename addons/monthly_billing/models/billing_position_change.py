from odoo import api, fields, models, tools
from odoo.tools.misc import format_date

from ..core.tax_changes import get_before


class BillingPositionChange(models.Model):
    """From a day on a customer has another fiscal position than before.

    A contact knows only one. Without a change it holds for work of all days, so that
    whoever corrects a mistake corrects it for months that are billed again, too.
    """

    _name = "billing.position.change"
    _description = "Change of a Customer's Fiscal Position"
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Date(
        string="From",
        required=True,
        help="The first day of work with the fiscal position that came after.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
    )
    position_id = fields.Many2one(
        "account.fiscal.position",
        string="Fiscal Position Before",
        check_company=True,
        ondelete="restrict",
        help="Empty: none, the services had their own taxes.",
    )

    _day_unique = models.UniqueIndex(
        "(company_id, partner_id, date)",
        "On one day a customer can change the fiscal position once.",
    )

    @api.depends("date", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "%(customer)s from %(date)s",
                customer=change.partner_id.name or "",
                date=format_date(self.env, change.date) if change.date else "",
            )

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        self.env.registry.clear_cache()
        return changes

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("company_id", "partner_id")
    def _get_changes(self, company_id, partner_id):
        """Return (first day, fiscal position before) of a customer (ids), sorted."""
        changes = self.sudo().search(
            [("company_id", "=", company_id), ("partner_id", "=", partner_id)],
            order="date",
        )
        return tuple((one.date, one.position_id.id) for one in changes)

    @api.model
    def _get_days(self, company, partner):
        """Return the days on which a customer's fiscal position changes, sorted."""
        return [day for day, _before in self._get_changes(company.id, partner.id)]

    @api.model
    def _map_position(self, position, partner, day, company):
        """Return the fiscal position for work of ``day``.

        :param position: what the customer has now
        """
        changes = self._get_changes(company.id, partner.id)
        return position.browse(get_before(position.id, day, changes) or ())
