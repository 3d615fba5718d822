from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ..core.tax_changes import Change, apply_changes


class BillingTaxChange(models.Model):
    """From a day on a tax replaces another one.

    The tax follows the day of the work, the service names only one. With it late time
    and months that are billed again have the tax, and the account, of their own day.
    """

    _name = "billing.tax.change"
    _description = "Change of a Tax"
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Date(
        string="From",
        required=True,
        help="The first day of work with the new tax.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    tax_id = fields.Many2one(
        "account.tax",
        string="Tax Before",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'sale')]",
    )
    next_tax_id = fields.Many2one(
        "account.tax",
        string="Tax From Then On",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'sale')]",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Income Account Before",
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', '=', 'income')]",
        help="Only if the income account depends on the tax.",
    )
    next_account_id = fields.Many2one(
        "account.account",
        string="Income Account From Then On",
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', '=', 'income')]",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="Only these services. Empty: all that have one of the taxes.",
    )

    @api.depends("date", "tax_id", "next_tax_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "%(before)s → %(after)s from %(date)s",
                before=change.tax_id.name or "",
                after=change.next_tax_id.name or "",
                date=format_date(self.env, change.date) if change.date else "",
            )

    @api.constrains("tax_id", "next_tax_id", "account_id", "next_account_id")
    def _check_something_changes(self):
        for change in self:
            if change.tax_id == change.next_tax_id:
                raise ValidationError(
                    self.env._("The tax before and the one from then on are the same.")
                )
            if bool(change.account_id) != bool(change.next_account_id):
                raise ValidationError(
                    self.env._("Name the income account before and from then on.")
                )

    @api.constrains("date", "company_id", "tax_id", "next_tax_id", "product_ids")
    def _check_unambiguous(self):
        """On one day a tax of a service is replaced by one other at the most."""
        for change in self:
            same_day = self.search(
                [
                    ("id", "!=", change.id),
                    ("date", "=", change.date),
                    ("company_id", "=", change.company_id.id),
                    "|",
                    ("tax_id", "=", change.tax_id.id),
                    ("next_tax_id", "=", change.next_tax_id.id),
                ]
            )
            rivals = same_day.filtered(
                lambda other, own=change: (
                    not other.product_ids
                    or not own.product_ids
                    or other.product_ids & own.product_ids
                )
            )
            if rivals:
                raise ValidationError(
                    self.env._(
                        "%s says something else about the same day.",
                        rivals[0].display_name,
                    )
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
    @tools.ormcache("company_id")
    def _get_changes(self, company_id):
        """Return the changes of taxes and of accounts in a company (ids), as two
        tuples of ``Change`` sorted by day."""
        changes = self.sudo().search(
            [("company_id", "=", company_id)], order="date, id"
        )
        rows = [(one.date, frozenset(one.product_ids.ids), one) for one in changes]
        taxes = tuple(
            Change(day, one.tax_id.id, one.next_tax_id.id, products)
            for day, products, one in rows
        )
        accounts = tuple(
            Change(day, one.account_id.id, one.next_account_id.id, products)
            for day, products, one in rows
            if one.account_id
        )
        return taxes, accounts

    @api.model
    def _get_days(self, company):
        """Return the days on which a tax changes in a company, sorted."""
        return [change.day for change in self._get_changes(company.id)[0]]

    @api.model
    def _map_taxes(self, taxes, product, day, company):
        """Return what ``taxes`` of a service are for work of ``day``."""
        changes = self._get_changes(company.id)[0]
        if not changes:
            return taxes
        return taxes.browse(
            dict.fromkeys(
                apply_changes(tax, product.id, day, changes) for tax in taxes.ids
            )
        )

    @api.model
    def _map_account(self, account, product, day, company):
        """Return what the income account of a service is for work of ``day``."""
        changes = self._get_changes(company.id)[1]
        return account.browse(apply_changes(account.id, product.id, day, changes))
