from collections import defaultdict
from functools import partial

from odoo import models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class BillingCockpit(models.TransientModel):
    """Customers and agreements that cannot be billed as they are."""

    _inherit = "billing.cockpit"

    def _find_customer_issues(self):
        """Return what is missing of customers and rates."""
        customers = self.env["res.partner"].search(
            self._get_customers_domain() & self._get_incomplete_domain()
        )
        agreements = self.env["billing.agreement"].search_fetch(
            self._get_agreements_domain() & Domain("partner_id", "in", customers.ids),
            ["partner_id", "user_id"],
        )
        users = {one.partner_id.id: one.user_id.id for one in agreements}
        found = [
            self._prepare_customer_issue(kind, customer, users)
            for kind, domain in self._get_customer_problems().items()
            for customer in customers.filtered_domain(domain)
        ]
        return found + self._find_zero_rates()

    def _get_customers_domain(self):
        """Return the domain of the customers with a running agreement."""
        return Domain("billing_agreement_ids", "any", self._get_agreements_domain())

    def _get_incomplete_domain(self):
        """Return the domain of the partners with any of the problems."""
        return Domain.OR(self._get_customer_problems().values())

    def _get_customer_problems(self):
        """Return what may be missing of a customer, as domain by kind."""
        return {
            "no_address": self.env["res.partner"]._get_incomplete_address_domain(),
            "no_email": self.env["res.partner"]._get_unmailable_domain(),
            "no_vat": self._get_without_vat_domain(),
        }

    def _get_without_vat_domain(self):
        """Return the domain of firms in another country of the European Union than
        the company: without number there is no reverse charge."""
        union = self.env.ref("base.europe").country_ids
        home = self.env.companies.account_fiscal_country_id & union
        if not home:
            return Domain.FALSE
        abroad = union - home if len(home) == 1 else union
        return Domain(
            [
                ("is_company", "=", True),
                ("vat", "in", [False, ""]),
                ("country_id", "in", abroad.ids),
            ]
        )

    def _prepare_customer_issue(self, kind, customer, users):
        """Return the issue about ``customer``.

        :param users: dict of the responsible of the agreement by customer (ids)
        """
        return {
            "kind": kind,
            "partner_id": customer.id,
            "user_id": users.get(customer.id) or None,
            "reason": partial(self._get_customer_reason, kind, customer),
        }

    def _get_customer_reason(self, kind, customer):
        """Return what is missing of ``customer``."""
        if kind == "no_address":
            return self.env._("Street, city or country is missing.")
        if kind == "no_email":
            return self.env._("The invoice cannot be sent by e-mail.")
        return self.env._(
            "A firm in %s needs its VAT number for an invoice without VAT.",
            customer.country_id.name,
        )

    def _find_zero_rates(self):
        """Return the agreements with a service that has no rate at the end of the
        month: their own, or that of one of their other rates."""
        day = self._get_window().last_day
        date = format_date(self.env, day)
        return [
            {
                "kind": "zero_rate",
                "partner_id": agreement.partner_id.id,
                "agreement_id": agreement.id,
                "user_id": agreement.user_id.id or None,
                "reason": self.env._(
                    "%(product)s has no hourly rate on %(date)s.",
                    product=product.display_name,
                    date=date,
                ),
            }
            for product, agreements in self._get_services()
            if agreements[0]._get_list_price(day, product) <= 0
            for agreement in agreements
        ]

    def _get_services(self):
        """Return the hourly services of the running agreements.

        :return: list of (service, agreements for which it has one price)
        """
        domain = self._get_agreements_domain()
        terms = ("company_id", "pricelist_id", "currency_id")
        own = self.env["billing.agreement"]._read_group(
            domain & Domain("product_id", "!=", False),
            ["product_id", *terms],
            ["id:recordset"],
        )
        others = self.env["billing.agreement.rate"]._read_group(
            Domain("agreement_id", "any", domain),
            ["product_id", *(f"agreement_id.{name}" for name in terms)],
            ["agreement_id:recordset"],
        )
        found = defaultdict(self.env["billing.agreement"].browse)
        for *key, agreements in own + others:
            found[tuple(key)] |= agreements
        return [(product, members) for (product, *_), members in found.items()]
