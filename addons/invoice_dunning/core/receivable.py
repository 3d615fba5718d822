"""One due amount as the books have it, and why nobody is reminded of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Receivable(NamedTuple):
    """A receivable item of the books: ids, days, and what is open of it.

    ``amount_open`` and ``amount`` are in the item's currency; both are negative for
    credit notes and payments that are not matched to an invoice. ``last_day`` is the
    last one on which it could be paid in time, ``user_id`` whose customer it is.
    """

    line_id: int
    move_id: int
    partner_id: int
    contact_id: int
    currency_id: int
    due: date
    amount: Decimal
    amount_open: Decimal
    move_type: str
    payment_state: str
    is_sent: bool
    no_followup: bool
    hold_until: date | None
    hold_reason: str | None
    user_id: int | None
    last_day: date

    @property
    def is_credit(self) -> bool:
        """Whether the customer is owed this amount."""
        return self.amount_open < 0

    @property
    def group(self) -> tuple[int, int]:
        """Customer and currency: what stands in one letter."""
        return self.partner_id, self.currency_id


class Obstacle(NamedTuple):
    """Why nobody is reminded: a ``code`` to count by and a sentence to read."""

    code: str
    reason: str


class Terms(NamedTuple):
    """What letters of a level ask for beside the principal; ``fee`` is in the currency
    of the company."""

    fee: float = 0.0
    has_interest: bool = False
    has_flat: bool = False

    @property
    def is_claiming(self) -> bool:
        """Whether they ask for anything."""
        return bool(self.fee or self.has_interest or self.has_flat)


@dataclass(frozen=True)
class Reached:
    """An amount in a letter: the level it stands at, and whether it is new to it."""

    receivable: Receivable
    level_id: int | None
    is_advanced: bool
