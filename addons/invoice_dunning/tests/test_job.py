from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestJob(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).dunning_is_active = False
        cls.company.dunning_is_active = True

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "invoice_dunning.dunning_notice_cron_remind"
            ).method_direct_trigger()
        return self.notices.search([("company_id", "=", self.company.id)])

    def test_reminders_are_written_in_the_day_of_the_company(self):
        """22 June begins in Auckland while it is still Sunday 21 June in Berlin."""
        self.invoice()
        with freeze_time("2026-06-21 20:00:00"):
            self.company.partner_id.tz = "Europe/Berlin"
            self.assertEqual(self.company._get_dunning_today(), date(2026, 6, 21))
            self.assertFalse(self.run_job())
            self.company.partner_id.tz = "Pacific/Auckland"
            self.assertEqual(self.run_job().date, date(2026, 6, 22))

    def test_nothing_on_weekends_and_holidays(self):
        self.invoice(due=date(2026, 4, 1))
        for moment in ("2026-10-03 10:00:00", "2026-10-04 10:00:00"):
            with freeze_time(moment):
                self.assertFalse(self.run_job())
        with freeze_time("2026-10-05 10:00:00"):
            self.assertTrue(self.run_job())

    def test_a_second_run_of_the_day_writes_nothing(self):
        self.invoice()
        with freeze_time("2026-06-22 10:00:00"):
            first = self.run_job()
            self.assertEqual(first.delivery_state, "waiting")
            self.assertEqual(self.run_job(), first)

    def test_the_last_level_without_payment_is_handed_over_once(self):
        self.invoice()
        for day in (date(2026, 6, 22), date(2026, 7, 6), date(2026, 7, 20)):
            notice = self.remind(day)
        with freeze_time("2026-07-31 10:00:00"):
            self.run_job()
        self.assertFalse(notice.activity_ids)
        for _time in range(2):
            with freeze_time("2026-08-03 10:00:00"):
                self.run_job()
            self.assertEqual(len(notice.activity_ids), 1)

    def test_what_was_paid_after_the_last_level_is_not_handed_over(self):
        move = self.invoice()
        for day in (date(2026, 6, 22), date(2026, 7, 6), date(2026, 7, 20)):
            notice = self.remind(day)
        self.pay(move, 1000, date(2026, 7, 22))
        with freeze_time("2026-08-03 10:00:00"):
            self.run_job()
        self.assertFalse(notice.activity_ids)


@tagged("post_install", "-at_install")
class TestAmounts(DunningCommon):
    day = date(2026, 7, 1)

    def test_only_instalments_that_are_due_are_asked_for(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 90 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (14, 90)
                ],
            }
        )
        self.invoice(
            invoice_date=date(2026, 6, 1),
            invoice_date_due=False,
            invoice_payment_term_id=term.id,
        )
        notice = self.notices._remind(self.day, self.company)
        self.assertEqual(notice.amount_open, 500)
        self.assertEqual(notice.line_ids.date_maturity, date(2026, 6, 15))

    def test_each_currency_has_a_letter(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.invoice()
        self.invoice(200, currency_id=dollar.id)
        notices = self.notices._remind(self.day, self.company)
        found = {one.currency_id.name: one.amount_open for one in notices}
        self.assertEqual(found, {"EUR": 1000, "USD": 200})

    def test_the_tolerance_is_converted(self):
        """10 EUR are 20 of a currency of which 2 make a euro."""
        self.company.dunning_tolerance = 10
        currency = self.env["res.currency"].create(
            {
                "name": "TWO",
                "symbol": "2",
                "rate_ids": [
                    Command.create(
                        {
                            "name": "2026-01-01",
                            "rate": 2,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        small = self.invoice(19, currency_id=currency.id)
        self.assertEqual(self.get_reasons(self.day), {small.id: "tolerance"})
        self.invoice(2, currency_id=currency.id)
        self.assertEqual(self.notices._remind(self.day, self.company).amount_open, 21)

    def test_queries_do_not_grow_with_the_customers(self):
        def count(number):
            for index in range(number):
                self.invoice(partner_id=self.make_customer(f"Firm{index}").id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            letters = self.notices._preview(self.day, self.company)
            return self.env.cr.sql_log_count - before, len(letters)

        self.notices._preview(self.day, self.company)
        few, letters = count(5)
        many, more = count(10)
        self.assertEqual((letters, more), (5, 15))
        self.assertLessEqual(many, few + 2)
