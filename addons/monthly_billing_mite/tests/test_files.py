"""Files of mite and of other programs as plain values.

Also runs without Odoo, in this folder: python -m unittest test_files
"""

import io
import sys
import unittest
import zipfile
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import openpyxl

try:
    from odoo.tests import BaseCase, tagged

    from ..core import backup, columns, pairing, rows, tables
    from ..core.errors import FileError
except ImportError:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from core import backup, columns, pairing, rows, tables
    from core.errors import FileError

    BaseCase = unittest.TestCase

    def tagged(*_tags):
        return lambda one: one


GERMAN = """Datum;Benutzer;Kunde;Projekt;Leistung;Bemerkung;Stunden
05.10.2026;Anna Fischer;König GmbH;Website;Beratung;"Start; Plan";1:30
06.10.2026;Anna Fischer;König GmbH;Website;Beratung;Telefonat;0,25
"""
TOGGL = """User,Email,Client,Project,Task,Description,Billable,Start date,Start time,\
End date,End time,Duration,Tags,Amount (EUR)
Anna Fischer,a@example.com,King,Website,Design,Homepage,Yes,2026-10-05,23:30:00,\
2026-10-06,00:45:00,01:15:00,,
"""
CLOCKIFY = """Project,Client,Description,Task,User,Group,Email,Tags,Billable,\
Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal),\
Billable Rate (EUR),Billable Amount (EUR)
Website,King,Logo,Design,Anna Fischer,,a@example.com,,No,10/15/2026,02:00 PM,\
10/15/2026,03:30 PM,01:30:00,1.50,0,0
"""
KIMAI = """Date,From,To,Duration,Currency,Rate,Internal price,Hourly rate,Fixed rate,\
Username,Name,Customer,Project,Activity,Description,Billable,Tags
2026-10-05,09:00,10:30,1:30,EUR,0,0,0,0,anna,Anna Fischer,King,Website,Coding,Work,1,
"""
HARVEST = """Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,\
Approved?,First Name,Last Name,Roles,Employee?,Billable Rate,Billable Amount,\
Cost Rate,Cost Amount,Currency,External Reference URL
2026-10-05,King,Website,WEB,Design,Kickoff,1.5,Yes,No,No,Anna,Fischer,,Yes,0,0,0,0,EUR,
"""
BACKUP = b"""<?xml version="1.0" encoding="UTF-8"?>
<account><customers type="array"><customer><id type="integer">3</id>
<name>K\xc3\xb6nig GmbH</name></customer></customers>
<projects type="array"><project><id type="integer">8</id><name>Website</name>
<customer-id type="integer">3</customer-id><archived type="boolean">true</archived>
</project></projects>
<users type="array"><user><id>2</id><name>Anna Fischer</name></user></users>
<time-entries type="array"><time-entry>
<id type="integer">77</id><date-at type="date">2026-10-05</date-at>
<minutes type="integer">90</minutes><billable type="boolean">false</billable>
<note>Zeile 1
Zeile 2</note><user-id type="integer">2</user-id>
<project-id type="integer">8</project-id><service-id type="integer" nil="true"/>
</time-entry></time-entries></account>"""


