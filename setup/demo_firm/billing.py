"""Billing a month of the demo firm, and the table that shows it."""

from datetime import date
from unittest.mock import patch

from .calendar import add_months


def bill_month(env, first: date):
    """Bill the month as on the first day after it; return its `billing.period`s.

    The agreements are asked what day it is, so that the invoices carry the date on
    which a firm would have made them. A month that is not over is billed today.
    """
    agreements = env["billing.agreement"].search(
        [("state", "=", "active"), ("company_id", "=", env.company.id)]
    )
    day = min(add_months(first, 1), agreements._get_today())
    with patch.object(type(agreements), "_get_today", lambda self: day):
        return agreements._bill_period(first)


def get_rows(periods) -> list[dict]:
    """Return a row per customer, as `setup/demo` prints it."""
    withheld = _get_withheld_hours(periods)
    return [
        _get_row(period, withheld[period.agreement_id])
        for period in periods.sorted(lambda period: period.partner_id.name)
    ]


def _get_withheld_hours(periods) -> dict:
    """Return the hours up to the end of the month that no invoice bills."""
    if not periods:
        return {}
    usage = periods.agreement_id.env["billing.run.collect"]._get_usage(
        periods.agreement_id, add_months(periods[0].date_start, 1)
    )
    return {
        agreement: float(sum(entry.worked for entry in entries))
        for agreement, entries in usage.items()
    }


def _get_row(period, withheld: float) -> dict:
    invoice = period.invoice_id
    return {
        "customer": period.partner_id.name,
        "tickets": len(invoice.invoice_line_ids.ticket_id),
        "hours": round(period.billed_hours, 2),
        "tier": _get_tier(period),
        "net": invoice.amount_untaxed,
        "tax": invoice.amount_tax,
        "total": invoice.amount_total,
        "state": _get_state(period, withheld),
        "invoice_id": invoice.id,
    }


def _get_tier(period) -> str:
    """Return the cheapest tier that hours of the month stand in."""
    tiers = period.allocation_ids.tier_id.sorted("min_quantity")
    text = tiers[-1:].display_name or "list price"
    kinds = period.invoice_id.invoice_line_ids.mapped("billing_kind")
    return f"{text}, best price" if "best_price" in kinds else text


def _get_state(period, withheld: float) -> str:
    """Return what became of the month, and what is still to be billed."""
    label = dict(period._fields["state"]._description_selection(period.env))
    parts = [label[period.state], period.invoice_id.name, period.error]
    if withheld:
        parts.append(f"{withheld:.2f} h withheld")
    return ", ".join(part for part in parts if part)
