"""Customers whose windows are billed, typed, invoiced by hand and corrected at random.

``BILLING_LIVES=100 BILLING_STEPS=40 ./setup/test .../test_random_windows.py`` lives so
many lives of so many operations.
"""

import os
from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MonthlyBillingCommon
from .random_windows import RandomWindows

LIVES = int(os.environ.get("BILLING_LIVES", 3))
STEPS = int(os.environ.get("BILLING_STEPS", 20))
FIRST = int(os.environ.get("BILLING_SEED", 0))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRandomWindows(MonthlyBillingCommon):
    """Two rates of tax, two list prices, two currencies, any agreement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax_7 = cls.tax_19.copy({"amount": 7, "name": "7 %"})
        cls.reduced = cls.make_service("Cut", 80, taxes_id=[Command.set(tax_7.ids)])
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.dollar.id,
                "company_id": cls.company.id,
                "name": date(2026, 1, 1),
                "rate": 2,
            }
        )

    def test_what_windows_were_charged_is_what_they_ask(self):
        for seed in range(FIRST, FIRST + LIVES):
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                try:
                    RandomWindows(self, seed).live(STEPS)
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()
