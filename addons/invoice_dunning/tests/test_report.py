from datetime import date

from odoo import fields
from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestReport(DunningCommon):
    """Two invoices of June 2026: 300.00 paid after 10 days, 100.00 still open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paid = cls.invoice(300)
        cls.pay(cls.paid, 300, date(2026, 6, 11))
        cls.late = cls.invoice(100)
        cls.env.flush_all()

    def aggregate(self, *aggregates, groupby=(), move=None):
        """Return the rows of the report about this company."""
        domain = [("company_id", "=", self.company.id)]
        if move:
            domain.append(("move_id", "=", move.id))
        return self.env["dunning.report"]._read_group(domain, groupby, aggregates)

    def test_it_counts_days_until_paid_and_late(self):
        rows = self.aggregate("days_to_pay:avg", "days_late:avg", move=self.paid)
        self.assertEqual(rows, [(10, -4)])

    def test_days_outstanding_count_each_invoice_by_its_amount(self):
        """(300 * 10 + 100 * days until today) / 400."""
        days = (fields.Date.today() - date(2026, 6, 1)).days
        [(mean,)] = self.aggregate("days_outstanding:avg")
        self.assertAlmostEqual(float(mean), (300 * 10 + 100 * days) / 400, 2)

    def test_the_share_paid_is_that_of_the_sums(self):
        [(share,)] = self.aggregate("paid_share:avg")
        self.assertAlmostEqual(float(share), 75)

    def test_the_share_paid_stands_at_the_last_level(self):
        self.remind(date(2026, 6, 22))
        self.remind(date(2026, 7, 6))
        self.pay(self.late, 50, date(2026, 7, 8))
        self.env.flush_all()
        rows = self.aggregate("paid_share:avg", groupby=["level_id"], move=self.late)
        self.assertEqual([(level, float(one)) for level, one in rows],
                         [(self.levels[1], 50)])  # fmt: skip

    def test_open_amounts_have_an_age(self):
        rows = dict(self.aggregate("amount_open:sum", groupby=["age"]))
        self.assertEqual(rows["4"], 100)

    def test_each_view_of_it_can_be_read(self):
        for name in ("action", "outstanding_action", "level_action", "customer_action"):
            action = self.env.ref(f"invoice_dunning.dunning_report_{name}")
            with self.subTest(name):
                for kind in action.view_mode.split(","):
                    self.env["dunning.report"].get_view(view_type=kind)
