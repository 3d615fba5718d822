from datetime import timedelta

from odoo.tests import BaseCase, tagged

from ..retry import MAX_ATTEMPTS, get_retry_delay


@tagged("post_install", "-at_install")
class TestRetry(BaseCase):
    def test_each_attempt_waits_twice_as_long(self):
        minutes = [15, 30, 60, 120, 240]
        expected = [timedelta(minutes=number) for number in minutes]
        found = [get_retry_delay(number) for number in range(1, MAX_ATTEMPTS)]
        self.assertEqual(found, expected)

    def test_a_person_is_asked_after_seven_hours_and_three_quarters(self):
        delays = [get_retry_delay(number) for number in range(1, MAX_ATTEMPTS)]
        self.assertEqual(sum(delays, timedelta()), timedelta(hours=7, minutes=45))
        self.assertIsNone(get_retry_delay(MAX_ATTEMPTS))
