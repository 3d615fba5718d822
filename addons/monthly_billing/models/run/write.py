"""The stop that writes: from the plan to the values of a native invoice."""

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.volume_discount.core import proof as proofs
from odoo.addons.volume_discount.core import terms as agreed
from odoo.addons.volume_discount.core.calendar import window_of

from ...core import kinds
from ...core.layout import get_place


class BillingRunWrite(models.AbstractModel):
    """An agreement and its plan in, values of an invoice out; who asks creates it.

    Ask it in the environment of the agreement, whose rights count.
    """

    _name = "billing.run.write"
    _description = "Writing of Invoices"

    @api.model
    def _prepare_invoice(self, agreement, plan, period):
        """Return the values of the invoice of a month.

        Everything that is not named here is left to ``account.move``: journal,
        fiscal position, taxes, bank account, due date.

        :param plan: ``Plan`` with lines
        :param period: ``billing.period`` of the agreement
        """
        is_credit = plan.amount() < 0
        lines = self._prepare_invoice_lines(
            agreement, plan, window_of(period.date_start), hints=not is_credit
        )
        if is_credit:  # what is below zero is paid out, the hours with it
            for line in lines:
                if "quantity" in line:
                    line["quantity"] = -line["quantity"]
        values = {
            "move_type": "out_refund" if is_credit else "out_invoice",
            "partner_id": agreement._get_invoice_partner().id,
            "company_id": agreement.company_id.id,
            "currency_id": agreement.currency_id.id,
            "delivery_date": period.date_end,
            "service_period_start": period.date_start,
            "service_period_end": period.date_end,
            "billing_period_id": period.id,
            "invoice_origin": agreement.name,
            "ref": agreement.customer_reference,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }
        if agreement.auto_post:  # a draft is dated on the day it is posted
            values["invoice_date"] = agreement._get_today()
        if agreement.user_id:
            values["invoice_user_id"] = agreement.user_id.id
        if agreement.payment_term_id:
            values["invoice_payment_term_id"] = agreement.payment_term_id.id
        if agreement.cash_rounding_id:
            values["invoice_cash_rounding_id"] = agreement.cash_rounding_id.id
        values |= agreement._prepare_position_of_day(period.date_end)
        return values | self._prepare_volume_discount(agreement, plan)

    @api.model
    def _prepare_invoice_lines(self, agreement, plan, window, hints=False):
        """Return the values of the invoice lines, headings included.

        Extension point: another addon may change texts, or add lines of a kind that no
        plan has (``kinds.PLANNED``). Lines of the plan come in its order, from which
        the ledger knows them again (``_get_planned_lines``).

        :param window: the billed month
        :param hints: add what Odoo's taxes would write on the lines afterwards
        """
        agreement = agreement._localize()
        writer = self.with_env(agreement.env)
        writer._fetch_entry_texts(agreement, plan)
        headings = writer._prepare_headings(agreement, plan, window)
        values, taxes, dated = [], {}, {}
        for position, line in enumerate(plan.lines):
            values += headings[position]
            table = line.table
            prepared = writer._prepare_line(agreement, line, position, table)
            if line.shares or line.kind == kinds.RETAINER:
                prepared |= writer._prepare_dated_taxes(agreement, line, dated)
            elif table:
                prepared |= writer._prepare_amount_taxes(agreement, line, taxes)
            values.append(prepared)
        if hints:
            lines = [line for line in values if "quantity" in line]
            writer._add_tax_hints(agreement, lines, taxes)
        return values + writer._prepare_withheld_notes(agreement, plan)

    @api.model
    def _prepare_line(self, agreement, line, position, table):
        """Return the values of one invoice line.

        :param line: ``plan.Line``
        :param position: its place in the plan, from 0
        :param table: id of the tier table that priced it, or None
        """
        unit = agreement._get_unit("hour" if line.shares else "unit")
        values = {
            "sequence": get_place(position),
            "billing_kind": line.kind,
            "service_month": line.month,
            "volume_discount_id": table,
            "product_id": line.product or agreement.product_id.id,
            "product_uom_id": unit.id,
            "name": self._get_line_text(agreement, line),
            "quantity": float(line.quantity),
            "price_unit": float(line.price_unit),
        }
        if line.job and line.job[0] == "ticket":
            values["ticket_id"] = line.job[1]
        if line.kind == kinds.RETAINER:
            values["included_hours"] = float(line.included)
        return values | self._prepare_tier_values(agreement, line)

    @api.model
    def _prepare_dated_taxes(self, agreement, line, found):
        """Return what ``_prepare_taxes_of_day`` says of a line of work.

        That of a month is done with its last day.

        :param line: ``plan.Line`` with time or a retainer
        :param dict found: what is known already, by service, taxes and day
        """
        if line.shares:
            place = line.product, line.taxes, line.month
            day = line.days[0]
        else:
            day = agreement._get_retainer_span(line.month).last_day
            place = line.product, None, day
        if place not in found:
            product = self.env["product.product"].browse(line.product)
            product = product or agreement.product_id
            found[place] = agreement._prepare_taxes_of_day(product, day)
        return dict(found[place])

    @api.model
    def _add_tax_hints(self, agreement, lines, taxes):
        """Add to ``lines`` the values that Odoo's taxes would write on them.

        Only a hint: with it the invoice is created without a write per line, a wrong
        one would be corrected by ``account.move``. In a foreign currency the rate is
        known only to the invoice, so nothing is added.

        :param dict taxes: those of services that are known already
        """
        if agreement.currency_id != agreement.company_id.currency_id:
            return
        tax_lines = self.env["account.tax"]._prepare_tax_lines(
            self._get_base_lines(agreement, lines, taxes), agreement.company_id
        )
        for base_line, amounts in tax_lines["base_lines_to_update"]:
            lines[base_line["id"]].update(amounts)

    @api.model
    def _compute_totals(self, agreement, lines):
        """Return the net amounts of ``lines`` and the totals as Odoo would compute
        them: ``base_amount_currency``, ``tax_amount_currency`` and
        ``total_amount_currency``."""
        base_lines = self._get_base_lines(agreement, lines)
        subtotals = [
            line["tax_details"]["total_excluded_currency"] for line in base_lines
        ]
        totals = self.env["account.tax"]._get_tax_totals_summary(
            base_lines,
            agreement.currency_id,
            agreement.company_id,
            cash_rounding=agreement.cash_rounding_id,
        )
        return subtotals, totals

    @api.model
    def _get_base_lines(self, agreement, lines, found=None):
        """Return ``lines`` as base lines of Odoo's tax computation, rounded.

        The ``id`` of a base line is its position in ``lines``.

        :param dict found: taxes by service that are known already
        """
        taxes = self.env["account.tax"]
        partner = agreement._get_invoice_partner()
        found = {} if found is None else found
        line_taxes = [self._get_line_taxes(agreement, line, found) for line in lines]
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                None,
                id=position,
                product_id=self.env["product.product"].browse(line["product_id"]),
                tax_ids=line_taxes[position],
                price_unit=line["price_unit"],
                quantity=line["quantity"],
                currency_id=agreement.currency_id,
                partner_id=partner,
                sign=-1,
                computation_key=line_taxes[position]._get_rounding_key(),
            )
            for position, line in enumerate(lines)
        ]
        taxes._add_tax_details_in_base_lines(base_lines, agreement.company_id)
        taxes._round_base_lines_tax_details(base_lines, agreement.company_id)
        taxes._add_accounting_data_in_base_lines_tax_details(
            base_lines, agreement.company_id
        )
        return base_lines

    @api.model
    def _get_line_taxes(self, agreement, values, found):
        """Return the taxes of an invoice line: those given, else the service's.

        :param values: values of the line
        :param dict found: taxes by service, which are looked up once
        """
        if "tax_ids" in values:
            return self.env["account.tax"].browse(values["tax_ids"][0][2])
        key = values["product_id"]
        if key not in found:
            product = self.env["product.product"].browse(key)
            found[key] = agreement._get_taxes(product)[1]
        return found[key]

    @api.model
    def _prepare_volume_discount(self, agreement, plan):
        """Return the values that keep the terms of an invoice and its proof."""
        terms = plan.terms
        if not (terms and agreement._has_counted_service(terms)):
            return {}
        table = agreement._localize().env["volume.discount"].browse(terms.key)
        return {
            "volume_discount_id": table.id,
            "volume_discount_presentation": terms.presentation,
            "volume_discount_data": {
                "name": table.name,
                "terms": agreed.to_data(terms),
                "product_ids": sorted(terms.products),
                "proofs": [proofs.to_data(proof) for proof in plan.proofs],
            },
        }

    @api.model
    def _prepare_tier_values(self, agreement, line):
        """Return what an invoice line keeps of the table that priced it, and the
        product of an amount without hours."""
        if not line.table:
            return {}
        values = {"volume_discount_kind": line.kind}
        product = self.env["volume.discount"].browse(line.table).discount_product_id
        if line.shares:
            values["volume_discount_list_price"] = float(line.list_price)
            values["volume_discount_price"] = float(line.price_unit)
        elif product:
            values["product_id"] = product.id
        return values

    @api.model
    def _prepare_amount_taxes(self, agreement, line, found):
        """Return the taxes of a line that is only an amount, no hours, as values.

        They are those of the hours whose price it changes, without fixed amounts, which
        are due per hour; nothing where the invoice finds them by itself.

        :param line: ``plan.Line``
        :param dict found: taxes by service, which are looked up once
        """
        if agreement._get_tax_days():
            return self._prepare_taxes_of_amount(agreement, line)
        product = line.product or agreement.product_id.id
        taxes = self._get_line_taxes(agreement, {"product_id": product}, found)
        table = self.env["volume.discount"].browse(line.table)
        if tuple(sorted(taxes.ids)) == line.taxes and not table.discount_product_id:
            return {}
        return {"tax_ids": [Command.set(line.taxes)]}

    @api.model
    def _prepare_taxes_of_amount(self, agreement, line):
        """Return taxes and account of a line that only is an amount, where taxes
        change: those of its hours.

        They are in its month, or where a window is longer in one of the others.
        """
        table = self.env["volume.discount"].browse(line.table)
        hours = line.product or agreement.product_id.id
        product = table.discount_product_id
        product = product or self.env["product.product"].browse(hours)
        changes = agreement._get_tax_days()
        eras = [fields.Date.add(changes[0], days=-1), *changes]
        days = [line.month, *(day for day in eras if day in window_of(line.month))]
        day = next(
            day
            for day in (*days, *eras, line.month)
            if agreement._get_tax_key(hours, day) == line.taxes or day is eras[-1]
        )
        return agreement._prepare_taxes_of_day(product, day) | {
            "tax_ids": [Command.set(line.taxes)]
        }