def read(text, preset=None, encoding="utf-8", **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    table = tables.read_table(content)
    return rows.read_rows(table, columns.guess_columns(table.header, preset), **options)


def read_one(text, preset=None, **options):
    reading = read(text, preset, **options)
    assert not reading.problems, reading.problems
    return reading.entries[0][1]


@tagged("post_install", "-at_install")
class TestTables(BaseCase):
    def test_german_file_is_read_in_any_encoding(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            with self.subTest(encoding=encoding):
                entries = read(GERMAN, encoding=encoding).entries
                self.assertEqual([one.minutes for _line, one in entries], [90, 15])
                self.assertEqual(entries[0][1].customer.name, "König GmbH")
                self.assertEqual(entries[0][1].note, "Start; Plan")

    def test_separator_is_found(self):
        for sign in ("\t", "|", ","):
            text = f"Date{sign}User{sign}Minutes\n2026-10-05{sign}Anna{sign}90\n"
            with self.subTest(sign=sign):
                self.assertEqual(read_one(text).minutes, 90)

    def test_title_above_the_heading_is_left_out(self):
        entry = read_one(f"Report Oktober\n\n{GERMAN}")
        self.assertEqual(entry.day, date(2026, 10, 5))

    def test_excel_file_is_read(self):
        book = openpyxl.Workbook()
        book.active.append(["Datum", "Mitarbeiter", "Kunde", "Dauer"])
        day = datetime(2026, 10, 5)  # noqa: DTZ001 - a cell has no zone
        book.active.append([day, "Anna", "König", 1.5])
        content = io.BytesIO()
        book.save(content)
        entry = read_one(content.getvalue())
        self.assertEqual((entry.day, entry.minutes), (date(2026, 10, 5), 90))

    def test_files_that_are_no_table_are_refused(self):
        odd = (b"", b"\0\1\2\3", b"PK\x03\x04broken", b"one word", b"a;b\n")
        for content in odd:
            with self.subTest(content=content), self.assertRaises(FileError):
                tables.read_table(content)

    def test_archive_that_would_fill_the_memory_is_refused(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(5):
                archive.writestr(f"xl/{number}.xml", b"0" * 300_000)
        limit = patch.object(tables, "MAX_UNPACKED", 1_000_000)
        with limit, self.assertRaises(FileError) as caught:
            tables.read_table(content.getvalue())
        self.assertEqual(caught.exception.kind, "too_big")


@tagged("post_install", "-at_install")
class TestPresets(BaseCase):
    def check(self, entry, **values):
        names = ("user", "customer", "project", "service")
        found = {name: getattr(entry, name).name for name in names}
        expected = {"user": "Anna Fischer", "customer": "King", "project": "Website"}
        self.assertEqual(found, {**expected, "service": values["service"]})
        self.assertEqual((entry.day, entry.minutes), (values["day"], values["minutes"]))

    def test_toggl_entry_past_midnight_stays_on_its_first_day(self):
        entry = read_one(TOGGL, "toggl")
        self.check(entry, service="Design", day=date(2026, 10, 5), minutes=75)

    def test_clockify(self):
        entry = read_one(CLOCKIFY, "clockify")
        self.check(entry, service="Design", day=date(2026, 10, 15), minutes=90)
        self.assertFalse(entry.billable)

    def test_kimai(self):
        entry = read_one(KIMAI, "kimai")
        self.check(entry, service="Coding", day=date(2026, 10, 5), minutes=90)

    def test_harvest_joins_first_and_last_name(self):
        entry = read_one(HARVEST, "harvest")
        self.check(entry, service="Design", day=date(2026, 10, 5), minutes=90)


@tagged("post_install", "-at_install")
class TestRows(BaseCase):
    def test_rows_with_errors_are_named_and_stop_no_other(self):
        text = GERMAN + "31.02.2026;Anna;K;;;;1\n07.10.2026;Anna;K;;;;lang\n"
        text += "08.10.2026;;K;;;;1\n"
        reading = read(text)
        self.assertEqual(len(reading.entries), 2)
        kinds = [(one.line, one.kind) for one in reading.problems]
        self.assertEqual(kinds, [(4, "day"), (5, "duration"), (6, "user")])

    def test_same_file_has_the_same_keys(self):
        keys = [entry.key for _line, entry in read(GERMAN).entries]
        self.assertEqual(keys, [entry.key for _line, entry in read(GERMAN).entries])

    def test_equal_rows_are_two_entries(self):
        twice = GERMAN + GERMAN.splitlines()[1]
        keys = [entry.key for _line, entry in read(twice).entries]
        self.assertEqual(len(set(keys)), 3)

    def test_days_in_doubt_ask_for_their_order(self):
        text = "Date,User,Hours\n03/06/2026,Anna,1\n"
        with self.assertRaises(FileError) as caught:
            read(text)
        self.assertEqual(caught.exception.kind, "dates")
        self.assertEqual(read_one(text, order="mdy").day, date(2026, 3, 6))

    def test_columns_that_no_row_can_do_without_are_named(self):
        found = columns.guess_columns(["Datum", "Kunde"])
        self.assertEqual(columns.get_missing(found), ["duration", "user"])

    def test_projects_of_two_customers_are_two_projects(self):
        text = (
            "Date;User;Client;Project;Hours\n2026-10-05;A;X;Web;1\n2026-10-05;A;Y;Web;1"
        )
        keys = {entry.project.key for _line, entry in read(text).entries}
        self.assertEqual(len(keys), 2)

    def test_id_twice_is_an_error_of_the_row(self):
        text = "Id;Date;User;Hours\n7;2026-10-05;A;1\n7;2026-10-05;A;1\n"
        self.assertEqual([one.kind for one in read(text).problems], ["key"])


@tagged("post_install", "-at_install")
class TestPairing(BaseCase):
    def pair(self, before, after):
        old = {entry.key: entry for _line, entry in read(before).entries}
        new = {entry.key: entry for _line, entry in read(after).entries}
        vanished = {key: entry for key, entry in old.items() if key not in new}
        added = [entry for key, entry in new.items() if key not in old]
        return pairing.pair(vanished, added)

    def test_corrected_row_takes_the_place_of_the_former(self):
        pairs = self.pair(GERMAN, GERMAN.replace("Telefonat", "Telefonat mit A."))
        self.assertEqual([one.note for one in pairs.values()], ["Telefonat mit A."])

    def test_time_of_another_day_is_new(self):
        self.assertFalse(self.pair(GERMAN, GERMAN.replace("06.10", "07.10")))


@tagged("post_install", "-at_install")
class TestBackup(BaseCase):
    def test_backup_is_read_with_the_ids_of_mite(self):
        reading, masters = backup.read_backup(BACKUP)
        ((_line, entry),) = reading.entries
        self.assertEqual((entry.key, entry.minutes, entry.billable), ("77", 90, False))
        self.assertEqual(entry.customer.name, "König GmbH")
        self.assertEqual(entry.project.name, "Website")
        self.assertEqual(entry.note, "Zeile 1\nZeile 2")
        self.assertEqual(len(masters), 3)

    def test_broken_elements_are_named(self):
        for name in (b"77", b"2026-10-05", b">90<", b">false<"):
            broken = BACKUP.replace(name, b">odd<" if b">" in name else b"odd")
            with self.subTest(name=name):
                self.assertEqual(len(backup.read_backup(broken)[0].problems), 1)

    def test_document_types_are_refused(self):
        bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
        for content in (bomb, b"<a><b></a>", b"<a/>"):
            with self.subTest(content=content), self.assertRaises(FileError):
                backup.read_backup(content)
