"""Reading mite and files as plain values.

Also runs without Odoo, in this folder: python -m unittest test_core
"""

import sys
import unittest
from datetime import date, datetime, time, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

try:
    from odoo.tests import BaseCase, tagged

    from ..core import (
        comparison,
        days,
        durations,
        months,
        names,
        records,
        settling,
        texts,
    )
    from ..core.errors import MiteError
except ImportError:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from core import (
        comparison,
        days,
        durations,
        months,
        names,
        records,
        settling,
        texts,
    )
    from core.errors import MiteError

    BaseCase = unittest.TestCase

    def tagged(*_tags):
        return lambda one: one


#: the example of mite's documentation
DOCUMENTED = {
    "id": 36159117,
    "minutes": 15,
    "date_at": "2015-10-16",
    "note": "Rework description of authentication process",
    "billable": True,
    "locked": False,
    "revenue": None,
    "hourly_rate": 0,
    "user_id": 211,
    "user_name": "Noah Scott",
    "project_id": 88309,
    "project_name": "API Docs",
    "customer_id": 3213,
    "customer_name": "King Inc.",
    "service_id": 12984,
    "service_name": "Writing",
    "created_at": "2015-10-16T12:39:00+02:00",
    "updated_at": "2015-10-16T12:39:00+02:00",
}


def read(**values):
    return records.read_entry({"time_entry": {**DOCUMENTED, **values}})


@tagged("post_install", "-at_install")
class TestDurations(BaseCase):
    def test_clock_times_mean_the_same_in_every_column(self):
        for unit in ("hours", "minutes"):
            for text in ("1:30", "01:30:00", " 1:30 ", "1h 30m", "1 Std. 30 Min."):
                with self.subTest(text=text, unit=unit):
                    self.assertEqual(durations.read_minutes(text, unit), 90)

    def test_plain_numbers_are_in_the_unit_of_the_column(self):
        self.assertEqual(durations.read_minutes("1,5", "hours"), 90)
        self.assertEqual(durations.read_minutes("1.5", "hours"), 90)
        self.assertEqual(durations.read_minutes("90", "minutes"), 90)
        self.assertEqual(durations.read_minutes(0.25, "hours"), 15)
        self.assertEqual(durations.read_minutes("1.234,5", "minutes"), 1235)

    def test_cells_of_a_spreadsheet_are_read(self):
        self.assertEqual(durations.read_minutes(timedelta(minutes=90), "hours"), 90)
        self.assertEqual(durations.read_minutes(time(1, 30), "hours"), 90)
        moment = datetime(1899, 12, 31, 1, 30)  # noqa: DTZ001 - a cell has no zone
        self.assertEqual(durations.read_minutes(moment, "hours"), 90)

    def test_what_is_no_duration_is_refused(self):
        for value in ("", "abc", "-1", "1:75", "1;5", None, True, "999999999", "nan"):
            with self.subTest(value=value), self.assertRaises(ValueError):
                durations.read_minutes(value, "hours")

    def test_unit_follows_the_heading_then_the_cells(self):
        self.assertEqual(durations.guess_unit("Minuten", ["90"]), "minutes")
        self.assertEqual(durations.guess_unit("Stunden", ["2", "3"]), "hours")
        self.assertEqual(durations.guess_unit("Dauer", ["90", "15"]), "minutes")
        self.assertEqual(durations.guess_unit("Dauer", ["1,5", "2"]), "hours")

    @given(st.integers(0, 599_999))
    @settings(max_examples=100, deadline=None)
    def test_any_whole_minutes_survive_each_way_to_write_them(self, minutes):
        clock = f"{minutes // 60}:{minutes % 60:02}"
        self.assertEqual(durations.read_minutes(clock, "minutes"), minutes)
        self.assertEqual(durations.read_minutes(str(minutes), "minutes"), minutes)
        comma = f"{minutes / 60:.6f}".replace(".", ",")
        self.assertEqual(durations.read_minutes(comma, "hours"), minutes)


