"""Non-billable time that the invoice shows at no charge."""

from odoo import api, fields, models
from odoo.fields import Domain


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    show_non_billable = fields.Boolean(
        string="Show Goodwill",
        tracking=True,
        help="Non-billable time stands on the invoice at 0.00, so that the customer "
        "sees what was done free of charge. It counts towards no tier, no approved "
        "estimate and no included hours.",
    )
    show_non_billable_from = fields.Date(
        string="Show Goodwill From",
        compute="_compute_show_non_billable_from",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Non-billable time before this day is never shown. By default it is the "
        "first month without an invoice.",
    )

    @api.depends("show_non_billable")
    def _compute_show_non_billable_from(self):
        for agreement in self:
            if agreement.show_non_billable and not agreement.show_non_billable_from:
                agreement.show_non_billable_from = agreement._get_first_open_day()

    def _get_goodwill_domain(self):
        """Return the domain of the time that these agreements want to show, whether
        or not it is billable."""
        shown = self.filtered(lambda record: record._has_goodwill())
        if not shown:
            return Domain.FALSE
        first = min(shown.mapped("show_non_billable_from"))
        customers = shown.partner_id.ids
        return Domain("partner_id.commercial_partner_id", "in", customers) & Domain(
            "date", ">=", first
        )

    def _has_goodwill(self):
        """Return whether non-billable time is shown at all."""
        self.ensure_one()
        return self.show_non_billable and bool(self.show_non_billable_from)

    def _shows_goodwill(self, entry):
        """Return whether the invoice shows a non-billable ``Entry``."""
        self.ensure_one()
        return (
            self._has_goodwill()
            and entry.worked > 0
            and entry.day >= self.show_non_billable_from
        )
