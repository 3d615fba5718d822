import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import MiteCommon
from .test_files import BACKUP, CLOCKIFY, TOGGL

HEAD = "Datum;Mitarbeiter;Kunde;Projekt;Leistung;Bemerkung;Stunden\n"
FIRST = "05.10.2026;Anna Fischer;Zahnarztpraxis Dr. Sommer;Support Sommer;;Plan;1:30\n"
SECOND = "06.10.2026;Anna Fischer;Zahnarztpraxis Dr. Sommer;Support Sommer;;Call;0,25\n"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestFileImport(MiteCommon):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(
            name="Files", source="file", subdomain=False, state="draft"
        )

    def make_wizard(self, text, **values):
        content = text if isinstance(text, bytes) else text.encode()
        wizard = self.env["mite.import"].create(
            {
                "account_id": self.account.id,
                "file": base64.b64encode(content),
                **values,
            }
        )
        wizard.action_read()
        return wizard

    def take(self, text, **values):
        """Import a file; return the run."""
        wizard = self.make_wizard(text, **values)
        if wizard.step == "columns":
            wizard.action_preview()
        return self.env["mite.run"].browse(wizard.action_import()["res_id"])

    def take_and_decide(self, text):
        self.take(text)
        self.decide()
        return self.take(text)

    def get_hours(self):
        lines = self.env["account.analytic.line"].search(
            [("mite_entry_id.account_id", "=", self.account.id)]
        )
        return sorted(lines.mapped("unit_amount"))

    def test_file_is_booked_once_its_names_are_assigned(self):
        self.take(HEAD + FIRST + SECOND)
        self.assertEqual(self.get_hours(), [])
        self.take_and_decide(HEAD + FIRST + SECOND)
        self.assertEqual(self.get_hours(), [0.25, 1.5])

    def test_same_file_again_changes_nothing(self):
        self.take_and_decide(HEAD + FIRST + SECOND)
        run = self.take(HEAD + FIRST + SECOND)
        self.assertEqual((run.created, run.updated, run.deleted), (0, 0, 0))

    def test_overlapping_file_adds_what_is_new(self):
        self.take_and_decide(HEAD + FIRST)
        self.take(HEAD + FIRST + SECOND)
        self.assertEqual(self.get_hours(), [0.25, 1.5])

    def test_corrected_row_takes_the_place_of_the_former(self):
        self.take_and_decide(HEAD + FIRST + SECOND)
        run = self.take(HEAD + FIRST.replace("1:30", "2:00") + SECOND)
        self.assertEqual((run.created, run.updated), (0, 1))
        self.assertEqual(self.get_hours(), [0.25, 2])
        again = self.take(HEAD + FIRST.replace("1:30", "2:00") + SECOND)
        self.assertEqual((again.created, again.updated), (0, 0))

    def test_corrected_row_that_is_billed_becomes_drift(self):
        self.take_and_decide(HEAD + FIRST)
        self.bill()
        run = self.take(HEAD + FIRST.replace("1:30", "2:00"))
        self.assertEqual((run.created, run.drifts), (0, 1))
        self.assertEqual(self.get_hours(), [1.5])

    def test_row_that_is_gone_from_its_day_is_removed(self):
        third = FIRST.replace("Plan", "Other")
        self.take_and_decide(HEAD + FIRST + third)
        wizard = self.make_wizard(HEAD + FIRST)
        wizard.action_preview()
        self.assertEqual(wizard.gone_entries, 1)
        wizard.action_import()
        self.assertEqual(self.get_hours(), [1.5])

    def test_file_of_one_customer_removes_nothing_of_others(self):
        other = FIRST.replace("Zahnarztpraxis Dr. Sommer", "Maschinenbau")
        self.take(HEAD + FIRST + other)
        run = self.take(HEAD + FIRST, is_complete=False)
        entries = self.env["mite.entry"].search(
            [("account_id", "=", self.account.id), ("is_deleted", "=", False)]
        )
        self.assertEqual((len(entries), run.fetched), (2, 1))

    def test_preview_names_rows_that_cannot_be_read_and_writes_nothing(self):
        odd = FIRST.replace("1:30", "lang")
        wizard = self.make_wizard(HEAD + odd + SECOND)
        wizard.action_preview()
        self.assertEqual((wizard.entries, wizard.problems), (1, 1))
        problem = wizard.problem_ids
        self.assertEqual((problem.line, problem.value), (2, "lang"))
        self.assertEqual(problem.text, "This is no duration.")
        self.assertEqual((wizard.line_ids.entries, wizard.line_ids.hours), (1, 0.25))
        self.assertFalse(self.env["mite.entry"].search([]))

    def test_columns_with_other_headings_are_chosen_by_hand(self):
        text = "When;Who;Long\n05.10.2026;Anna Fischer;1:30\n"
        wizard = self.make_wizard(text)
        with self.assertRaisesRegex(UserError, "Date, Duration, Person"):
            wizard.action_preview()
        for column, field in zip(
            wizard.column_ids, ("date", "user", "duration"), strict=True
        ):
            column.field = field
        wizard.action_preview()
        self.assertEqual(wizard.entries, 1)

    def test_exports_of_other_programs_are_taken(self):
        for preset, text in (("toggl", TOGGL), ("clockify", CLOCKIFY)):
            with self.subTest(preset=preset):
                run = self.take(text, preset=preset)
                self.assertEqual(run.fetched, 1)

    def test_backup_brings_the_numbers_of_mite(self):
        run = self.take(BACKUP)
        self.assertEqual(run.fetched, 1)
        self.assertEqual(self.get_entry(77).project_link_id.external_id, "8")
        self.assertTrue(self.get_link("project", 8).archived)

    def test_backup_of_a_connected_account_doubles_nothing(self):
        self.account = self.make_account(subdomain="other")
        self.mite.records["time_entry"].clear()
        key = self.track("10-05", 60, id=77)
        self.connect()
        self.take(BACKUP)
        self.assertEqual(self.get_entry(key).minutes, 60)
        self.assertEqual(self.get_hours(), [1])

    def test_table_is_refused_for_a_connected_account(self):
        self.account = self.make_account(subdomain="other")
        with self.assertRaisesRegex(UserError, "come twice"):
            self.make_wizard(HEAD + FIRST)

    def test_time_before_the_first_day_is_left_out(self):
        self.account.date_from = "2026-10-06"
        run = self.take(HEAD + FIRST + SECOND)
        self.assertEqual(run.fetched, 1)

    def test_file_that_cannot_be_read_says_why(self):
        for content in (b"\0\1", b"<a>", b"one", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"):
            with self.subTest(content=content), self.assertRaises(UserError):
                self.make_wizard(content)

    def test_only_managers_import(self):
        wizard = self.make_wizard(HEAD + FIRST)
        with self.assertRaises(AccessError):
            wizard.with_user(self.billing_user).action_import()