@tagged("post_install", "-at_install")
class TestDays(BaseCase):
    def test_order_follows_the_days_that_leave_no_doubt(self):
        self.assertEqual(days.guess_order(["03/06/2024", "31/05/2024"]), "dmy")
        self.assertEqual(days.guess_order(["03/06/2024", "05/31/2024"]), "mdy")
        self.assertEqual(days.guess_order(["3.6.2024"]), "dmy")
        self.assertEqual(days.guess_order(["2024-06-03"]), "dmy")

    def test_days_that_may_be_two_are_not_guessed(self):
        self.assertIsNone(days.guess_order(["03/06/2024"]))
        self.assertIsNone(days.guess_order(["31/05/2024", "05/31/2024"]))

    def test_days_are_read(self):
        june = date(2024, 6, 3)
        for text in ("3.6.2024", "03/06/24", "2024-06-03", "2024-06-03T23:59:00"):
            with self.subTest(text=text):
                self.assertEqual(days.read_day(text, "dmy"), june)
        self.assertEqual(days.read_day("06/03/2024", "mdy"), june)
        self.assertEqual(days.read_day(june, "dmy"), june)

    def test_days_that_no_calendar_has_are_refused(self):
        for text in ("31.2.2024", "", "yesterday", "2024-13-01"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                days.read_day(text, "dmy")

    def test_months_cover_every_day_once(self):
        first, last = date(2025, 11, 17), date(2026, 2, 3)
        found = months.list_months(first, last)
        self.assertEqual(len(found), 4)
        self.assertEqual(found[0], date(2025, 11, 1))
        self.assertEqual(months.get_last(found[-1]), date(2026, 2, 28))
        self.assertEqual(months.add_month(date(2025, 12, 31)), date(2026, 1, 1))


@tagged("post_install", "-at_install")
class TestTexts(BaseCase):
    def test_ticket_numbers_are_found_in_notes(self):
        self.assertEqual(
            texts.find_numbers("Fix #1042, then T02349"), ("1042", "T02349")
        )
        self.assertEqual(texts.find_numbers("HT00051: login"), ("HT00051",))

    def test_what_only_looks_like_a_number_is_none(self):
        for note in (
            "a#1042",
            "https://x.de/#12",
            "C3PO",
            "ISO-8601-1",
            "#12a",
            "&#39;",
        ):
            with self.subTest(note=note):
                self.assertEqual(texts.find_numbers(note), ())

    def test_numbers_name_tickets_with_or_without_zeros(self):
        self.assertTrue(texts.names_ticket("51", "HT00051"))
        self.assertTrue(texts.names_ticket("HT00051", "HT00051"))
        self.assertFalse(texts.names_ticket("5", "HT00051"))
        self.assertFalse(texts.names_ticket("0", "HT00000"))
        self.assertFalse(texts.names_ticket("T00051", "HT00051"))

    def test_the_whole_note_becomes_one_line(self):
        note = "8:00 bis 12:30\r\n\r\n\tcall 🚀 " + "x" * 10_000
        line = texts.to_line(note)
        self.assertTrue(line.startswith("8:00 bis 12:30 call 🚀 x"))
        self.assertEqual(len(line), 10_022)

    def test_signs_that_no_database_holds_are_left_out(self):
        self.assertEqual(texts.clean("a\0b\ud800c🚀\n"), "abc🚀\n")


@tagged("post_install", "-at_install")
class TestNames(BaseCase):
    def test_the_only_firm_with_the_name_is_proposed(self):
        firms = [(1, "König & Söhne GmbH"), (2, "King Inc."), (3, "Müller AG")]
        self.assertEqual(names.propose("Koenig und Soehne", firms), 1)
        self.assertEqual(names.propose("KING", firms), 2)
        self.assertIsNone(names.propose("Maier", firms))

    def test_two_firms_with_the_name_are_no_proposal(self):
        self.assertIsNone(names.propose("King", [(1, "King Inc."), (2, "King GmbH")]))

    def test_people_are_found_by_name_in_any_order(self):
        self.assertEqual(names.propose("Fischer, Anna", [(7, "Anna Fischer")]), 7)

    def test_a_name_of_nothing_but_a_legal_form_is_no_wildcard(self):
        self.assertIsNone(names.propose("GmbH", [(1, "Müller GmbH")]))
        self.assertIsNone(names.propose("  ", [(1, "")]))


@tagged("post_install", "-at_install")
class TestRecords(BaseCase):
    def test_documented_entry_is_read(self):
        entry = read()
        self.assertEqual(entry.key, "36159117")
        self.assertEqual((entry.day, entry.minutes), (date(2015, 10, 16), 15))
        self.assertEqual(entry.customer, records.Named("3213", "King Inc."))
        self.assertTrue(entry.billable)

    def test_the_day_is_that_of_mite_whatever_the_time_stamps_say(self):
        entry = read(created_at="2015-10-17T00:10:00+14:00")
        self.assertEqual(entry.day, date(2015, 10, 16))

    def test_missing_project_and_note_are_none(self):
        empty = {"project_id": None, "project_name": None, "note": None}
        entry = read(**empty)
        self.assertEqual((entry.project, entry.note), (records.Named(), ""))

    def test_running_timer_is_seen(self):
        self.assertTrue(read(tracking={"since": "2015-10-16", "minutes": 9}).running)

    def test_changed_shapes_are_refused(self):
        changed = (
            *({"minutes": None}, {"minutes": "15"}, {"minutes": -1}, {"minutes": True}),
            *({"date_at": "16.10.2015"}, {"id": "x"}, {"user_id": None}),
            *({"billable": None}, {"note": 5}),
        )
        for values in changed:
            with self.subTest(values=values), self.assertRaises(MiteError) as caught:
                read(**values)
            self.assertEqual(caught.exception.kind, "changed")

    def test_change_of_a_deleted_entry_has_no_record(self):
        change = records.read_change(
            {
                "change": {
                    "record_type": "time_entry",
                    "action": "deleted",
                    "record_id": 5,
                    "record": None,
                }
            }
        )
        self.assertEqual(change, records.Change("time_entry", "5", None))


@tagged("post_install", "-at_install")
class TestSettling(BaseCase):
    FACTS = {
        "minutes": 60,
        "date": "2026-10-05",
        "user": "1",
        "place": ["1"],
        "billable": True,
        "text": "Work",
    }

    def find(self, wanted, booked=None, exists=True, frozen=False):
        return settling.find_step(wanted, booked, exists, frozen)

    def test_new_time_is_created_and_known_time_left_alone(self):
        self.assertEqual(self.find(self.FACTS, exists=False).kind, "create")
        self.assertEqual(self.find(self.FACTS, dict(self.FACTS)).kind, "nothing")

    def test_changes_are_written_until_the_time_is_billed(self):
        changed = {**self.FACTS, "minutes": 90}
        for frozen, kind in ((False, "write"), (True, "drift")):
            step = self.find(changed, self.FACTS, frozen=frozen)
            self.assertEqual((step.kind, step.changed), (kind, {"minutes"}))

    def test_deleted_time_goes_until_it_is_billed(self):
        self.assertEqual(self.find(None, self.FACTS).kind, "delete")
        self.assertEqual(self.find(None, self.FACTS, frozen=True).kind, "drift")
        self.assertEqual(self.find(None, exists=False).kind, "nothing")


@tagged("post_install", "-at_install")
class TestComparison(BaseCase):
    def test_equal_sums_are_no_difference(self):
        here = {"1": comparison.Sums(booked=60)}
        self.assertEqual(comparison.compare({"1": 60}, here), [])

    def test_waiting_time_explains_a_difference(self):
        here = {"1": comparison.Sums(booked=60, waiting=30)}
        (row,) = comparison.compare({"1": 90}, here)
        self.assertEqual((row.mite - row.here.booked, row.unexplained), (30, 0))

    def test_minutes_that_only_one_side_has_are_named(self):
        here = {"2": comparison.Sums(booked=5)}
        rows = comparison.compare({"1": 90}, here)
        self.assertEqual([row.unexplained for row in rows], [90, -5])
