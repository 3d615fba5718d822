"""A tier table on the lines of one invoice: which rates, slices and extra amounts.

Values in, values out: no ORM, standard library only. Amounts without hours are rounded
to the currency, since they stand on a line of their own.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from .history import History, lower_bounds
from .terms import Terms
from .tiers import ONE, ZERO, Charge, Usage


@dataclass(frozen=True)
class Item:
    """Some hours that the user typed on an invoice, negative where they are taken back.

    :param taxes: what lines must share to be corrected by one amount
    :param factor: what a discount of the line itself leaves (0.9 for 10 % off)
    """

    key: Hashable
    hours: Decimal
    list_price: Decimal
    taxes: Hashable = None
    factor: Decimal = ONE

    def amount(self, hours: Decimal, price: Decimal, quantum: Decimal) -> Decimal:
        """Return what the invoice asks for some of the hours, rounded."""
        return _round(hours * price * self.factor, quantum)


@dataclass(frozen=True)
class Slice:
    """Hours of an item at one price per hour."""

    key: Hashable
    hours: Decimal
    price_unit: Decimal


@dataclass(frozen=True)
class Extra:
    """An amount on a line of its own: ``discount``, ``best_price``, ``difference``."""

    kind: str
    taxes: Hashable
    amount: Decimal


@dataclass(frozen=True)
class Repricing:
    """What the lines of an invoice become, and the charges behind it."""

    slices: tuple[Slice, ...]
    extras: tuple[Extra, ...]
    charges: tuple[Charge, ...]

    def of(self, key: Hashable) -> list[Slice]:
        """Return the slices of one item."""
        return [part for part in self.slices if part.key == key]


def reprice(
    terms: Terms,
    items: Sequence[Item],
    past: History,
    quantum: Decimal,
) -> Repricing:
    """Return the prices of ``items`` under ``terms``.

    :param items: in the order in which the dear hours come first
    :param past: hours and amounts of the window that come before
    :param quantum: the currency's smallest unit
    """
    items = [item for item in items if item.hours]
    if not items:
        return Repricing((), (), ())
    usages = [
        Usage(item.hours, item.list_price, item.key, item.factor) for item in items
    ]
    charges = rate_after(terms, usages, past)
    slices = _get_slices(charges)
    extras = []
    if terms.presentation == "summary":
        extras = _get_discounts(items, slices, quantum)
        slices = [Slice(item.key, item.hours, item.list_price) for item in items]
    extras += _get_corrections(charges, items, quantum)
    return Repricing(tuple(slices), tuple(extras), tuple(charges))


def rate_after(terms: Terms, usages: Iterable[Usage], past: History) -> list[Charge]:
    """Return the charges for ``usages`` after ``past``, with the table's own tiers."""
    numbered = [replace(tier, key=place) for place, tier in enumerate(terms.tiers)]
    lowered = replace(terms, tiers=tuple(lower_bounds(numbered, past.other_hours)))
    return [
        replace(charge, tier=charge.tier and terms.tiers[charge.tier.key])
        for charge in lowered.rate(usages, past.usages, past.amount)
    ]


def _round(amount: Decimal, quantum: Decimal) -> Decimal:
    return (amount / quantum).quantize(ONE, ROUND_HALF_UP) * quantum


def _get_slices(charges: Iterable[Charge]) -> list[Slice]:
    """Return one slice per item and price, in the order of the tiers."""
    hours = defaultdict(Decimal)
    for charge in charges:
        if charge.kind == "time":
            hours[charge.key, charge.price_unit] += charge.quantity
    return [Slice(key, quantity, price) for (key, price), quantity in hours.items()]


def _get_discounts(
    items: Sequence[Item], slices: Iterable[Slice], quantum: Decimal
) -> list[Extra]:
    """Return what the tiers save, per set of taxes.

    The saving is the difference of the rounded amounts, so both presentations add up
    to the same total, to the cent.
    """
    by_key = {item.key: item for item in items}
    saved = defaultdict(Decimal)
    for part in slices:
        item = by_key[part.key]
        saved[item.taxes] += item.amount(part.hours, part.price_unit, quantum)
    for item in items:
        saved[item.taxes] -= item.amount(item.hours, item.list_price, quantum)
    return [Extra("discount", taxes, amount) for taxes, amount in saved.items()]


def _get_corrections(
    charges: Iterable[Charge], items: Sequence[Item], quantum: Decimal
) -> list[Extra]:
    """Return what no price per hour can express, shared among the taxes."""
    weights = weigh((item.taxes, item.hours * item.list_price) for item in items)
    extras = []
    for charge in charges:
        if charge.kind != "time":
            amount = _round(charge.amount, quantum)
            shares = share(amount, list(weights.values()), quantum)
            extras += [
                Extra(charge.kind, taxes, part)
                for taxes, part in zip(weights, shares, strict=True)
            ]
    return extras


def weigh(amounts: Iterable[tuple[Hashable, Decimal]]) -> dict[Hashable, Decimal]:
    """Return the sum of the amounts by key; what is below zero weighs nothing."""
    weights = defaultdict(Decimal)
    for key, amount in amounts:
        weights[key] += amount
    return {key: max(weight, ZERO) for key, weight in weights.items()}


def share(
    amount: Decimal, weights: Sequence[Decimal], quantum: Decimal
) -> list[Decimal]:
    """Share ``amount`` in proportion to ``weights``, in multiples of ``quantum``.

    The shares add up to ``amount``; the last one takes what rounding leaves.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [*(ZERO for _weight in weights[1:]), amount]
    shares = []
    for weight in weights[:-1]:
        part = amount * weight / whole / quantum
        shares.append(part.quantize(ONE, ROUND_DOWN) * quantum)
    return [*shares, amount - sum(shares, ZERO)]
