from odoo.tests import freeze_time, tagged

from ..core.errors import MiteError
from ..models.mite_account_sync import stay
from .common import MiteCommon
from .mite_server import fail


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestLocks(MiteCommon):
    def setUp(self):
        super().setUp()
        self.account.lock_billed = True
        self.key = self.track("10-05", 120)
        self.connect()

    def is_locked(self, key=None):
        return self.mite.records["time_entry"][key or self.key]["locked"]

    def test_posted_time_is_locked_in_mite(self):
        invoice = self.bill(post=False)
        self.sync()
        self.assertFalse(self.is_locked())
        invoice.action_post()
        run = self.sync()
        self.assertTrue(self.is_locked())
        self.assertEqual(run.locked, 1)

    def test_lock_in_mite_is_no_drift(self):
        self.bill()
        self.sync()
        self.sync()
        self.assertEqual(self.get_entry(self.key).state, "booked")

    def test_cancelled_time_is_opened_again(self):
        invoice = self.bill()
        self.sync()
        invoice.button_draft()
        invoice.button_cancel()
        self.sync()
        self.assertFalse(self.is_locked())

    def test_what_somebody_locked_in_mite_stays_locked(self):
        self.mite.change("time_entry", self.key, locked=True)
        invoice = self.bill()
        self.sync()
        invoice.button_draft()
        invoice.button_cancel()
        self.sync()
        self.assertTrue(self.is_locked())

    def test_locking_goes_on_where_it_was_ended(self):
        other = self.track("10-06", 60)
        self.sync()
        self.bill()
        self.lock_until_mite_refuses()
        locked = [self.is_locked(key) for key in (self.key, other)]
        self.assertEqual(sorted(locked), [False, True])
        self.sync()
        self.assertTrue(self.is_locked() and self.is_locked(other))

    def lock_until_mite_refuses(self):
        """Lock two entries, the second of which mite refuses."""
        account = self.account.sudo()
        run = self.env["mite.run"].sudo().create({"account_id": account.id})
        self.mite.faults = [None, fail(403)]
        with self.assertRaises(MiteError):
            account._set_locks(
                account._get_client(), run, stay, account._get_entries_to_lock(), True
            )

    def test_nothing_is_locked_unless_it_was_asked_for(self):
        self.account.lock_billed = False
        self.bill()
        self.sync()
        self.assertFalse(self.is_locked())
