from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestNote(DunningCommon):
    """A friendly note before the due day, 15 June 2026, if the firm wants it."""

    day = date(2026, 6, 12)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        levels = cls.env["dunning.level"].with_context(active_test=False)
        levels.search([("company_id", "=", cls.company.id)]).unlink()
        cls.company._create_dunning_levels()
        domain = [("company_id", "=", cls.company.id)]
        cls.note, *_reminders = levels.search(domain)
        cls.levels = cls.env["dunning.level"]._get_levels(cls.company)
        cls.move = cls.invoice()

    def send_note(self):
        self.note.active = True
        return self.remind(self.day)

    def deliver(self, moment):
        """Write the note on its day; it leaves at a moment."""
        self.note.active = True
        notice = self.notices._remind(self.day, self.company)
        with freeze_time("2026-06-12 08:00:00"):
            notice.action_send()
        with freeze_time(moment):
            notice.sudo()._lock_and_deliver()
        return notice

    def test_there_is_none_until_the_firm_wants_it(self):
        self.assertFalse(self.remind(self.day))
        self.note.active = True
        self.assertEqual(self.remind(self.day).level_id, self.note)

    def test_it_claims_nothing_and_is_sent_once(self):
        self.company.dunning_due_is_agreed = True
        notice = self.send_note()
        self.assertEqual(notice.amount_total, 1000)
        self.assertEqual(notice.line_ids.days_overdue, 0)
        self.assertFalse(self.remind(date(2026, 6, 15)))

    def test_it_may_ask_for_nothing(self):
        for values in ({"fee": 5}, {"has_flat": True}, {"has_interest": True}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.note.write({"active": True, **values})

    def test_the_first_reminder_comes_as_without_it(self):
        self.send_note()
        self.assertFalse(self.remind(date(2026, 6, 21)))
        self.assertEqual(self.remind(date(2026, 6, 22)).level_id, self.levels[0])

    def test_it_puts_nobody_in_default(self):
        """Interest runs from the reminder of 22 June, as without the note: 8.02."""
        self.send_note()
        for day in (date(2026, 6, 22), date(2026, 7, 6)):
            self.remind(day)
        self.assertEqual(self.remind(date(2026, 7, 20)).amount_interest, 8.02)

    def test_who_is_late_with_another_invoice_gets_the_reminder_alone(self):
        self.note.active = True
        late = self.invoice(200, due=date(2026, 6, 1))
        self.assertEqual(self.remind(self.day).line_ids.move_id, late)

    def test_it_is_no_obstacle_to_be_on_the_way(self):
        """The preview names overdue invoices alone."""
        self.note.active = True
        self.assertFalse(self.get_reasons(date(2026, 6, 11)))
        self.move.dunning_hold_until = date(2026, 7, 1)
        self.assertFalse(self.get_reasons(self.day))
        self.assertFalse(self.remind(self.day))

    def test_it_never_leaves_after_the_due_day(self):
        notice = self.deliver("2026-06-16 10:00:00")
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.cancel_reason, "The due day has passed.")

    def test_it_leaves_up_to_the_due_day(self):
        notice = self.deliver("2026-06-15 10:00:00")
        self.assertEqual(notice.state, "sent")
