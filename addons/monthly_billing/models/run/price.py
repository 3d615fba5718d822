"""The stop that prices: agreed hours, their rounding, their rates, the retainer."""

from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.volume_discount.core.numbers import ONE, to_decimal

from ...core import kinds
from ...core.entries import withhold
from ...core.lines import price_entries
from ...core.rates import MAX_RATE, find_product
from ...core.retainer import Retainer, include
from ...core.rounding import Rounding, limit_billed, round_time
from ...core.tax_changes import get_era


class BillingRunPrice(models.AbstractModel):
    """Entries of an agreement in, priced entries and lines out: nothing is written.

    Ask it in the environment of the agreement, whose rights count.
    """

    _name = "billing.run.price"
    _description = "Pricing of Time"

    @api.model
    def _price(self, agreement, entries, facts, settled):
        """Return what rounded entries with their rates cost (``lines.Priced``)."""
        return price_entries(
            entries,
            lambda day: agreement._find_terms(day, facts.terms),
            lambda terms, span, new: facts.past.within(
                agreement._get_customer_key(), terms, span, new
            ),
            agreement._get_quantum(),
            settled,
        )

    @api.model
    def _get_agreed(self, agreement, entries, facts):
        """Return the entries the customer agreed to pay for or gets for free, and
        those that are withheld."""
        free = [entry for entry in entries if entry.kind == kinds.FREE]
        billable = [entry for entry in entries if entry.kind != kinds.FREE]
        withholds = agreement.estimate_policy == "withhold"
        allowed = facts.allowed.get(agreement.partner_id.id, {}) if withholds else {}
        agreed, withheld = withhold(billable, allowed)
        return agreed + free, withheld

    @api.model
    def _round_agreed(self, agreement, entries, facts):
        """Return the entries with their billed hours, in the order of allocation.

        Free time is not rounded, so that it changes nothing about billable time.
        """
        free = [entry for entry in entries if entry.kind == kinds.FREE]
        billable = [entry for entry in entries if entry.kind != kinds.FREE]
        before = facts.get_billed(agreement, billable)
        rounded = round_time(billable, agreement._get_rounding(), before)
        if agreement.estimate_policy == "withhold":
            allowed = facts.allowed.get(agreement.partner_id.id, {})
            rounded = limit_billed(rounded, allowed)
        rounded += round_time(free, Rounding())
        return sorted(rounded, key=lambda entry: (entry.day, entry.timesheet_id))

    @api.model
    def _assign_rates(self, agreement, entries, facts):
        """Return ``entries`` with their service, rate and taxes.

        :param entries: list of ``Entry``
        :param facts: ``Facts``, which remember the rates
        :raise UserError: if a service has no rate on a day of work
        """
        rules = [rate._get_rule() for rate in agreement.rate_ids]
        if any(rule.category for rule in rules):
            entries = [
                replace(entry, categories=self._get_categories(entry.job))
                for entry in entries
            ]
        default = agreement.product_id.id
        products = [find_product(entry, rules, default) for entry in entries]
        taxes = self._get_tax_keys(agreement, entries, products, facts)
        scales = self._get_scales(agreement, entries, products, facts)
        return [
            replace(
                entry,
                product=product,
                taxes=key,
                scale=scale,
                list_price=self._get_cached_list_price(
                    agreement, entry, product, facts
                ),
            )
            for entry, product, key, scale in zip(
                entries, products, taxes, scales, strict=True
            )
        ]

    @api.model
    def _get_tax_keys(self, agreement, entries, products, facts):
        """Return the taxes of the work of each entry as a plain value.

        None where all have those that the service names.

        :param products: the service of each entry (ids)
        """
        days = agreement._get_tax_days()
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
        if days or len(keys) > 1 or agreement._has_tiers(facts.terms):
            keys = {
                place: agreement._get_tax_key(place[0], first_days[place])
                for place in keys
            }
        return [keys[place] for place in places]

    @api.model
    def _get_categories(self, job):
        """Return the category of a ticket and those above it (ids)."""
        kind, key = job
        if kind != "ticket":
            return frozenset()
        category = self.env["helpdesk.ticket"].browse(key).category_id
        path = category.parent_path or ""
        return frozenset(int(part) for part in path.split("/") if part)

    @api.model
    def _get_scales(self, agreement, entries, products, facts):
        """Return what the customer's taxes make of a tier's price, by entry: see
        ``tiers.Tier.price``."""
        known = {}
        for entry, product_id in zip(entries, products, strict=True):
            product = self.env["product.product"].browse(product_id)
            if not (
                agreement._has_tiers(facts.terms)
                and agreement._is_tax_included(product)
            ):
                yield ONE
                continue
            key = product_id, entry.day
            if key not in known:
                _, taxes = agreement._get_taxes(product, entry.day)
                known[key] = product._get_price_scale(agreement.company_id, taxes)
            yield known[key]

    @api.model
    def _get_billed_rates(self, agreements, usage):
        """Return the rates that months were billed with, for agreements without a
        pricelist: their rates have no dates.

        :param usage: result of ``_get_usage``
        :return: dict of (agreement id, service id, first day of month) to list price
        """
        undated = agreements.filtered(lambda one: not one.pricelist_id and usage[one])
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

    @api.model
    def _get_cached_list_price(self, agreement, entry, product_id, facts):
        """Return the list price of an entry as a decimal, computed once per day.

        Free time has none.

        :raise UserError: if the service has no rate on the day
        """
        if entry.kind == kinds.FREE:
            return to_decimal(0)
        billed = (agreement.id, product_id, entry.month)
        if not agreement.pricelist_id and billed in facts.billed_rates:
            return facts.billed_rates[billed]
        product = self.env["product.product"].browse(product_id)
        key = (
            agreement.pricelist_id.id,
            product_id,
            agreement.currency_id.id,
            agreement.company_id.id,
            agreement._is_tax_included(product) and agreement.partner_id.id,
            entry.day,
        )
        if key not in facts.rates:
            facts.rates[key] = to_decimal(agreement._get_list_price(entry.day, product))
        if facts.rates[key] > MAX_RATE:
            raise UserError(
                self._get_high_rate_text(agreement, product, facts.rates[key])
            )
        if facts.rates[key] <= 0:
            raise UserError(
                self.env._(
                    "%(product)s has no hourly rate on %(date)s. Set its sales price "
                    "or a rule in the pricelist of agreement %(agreement)s.",
                    product=product.display_name,
                    date=entry.day,
                    agreement=agreement.name,
                )
            )
        return facts.rates[key]

    @api.model
    def _get_high_rate_text(self, agreement, product, rate):
        return self.env._(
            "%(product)s costs %(rate)s per hour. That cannot be meant: correct its "
            "sales price or the pricelist of agreement %(agreement)s.",
            product=product.display_name,
            rate=rate,
            agreement=agreement.name,
        )

    @api.model
    def _get_simulated_entries(self, agreement, entries, facts):
        """Return unbilled ``entries`` as a run would bill them, before tiers."""
        positive = [
            entry for entry in entries if entry.worked > 0 and entry.kind != kinds.FREE
        ]
        agreed, _withheld = self._get_agreed(agreement, positive, facts)
        retainer = facts.retainers.get(agreement.id, Retainer())
        priced = self._assign_rates(
            agreement,
            include(self._round_agreed(agreement, agreed, facts), retainer),
            facts,
        )
        return [entry for entry in priced if entry.kind == kinds.TIME]
