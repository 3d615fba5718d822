"""What the months of a real firm cost, worked out from its hours alone.

The hours of the data have two digits at most, as the quantity of an invoice line has:
an agreement without rounding bills them as they were worked, which a test holds. So
no time is rounded here. Money is rounded as the company's tax settings say: the sum of
an invoice once (Odoo's default) or each line.
"""

from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

LIST_PRICE = 90.0
TIERS = ((50, 3), (150, 5), (300, 8))  # from hours, percent
#: The same, worked out by hand: from hours, to hours, price per hour
SLICES = (
    (0, 50, Decimal("90.00")),
    (50, 150, Decimal("87.30")),
    (150, 300, Decimal("85.50")),
    (300, 10**9, Decimal("82.80")),
)
CENT = Decimal("0.01")


def to_hours(value):
    """Return stored hours with two digits, all that the data has."""
    hours = Decimal(str(value))
    rounded = hours.quantize(CENT, ROUND_HALF_UP)
    assert abs(hours - rounded) < Decimal("0.000001"), value
    return rounded


def to_money(value):
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def slice_hours(before, hours):
    """Return {price: hours} of the next ``hours`` after those billed ``before``."""
    slices = {}
    for lower, upper, price in SLICES:
        part = min(before + hours, upper) - max(before, lower)
        if part > 0:
            slices[price] = part
    return slices


def expect_invoices(work):
    """Return {(customer, first of month): {(task, price): hours}} of billable work."""
    invoices, billed = defaultdict(Counter), Counter()
    for item in work:
        if item.is_cancelled:
            continue
        key = item.project, item.day.replace(day=1)
        for price, hours in slice_hours(billed[key], item.hours).items():
            invoices[key][item.task, price] += hours
        billed[key] += item.hours
    return dict(invoices)


def net_amount(lines, rounding_method):
    """Return the net amount of an invoice, rounded as the company has chosen."""
    amounts = [hours * price for (_task, price), hours in lines.items()]
    if rounding_method == "round_per_line":
        amounts = [to_money(amount) for amount in amounts]
    return to_money(sum(amounts))
