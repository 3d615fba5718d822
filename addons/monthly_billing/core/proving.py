"""The proofs of an invoice from what the engine charged, as plain values."""

from collections.abc import Iterable

from ...volume_discount.core.calendar import Window
from ...volume_discount.core.proof import Proof, prove
from .lines import ChargedWindow


def prove_windows(windows: Iterable[ChargedWindow], month: Window) -> tuple[Proof, ...]:
    """Return a proof per window of which the invoice asks anything, in their order.

    :param month: the month that the invoice bills
    """
    return tuple(
        prove(one.terms, one.window, one.consumed, one.charges, month)
        for one in windows
        if one.charges
    )
