import io
import zlib
from base64 import b64encode
from struct import pack
from urllib.parse import quote

from odoo.exceptions import UserError, ValidationError
from odoo.http import Request
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..pictures import get_pixels, is_too_large
from ..texts import MAX_DESCRIPTION, MAX_TITLE, join_lines, shorten, to_one_line
from .portal_common import PNG, EstimatePortalCommon


def make_png(width, height):
    """Return a small PNG that says it has so many pixels, all white."""

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _row in range(min(height, 100)))
    head = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", data + packer.flush())
        + chunk(b"IEND", b"")
    )


class TestTexts(BaseCase):
    def test_a_line_from_outside_is_one_line_without_tags(self):
        for text, line in (
            ("Printer  is\tslow", "Printer  is slow"),
            ("a\r\nBcc: x@example.com", "a Bcc: x@example.com"),
            (" \u2028a\u0000\u001bb\u0085c ", "ab c"),
            ("<h1>Hi</h1> a < b", "‹h1›Hi‹/h1› a ‹ b"),
            ("Müller & Söhne 🧡", "Müller & Söhne 🧡"),
        ):
            self.assertEqual(to_one_line(text), line)

    def test_staff_may_write_about_tags(self):
        self.assertEqual(join_lines("<h1>\nis missing"), "<h1> is missing")

    def test_what_is_cut_is_marked(self):
        self.assertEqual((shorten("abcd", 4), shorten("abcde", 4)), ("abcd", "abc…"))

    def test_the_size_of_a_picture_is_known_without_unpacking_it(self):
        self.assertEqual(get_pixels(make_png(30, 20)), 600)
        for side in (8_000, 30_000, 300_000):
            bomb = make_png(side, side)
            self.assertLess(len(bomb), 100_000)
            self.assertTrue(is_too_large(bomb), side)
        for other in (b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", io.BytesIO().read()):
            self.assertIsNone(get_pixels(other))


@tagged("post_install", "-at_install")
class TestPortalBounds(EstimatePortalCommon):
    """What customers send has a length, and a refusal in words."""

    def setUp(self):
        super().setUp()
        self._log_in(self.portal)

    def _submit(self, files=None, **data):
        known = self.env["helpdesk.ticket"].search([])
        data = {
            "subject": "Slow",
            "description": "Very slow",
            "csrf_token": Request.csrf_token(self),
            **data,
        }
        self.response = self.url_open(
            "/submitted/ticket", data=data, files=files, allow_redirects=False
        )
        return self.env["helpdesk.ticket"].search([]) - known

    def test_a_subject_without_end_is_refused_and_nothing_typed_is_lost(self):
        self.assertFalse(self._submit(subject="x" * 300, description="Kept text"))
        self.assertEqual(self.response.status_code, 400)
        for text in ("300 characters", "Kept text", "x" * MAX_TITLE):
            self.assertIn(text, self.response.text)

    def test_a_description_without_end_is_refused(self):
        self.assertFalse(self._submit(description="x" * (MAX_DESCRIPTION + 1)))
        self.assertEqual(self.response.status_code, 400)

    def test_a_subject_is_one_line_without_tags(self):
        ticket = self._submit(subject="Slow\r\nBcc: x <b>very</b>")
        self.assertEqual(ticket.name, "Slow Bcc: x ‹b›very‹/b›")

    def test_nul_bytes_and_pictures_of_gigabytes_are_no_server_error(self):
        with mute_logger("odoo.http"):
            self.assertFalse(self._submit(subject="a\0b"))
        self.assertEqual(self.response.status_code, 400)
        bomb = make_png(30_000, 30_000)
        ticket = self._submit(
            files=[("attachment", ("x.png", bomb, "image/png"))], attachment="1"
        )
        self.assertEqual(ticket.attachment_ids.raw, bomb)

    def test_lists_ignore_what_they_do_not_offer(self):
        for query in (
            "groupby=x",
            "search_in=x&search=y",
            "sortby=x",
            "date_begin=x&date_end=y",
            "date_begin=2026-13-45&date_end=2026-01-01",
        ):
            with self.subTest(query):
                answer = self.url_open(f"/my/tickets?{query}")
                self.assertEqual(answer.status_code, 200)

    @mute_logger("odoo.http")
    def test_what_no_page_can_mean_is_refused(self):
        for path, status in (
            ("/my/tickets?search=%00", 400),
            ("/my/estimates?search=%00", 400),
            (f"/my/tickets?search={'x' * 5000}", 400),
            ("/my/ticket/99999999999", 404),
            ("/my/tickets/page/99999999999", 404),
        ):
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, status)

    def test_a_contact_of_thousands_of_digits_opens_no_personal_link(self):
        estimate = self._create_estimate(state="sent")
        self._log_in(None)
        link = self._get_link(estimate, pid="9" * 3000, hash="x")
        self.assertEqual(self._open(estimate, **link).status_code, 200)

    def test_pages_with_buttons_are_in_no_frame_of_others(self):
        for path in (f"/my/ticket/{self.ticket.id}", "/my/tickets/rank", "/new/ticket"):
            with self.subTest(path):
                headers = self.url_open(path).headers
                self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
                self.assertIn("frame-ancestors", headers["Content-Security-Policy"])

    def test_a_signature_of_gigabytes_is_refused_in_words(self):
        for side in (5_000, 30_000):
            estimate = self._create_estimate(state="sent")
            bomb = b64encode(make_png(side, side)).decode()
            answer = self._accept(estimate, signature=bomb)
            self.assertIn("cannot be read as a picture", answer["error"])
            self.assertEqual(estimate.state, "sent")

    def test_the_name_of_a_signature_is_one_line_without_tags(self):
        estimate = self._create_estimate(state="sent")
        self._accept(estimate, name="Dr\r\n<b>Bauer\0</b>", signature=PNG)
        self.assertEqual(estimate.signed_by, "Dr ‹b›Bauer‹/b›")

    def test_a_message_without_end_is_refused(self):
        ticket = self.ticket.with_user(self.portal)
        with self.assertRaisesRegex(UserError, "attach it as a file"):
            ticket.message_post(body="x" * 60_000, message_type="comment")

    def test_a_mail_is_cut_and_never_refused(self):
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": "Long\r\n" + "x" * 1_000_000,
                "body": "<p>" + "y" * 1_000_000 + "</p>",
                "from": "a" * 1_000 + "@example.com",
                "to": "support@example.com",
            }
        )
        self.assertEqual(len(ticket.name), MAX_TITLE)
        self.assertLess(len(ticket.description), 2 * MAX_DESCRIPTION)
        self.assertLess(len(ticket.partner_email), 300)

    def test_titles_of_staff_and_imports_have_a_length_too(self):
        self.ticket.name = "<h1>\nis missing"
        self.assertEqual(self.ticket.name, "<h1> is missing")
        with self.assertRaises(ValidationError):
            self.ticket.name = "x" * 501

    def test_the_address_of_a_page_tells_nothing_by_odd_tokens(self):
        token = quote("\ufffe'\"<>", safe="")
        answer = self.url_open(f"/my/ticket/{self.ticket.id}/{token}")
        self.assertEqual(answer.status_code, 200)
