"""What a run would do, as plain values."""

from odoo import models

from odoo.addons.volume_discount.core.calendar import window_of

from .run.facts import Refusal


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _preview_period(self, day):
        """Return what ``_bill_period(day)`` would do, and write nothing.

        :param day: any day of the month (date)
        :return: list of dicts, one per agreement with something to do with the month:
            ``agreement_id``, ``partner_id``, ``currency_id``, ``invoice_id`` (ids),
            ``date_start``, ``date_end`` (the month), ``state`` (as the period's after
            the run), ``error`` (text or False), ``worked_hours``, ``billed_hours``,
            ``withheld_hours``, ``amount_untaxed``, ``amount_tax``, ``amount_total``
            (currency) and ``lines``: dicts with ``name``, ``ticket_id``, ``quantity``
            (hours), ``price_unit``, ``price_subtotal``
        :raise AccessError: if the user may not bill
        """
        self._check_can_bill()
        window = self._get_month(day)
        agreements = self.sudo()._filter_with_month(window)
        periods = agreements._search_periods(window)
        periods = periods.sorted(lambda period: period.agreement_id.id)
        early = periods.filtered(lambda period: period._is_early_draft())
        done = periods.filtered("invoice_id") - early
        previews = {
            period.agreement_id: period.agreement_id._get_done_preview(period)
            for period in done
        }
        # the run completes the drafts first, and the others see that
        with self.env.cr.savepoint() as savepoint:
            for period in early:
                agreement = period.agreement_id
                previews[agreement] = agreement._try_early_draft(period)
            others = agreements.filtered(lambda one: one not in previews)
            for agreement, plan in (
                others.env["billing.run.plan"]._get_plans(others, window).items()
            ):
                previews[agreement] = agreement._get_plan_preview(plan, window)
            savepoint.rollback()
        return [previews[agreement] for agreement in agreements]

    def _get_done_preview(self, period):
        """Return the preview of a month that has its invoice already."""
        return self._prepare_preview(
            window_of(period.date_start),
            state=period.state,
            invoice_id=period.invoice_id.id,
            worked_hours=period.worked_hours,
            billed_hours=period.billed_hours,
            withheld_hours=period.withheld_hours,
            amount_untaxed=period.invoice_id.amount_untaxed,
            amount_tax=period.invoice_id.amount_tax,
            amount_total=period.invoice_id.amount_total,
            lines=[
                {
                    "name": line.name,
                    "ticket_id": line.ticket_id.id,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "price_subtotal": line.price_subtotal,
                }
                for line in period.invoice_id.invoice_line_ids
                if line.display_type == "product"
            ],
        )

    def _get_plan_preview(self, plan, window):
        """Return the preview of a month that would be billed now."""
        if isinstance(plan, Refusal):
            return self._prepare_preview(window, state="error", error=plan.message)
        state = self.env["billing.run.plan"]._get_outcome(self, plan, window) or (
            "invoiced" if self.auto_post else "draft"
        )
        write = self.env["billing.run.write"]
        prepared = write._prepare_invoice_lines(self, plan, window)
        lines = [line for line in prepared if "quantity" in line]
        subtotals, totals = write._compute_totals(self, lines)
        rounded = self.currency_id.round
        untaxed = totals["base_amount_currency"]
        untaxed += totals.get("cash_rounding_base_amount_currency", 0.0)
        return self._prepare_preview(
            window,
            state=state,
            worked_hours=float(plan.worked),
            billed_hours=float(plan.billed),
            withheld_hours=float(plan.withheld_hours),
            amount_untaxed=rounded(untaxed),
            amount_tax=rounded(totals["tax_amount_currency"]),
            amount_total=rounded(totals["total_amount_currency"]),
            lines=[
                {
                    "name": line["name"],
                    "ticket_id": line.get("ticket_id", False),
                    "quantity": line["quantity"],
                    "price_unit": line["price_unit"],
                    "price_subtotal": subtotal,
                }
                for line, subtotal in zip(lines, subtotals, strict=True)
            ],
        )

    def _prepare_preview(self, window, **values):
        """Return the values of one preview; what is not given is zero."""
        return {
            "agreement_id": self.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "date_start": window.start,
            "date_end": window.last_day,
            "invoice_id": False,
            "error": False,
            "worked_hours": 0.0,
            "billed_hours": 0.0,
            "withheld_hours": 0.0,
            "amount_untaxed": 0.0,
            "amount_tax": 0.0,
            "amount_total": 0.0,
            "lines": [],
            **values,
        }
