from base64 import b64encode

from odoo import models

from ..core.facts import DIRECT_DEBIT, DISCOUNT, OBJECT, PROOF, get_unit_price

#: the profile whose rules the content fulfils; the PDF around it names the same
EN_16931 = "urn:cen.eu:en16931:2017"


class AccountEdiXmlCii(models.AbstractModel):
    """CII: Factur-X and ZUGFeRD. The nodes are in ``data/cii_templates.xml``."""

    _inherit = "account.edi.xml.cii"

    def _export_invoice(self, invoice):
        builder = self._localize(invoice)
        return super(AccountEdiXmlCii, builder)._export_invoice(invoice)

    def _export_invoice_vals(self, invoice):
        vals = super()._export_invoice_vals(invoice)
        facts = vals["billing"] = invoice._get_e_invoice_facts()
        if facts:
            self._set_facts(vals, facts)
            self._set_amounts(vals, invoice)
        return vals

    def _export_invoice_constraints(self, invoice, vals):
        constraints = super()._export_invoice_constraints(invoice, vals)
        if vals.get("billing_tax_number"):  # identifies the seller as well
            constraints.pop("seller_identifier", None)
        return constraints

    def _set_facts(self, vals, facts):
        """Write what is known beyond the amounts into the values of the template."""
        vals.update(
            billing_tax_number=self._get_tax_number(vals["record"]),
            document_context_id=EN_16931,
            billing_start=facts.start,
            billing_end=facts.end,
            billing_debit=facts.debit,
            billing_terms=self._get_payment_terms_text(vals["record"]),
            purchase_order_reference=facts.order,
            contract_reference=facts.agreement,
            billing_references=[
                {"number": facts.agreement, "type_code": OBJECT},
                *[self._prepare_document(document) for document in facts.documents],
            ],
        )
        if facts.debit:
            vals["payment_means_code"] = DIRECT_DEBIT
        for line_vals in vals["invoice_line_vals_list"]:
            line = facts.get_line(line_vals["line"].id)
            line_vals.update(
                billing_start=line.start,
                billing_end=line.end,
                billing_note=line.note,
                billing_ticket=line.ticket,
            )

    def _prepare_document(self, document):
        """Return the values of a file inside the invoice."""
        return {
            "number": document.name,
            "type_code": PROOF,
            "name": self.env._("Timesheet report"),
            "filename": document.name,
            "mimetype": document.mimetype,
            "content": b64encode(document.content).decode(),
        }

    def _set_amounts(self, vals, invoice):
        """Make lines, reductions and totals add up (BR-CO-10 to BR-CO-16).

        Odoo rounds prices to two digits, takes the totals from elsewhere than the
        lines and knows neither reductions of the whole invoice nor cash rounding.
        """
        base_lines, _taxes = invoice._get_rounded_base_and_tax_lines()
        amounts = {
            base_line["record"]: self._get_net_amount(base_line)
            for base_line in base_lines
            if base_line["record"]
        }
        lines, reductions = [], []
        for line_vals in vals["invoice_line_vals_list"]:
            amount = amounts[line_vals["line"]]
            if line_vals["line"]._is_e_invoice_allowance():
                reductions.append(self._prepare_reduction(line_vals, amount, vals))
                continue
            lines.append(line_vals)
            self._set_line_amounts(line_vals, amount)
        for index, line_vals in enumerate(lines, start=1):
            line_vals["index"] = index
        vals["invoice_line_vals_list"] = lines
        vals["billing_reductions"] = reductions
        vals["billing_totals"] = self._get_totals(vals, invoice)

    def _get_net_amount(self, base_line):
        """Return the amount of a line without tax, as it counts in the total."""
        details = base_line["tax_details"]
        return (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
        )

    def _set_line_amounts(self, line_vals, amount):
        """Write exact price, discount with its reason and amount of a line."""
        line = line_vals["line"]
        currency = line.currency_id
        charges = sum(one["amount"] for one in line_vals["allowance_charge_vals_list"])
        gross = amount
        if line.discount and line.discount < 100:
            gross = currency.round(amount / (1 - line.discount / 100))
        elif line.discount:
            gross = currency.round(line.price_unit * line.quantity)
        if not currency.is_zero(gross - amount):
            line_vals["allowance_charge_vals_list"].append(
                self._prepare_discount(gross - amount)
            )
        price = get_unit_price(gross, line.quantity, line.price_unit)
        line_vals.update(
            billing_price=f"{abs(price):f}",
            quantity=-line.quantity if price < 0 else line.quantity,
            line_total_amount=amount + charges,
        )

    def _prepare_discount(self, amount):
        """Return the values of the discount of a line, negative for a surcharge."""
        return {
            "indicator": "true" if amount < 0 else "false",
            "reason": self.env._("Discount"),
            "reason_code": "ADK" if amount < 0 else DISCOUNT,
            "amount": abs(amount),
        }

    def _prepare_reduction(self, line_vals, amount, vals):
        """Return the values of a line that reduces the whole invoice (BG-20)."""
        line = line_vals["line"]
        taxes = vals["tax_details"]["tax_details_per_record"][line]["tax_details"]
        tax = next(iter(taxes.values()))
        return {
            "amount": -amount,
            "reason": line.name,
            "reason_code": DISCOUNT,
            "tax_category_code": tax["tax_category_code"],
            "percent": tax["amount"],
        }

    def _get_totals(self, vals, invoice):
        """Return the totals that follow from lines, reductions and taxes."""
        currency = invoice.currency_id
        lines = sum(one["line_total_amount"] for one in vals["invoice_line_vals_list"])
        reduced = sum(one["amount"] for one in vals["billing_reductions"])
        taxes = sum(
            one["calculated_amount"]
            for one in vals["tax_details"]["tax_details"].values()
        )
        total = currency.round(lines - reduced + taxes)
        return {
            "lines": lines,
            "reductions": reduced,
            "net": currency.round(lines - reduced),
            "taxes": taxes,
            "total": total,
            "rounding": currency.round(invoice.amount_total - total),
        }
