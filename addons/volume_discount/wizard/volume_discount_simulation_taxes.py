"""What a simulated invoice adds up to before tax."""

from odoo import models
from odoo.exceptions import UserError

from ..core.numbers import to_decimal
from ..core.simulation import add_up


class VolumeDiscountSimulation(models.TransientModel):
    _inherit = "volume.discount.simulation"

    def _require_taxes(self, taxes, is_hourly, record):
        """Return ``taxes``, or refuse them if prices without them cannot be told.

        A tax of a fixed amount is one per unit: the tiers tell parts of a day in
        hours, which would change it. What a tax in Python asks, only that knows.

        :param is_hourly: whether the price is one per hour
        :param record: the invoice or agreement, to name it
        :raise UserError: on such taxes
        """
        refused = taxes.flatten_taxes_hierarchy().filtered(
            lambda tax: (
                tax.price_include
                and (
                    tax.amount_type == "code"
                    or (tax.amount_type == "fixed" and not is_hourly)
                )
            )
        )
        if refused:
            raise UserError(
                self.env._(
                    "%(record)s of %(customer)s cannot be simulated: its prices "
                    "include “%(tax)s”, whose amount does not follow from hours and "
                    "price. Leave out this customer.",
                    record=record.display_name,
                    customer=record.partner_id.display_name,
                    tax=refused[0].name,
                )
            )
        return taxes

    def _get_total(self, rows):
        """Return the sum of an invoice before tax (``simulation.GetTotal``).

        Taxes in prices, or rounding of the whole invoice, are Odoo's to compute.
        """
        taxes = self.env["account.tax"].union(*(row[0] for row in rows))
        company = self.company_id
        if company.tax_calculation_rounding_method == "round_per_line" and not any(
            taxes.flatten_taxes_hierarchy().mapped("price_include")
        ):
            return add_up(rows, to_decimal(self.currency_id.rounding))
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                None,
                currency_id=self.currency_id,
                tax_ids=line_taxes._get_taxes_of_amounts()
                if hours is None
                else line_taxes,
                price_unit=float(price),
                quantity=1.0 if hours is None else float(hours),
            )
            for line_taxes, price, hours in rows
        ]
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        return sum(
            to_decimal(line["tax_details"]["total_excluded_currency"])
            + to_decimal(line["tax_details"]["delta_total_excluded_currency"])
            for line in base_lines
        )
