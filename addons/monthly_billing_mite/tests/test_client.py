"""The client against a real HTTP server on this machine."""

import sys
import unittest
from pathlib import Path

try:
    from odoo.tests import BaseCase, tagged

    from ..core import client as client_module
    from ..core.client import MiteClient, get_origin
    from ..core.errors import MiteError
    from . import mite_server as mite
except ImportError:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import mite_server as mite
    from core import client as client_module
    from core.client import MiteClient, get_origin
    from core.errors import MiteError

    BaseCase = unittest.TestCase

    def tagged(*_tags):
        return lambda one: one


@tagged("post_install", "-at_install")
class TestClient(BaseCase):
    def setUp(self):
        super().setUp()
        self.server = mite.MiteServer()
        self.addCleanup(self.server.close)
        self.slept = []
        self.client = MiteClient(self.server.url, mite.KEY, self.slept.append)

    def assert_fails(self, kind, action=None):
        with self.assertRaises(MiteError) as caught:
            (action or (lambda: self.client.get("/myself.json")))()
        self.assertEqual(caught.exception.kind, kind)

    def test_pages_bring_every_record_once(self):
        for number in range(2003):
            self.server.add_entry(f"2026-10-{number % 28 + 1:02}", 5, 1)
        query = {"sort": "date", "direction": "asc"}
        found = sum(self.client.pages("/time_entries.json", **query), [])
        self.assertEqual(len({one["time_entry"]["id"] for one in found}), 2003)
        self.assertEqual(len(self.server.requests), 3)

    def test_wrong_key_is_told_apart_from_a_wrong_account(self):
        self.client.session.headers["X-MiteApiKey"] = "wrong"
        self.assert_fails("unauthorized")
        self.client.session.headers["X-MiteApiKey"] = mite.KEY
        self.assert_fails("not_found", lambda: self.client.get("/nowhere.json"))

    def test_lasting_errors_are_not_tried_again(self):
        for status, kind in (
            (401, "unauthorized"),
            (403, "forbidden"),
            (423, "locked"),
        ):
            with self.subTest(status=status):
                self.server.faults = [mite.fail(status)]
                self.assert_fails(kind)
        self.assertEqual(self.slept, [])

    def test_passing_errors_are_tried_again_with_growing_pauses(self):
        self.server.faults = [mite.fail(500), mite.fail(503), mite.hang_up]
        self.assertEqual(self.client.get("/account.json").data["account"]["id"], 1)
        self.assertEqual(self.slept, [1, 2, 4])

    def test_too_many_requests_wait_as_long_as_mite_says(self):
        self.server.faults = [mite.fail(429, {"Retry-After": "17"})]
        self.client.get("/account.json")
        self.server.faults = [mite.fail(429, {"Retry-After": "99999"})]
        self.client.get("/account.json")
        self.assertEqual(self.slept, [17, 60])

    def test_errors_that_last_end_after_some_tries(self):
        self.server.faults = [mite.fail(502)] * 9
        self.assert_fails("server")
        self.assertEqual(len(self.server.requests), 4)

    def test_half_a_page_is_tried_again_and_never_used(self):
        self.server.faults = [mite.break_off, mite.send_body(b'[{"time_en')]
        self.assertEqual(self.client.get("/time_entries.json").data, [])
        self.server.faults = [mite.break_off] * 4
        self.assert_fails("partial")

    def test_nobody_there_is_an_error_of_the_network(self):
        self.client.origin = "http://127.0.0.1:1"
        self.assert_fails("network")

    def test_page_that_is_no_list_is_refused(self):
        self.server.faults = [mite.send_body(b'{"a": 1}')]
        self.assert_fails("changed", lambda: list(self.client.pages("/users.json")))

    def test_a_server_without_pages_is_not_asked_for_ever(self):
        page = b"[" + b",".join([b'{"user": {"id": 1}}'] * 1000) + b"]"
        self.server.faults = [mite.send_body(page)] * 5
        self.assert_fails("changed", lambda: list(self.client.pages("/users.json")))

    def test_no_redirect_is_followed(self):
        other = mite.MiteServer()
        self.addCleanup(other.close)
        self.server.faults = [mite.move_to(f"{other.url}/myself.json")]
        self.assert_fails("redirect")
        self.assertEqual(other.requests, [])

    def test_link_to_changes_stays_on_the_host(self):
        answer = self.client.get("/time_entries.json", limit=1)
        self.assertTrue(answer.changes_link.startswith(self.server.url))
        for link in ("https://example.com/changes", "file:///etc/passwd", "//x.de/c"):
            with self.subTest(link=link):
                self.assert_fails(
                    "redirect", lambda link=link: self.client.follow(link)
                )

    def test_big_answers_are_cut_off(self):
        self.patch_limit(1000)
        self.server.faults = [mite.send_body(b"[" + b" " * 5000 + b"]")]
        self.assert_fails("too_big")

    def patch_limit(self, limit):
        former = client_module.MAX_BYTES
        client_module.MAX_BYTES = limit
        self.addCleanup(setattr, client_module, "MAX_BYTES", former)

    def test_entries_are_locked_and_opened_in_mite(self):
        key = self.server.add_entry("2026-10-05", 60, 1)
        self.client.set_locked(str(key), True)
        self.assertTrue(self.server.records["time_entry"][key]["locked"])
        self.client.set_locked(str(key), False)
        self.assertFalse(self.server.records["time_entry"][key]["locked"])

    def test_plain_http_is_for_this_machine_only(self):
        for url in ("http://demo.mite.de", "ftp://demo.mite.de", "https://a@mite.de"):
            with self.subTest(url=url), self.assertRaises(MiteError):
                get_origin(url)
        self.assertEqual(get_origin("https://Demo.mite.de/x"), "https://demo.mite.de")

    def test_errors_name_no_key(self):
        self.server.faults = [mite.fail(403)]
        with self.assertRaises(MiteError) as caught:
            self.client.get("/myself.json")
        self.assertNotIn(mite.KEY, str(caught.exception))
