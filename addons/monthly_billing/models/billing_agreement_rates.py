"""Which service and rate an hour has: rules, pricelist at the work date, taxes."""

from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.volume_discount.core.numbers import ONE, to_decimal

from ..core import kinds
from ..core.months import noon_of
from ..core.rates import MAX_RATE, find_product
from ..core.tax_changes import get_era


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

    def _assign_rates(self, entries, facts):
        """Return ``entries`` with their service, rate and taxes.

        :param entries: list of ``Entry``
        :param facts: ``Facts``, which remember the rates
        :raise UserError: if a service has no rate on a day of work
        """
        self.ensure_one()
        rules = [rate._get_rule() for rate in self.rate_ids]
        if any(rule.category for rule in rules):
            entries = [
                replace(entry, categories=self._get_categories(entry.job))
                for entry in entries
            ]
        default = self.product_id.id
        products = [find_product(entry, rules, default) for entry in entries]
        taxes = self._get_tax_keys(entries, products, facts)
        scales = self._get_scales(entries, products, facts)
        return [
            replace(
                entry,
                product=product,
                taxes=key,
                scale=scale,
                list_price=self._get_cached_list_price(entry, product, facts),
            )
            for entry, product, key, scale in zip(
                entries, products, taxes, scales, strict=True
            )
        ]

    def _get_tax_keys(self, entries, products, facts):
        """Return the taxes of the work of each entry as a plain value.

        None where all have those that the service names.

        :param products: the service of each entry (ids)
        """
        days = self._get_tax_days()
        places = [
            (product, get_era(days, entry.day))
            for entry, product in zip(entries, products, strict=True)
        ]
        first_days = dict(
            zip(
                reversed(places),
                (entry.day for entry in reversed(entries)),
                strict=True,
            )
        )
        keys = dict.fromkeys(places)
        if days or len(keys) > 1 or self._has_tiers(facts.terms):
            keys = {
                place: self._get_tax_key(place[0], first_days[place]) for place in keys
            }
        return [keys[place] for place in places]

    def _get_categories(self, job):
        """Return the category of a ticket and those above it (ids)."""
        kind, key = job
        if kind != "ticket":
            return frozenset()
        category = self.env["helpdesk.ticket"].browse(key).category_id
        path = category.parent_path or ""
        return frozenset(int(part) for part in path.split("/") if part)

    def _get_tax_key(self, product_id, day):
        """Return the customer's taxes on an amount of a service as a plain value.

        :param day: of the work
        """
        _, taxes = self._get_taxes(self.env["product.product"].browse(product_id), day)
        return tuple(sorted(taxes._get_taxes_of_amounts().ids))

    def _get_scales(self, entries, products, facts):
        """Return what the customer's taxes make of a tier's price, by entry: see
        ``tiers.Tier.price``."""
        known = {}
        for entry, product_id in zip(entries, products, strict=True):
            product = self.env["product.product"].browse(product_id)
            if not (self._has_tiers(facts.terms) and self._is_tax_included(product)):
                yield ONE
                continue
            key = product_id, entry.day
            if key not in known:
                _, taxes = self._get_taxes(product, entry.day)
                known[key] = product._get_price_scale(self.company_id, taxes)
            yield known[key]

    def _get_billed_rates(self, usage):
        """Return the rates that months were billed with, for agreements without a
        pricelist: their rates have no dates.

        :param usage: result of ``_get_usage``
        :return: dict of (agreement id, service id, first day of month) to list price
        """
        undated = self.filtered(lambda one: not one.pricelist_id and usage[one])
        days = [entry.day for one in undated for entry in usage[one]]
        if not days:
            return {}
        allocations = self.env["billing.allocation"]
        rows = allocations._read_group(
            Domain("period_id.agreement_id", "in", undated.ids)
            & Domain("service_month", ">=", min(days).replace(day=1))
            & Domain("service_month", "<=", max(days))
            & Domain("worked_hours", ">", 0)
            & allocations._get_counting_domain()
            & allocations._get_priced_domain(),
            [
                "period_id.agreement_id",
                "move_line_id.product_id",
                "service_month:month",
                "list_price",
            ],
            ["id:max"],
        )
        rows.sort(key=lambda row: row[-1])
        return {
            (agreement.id, product.id, month): to_decimal(rate)
            for agreement, product, month, rate, _last in rows
        }

    def _get_cached_list_price(self, entry, product_id, facts):
        """Return the list price of an entry as a decimal, computed once per day.

        Free time has none.

        :raise UserError: if the service has no rate on the day
        """
        if entry.kind == kinds.FREE:
            return to_decimal(0)
        billed = (self.id, product_id, entry.month)
        if not self.pricelist_id and billed in facts.billed_rates:
            return facts.billed_rates[billed]
        product = self.env["product.product"].browse(product_id)
        key = (
            self.pricelist_id.id,
            product_id,
            self.currency_id.id,
            self.company_id.id,
            self._is_tax_included(product) and self.partner_id.id,
            entry.day,
        )
        if key not in facts.rates:
            facts.rates[key] = to_decimal(self._get_list_price(entry.day, product))
        if facts.rates[key] > MAX_RATE:
            raise UserError(self._get_high_rate_text(product, facts.rates[key]))
        if facts.rates[key] <= 0:
            raise UserError(
                self.env._(
                    "%(product)s has no hourly rate on %(date)s. Set its sales price "
                    "or a rule in the pricelist of agreement %(agreement)s.",
                    product=product.display_name,
                    date=entry.day,
                    agreement=self.name,
                )
            )
        return facts.rates[key]

    def _get_high_rate_text(self, product, rate):
        return self.env._(
            "%(product)s costs %(rate)s per hour. That cannot be meant: correct its "
            "sales price or the pricelist of agreement %(agreement)s.",
            product=product.display_name,
            rate=rate,
            agreement=self.name,
        )

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
