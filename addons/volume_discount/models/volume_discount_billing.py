"""A table on invoices: which lines it counts, what was billed, where it is used."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..core import kinds
from ..core.history import History


class VolumeDiscount(models.Model):
    _inherit = "volume.discount"

    discount_product_id = fields.Many2one(
        "product.product",
        domain=[("type", "=", "service")],
        check_company=True,
        tracking=True,
        ondelete="restrict",
        help="Gives the account of lines that only stand for a discount. Empty: the "
        "account of the hours. The taxes are always those of the hours.",
    )
    invoice_count = fields.Integer(
        string="Number of Invoices", compute="_compute_invoice_count"
    )

    @api.constrains("discount_product_id", "product_ids")
    def _check_discount_product(self):
        for discount in self:
            if discount.discount_product_id in discount.product_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” cannot both be counted and stand for the discount. "
                        "Choose another discount product.",
                        discount.discount_product_id.display_name,
                    )
                )

    @api.constrains("currency_id")
    def _check_currency_of_invoices(self):
        """Refuse another currency than that of the invoices which the table prices."""
        for discount in self:
            domain = [
                ("volume_discount_id", "=", discount.id),
                ("currency_id", "!=", discount.currency_id.id),
            ]
            move = self.env["account.move"].sudo().search(domain, limit=1)
            if move:
                raise ValidationError(
                    self.env._(
                        "“%(discount)s” prices the invoice %(invoice)s in "
                        "%(currency)s. Copy the table and change the currency of the "
                        "copy.",
                        discount=discount.name,
                        invoice=move.display_name,
                        currency=move.currency_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_invoices(self):
        """Refuse to delete what the proof of an invoice refers to."""
        domain = [("volume_discount_id", "in", self.ids)]
        move = self.env["account.move"].sudo().search(domain, limit=1)
        if move:
            raise UserError(
                self.env._(
                    "“%(discount)s” prices the invoice %(invoice)s. Archive the table "
                    "instead of deleting it.",
                    discount=move.volume_discount_id.name,
                    invoice=move.display_name,
                )
            )

    def _compute_invoice_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("volume_discount_id", "in", self.ids)],
                ["volume_discount_id"],
                ["__count"],
            )
        )
        for discount in self:
            discount.invoice_count = counts.get(discount, 0)

    def copy_data(self, default=None):
        """Return the values of a copy, whose name says that it is one."""
        vals_list = super().copy_data(default)
        for discount, vals in zip(self, vals_list, strict=True):
            if not (default or {}).get("name"):
                vals["name"] = self.env._("%s (copy)", discount.name)
        return vals_list

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("volume_discount_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_simulate(self):
        """Open the simulation of this table for its customers."""
        self.ensure_one()
        partners = self.env["res.partner"].search(self._get_customer_domain())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "volume_discount.volume_discount_simulation_action"
        )
        action["context"] = {
            "default_table_ids": self.ids,
            "default_partner_ids": partners.ids,
        }
        return action

    def _is_line_counted(self, line, products=None):
        """Return whether the hours of an invoice line count and are priced.

        A negative price gives money back, not hours: such a line stays out.

        :param products: the services that count, if not those of the table
        """
        self.ensure_one()
        products = self.product_ids if products is None else products
        if not line._is_time() or line._get_list_price() < 0:
            return False
        return not products or line.product_id in products

    def _get_history(self, partner, company, span, also=None, products=None):
        """Return what was billed in a window, in the currency of the table.

        Posted invoices count, credit notes count as negative hours; several
        companies and currencies do not mix. Hours that this table did not price count
        towards its tiers, but keep their price.

        :param partner: commercial partner
        :param span: ``Window``, the window
        :param also: invoices that are about to be posted
        :param products: as in ``_is_line_counted``
        :return: ``History``
        """
        self.ensure_one()
        lines = self.env["account.move.line"].sudo()
        domain = lines._get_billed_hours_domain(partner, company, span, also)
        domain &= Domain("currency_id", "=", self.currency_id.id)
        table = self.sudo()
        rows = tuple(
            line._get_billed(table)
            for line in lines.search(domain)
            if line._get_work_day() in span
            and (
                table._is_line_counted(line, products)
                or line._get_volume_discount() == table
            )
        )
        return History(rows, slack=company._get_slack(self.currency_id))

    def _get_line_text(self, kind, lang):
        """Return the text of an invoice line without hours, in the customer's
        language.
        """
        table = self.with_context(lang=lang)
        if kind == kinds.SECTION:
            return table.env._("Volume discount")
        if kind == kinds.DISCOUNT:
            return table.env._("Volume discount (%s)", table.name)
        if kind == kinds.BEST_PRICE:
            return table.env._("Best price adjustment (%s)", table.name)
        return table.env._(
            "Adjustment of hours billed before to the reached tier (%s)", table.name
        )
