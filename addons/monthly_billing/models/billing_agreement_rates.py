"""Which service and rate an hour has: rules, pricelist at the work date, taxes."""

from odoo import fields, models
from odoo.fields import Command

from ..core.months import noon_of


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    rate_ids = fields.One2many(
        "billing.agreement.rate",
        "agreement_id",
        string="Other Rates",
        copy=True,
        help="Services with another rate, by ticket category, project or employee. "
        "Time that meets no rule has the hourly service of the agreement.",
    )

    def _get_tax_key(self, product_id, day):
        """Return the customer's taxes on an amount of a service as a plain value.

        :param day: of the work
        """
        _, taxes = self._get_taxes(self.env["product.product"].browse(product_id), day)
        return tuple(sorted(taxes._get_taxes_of_amounts().ids))

    def _get_list_price(self, day, product=None):
        """Return the hourly rate before volume discount for work on ``day``.

        A rate that includes a tax becomes the rate with the customer's taxes, as on
        any invoice.

        :param product: the service, by default that of the agreement
        :return: price per hour in the currency of the agreement (float), 0.0 if
            there is no service
        """
        self.ensure_one()
        hour = self._get_unit("hour")
        product = (product or self.product_id).with_company(self.company_id)
        if not product:
            return 0.0
        if self.pricelist_id:
            # a moment: a date would be read in the time zone of whoever bills
            noon = noon_of(day, self.company_id._get_timezone())
            price = self.pricelist_id._get_product_price(
                product, 1.0, currency=self.currency_id, uom=hour, date=noon
            )
        else:
            price = product.currency_id._convert(
                product.uom_id._compute_price(product.lst_price, hour),
                self.currency_id,
                self.company_id,
                day,
                round=False,
            )
        return self._map_price(price, product, day)

    def _map_price(self, price, product, day):
        """Return a price of the service with the taxes of the customer (float).

        :param day: of the work
        """
        if not self._is_tax_included(product):
            return price
        taxes, customer_taxes = self._get_taxes(product, day)
        return product._get_tax_included_unit_price_from_price(
            price, taxes, product_taxes_after_fp=customer_taxes
        )

    def _is_tax_included(self, product=None):
        """Return whether the price of the service includes a tax."""
        product = product or self.product_id
        return any(product.sudo().taxes_id.mapped("price_include"))

    def _get_taxes(self, product=None, day=None):
        """Return the taxes of the service, and those for this customer.

        :param product: by default the hourly service of the agreement
        :param day: of the work; by default what the service names now
        """
        product = (product or self.product_id).with_company(self.company_id)
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        if not taxes:
            account = product._get_product_accounts()["income"]
            taxes = account.tax_ids._filter_taxes_by_company(self.company_id)
        if day:
            changes = self.env["billing.tax.change"]
            taxes = changes._map_taxes(taxes, product, day, self.company_id)
        return taxes, self._get_fiscal_position(day).map_tax(taxes)

    def _get_tax_days(self):
        """Return the days on which taxes change for this customer, sorted."""
        days = {
            *self.env["billing.tax.change"]._get_days(self.company_id),
            *self._get_position_days(),
        }
        return sorted(days)

    def _get_position_days(self):
        """Return the days on which the customer's fiscal position changes, sorted."""
        changes = self.env["billing.position.change"]
        return changes._get_days(self.company_id, self.partner_id)

    def _get_fiscal_position(self, day=None):
        """Return the fiscal position that an invoice of the agreement has.

        :param day: of the work; by default that of now
        """
        partner = self._get_invoice_partner()
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        position = positions._get_fiscal_position(
            partner, delivery=self._get_address("delivery", partner)
        )
        if not day:
            return position
        changes = self.env["billing.position.change"]
        return changes._map_position(position, self.partner_id, day, self.company_id)

    def _prepare_position_of_day(self, day):
        """Return the fiscal position of an invoice about work of ``day`` as values.

        Nothing where the invoice finds it by itself.
        """
        if not self._get_position_days():
            return {}
        return {"fiscal_position_id": self._get_fiscal_position(day).id}

    def _prepare_taxes_of_day(self, product, day):
        """Return the taxes, and the income account, of work as values of a line.

        Nothing where the invoice finds them: if no tax changes for the customer.

        :param day: of the work
        """
        if not self._get_tax_days():
            return {}
        changes = self.env["billing.tax.change"]
        values = {"tax_ids": [Command.set(self._get_taxes(product, day)[1].ids)]}
        account = product.with_company(self.company_id)._get_product_accounts()[
            "income"
        ]
        dated = changes._map_account(account, product, day, self.company_id)
        if dated != account or self._get_position_days():
            position = self._get_fiscal_position(day)
            values["account_id"] = position.map_account(dated).id
        return values
