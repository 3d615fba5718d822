"""What may be claimed beside the principal, and what a payment settles first."""

from dataclasses import dataclass, replace
from decimal import Decimal

FLAT_AMOUNT = Decimal(40)
FLAT_CURRENCY = "EUR"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Debt:
    """What is owed, in one currency: costs, interest and the principal."""

    costs: Decimal = ZERO
    interest: Decimal = ZERO
    principal: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All that is owed."""
        return self.costs + self.interest + self.principal


def flat_amount(
    is_consumer: bool, is_in_default: bool, is_claimed: bool, currency: str
) -> Decimal:
    """Return the flat sum for one invoice: EUR 40, once, never from a consumer.

    BGB 288(5). It is set in euros; invoices in other currencies carry none.

    :param is_claimed: whether it was already claimed for this invoice
    """
    is_owed = is_in_default and not is_consumer and not is_claimed
    return FLAT_AMOUNT if is_owed and currency == FLAT_CURRENCY else ZERO


def settle(debt: Debt, paid: Decimal) -> tuple[Debt, Decimal]:
    """Set a payment off: costs first, then interest, then principal (BGB 367).

    :param paid: what arrived, in the debt's currency, not negative
    :return: what is still owed, and what was paid too much
    """
    for name in ("costs", "interest", "principal"):
        owed = getattr(debt, name)
        used = min(owed, paid)
        debt = replace(debt, **{name: owed - used})
        paid -= used
    return debt, paid
