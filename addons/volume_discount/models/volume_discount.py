from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..bounded import BoundedFloat, BoundedMonetary
from ..core import kinds
from ..core.numbers import to_decimal
from ..core.pricing import consume, price
from ..core.terms import Terms
from ..core.tiers import Usage
from ..formats import format_number

TERMS = (
    "tier_ids.min_quantity",
    "tier_ids.price_type",
    "tier_ids.discount",
    "tier_ids.price_unit",
)


class VolumeDiscount(models.Model):
    _name = "volume.discount"
    _description = "Volume Discount"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        tracking=True,
        help="Empty: every company may use this table.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
        help="The currency of the list price and of the tiers' prices per hour.",
    )
    mode = fields.Selection(
        [("graduated", "Graduated"), ("volume", "Volume")],
        required=True,
        default="graduated",
        tracking=True,
        help="Graduated: each slice of the hours takes the price of the tier it lies "
        "in. Volume: all hours take the price of the tier that their sum reaches.",
    )
    best_price = fields.Boolean(
        compute="_compute_best_price",
        store=True,
        readonly=False,
        tracking=True,
        help="Never ask more than the same table would ask for a larger quantity at "
        "the start of a later tier.",
    )
    window = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="month",
        tracking=True,
        help="The calendar period, by date of the work, over which hours add up.",
    )
    presentation = fields.Selection(
        [("line", "Reduced price on each line"), ("summary", "One discount line")],
        required=True,
        default="line",
        tracking=True,
        help="How an invoice shows the discount; the total is the same.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        domain=lambda self: self._get_product_domain(),
        check_company=True,
        tracking=True,
        context={"active_test": False},  # an archived service must not widen it
        ondelete="restrict",
        help="The services whose hours count. Empty: all services measured in time.",
    )
    tier_ids = fields.One2many(
        "volume.discount.tier", "discount_id", string="Tiers", copy=True
    )
    tier_summary = fields.Char(
        string="Terms of the Tiers",
        compute="_compute_tier_summary",
        store=True,
        tracking=True,
    )
    list_price = BoundedMonetary(
        compute="_compute_list_price",
        store=True,
        readonly=False,
        tracking=True,
        help="Price per hour below the first tier in the example. The price that is "
        "billed comes from the service.",
    )
    partner_count = fields.Integer(
        string="Number of Customers", compute="_compute_partner_count"
    )
    example_quantity = BoundedFloat(
        string="Example Hours", digits="Product Unit", default=25
    )
    example = fields.Char(compute="_compute_example")
    example_table = fields.Html(compute="_compute_example", sanitize=False)

    _list_price_range = models.Constraint(
        "CHECK(list_price BETWEEN 0 AND 1000000)",
        "The list price lies between 0 and 1,000,000. Enter such a price.",
    )
    _example_quantity_range = models.Constraint(
        "CHECK(example_quantity BETWEEN 0 AND 1000000)",
        "The example needs between 0 and 1,000,000 hours. Enter such a number.",
    )

    @api.constrains("mode", "tier_ids")
    def _check_tiers(self):
        for discount in self:
            if not discount.tier_ids:
                raise ValidationError(
                    self.env._(
                        "The volume discount “%s” has no tier. Add at least one: from "
                        "how many hours on does which price hold?",
                        discount.name,
                    )
                )

    @api.constrains("mode", "best_price")
    def _check_best_price(self):
        for discount in self:
            if discount.best_price and discount.mode != "volume":
                raise ValidationError(
                    self.env._(
                        "“%s”: the best price belongs to the mode Volume. Choose that "
                        "mode or switch the best price off; the mode Graduated never "
                        "asks more for less.",
                        discount.name,
                    )
                )

    @api.constrains("product_ids")
    def _check_products(self):
        for product in self.product_ids:
            if not product.uom_id._is_time():
                raise ValidationError(
                    self.env._(
                        "“%(product)s” is measured in %(unit)s, but tiers count hours. "
                        "Remove it or measure it in hours or days.",
                        product=product.display_name,
                        unit=product.uom_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_customers(self):
        """Refuse to take the terms away from a customer of whatever company."""
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            partners = self.env["res.partner"].with_company(company).sudo()
            domain = self._get_customer_domain()
            partner = partners.with_context(active_test=False).search(domain, limit=1)
            if partner:
                raise UserError(
                    self.env._(
                        "“%(discount)s” is the table of the customer %(partner)s in "
                        "%(company)s. Choose another table there first, or archive "
                        "this one instead of deleting it.",
                        discount=partner.volume_discount_id.name,
                        partner=partner.display_name,
                        company=company.name,
                    )
                )

    @api.depends("mode")
    def _compute_best_price(self):
        for discount in self:
            discount.best_price = discount.best_price and discount.mode == "volume"

    @api.depends(*TERMS)
    def _compute_tier_summary(self):
        """Keep the terms in figures that read alike in every language: tracking."""
        for discount in self:
            rows = discount.tier_ids.sorted("min_quantity")
            discount.tier_summary = ", ".join(row._get_term() for row in rows)

    @api.depends("product_ids", "currency_id")
    def _compute_list_price(self):
        for discount in self:
            if not discount.list_price:
                discount.list_price = discount._get_default_list_price()

    @api.depends(
        "mode", "best_price", "list_price", "currency_id", "example_quantity", *TERMS
    )
    @api.depends_context("lang")
    def _compute_example(self):
        for discount in self:
            try:
                values = discount._get_example_values()
            except ValueError:  # half-typed terms: saving says what is wrong
                values = {}
            discount.example = values.get("sentence")
            discount.example_table = self.env["ir.qweb"]._render(
                "volume_discount.example_table", values
            )

    @api.depends_context("company")
    def _compute_partner_count(self):
        partners = self.env["res.partner"]
        for discount in self:
            domain = discount._get_customer_domain()
            discount.partner_count = partners.search_count(domain)

    def action_view_customers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers"),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": self._get_customer_domain(),
        }

    def _rate(self, quantity, consumed=0, list_price=None):
        """Return what the table charges for some hours, as `tiers.Charge` values.

        :param quantity: hours
        :param consumed: hours of the same window that come before them and were
            charged as the table asks
        :param list_price: price per hour in the table's currency; None takes the
            table's own
        :raise ValueError: on negative hours or prices
        """
        self.ensure_one()
        if quantity < 0 or consumed < 0:
            raise ValueError("hours must be zero or more")
        rate = to_decimal(self.list_price if list_price is None else list_price)
        terms = self._get_terms()
        past = consume(terms, [Usage(to_decimal(consumed), rate)])
        return price(terms, [Usage(to_decimal(quantity), rate)], past)

    def _get_terms(self, presentation=None):
        """Return the table as plain ``terms.Terms``.

        :param presentation: another one than the table's own
        """
        self.ensure_one()
        return Terms(
            self.mode,
            tuple(self._get_tiers()),
            self.window,
            presentation or self.presentation,
            self.best_price,
        )

    def _get_tiers(self):
        """Return the rows as plain `tiers.Tier` values; their keys are record ids."""
        self.ensure_one()
        return [tier._get_tier() for tier in self.tier_ids]

    def _is_product_counted(self, product):
        """Return whether hours of this service count and are priced by the table."""
        self.ensure_one()
        if self.product_ids:
            return product in self.product_ids
        return product.uom_id._is_time()

    def _get_product_domain(self):
        """Return the domain of services measured in time."""
        time_unit = self.env["uom.uom"]._get_time_unit()
        return [("type", "=", "service"), ("uom_id", "child_of", time_unit.id)]

    def _get_customer_domain(self):
        """Return the commercial partners with this table in the current company."""
        is_commercial = ["|", ("parent_id", "=", False), ("is_company", "=", True)]
        return [("volume_discount_id", "in", self.ids), *is_commercial]

    def _get_default_list_price(self):
        """Return the first service's sales price per hour in the table's currency."""
        product = self.product_ids[:1]
        if not product:
            return 0.0
        hour = self.env["uom.uom"]._get_hour()
        return product.currency_id._convert(
            product.uom_id._compute_price(product.lst_price, hour),
            self.currency_id,
            self.company_id or self.env.company,
            fields.Date.context_today(self),
        )

    def _get_example_values(self):
        """Return what the example shows, as text in the user's language."""
        typed = self.example_quantity
        hours = {row.min_quantity for row in self.tier_ids} | {typed}
        return {
            "sentence": self._get_example_sentence() if typed else False,
            "charges": [self._format_charge(charge) for charge in self._rate(typed)],
            "rows": [self._get_example_row(value) for value in sorted(hours) if value],
        }

    def _get_example_sentence(self):
        row = self._get_example_row(self.example_quantity)
        return self.env._("%(hours)s h cost %(total)s, %(price)s per hour", **row)

    def _get_example_row(self, quantity):
        """Return hours, total, price per hour and saving of a quantity as text."""
        charges = self._rate(quantity)
        total = float(sum(charge.amount for charge in charges))
        return {
            "hours": format_number(self.env, quantity),
            "total": self._format_money(total),
            "price": self._format_money(total / quantity),
            "saving": self._format_money(self.list_price * quantity - total),
            "typed": quantity == self.example_quantity,
        }

    def _format_charge(self, charge):
        amount = self._format_money(charge.amount)
        if charge.kind == kinds.BEST_PRICE:
            return self.env._("Best price: %s", amount)
        return self.env._(
            "%(hours)s h × %(price)s = %(amount)s",
            hours=format_number(self.env, float(charge.quantity)),
            price=self._format_money(charge.price_unit),
            amount=amount,
        )

    def _format_money(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)
