from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..core.client import MiteClient
from ..models.mite_account_sync import MiteAccount
from . import mite_server
from .common import MiteCommon
from .mite_server import break_off, fail, move_to, send_body


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestFailures(MiteCommon):
    def setUp(self):
        super().setUp()
        self.key = self.track("10-05", 90)
        pause = patch.object(MiteClient, "_pause", lambda client, seconds: None)
        pause.start()
        self.addCleanup(pause.stop)

    def assert_fails(self, problem):
        run = self.sync("failed")
        self.assertEqual(run.problem, problem)
        self.assertEqual(self.account.problem, problem)
        self.assertTrue(self.account.problem_text)
        return run

    def test_every_error_is_a_state_that_people_can_read(self):
        errors = {
            "unauthorized": [fail(401)],
            "forbidden": [fail(403)],
            "not_found": [fail(404)],
            "locked": [fail(423)],
            "busy": [fail(429)] * 9,
            "server": [fail(503)] * 9,
            "partial": [break_off] * 9,
            "changed": [send_body(b'{"odd": 1}')],
            "redirect": [move_to("https://example.com/")],
        }
        for problem, faults in errors.items():
            with self.subTest(problem=problem):
                self.mite.faults = list(faults)
                self.assert_fails(problem)
        self.mite.faults = []
        self.sync()
        self.assertFalse(self.account.problem)

    def test_key_of_a_time_tracker_is_refused(self):
        self.mite.role = "time_tracker"
        self.assert_fails("role")
        self.assertFalse(self.env["mite.entry"].search([]))
        with self.assertRaises(UserError):
            self.account.action_test()

    def test_passing_errors_are_tried_again_soon_and_then_later(self):
        waits = []
        for _number in range(3):
            self.mite.faults = [fail(500)] * 9
            self.assert_fails("server")
            waits.append(self.account.next_sync.isoformat()[11:16])
        self.assertEqual(waits, ["08:15", "09:00", "12:00"])

    def test_lasting_errors_are_tried_again_on_the_next_day(self):
        self.mite.faults = [fail(401)]
        self.assert_fails("unauthorized")
        self.assertEqual(self.account.next_sync.isoformat(), "2026-11-02T08:00:00")

    def test_no_half_month_is_taken(self):
        for number in range(15):
            self.track(f"10-{number + 1:02}", 30)
        self.account.date_from = "2026-10-01"
        fine = [None] * 10  # myself, eight lists, the link
        with patch("odoo.addons.monthly_billing_mite.core.client.PAGE", 10):
            self.mite.faults = [*fine, None, *[break_off] * 9]
            self.assert_fails("partial")
            self.assertFalse(self.env["mite.entry"].search([]))
            self.mite.faults = []
            self.sync()
        self.assertEqual(self.env["mite.entry"].search_count([]), 16)

    def test_changed_entry_stops_the_month_and_not_the_others(self):
        self.mite.records["time_entry"][self.key]["minutes"] = "90"
        september = self.track("09-05", 60)
        self.assert_fails("changed")
        self.assertTrue(self.get_entry(september))
        self.assertFalse(self.get_entry(self.key))
        self.assertEqual(str(self.account.window_next), "2026-10-01")

    def test_test_button_says_what_is_wrong(self):
        self.assertEqual(self.account.action_test()["params"]["type"], "success")
        self.account.api_key = "wrong"
        with self.assertRaisesRegex(UserError, "does not accept the key"):
            self.account.action_test()

    def test_preview_counts_and_writes_nothing(self):
        self.track("10-06", 30)
        self.track("09-06", 60)
        action = self.account.action_preview()
        preview = self.env["mite.preview"].browse(action["res_id"])
        found = [
            (str(line.month), line.customer, line.entries, line.hours)
            for line in preview.line_ids
        ]
        name = "Zahnarztpraxis Dr. Sommer"
        self.assertEqual(
            sorted(found), [("2026-09-01", name, 1, 1), ("2026-10-01", name, 2, 2)]
        )
        self.assertFalse(self.env["mite.entry"].search([]))
        self.assertFalse(self.env["mite.link"].search([]))

    def test_one_account_that_fails_stops_no_other(self):
        self.account.name = "A"
        other = self.make_account(name="B", subdomain="other")
        self.account.api_key = "wrong"
        self.run_job()
        self.assertEqual(self.account.problem, "unauthorized")
        self.assertTrue(other.last_success)

    def test_error_of_odoo_is_recorded_and_tried_again(self):
        def stumble(*_args):
            raise ValueError("odd")

        with (
            patch.object(MiteAccount, "_read_masters", stumble),
            self.assertLogs("odoo.addons.monthly_billing_mite", "ERROR"),
        ):
            self.run_job()
        self.assertEqual(self.account.problem, "internal")
        self.assertEqual(self.account.next_sync.isoformat()[11:16], "08:15")

    def run_job(self):
        """Run the nightly job as its user, without commits."""
        cron = type(self.env["ir.cron"])
        accounts = self.env["mite.account"].with_user(self.env.ref("base.user_root"))
        with (
            patch.object(cron, "_commit_progress", lambda *_args, **_kw: 60.0),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            accounts._cron_synchronise()

    def test_managers_are_told_once_of_what_only_they_can_mend(self):
        domain = [("model", "=", "mite.account"), ("res_id", "=", self.account.id)]
        domain.append(("message_type", "=", "user_notification"))
        for _number in range(2):
            self.mite.faults = [fail(401)]
            self.assert_fails("unauthorized")
        message = self.env["mail.message"].sudo().search(domain)
        self.assertEqual(len(message), 1)
        self.assertIn(self.billing_manager.partner_id, message.notified_partner_ids)
        self.assertIn("does not accept the key", message.body)

    def test_job_without_time_goes_on_where_it_is(self):
        september = self.track("09-05", 60)
        times = iter([1, 1, 1, 0])
        root = self.env.ref("base.user_root")
        account = self.account.with_user(root)
        run = account._synchronise(lambda *_args: next(times, 1))
        self.assertEqual(run.state, "paused")
        self.assertTrue(self.get_entry(september))
        self.assertFalse(self.get_entry(self.key))
        self.assertEqual(self.sync().months, 2)
        self.assertTrue(self.get_entry(self.key))

    def test_job_is_watched(self):
        job = self.env.ref("monthly_billing_mite.mite_account_cron_synchronise")
        self.assertIn(job, self.env["ir.cron"]._get_watched())

    def test_key_with_odd_signs_is_told_as_a_wrong_key(self):
        self.account.api_key = "a\nX-Other: 1"
        self.assert_fails("unauthorized")
        self.account.api_key = mite_server.KEY
        self.sync()
