from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import MiteCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDrift(MiteCommon):
    def setUp(self):
        super().setUp()
        self.key = self.track("10-05", 120)
        self.connect()
        self.invoice = self.bill()

    def change(self, **values):
        self.mite.change("time_entry", self.key, **values)
        self.sync()
        return self.get_drift()

    def get_drift(self):
        return self.env["mite.drift"].search(
            [("entry_id.account_id", "=", self.account.id), ("state", "=", "open")]
        )

    def credit(self):
        """Credit the invoice whole; its time becomes billable again."""
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": self.invoice.ids,
                "journal_id": self.invoice.journal_id.id,
                "billing_release": "all",
            }
        )
        wizard.reverse_moves()
        credit = self.invoice.reversal_move_ids
        credit.action_post()
        return credit

    def test_billed_time_never_changes_but_shows_drift(self):
        drift = self.change(minutes=180)
        self.assertEqual(self.get_time(self.key).unit_amount, 2)
        self.assertEqual((drift.hours_billed, drift.hours_mite), (2, 3))
        self.assertEqual(drift.move_ids, self.invoice)
        self.assertEqual(self.get_entry(self.key).state, "drift")

    def test_time_deleted_in_mite_stays_billed_and_shows_drift(self):
        self.mite.remove("time_entry", self.key)
        self.sync()
        drift = self.get_drift()
        self.assertEqual((drift.changed, drift.hours_mite), ("deleted", 0))
        self.assertEqual(self.get_time(self.key).unit_amount, 2)

    def test_every_billed_fact_shows_drift(self):
        other = self.mite.add("user", name="Ben", email="")
        changes = {
            "date": {"date_at": "2026-10-06"},
            "user": {"user_id": other},
            "place": {"project_id": None, "customer_id": self.king},
            "billable": {"billable": False},
            "text": {"note": "Other work"},
        }
        seen = set()
        for name, values in changes.items():
            with self.subTest(name=name):
                seen.add(name)
                self.assertEqual(set(self.change(**values).changed.split(",")), seen)

    def test_drift_explains_the_difference_of_the_sums(self):
        self.change(minutes=180)
        row = self.get_differences()
        self.assertEqual((row.hours_booked, row.hours_drift), (2, 1))
        self.assertEqual(row.hours_unexplained, 0)

    def test_change_taken_back_in_mite_ends_the_drift(self):
        drift = self.change(minutes=180)
        self.change(minutes=120)
        self.assertEqual(drift.state, "gone")
        self.assertEqual(self.get_entry(self.key).state, "booked")

    def test_supplement_is_billed_with_the_next_invoice(self):
        drift = self.change(minutes=180)
        drift.action_supplement()
        hours = self.get_time(self.key).mapped("unit_amount")
        self.assertEqual(sorted(hours), [1, 2])
        self.assertEqual(drift.state, "supplemented")
        with freeze_time("2026-12-01 08:00:00"):
            invoice = self.bill("2026-11-01")
        self.assertEqual(invoice.amount_untaxed, 120)
        self.sync()
        self.assertFalse(self.get_drift())
        self.assertFalse(self.get_differences())

    def test_supplement_is_for_more_hours_alone(self):
        for values in ({"minutes": 60}, {"minutes": 180, "date_at": "2026-10-06"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.change(**values).action_supplement()

    def test_credited_time_follows_mite_and_is_billed_again(self):
        drift = self.change(minutes=60)
        self.credit()
        drift.action_check_again()
        self.assertEqual(drift.state, "followed")
        self.assertEqual(self.get_time(self.key).unit_amount, 1)
        with freeze_time("2026-12-01 08:00:00"):
            invoice = self.bill("2026-11-01")
        self.assertEqual(invoice.amount_untaxed, 120)

    def test_deleted_time_is_never_billed_again_after_its_credit(self):
        self.mite.remove("time_entry", self.key)
        self.sync()
        time = self.get_time(self.key)
        self.credit()
        self.sync()
        self.assertFalse(self.get_drift())
        self.assertEqual(time.unit_amount, 0)
        self.assertFalse(self.get_differences())

    def test_time_of_a_cancelled_invoice_follows_by_itself(self):
        draft = self.invoice
        self.change(minutes=60)
        draft.button_draft()
        draft.button_cancel()
        self.sync()
        self.assertEqual(self.get_time(self.key).unit_amount, 1)
        self.assertFalse(self.get_drift())

    def test_ignored_change_stays_away_until_mite_changes_again(self):
        drift = self.change(minutes=130)
        action = drift.action_ignore()
        wizard = Form(self.env["mite.drift.remedy"].with_context(**action["context"]))
        wizard.reason = "Goodwill"
        wizard.save().action_apply()
        self.assertEqual((drift.state, drift.reason), ("ignored", "Goodwill"))
        self.account._read_everything_again()
        self.sync()
        self.assertFalse(self.get_drift())
        row = self.get_differences()
        self.assertEqual(row.hours_unexplained, 0)
        self.assertTrue(self.change(minutes=140))

    def test_only_managers_decide(self):
        drift = self.change(minutes=180).with_user(self.billing_user)
        for action in ("action_supplement", "action_ignore", "action_check_again"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(drift, action)()

    def test_credit_opens_the_invoice(self):
        action = self.change(minutes=60).action_credit()
        self.assertEqual(action["res_id"], self.invoice.id)
