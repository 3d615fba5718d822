from odoo.http import Request
from odoo.tests import tagged

from .common_portal import TicketPortalCommon

SECRET = "Confidential"
NOTE = "Internal"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHx"
    "gljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortalMailRoutes(TicketPortalCommon):
    """Odoo's own routes for conversations and files, on tickets and estimates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket.name = f"{SECRET} move"
        cls.ticket._portal_ensure_token()
        cls.estimate = cls._create_estimate(state="sent")
        cls.estimate._approve("Dr. Bauer", signature=PNG)
        for record in (cls.ticket, cls.estimate):
            record.message_post(
                body=SECRET,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=[(f"{SECRET}.txt", SECRET.encode())],
            )
            for message_type in ("comment", "notification"):
                record.message_post(
                    body=f"{NOTE} {SECRET}",
                    message_type=message_type,
                    subtype_xmlid="mail.mt_note",
                    attachments=[(f"{NOTE}.txt", f"{NOTE} {SECRET}".encode())],
                )
        cls.own = cls._create_ticket(partner_id=cls.other_customer.id)
        partner = cls.stranger.partner_id
        cls.keys = (
            {},
            {"token": "0" * 36},
            {"token": cls.own._portal_ensure_token()},
            {"hash": "0" * 64, "pid": partner.id},
            {"hash": cls.own._sign_token(partner.id), "pid": partner.id},
        )

    def _call(self, url, **params):
        """Return the text which the JSON route answers."""
        return self.url_open(url, json={"params": params}).text

    def _fetch(self, record, **key):
        """Return all that the routes for conversations answer, as one text."""
        target = {"thread_model": record._name, "thread_id": record.id}
        limit = {"fetch_params": {"limit": 30}}
        lists = ["messages", "attachments", "followers", "suggestedRecipients"]
        thread = ["mail.thread", {**target, "request_list": lists}]
        return "".join(
            self._call(url, **params)
            for url, params in (
                ("/mail/chatter_fetch", {**target, **limit, **key}),
                ("/mail/thread/messages", {**target, **limit}),
                ("/portal/chatter_init", {**target, **key}),
                ("/mail/data", {"fetch_params": [thread]}),
            )
        )

    def test_conversations_stay_with_the_customer(self):
        for user in (self.stranger, None):
            self._login(user)
            for record in (self.ticket, self.estimate):
                for key in self.keys:
                    with self.subTest(f"{user} {record} {key}"):
                        self.assertNotIn(SECRET, self._fetch(record, **key))

    def test_the_customer_reads_the_conversation_without_internal_notes(self):
        self._login(self.portal)
        text = self._fetch(self.ticket)
        self.assertIn(SECRET, text)
        self.assertNotIn(NOTE, text)

    def test_the_bearer_of_the_link_reads_no_internal_note(self):
        self._login(None)
        text = self._fetch(self.ticket, token=self.ticket.access_token)
        self.assertIn(SECRET, text)
        self.assertNotIn(NOTE, text)

    def test_the_link_to_an_estimate_opens_no_internal_note(self):
        self._login(None)
        self.assertTrue(self.estimate.access_token)
        text = self._fetch(self.estimate, token=self.estimate.access_token)
        self.assertNotIn(NOTE, text)

    def test_nobody_from_outside_writes_or_follows(self):
        for user in (self.stranger, None):
            self._login(user)
            for record in (self.ticket, self.estimate):
                target = {"thread_model": record._name, "thread_id": record.id}
                partners = self.stranger.partner_id.ids
                follow = {"res_model": record._name, "res_id": record.id}
                self._call("/mail/thread/subscribe", **follow, partner_ids=partners)
                for key in self.keys:
                    post = {"body": "Let me in", "message_type": "comment"}
                    self._call("/mail/message/post", **target, post_data=post, **key)
                self.assertNotIn(self.stranger.partner_id, record.message_partner_ids)
        written = [("body", "ilike", "let me in")]
        self.assertFalse(self.env["mail.message"].search_count(written))

    def test_nobody_from_outside_adds_a_file(self):
        before = self.env["ir.attachment"].search_count([])
        for user in (self.stranger, None):
            self._login(user)
            for key in self.keys:
                data = {
                    **key,
                    "csrf_token": Request.csrf_token(self),
                    "thread_model": "helpdesk.ticket",
                    "thread_id": self.ticket.id,
                }
                response = self.url_open(
                    "/mail/attachment/upload",
                    data=data,
                    files={"ufile": ("a.txt", b"a")},
                )
                self.assertEqual(response.status_code, 404)
                self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_the_customer_writes_and_attaches_a_file(self):
        self._login(self.portal)
        data = {
            "csrf_token": Request.csrf_token(self),
            "thread_model": "helpdesk.ticket",
            "thread_id": self.ticket.id,
            "is_pending": "true",
        }
        files = {"ufile": ("photo.txt", b"See here")}
        answer = self.url_open("/mail/attachment/upload", data=data, files=files).json()
        stored = answer["data"]["store_data"]["ir.attachment"][0]
        self._call(
            "/mail/message/post",
            thread_model="helpdesk.ticket",
            thread_id=self.ticket.id,
            post_data={
                "body": "See the file",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "attachment_ids": [stored["id"]],
                "attachment_tokens": [stored["ownership_token"]],
            },
        )
        message = self.ticket.message_ids.sorted("id")[-1]
        self.assertIn("See the file", message.body)
        self.assertEqual(message.author_id, self.portal.partner_id)
        self.assertEqual(message.attachment_ids.raw, b"See here")

    def test_files_open_for_nobody_without_their_token(self):
        domain = [("res_model", "in", ("helpdesk.ticket", "helpdesk.ticket.estimate"))]
        files = self.env["ir.attachment"].search(
            [*domain, ("res_id", "in", (self.ticket.id, self.estimate.id))]
        )
        self.assertEqual(len(files), 6)
        for user in (self.portal, self.stranger, None):
            self._login(user)
            for file in files:
                for url in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                    for token in ("", f"?access_token={self.keys[2]['token']}"):
                        response = self.url_open(url + token)
                        with self.subTest(f"{user} {url}{token}"):
                            self.assertNotIn(SECRET.encode(), response.content)
            zipped = self.url_open(
                "/mail/attachment/zip",
                data={
                    "csrf_token": Request.csrf_token(self),
                    "file_ids": ",".join(map(str, files.ids)),
                    "zip_name": "all.zip",
                },
            )
            self.assertNotIn(SECRET.encode(), zipped.content)

    def test_signatures_open_for_nobody(self):
        helpdesk = self._create_user("tp_desk", "helpdesk_mgmt.group_helpdesk_user")
        url = f"helpdesk.ticket.estimate/{self.estimate.id}/signature"
        self._login(helpdesk)
        signature = self.url_open(f"/web/content/{url}").content
        self.assertTrue(signature.startswith(b"\x89PNG"))
        for user in (self.portal, self.stranger, None):
            self._login(user)
            for route in ("image", "content"):
                response = self.url_open(f"/web/{route}/{url}")
                with self.subTest(f"{user} {route}"):
                    self.assertNotEqual(response.content, signature)

    def test_reports_print_for_nobody_from_outside(self):
        reports = self.env["ir.actions.report"].search(
            [("model", "in", ("helpdesk.ticket", "helpdesk.ticket.estimate"))]
        )
        self.assertTrue(reports)
        for user in (self.stranger, None):
            self._login(user)
            for report in reports:
                record = self.ticket
                if report.model == "helpdesk.ticket.estimate":
                    record = self.estimate
                url = f"/report/html/{report.report_name}/{record.id}"
                with self.subTest(f"{user} {url}"):
                    self.assertNotIn(SECRET, self.url_open(url).text)

    def test_a_link_to_the_record_leads_outsiders_nowhere(self):
        for user in (self.stranger, None):
            self._login(user)
            for record in (self.ticket, self.estimate):
                for key in ("", "&access_token=" + self.keys[2]["token"]):
                    url = f"/mail/view?model={record._name}&res_id={record.id}{key}"
                    with self.subTest(f"{user} {url}"):
                        self.assertNotIn(SECRET, self.url_open(url).text)
