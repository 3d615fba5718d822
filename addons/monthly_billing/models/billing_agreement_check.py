"""What an agreement must be before it may run, and what a month needs to be billed."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


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
        hour = self._get_unit("hour")
        for agreement in self:
            product = agreement.product_id
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

    @api.constrains(
        "partner_id", "company_id", "project_ids", "bill_from", "date_end", "state"
    )
    def _check_time_is_billed_once(self):
        for agreement in self.filtered(lambda record: record.state == "active"):
            for other in agreement._get_rival_agreements():
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
                ("state", "=", "active"),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", self.bill_from),
            ]
        )
        if self.date_end:
            domain &= Domain("bill_from", "<=", self.date_end)
        others = self.sudo().with_context(active_test=False).search(domain)
        if not self.project_ids:
            return others
        return others.filtered(
            lambda other: not other.project_ids or other.project_ids & self.project_ids
        )

    def _get_terms_problems(self):
        """Return what is missing to bill under this agreement, as sentences."""
        self.ensure_one()
        problems = []
        if not self.product_id:
            problems.append(
                self.env._("Choose the hourly service of agreement %s.", self.name)
            )
        elif not self._get_list_price(fields.Date.context_today(self)):
            problems.append(
                self.env._(
                    "%(product)s has no hourly rate for agreement %(agreement)s. Set "
                    "its sales price or a pricelist.",
                    product=self.product_id.display_name,
                    agreement=self.name,
                )
            )
        partner = self.partner_id
        if not (partner.street and partner.city and partner.country_id):
            problems.append(
                self.env._(
                    "%s has no complete address. An invoice needs street, city and "
                    "country.",
                    partner.display_name,
                )
            )
        return problems
