"""From the plan to the values of a native invoice: text, taxes, nothing written."""

from odoo import models
from odoo.fields import Command
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.formats import format_number

from ..core import kinds
from ..core.layout import get_place


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _prepare_invoice(self, plan, period):
        """Return the values of the invoice of a month.

        Everything that is not named here is left to ``account.move``: journal,
        fiscal position, taxes, bank account, due date.

        :param plan: ``Plan`` with lines
        :param period: ``billing.period`` of the agreement
        """
        self.ensure_one()
        is_credit = plan.amount() < 0
        lines = self._prepare_invoice_lines(
            plan, window_of(period.date_start), hints=not is_credit
        )
        if is_credit:  # what is below zero is paid out, the hours with it
            for line in lines:
                if "quantity" in line:
                    line["quantity"] = -line["quantity"]
        values = {
            "move_type": "out_refund" if is_credit else "out_invoice",
            "partner_id": self._get_invoice_partner().id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "delivery_date": period.date_end,
            "service_period_start": period.date_start,
            "service_period_end": period.date_end,
            "billing_period_id": period.id,
            "invoice_origin": self.name,
            "ref": self.customer_reference,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }
        if self.auto_post:  # a draft is dated on the day it is posted
            values["invoice_date"] = self._get_today()
        if self.user_id:
            values["invoice_user_id"] = self.user_id.id
        if self.payment_term_id:
            values["invoice_payment_term_id"] = self.payment_term_id.id
        if self.cash_rounding_id:
            values["invoice_cash_rounding_id"] = self.cash_rounding_id.id
        values |= self._prepare_position_of_day(period.date_end)
        return values | self._prepare_volume_discount(plan)

    def _get_invoice_partner(self):
        """Return the address that gets the invoice."""
        return self._get_address("invoice", self.partner_id)

    def _get_address(self, kind, partner):
        """Return the address of ``partner`` for ``invoice`` or ``delivery``; it is
        read together with the other customers."""
        address = partner.browse(partner.address_get([kind])[kind])
        return address.with_prefetch(self.partner_id._prefetch_ids)

    def _localize(self):
        """Return the agreement in its company and in the language of its invoice."""
        agreement = self.with_company(self.company_id)
        address = agreement._get_invoice_partner()
        return agreement.with_context(lang=address._get_document_language())

    def _prepare_invoice_lines(self, plan, window, hints=False):
        """Return the values of the invoice lines, headings included.

        Extension point: another addon may change texts, or add lines of a kind that no
        plan has (``kinds.PLANNED``). Lines of the plan come in its order, from which
        the ledger knows them again (``_get_planned_lines``).

        :param window: the billed month
        :param hints: add what Odoo's taxes would write on the lines afterwards
        """
        agreement = self._localize()
        agreement._fetch_entry_texts(plan)
        headings = agreement._prepare_headings(plan, window)
        values, taxes, dated = [], {}, {}
        for position, line in enumerate(plan.lines):
            values += headings[position]
            table = line.table
            prepared = agreement._prepare_line(line, position, table)
            if line.shares or line.kind == kinds.RETAINER:
                prepared |= agreement._prepare_dated_taxes(line, dated)
            elif table:
                prepared |= agreement._prepare_amount_taxes(line, taxes)
            values.append(prepared)
        if hints:
            lines = [line for line in values if "quantity" in line]
            agreement._add_tax_hints(lines, taxes)
        return values + agreement._prepare_withheld_notes(plan)

    def _prepare_line(self, line, position, table):
        """Return the values of one invoice line.

        :param line: ``plan.Line``
        :param position: its place in the plan, from 0
        :param table: id of the tier table that priced it, or None
        """
        unit = self._get_unit("hour" if line.shares else "unit")
        values = {
            "sequence": get_place(position),
            "billing_kind": line.kind,
            "service_month": line.month,
            "volume_discount_id": table,
            "product_id": line.product or self.product_id.id,
            "product_uom_id": unit.id,
            "name": self._get_line_text(line),
            "quantity": float(line.quantity),
            "price_unit": float(line.price_unit),
        }
        if line.job and line.job[0] == "ticket":
            values["ticket_id"] = line.job[1]
        if line.kind == kinds.RETAINER:
            values["included_hours"] = float(line.included)
        return values | self._prepare_tier_values(line)

    def _prepare_dated_taxes(self, line, found):
        """Return what ``_prepare_taxes_of_day`` says of a line of work.

        That of a month is done with its last day.

        :param line: ``plan.Line`` with time or a retainer
        :param dict found: what is known already, by service, taxes and day
        """
        if line.shares:
            place = line.product, line.taxes, line.month
            day = line.days[0]
        else:
            day = self._get_retainer_span(line.month).last_day
            place = line.product, None, day
        if place not in found:
            product = self.env["product.product"].browse(line.product)
            product = product or self.product_id
            found[place] = self._prepare_taxes_of_day(product, day)
        return dict(found[place])

    def _get_line_text(self, line):
        """Return the text of an invoice line in the language of the environment.

        German law wants kind and time of the service on it (UStG 14(4)): ticket
        number and title, and the days of work.
        """
        if line.kind == kinds.RETAINER:
            return self._get_retainer_text(line)
        if not line.shares:
            return self._get_difference_text(line)
        days = [format_date(self.env, day) for day in dict.fromkeys(line.days)]
        details = " – ".join(days)
        if line.tier:
            hours = format_number(self.env, float(line.tier.min_quantity))
            details = self.env._(
                "%(days)s (rate from %(hours)s h)", days=details, hours=hours
            )
        parts = [details, *self._get_line_notes(line)]
        return f"{self._get_job_text(*line.job)}\n{', '.join(parts)}"

    def _get_retainer_text(self, line):
        """Return the text of the fixed amount of a month, or of a part of it."""
        hours = format_number(self.env, float(line.included))
        span = self._get_retainer_span(line.month)
        if span != window_of(line.month):
            return self.env._(
                "Retainer %(first)s – %(last)s, %(hours)s h included",
                first=format_date(self.env, span.start),
                last=format_date(self.env, span.last_day),
                hours=hours,
            )
        return self.env._(
            "Retainer %(month)s, %(hours)s h included",
            month=format_date(self.env, line.month, date_format="LLLL yyyy"),
            hours=hours,
        )

    def _get_line_notes(self, line):
        """Return what else there is to say about the hours of a line."""
        notes = []
        if line.group and line.group[0] == "entry":
            entry = self.env["account.analytic.line"].browse(line.group[1])
            person = self._show_person(entry._get_worker())
            notes += [text for text in (person, entry._get_report_text()) if text]
        if line.product and line.product != self.product_id.id:
            notes.append(self.env["product.product"].browse(line.product).name)
        if line.kind == kinds.INCLUDED:
            notes.append(self.env._("included in the retainer"))
        if line.kind == kinds.FREE:
            notes.append(self.env._("free of charge"))
        return notes

    def _fetch_entry_texts(self, plan):
        """Read the entries at once that have lines of their own."""
        if self.grouping == "entry":
            ids = [line.group[1] for line in plan.lines if line.group]
            entries = self.env["account.analytic.line"].browse(ids)
            entries.fetch(["name", "employee_id", "user_id"])

    def _get_job_text(self, kind, key):
        """Return ticket number and title, or the name of the task or project."""
        record = self.env[self._get_job_model(kind)].browse(key)
        if kind == "ticket":
            return f"{record.number} {record.name}"
        if kind == "task":
            return f"{record.project_id.name}: {record.name}"
        return record.name

    def _get_difference_text(self, line):
        """Return the text of a line that stands for no time of its own."""
        table = self.env["volume.discount"].browse(line.table).name
        if line.kind == kinds.DISCOUNT:
            return self.env._("Volume discount (%(table)s)", table=table)
        if line.kind == kinds.BEST_PRICE:
            return self.env._("Best price adjustment (%(table)s)", table=table)
        text = self.env._(
            "Adjustment of hours billed before to the reached tier (%(table)s)",
            table=table,
        )
        return f"{text}\n{line.reason}" if line.reason else text

    def _add_tax_hints(self, lines, taxes):
        """Add to ``lines`` the values that Odoo's taxes would write on them.

        Only a hint: with it the invoice is created without a write per line, a wrong
        one would be corrected by ``account.move``. In a foreign currency the rate is
        known only to the invoice, so nothing is added.

        :param dict taxes: those of services that are known already
        """
        if self.currency_id != self.company_id.currency_id:
            return
        tax_lines = self.env["account.tax"]._prepare_tax_lines(
            self._get_base_lines(lines, taxes), self.company_id
        )
        for base_line, amounts in tax_lines["base_lines_to_update"]:
            lines[base_line["id"]].update(amounts)

    def _compute_totals(self, lines):
        """Return the net amounts of ``lines`` and the totals as Odoo would compute
        them: ``base_amount_currency``, ``tax_amount_currency`` and
        ``total_amount_currency``."""
        base_lines = self._get_base_lines(lines)
        subtotals = [
            line["tax_details"]["total_excluded_currency"] for line in base_lines
        ]
        totals = self.env["account.tax"]._get_tax_totals_summary(
            base_lines,
            self.currency_id,
            self.company_id,
            cash_rounding=self.cash_rounding_id,
        )
        return subtotals, totals

    def _get_base_lines(self, lines, found=None):
        """Return ``lines`` as base lines of Odoo's tax computation, rounded.

        The ``id`` of a base line is its position in ``lines``.

        :param dict found: taxes by service that are known already
        """
        taxes = self.env["account.tax"]
        partner = self._get_invoice_partner()
        found = {} if found is None else found
        line_taxes = [self._get_line_taxes(line, found) for line in lines]
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                None,
                id=position,
                product_id=self.env["product.product"].browse(line["product_id"]),
                tax_ids=line_taxes[position],
                price_unit=line["price_unit"],
                quantity=line["quantity"],
                currency_id=self.currency_id,
                partner_id=partner,
                sign=-1,
                computation_key=line_taxes[position]._get_rounding_key(),
            )
            for position, line in enumerate(lines)
        ]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        taxes._add_accounting_data_in_base_lines_tax_details(
            base_lines, self.company_id
        )
        return base_lines

    def _get_line_taxes(self, values, found):
        """Return the taxes of an invoice line: those given, else the service's.

        :param values: values of the line
        :param dict found: taxes by service, which are looked up once
        """
        if "tax_ids" in values:
            return self.env["account.tax"].browse(values["tax_ids"][0][2])
        key = values["product_id"]
        if key not in found:
            product = self.env["product.product"].browse(key)
            found[key] = self._get_taxes(product)[1]
        return found[key]
