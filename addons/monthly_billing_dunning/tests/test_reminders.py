from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.monthly_billing.tests.common import OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
class TestReminders(MonthlyBillingCommon):
    day = date(2027, 1, 15)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_scope = "all"
        ticket = cls.make_ticket("Printer")
        cls.book(2, "10-05", ticket)
        cls.invoice = cls.agreement._bill_period(OCTOBER).invoice_id
        cls.invoice.action_post()

    def get_reasons(self):
        notices = self.env["dunning.notice"]
        letters, obstacles = notices._preview_day(self.day, self.company)
        found = {one.move_id: why.code for one, why in obstacles.items()}
        for letter in letters:
            found.update({line["move_id"]: None for line in letter["line_ids"]})
        return found

    def test_what_arrived_is_reminded_of(self):
        self.invoice._record({"delivery_state": "sent"})
        self.assertEqual(self.get_reasons(), {self.invoice.id: None})

    def test_what_did_not_arrive_is_not(self):
        for state in ("waiting", "sending", "failed"):
            with self.subTest(state):
                self.invoice._record({"delivery_state": state})
                expected = {self.invoice.id: "not_delivered"}
                self.assertEqual(self.get_reasons(), expected)

    def test_what_the_firm_collects_is_not(self):
        debit = {"mandate": "M-1", "date": self.day}
        model = self.env.registry["account.move"]
        with patch.object(model, "_get_direct_debit", lambda move: debit):
            self.assertEqual(self.get_reasons(), {self.invoice.id: "direct_debit"})

    def test_the_30_days_begin_when_the_invoice_arrived(self):
        """23:30 in London is the next day in Berlin."""
        self.company.partner_id.tz = "Europe/Berlin"
        self.invoice._record({"delivered_on": "2026-11-04 23:30:00"})
        self.assertEqual(self.invoice._get_dunning_delivered_on(), date(2026, 11, 5))

    def test_without_a_known_arrival_the_invoice_date_counts(self):
        self.invoice._record({"delivered_on": False})
        self.assertEqual(
            self.invoice._get_dunning_delivered_on(), self.invoice.invoice_date
        )

    def test_the_printer_loads_nothing_from_elsewhere_for_reminders(self):
        shielded, reports = [], self.env["ir.actions.report"]
        model = self.env.registry["ir.actions.report"]
        keep = model._shield

        def shield(report, page):
            shielded.append(page)
            return keep(report, page)

        self.patch(model, "_shield", shield)
        page = "<html><body>Please pay</body></html>"
        reports._run_wkhtmltopdf([page], "invoice_dunning.action_report_notice")
        self.assertEqual(shielded, [page])
