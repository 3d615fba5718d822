"""What an agreement must be before it may run, and what a month needs to be billed."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.volume_discount.formats import format_number

from ..core import kinds


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    @api.constrains("partner_id")
    def _check_partner_is_commercial(self):
        for agreement in self:
            company = agreement.partner_id.commercial_partner_id
            if company != agreement.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s. Make the agreement "
                        "with %(company)s.",
                        contact=agreement.partner_id.display_name,
                        company=company.display_name,
                    )
                )

    @api.constrains("product_id")
    def _check_product_is_time(self):
        for agreement in self:
            agreement._check_service_is_time(agreement.product_id)

    def _check_service_is_time(self, product):
        """Raise if the service is not sold in a unit of time."""
        hour = self._get_unit("hour")
        if product and not product.uom_id._has_common_reference(hour):
            raise ValidationError(
                self.env._(
                    "%(product)s is sold in %(unit)s, not in a unit of time. "
                    "Choose a service that is sold in hours.",
                    product=product.display_name,
                    unit=product.uom_id.name,
                )
            )

    @api.constrains("currency_id", "volume_discount_id")
    def _check_discount_currency(self):
        for agreement in self:
            table = agreement.volume_discount_id
            if table and table.currency_id != agreement.currency_id:
                raise ValidationError(
                    self.env._(
                        "The volume discount %(table)s is in %(table_currency)s, the "
                        "agreement in %(currency)s. Both must use one currency.",
                        table=table.name,
                        table_currency=table.currency_id.name,
                        currency=agreement.currency_id.name,
                    )
                )

    def _get_known_rivals(self):
        """Return {agreement: those that claim its time already}.

        Merging two customers makes them, for it gets around every check. Each step
        out of it is allowed, the first as well.
        """
        return {
            agreement: agreement._get_rival_agreements()
            for agreement in self
            if agreement._is_running()
        }

    def _check_time_is_billed_once(self, known):
        """Raise if running agreements claim time that another one claims.

        :param dict known: see ``_get_known_rivals``
        """
        for agreement in self.filtered(lambda record: record._is_running()):
            rivals = agreement._get_rival_agreements()
            for other in rivals - known.get(agreement, rivals.browse()):
                raise ValidationError(
                    self.env._(
                        "%(agreement)s and %(other)s would bill the same time of "
                        "%(partner)s. Limit both to different projects or let one end "
                        "before the other begins.",
                        agreement=agreement.name,
                        other=other.name,
                        partner=agreement.partner_id.display_name,
                    )
                )

    def _get_rival_agreements(self):
        """Return the running agreements that claim time this one claims too."""
        self.ensure_one()
        domain = Domain(
            [
                ("id", "!=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", self.bill_from),
            ]
        )
        if self.date_end:
            domain &= Domain("bill_from", "<=", self.date_end)
        domain &= self._get_running_domain()
        others = self.sudo().with_context(active_test=False).search(domain)
        if not self.project_ids:
            return others
        return others.filtered(
            lambda other: not other.project_ids or other.project_ids & self.project_ids
        )

    @api.constrains("active", "state")
    def _check_archived_is_closed(self):
        for agreement in self:
            if agreement._is_running() and not agreement.active:
                raise ValidationError(
                    self.env._(
                        "%s is running. Close it before you archive it.", agreement.name
                    )
                )

    def _check_claims(self):
        """Raise if a running agreement of the customer claims the same time.

        Otherwise refused when agreements are written; merging two customers gets
        around it.
        """
        if others := self._get_rival_agreements():
            raise UserError(
                self.env._(
                    "%(agreement)s and %(other)s would bill the same time of "
                    "%(partner)s. Close one: the other one bills all that is left. Or "
                    "limit both to different projects, one after the other.",
                    agreement=self.name,
                    other=others[0].name,
                    partner=self.partner_id.display_name,
                )
            )

    def _get_crowded_customers(self):
        """Return the (company, customer) pairs with several running agreements."""
        groups = self._read_group(
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & self._get_running_domain(),
            ["company_id", "partner_id"],
            having=[("__count", ">", 1)],
        )
        return set(groups)

    def _check_can_close(self):
        """Raise while there is time that closing would leave unbilled.

        What another running agreement claims as well is left to that one.
        """
        usage = {}
        for company, agreements in self.sudo().grouped("company_id").items():
            tomorrow = fields.Date.add(company._get_today(), days=1)
            usage |= agreements.env["billing.run.collect"]._get_usage(
                agreements, tomorrow
            )
        for agreement, entries in usage.items():
            claims = [
                other._get_claim() for other in agreement._get_rival_agreements() - self
            ]
            entries = [
                entry
                for entry in entries
                if entry.kind != kinds.FREE
                and not any(claim.covers(entry.day, entry.project) for claim in claims)
            ]
            if not agreement._is_running() or agreement._is_left_time_paid():
                continue
            if entries:
                raise UserError(
                    self.env._(
                        "%(agreement)s has %(hours)s hours that are not billed. Set "
                        "the last day in “Valid Until” and bill what is left, or mark "
                        "the entries as non-billable, then close it.",
                        agreement=agreement.name,
                        hours=format_number(
                            self.env, float(sum(entry.worked for entry in entries))
                        ),
                    )
                )
        self._check_is_settled()

    def _check_can_write_terms(self, vals):
        """Raise if billed months would change customer, company or currency."""
        for name in ("partner_id", "company_id", "currency_id"):
            for agreement in self:
                if name not in vals or agreement[name].id == vals[name]:
                    continue
                if agreement.sudo().period_ids.allocation_ids:
                    raise UserError(
                        self.env._(
                            "%s has billed time: its customer, company and currency "
                            "stay. End it and make a new agreement.",
                            agreement.name,
                        )
                    )

    def _get_terms_problems(self):
        """Return what is missing to bill under this agreement, as sentences."""
        self.ensure_one()
        problems = []
        partner = self.partner_id
        if not self.product_id:
            problems.append(
                self.env._("Choose the hourly service of agreement %s.", self.name)
            )
        if partner.commercial_partner_id != partner:
            problems.append(
                self.env._(
                    "%(contact)s has become a contact of %(company)s. Make an "
                    "agreement with %(company)s.",
                    contact=partner.display_name,
                    company=partner.commercial_partner_id.display_name,
                )
            )
        if partner.filtered_domain(partner._get_incomplete_address_domain()):
            problems.append(
                self.env._(
                    "%s has no complete address. An invoice needs street, city and "
                    "country.",
                    partner.display_name,
                )
            )
        return problems + self._get_setting_problems()

    def _get_setting_problems(self):
        """Return which settings that the agreement relies on are gone, as sentences."""
        problems, table = [], self.volume_discount_id
        language = self.partner_id.lang
        if language and not self.env["res.lang"]._get_data(code=language):
            problems.append(
                self.env._(
                    "The language %(language)s of %(customer)s is not active any more. "
                    "Choose another one for the customer, or activate it.",
                    language=language,
                    customer=self.partner_id.display_name,
                )
            )
        if table and not table.tier_ids:
            problems.append(
                self.env._(
                    "The volume discount %(table)s of agreement %(agreement)s has no "
                    "tiers. Add one, or choose another table.",
                    table=table.name,
                    agreement=self.name,
                )
            )
        return problems

    def _get_rate_problems(self):
        """Return which services have no rate today, as sentences."""
        self.ensure_one()
        today = self._get_today()
        return [
            self.env._(
                "%(product)s has no hourly rate for agreement %(agreement)s. Set its "
                "sales price or a pricelist.",
                product=product.display_name,
                agreement=self.name,
            )
            for product in self.product_id | self.rate_ids.product_id
            if self._get_list_price(today, product) <= 0
        ]
