from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..bounded import BoundedFloat


class HelpdeskTicketEstimate(models.Model):
    """What the estimated hours cost: service, rate, taxes and amounts."""

    _inherit = "helpdesk.ticket.estimate"

    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        check_company=True,
        help="Service measured in time. Gives the hourly rate and the taxes.",
    )
    price_unit = BoundedFloat(
        string="Hourly Rate",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        min_display_digits="Product Price",
        aggregator="avg",
        tracking=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        domain=[("type_tax_use", "=", "sale")],
        check_company=True,
    )
    amount_untaxed = fields.Monetary(
        string="Net Amount", compute="_compute_amounts", store=True
    )
    amount_tax = fields.Monetary(string="Tax", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True, tracking=True
    )

    discount_hint = fields.Char(
        string="Expected Discount",
        compute="_compute_discount_hint",
        compute_sudo=True,
        help="Not binding: what is approved is the rate without discount.",
    )

    _price_unit_positive = models.Constraint(
        "CHECK(price_unit BETWEEN 0 AND 1000000)",
        "The hourly rate must be between 0 and 1,000,000.",
    )

    @api.constrains("product_id")
    def _check_product_is_time(self):
        hour = self.env.ref("uom.product_uom_hour")
        for product in self.product_id:
            if not product.uom_id._has_common_reference(hour):
                raise ValidationError(
                    self.env._(
                        "%(product)s is measured in %(uom)s. Choose a service measured "
                        "in time, such as hours or days.",
                        product=product.display_name,
                        uom=product.uom_id.name,
                    )
                )

    @api.depends("ticket_id", "template_id")
    def _compute_product_id(self):
        for estimate in self._filter_editable():
            siblings = estimate.ticket_id.sudo().estimate_ids - estimate._origin
            latest = siblings.filtered("product_id").sorted("revision")[-1:]
            estimate.product_id = (
                estimate.template_id.product_id
                or latest.product_id
                or estimate._get_default_product()
            )

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for estimate in self._filter_editable():
            estimate.currency_id = estimate._get_default_currency()

    @api.depends("product_id", "partner_id", "currency_id")
    def _compute_price_unit(self):
        for estimate in self._filter_editable():
            if estimate.product_id:
                estimate.price_unit = estimate._get_default_price_unit()

    @api.depends("product_id", "partner_id", "company_id")
    def _compute_tax_ids(self):
        for estimate in self._filter_editable():
            taxes = estimate._get_default_taxes()
            estimate.tax_ids = estimate._get_fiscal_position().map_tax(taxes)

    @api.depends(
        "estimated_hours", "price_unit", "tax_ids", "currency_id", "company_id"
    )
    def _compute_amounts(self):
        editable = self._filter_editable()
        for estimate in editable:
            totals = estimate._get_tax_totals()
            estimate.amount_untaxed = totals["base_amount_currency"]
            estimate.amount_tax = totals["tax_amount_currency"]
            estimate.amount_total = totals["total_amount_currency"]
        for estimate in self - editable:
            # The figures the customer saw, whatever became of the tax since.
            estimate.amount_untaxed = estimate._origin.amount_untaxed
            estimate.amount_tax = estimate._origin.amount_tax
            estimate.amount_total = estimate._origin.amount_total

    @api.depends(
        "estimated_hours", "price_unit", "product_id", "partner_id", "company_id"
    )
    @api.depends_context("lang")
    def _compute_discount_hint(self):
        for estimate in self:
            estimate.discount_hint = estimate._get_discount_hint()

    def _get_default_product(self):
        """Return the service of a ticket's first estimate. Override to know better."""
        self.ensure_one()
        return self.ticket_id.company_id.ticket_estimate_product_id

    def _get_default_taxes(self):
        """Return the taxes of the service for work of today. Override to know
        better."""
        self.ensure_one()
        company = self.company_id
        if not self.product_id:
            return company.account_sale_tax_id
        return self.product_id.taxes_id._filter_taxes_by_company(company)

    def _get_default_currency(self):
        """Return the currency the customer is billed in. Override to know better."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return self._get_pricelist().currency_id or company.currency_id

    def _get_pricelist(self):
        """Return the customer's pricelist in the estimate's company, or none."""
        partner = self.partner_id.with_company(self.company_id)
        return partner.property_product_pricelist

    def _get_fiscal_position(self):
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return positions._get_fiscal_position(self.partner_id)

    def _get_default_price_unit(self):
        """Return the rate of one hour, in the estimate's currency.

        From the customer's pricelist as of today, else the service's list price;
        adapted to the customer's fiscal position where the price includes taxes. The
        quantity is one hour, however many are estimated: hours are billed as they are
        worked, so a rule for larger quantities would promise a rate no invoice has.
        Override to take the rate from elsewhere.
        """
        self.ensure_one()
        hour = self.env.ref("uom.product_uom_hour")
        product = self.product_id.with_company(self.company_id)
        price, currency = None, None
        if pricelist := self._get_pricelist():
            currency = self.currency_id
            quantity = hour._compute_quantity(1.0, product.uom_id, round=False)
            price = pricelist._get_product_price(
                product, quantity, currency=currency, uom=product.uom_id
            )
        return product._get_tax_included_unit_price(
            self.company_id,
            self.currency_id,
            (self.company_id or self.env.company)._get_today(),
            "sale",
            product_uom=hour,
            product_currency=currency,
            product_price_unit=price,
            fiscal_position=self._get_fiscal_position(),
        )

    def _get_discount_hint(self):
        """Return a sentence on the discount this work may get, False for none.

        The customer reads it beside the amounts. It is not a part of what is approved:
        a discount depends on all the hours of its period, which nobody knows yet.
        Extension point: False here, for an addon that knows of discounts.
        """
        self.ensure_one()
        return False

    def _get_tax_totals(self):
        """Return the totals of Odoo's tax engine for hours times rate."""
        taxes = self.env["account.tax"]
        company = self.company_id or self.env.company
        base_line = taxes._prepare_base_line_for_taxes_computation(
            self, quantity=self.estimated_hours
        )
        taxes._add_tax_details_in_base_lines([base_line], company)
        taxes._round_base_lines_tax_details([base_line], company)
        return taxes._get_tax_totals_summary(
            base_lines=[base_line],
            currency=self.currency_id or company.currency_id,
            company=company,
        )
