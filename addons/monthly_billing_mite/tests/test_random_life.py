from random import Random

from odoo.tests import freeze_time, tagged

from .common import MiteCommon
from .mite_server import break_off, fail, hang_up

SEEDS = (1, 2, 3)
STEPS = 25
MONTHS = ("09", "10")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestRandomLife(MiteCommon):
    """Both sides live at random; in the end both have the same time."""

    def setUp(self):
        super().setUp()
        self.patch(type(self.account._get_client()), "_pause", lambda *_args: None)
        self.invoices = self.env["account.move"]

    def test_both_sides_end_equal(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.live(Random(seed))
                self.settle_down()
                self.assert_equal_sides()

    def live(self, random):
        acts = [
            *[self.add] * 4,
            *[self.change] * 4,
            *[self.remove] * 2,
            *[self.read_mite] * 3,
            *[self.read_badly] * 2,
            self.decide_at_random,
            *(self.bill_month, self.cancel, self.forget, self.open_again),
        ]
        for _step in range(STEPS):
            random.choice(acts)(random)

    def add(self, random):
        note = random.choice(["Work", "Call 🚀", "x" * 10_000, "#12", ""])
        day = f"{random.choice(MONTHS)}-{random.randint(1, 28):02}"
        self.track(day, random.choice([0, 1, 7, 60, 95]), note=note)

    def change(self, random):
        if key := self.pick(random):
            values = random.choice(
                [
                    {"minutes": random.randint(0, 200)},
                    {"note": f"Note {random.randint(1, 9)}"},
                    {"date_at": f"2026-10-{random.randint(1, 28):02}"},
                    {"billable": random.random() < 0.5},
                    {"tracking": random.choice([None, {"minutes": 5}])},
                ]
            )
            self.mite.change("time_entry", key, **values)

    def remove(self, random):
        if key := self.pick(random):
            self.mite.remove("time_entry", key)

    def pick(self, random):
        keys = sorted(self.mite.records["time_entry"])
        return random.choice(keys) if keys else None

    def read_mite(self, _random):
        self.sync()

    def read_badly(self, random):
        fault = random.choice([break_off, hang_up, fail(500), fail(429)])
        good = [None] * random.randint(0, 12)
        self.mite.faults = [*good, *[fault] * random.choice([2, 9])]
        self.account.with_user(self.env.ref("base.user_root"))._synchronise()
        self.mite.faults = []

    def decide_at_random(self, _random):
        self.decide()

    def bill_month(self, random):
        day = f"2026-{random.choice(MONTHS)}-01"
        self.invoices |= self.bill(day, post=random.random() < 0.7)

    def cancel(self, _random=None):
        for invoice in self.invoices.exists():
            if invoice.state == "posted":
                invoice.button_draft()
            if invoice.state == "draft":
                invoice.button_cancel()

    def forget(self, _random):
        self.account._read_everything_again()

    def open_again(self, random):
        self.mite.has_changes = random.random() < 0.7

    def settle_down(self):
        """Nothing is billed any more, nothing waits for a decision."""
        self.cancel()
        self.sync()
        self.decide()
        self.sync()

    def assert_equal_sides(self):
        wanted = {
            str(key): (
                record["date_at"],
                record["minutes"],
                record["billable"],
                " ".join(record["note"].split()) or "/",
            )
            for key, record in self.mite.records["time_entry"].items()
            if record["minutes"] and not record.get("tracking")
        }
        lines = self.env["account.analytic.line"].search(
            [("mite_entry_id.account_id", "=", self.account.id)]
        )
        found = {
            line.mite_entry_id.external_id: (
                str(line.date),
                round(line.unit_amount * 60),
                not line.non_billable,
                line.name,
            )
            for line in lines
        }
        self.assertEqual(len(found), len(lines))
        self.assertEqual(found, wanted)
        unexplained = self.get_differences().mapped("hours_unexplained")
        self.assertFalse([hours for hours in unexplained if abs(hours) > 0.001])
