from odoo.tests import BaseCase, tagged

from ..core.consent import (
    Policy,
    Verdict,
    get_alert,
    is_near,
    judge,
    round_up_to_quarter,
)

POLICY = Policy("block", 0.5, "withhold", 15.0, 80.0)


@tagged("post_install", "-at_install")
class TestJudgement(BaseCase):
    def test_the_verdict_depends_on_approval_limit_and_policy(self):
        cases = [
            ("tiny job within the free hours", POLICY, 0, 0.5, None),
            ("no float dust beyond the limit", POLICY, 0, 0.5 + 1e-9, None),
            ("job beyond the free hours", POLICY, 0, 0.6, ("unapproved", "block", 0.5)),
            (
                "nothing free",
                POLICY._replace(free_hours=0),
                0,
                0.1,
                ("unapproved", "block", 0),
            ),
            (
                "without approval warned",
                POLICY._replace(estimate="warn"),
                0,
                1,
                ("unapproved", "warn", 0.5),
            ),
            (
                "without approval allowed",
                POLICY._replace(estimate="allow"),
                0,
                99,
                None,
            ),
            ("within the approval", POLICY, 8, 8, None),
            ("within the tolerance", POLICY, 8, 9.2, None),
            ("beyond the tolerance", POLICY, 8, 9.3, ("overrun", "withhold", 9.2)),
            (
                "no tolerance",
                POLICY._replace(tolerance=0),
                8,
                8.1,
                ("overrun", "withhold", 8),
            ),
            (
                "beyond blocked",
                POLICY._replace(overrun="block"),
                8,
                10,
                ("overrun", "block", 9.2),
            ),
            ("beyond allowed", POLICY._replace(overrun="allow"), 8, 99, None),
            (
                "free hours do not add to an approval",
                POLICY._replace(free_hours=50),
                8,
                10,
                ("overrun", "withhold", 9.2),
            ),
        ]
        for name, policy, approved, booked, expected in cases:
            with self.subTest(name):
                verdict = judge(policy, approved, booked)
                if expected is None:
                    self.assertIsNone(verdict)
                    continue
                self.assertIsInstance(verdict, Verdict)
                kind, action, limit = expected
                self.assertEqual((verdict.kind, verdict.action), (kind, action))
                self.assertAlmostEqual(verdict.limit, limit)
                self.assertEqual((verdict.approved, verdict.booked), (approved, booked))

    def test_the_alert_is_the_worst_that_can_be_said(self):
        cases = [
            ("nothing booked", 0, 0, 0, None),
            ("free hours", 0, 0.5, 0.5, None),
            ("without approval", 0, 1, 1, "unapproved"),
            ("a forecast alone is no work", 0, 0, 9, None),
            ("begun", 10, 5, 5, None),
            ("nearly used up", 10, 8, 8, "near"),
            ("over", 10, 10.5, 10.5, "over"),
            ("beyond", 10, 11.6, 11.6, "beyond"),
            ("will be beyond", 10, 2, 12, "beyond"),
            ("will be over but within the tolerance", 10, 2, 11, None),
        ]
        for name, approved, booked, expected, alert in cases:
            with self.subTest(name):
                self.assertEqual(get_alert(POLICY, approved, booked, expected), alert)

    def test_the_team_is_warned_at_the_share_and_never_at_zero(self):
        cases = [
            (80.0, 10, 7.99, False),
            (80.0, 10, 8.0, True),
            (80.0, 0, 8.0, False),
            (0.0, 10, 10.0, False),
            (100.0, 10, 10.0, True),
        ]
        for warning, approved, booked, expected in cases:
            with self.subTest(warning=warning, approved=approved, booked=booked):
                policy = POLICY._replace(warning=warning)
                self.assertEqual(is_near(policy, approved, booked), expected)

    def test_hours_are_rounded_up_to_the_quarter(self):
        cases = [
            (9.3, 9.5),
            (9.25, 9.25),
            (9.25 + 1e-9, 9.25),
            (9.26, 9.5),
            (0.01, 0.25),
        ]
        for hours, expected in cases:
            with self.subTest(hours):
                self.assertEqual(round_up_to_quarter(hours), expected)
