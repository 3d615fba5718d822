"""A random life of a customer's windows against hours counted naively."""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from random import Random

from odoo.tests import BaseCase, tagged

from ..core import tiers
from ..core.terms import Terms
from .window_life import MODES, Customer

#: more of them on demand, to search for longer
OPERATIONS = int(os.environ.get("WINDOW_LIFE_OPERATIONS", "1500"))
#: operations after which another customer begins
LIFETIME = 25


class Life:
    """What happens to one customer, drawn by ``random``."""

    def __init__(self, random):
        self.random, self.number, self.invoices = random, 0, []
        self.waiting = []
        self.customer = Customer(self.draw_terms())

    def draw_terms(self):
        draw = self.random
        table = {}
        for _row in range(draw.randint(1, 3)):
            start = D(draw.randint(0, 80)) / 2
            price = {"price_unit": D(draw.randint(20, 130))}
            off = {"discount": D(draw.choice([5, 10, 20, 50]))}
            kind = draw.choice(["price", "discount"])
            values = price if kind == "price" else off
            table[start] = tiers.Tier(start, kind, **values)
        return Terms(
            tiers=tuple(table.values()),
            presentation=draw.choice(["line", "summary"]),
            window=draw.choice(["month", "quarter", "year"]),
            **MODES[draw.choice(list(MODES))],
        )

    def draw_entry(self):
        self.number += 1
        return tiers.Usage(
            D(self.random.randint(1, 48)) / 4,
            D(self.random.choice([120, 120, 80])),
            taxes=self.random.choice(["19 %", "19 %", "7 %"]),
            day=date(2026, self.random.choice([4, 5, 5]), self.random.randint(1, 28)),
            order=self.number,
        )

    def draw_invoice(self):
        return self.random.choice(self.invoices) if self.invoices else None

    def get_hours(self, invoice):
        """Return what is still billed of an invoice, by place."""
        own = {row.usage.place for row in invoice.rows if row.hours}
        entries = self.customer.entries
        return {at: entries[at][0].quantity for at in own if at in entries}

    # what people do

    def bill(self):
        """Bill new time, and that of earlier documents that waits."""
        count = self.random.randint(0 if self.waiting else 1, 3)
        entries = [*self.waiting, *(self.draw_entry() for _new in range(count))]
        self.waiting = []
        self.invoices.append(self.customer.bill(*entries))

    def type_hours(self):
        """The hours are priced by the table, after all others of their day."""
        self.invoices.append(self.customer.bill(self.draw_entry()))

    def invoice_by_hand(self):
        price = self.random.choice([20, 80, 120, 130])
        invoice = self.customer.invoice_by_hand(self.draw_entry(), price)
        self.invoices.append(invoice)

    def credit(self):
        """Give some hours back; they wait to be billed again, reduced or not at all."""
        invoice = self.draw_invoice()
        hours = self.get_hours(invoice) if invoice else {}
        if not hours or invoice.is_credited:
            return
        chosen = {
            at: D(self.random.randint(1, int(most * 4))) / 4
            for at, most in hours.items()
            if self.random.random() < 0.7
        }
        entries = {at: self.customer.entries[at] for at in chosen}
        self.customer.credit(invoice, chosen)
        for at, given in chosen.items():
            self.wait(entries[at], given)

    def wait(self, entry, hours):
        """Let hours that were given back be billed again."""
        usage, is_own = entry
        left = hours - D(self.random.choice([0, 0, 0.25]))
        if is_own and left > 0 and self.random.random() < 0.8:
            self.waiting.append(replace(usage, quantity=left))

    def cancel(self):
        """Cancel an invoice, after its hours were billed again by others too; a
        credited one cannot be cancelled."""
        invoice = self.draw_invoice()
        if not invoice or invoice.is_credited:
            return
        entries = {at: self.customer.entries[at] for at in self.get_hours(invoice)}
        hours = {}
        for row in invoice.rows:
            at = row.usage.place
            hours[at] = hours.get(at, 0) + row.hours
        self.customer.cancel(invoice)
        self.invoices.remove(invoice)
        for at, entry in entries.items():
            self.wait(entry, hours[at])

    def change_table(self):
        """A manager applies another table to the running window."""
        window = self.customer.terms.window
        self.customer.terms = replace(self.draw_terms(), window=window)

    def settle(self):
        """Bill something in each window, and return what was charged wrongly."""
        days = [date(2026, 4, 28), date(2026, 5, 28)]
        for day in days:
            self.invoices.append(
                self.customer.bill(replace(self.draw_entry(), day=day))
            )
        found = [self.customer.get_deviations(day) for day in days]
        return [one for one in found if one]

    def live(self):
        """Let something happen, and return what was charged wrongly."""
        actions = [self.bill, self.bill, self.type_hours, self.invoice_by_hand]
        actions += [self.credit, self.credit, self.cancel]
        actions += [self.change_table] if self.random.random() < 0.3 else []
        self.random.choice(actions)()
        return self.settle() if self.random.random() < 0.4 else []


def live(operations, seed=0):
    """Return the deviations of so many operations: (customer, what deviates)."""
    found, life, number = [], None, 0
    for at in range(operations):
        if at % LIFETIME == 0:
            number += 1
            life = Life(Random(f"{seed}/{number}"))  # noqa: S311
        deviations = life.live()
        if deviations:
            found.append((number, deviations))
    return found


@tagged("post_install", "-at_install")
class TestWindowLife(BaseCase):
    def test_every_window_telescopes(self):
        self.assertFalse(live(OPERATIONS))
