import json
from base64 import b64decode

from odoo.exceptions import UserError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_common import PNG, EstimatePortalCommon

MODEL = "helpdesk.ticket.estimate"


@tagged("post_install", "-at_install")
class TestEstimateAccess(EstimatePortalCommon):
    """A link opens the page and nothing else; customers have no way in by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(state="sent")
        cls.estimate.message_post(
            body="margin 40 %", subtype_xmlid="mail.mt_comment", message_type="comment"
        )

    def _request(self, route, arguments):
        """Return the answer as text, that of an error, too."""
        try:
            return json.dumps(self.make_jsonrpc_request(route, arguments))
        except JsonRpcException as error:
            return str(error)

    def _get_thread_arguments(self):
        link = self._get_link(self.estimate, self.contact)
        return {
            "thread_model": MODEL,
            "thread_id": self.estimate.id,
            "token": link["access_token"],
            "pid": self.contact.id,
            "hash": link["hash"],
        }

    @mute_logger("odoo.http")
    def test_no_link_opens_the_conversation_of_the_team(self):
        for user in (None, self.portal, self.stranger):
            self._log_in(user)
            for route in ("/mail/chatter_fetch", "/portal/chatter_init"):
                with self.subTest(user=user, route=route):
                    found = self._request(route, self._get_thread_arguments())
                    self.assertNotIn("margin", found)
                    self.assertNotIn(self.estimate.display_name, found)

    @mute_logger("odoo.http")
    def test_no_link_posts_on_the_conversation_of_the_team(self):
        arguments = self._get_thread_arguments()
        arguments["post_data"] = {"body": "from outside", "message_type": "comment"}
        for user in (None, self.portal, self.stranger):
            self._log_in(user)
            with self.subTest(user), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request("/mail/message/post", arguments)
        self.assertFalse(
            self.estimate.message_ids.filtered(lambda m: "outside" in m.body)
        )

    @mute_logger("odoo.http")
    def test_customers_call_nothing_of_an_estimate(self):
        ids = self.estimate.ids
        for name, arguments in (
            ("read", [ids, ["access_token"]]),
            ("search_read", [[], ["access_token"]]),
            ("web_read", [ids, {"access_token": {}}]),
            ("get_portal_url", [ids]),
            ("message_post", [ids]),
            ("action_withdraw", [ids]),
            ("action_send", [ids]),
            ("_approve", [ids, "me"]),
            ("write", [ids, {"user_id": False}]),
        ):
            for user in (self.portal, self.stranger):
                self._log_in(user)
                with self.subTest(name=name), self.assertRaises(JsonRpcException):
                    self.make_jsonrpc_request(
                        f"/web/dataset/call_kw/{MODEL}/{name}",
                        {
                            "model": MODEL,
                            "method": name,
                            "args": arguments,
                            "kwargs": {},
                        },
                    )
        self.assertEqual(self.estimate.state, "sent")

    def test_no_link_opens_the_picture_of_the_signature(self):
        link = self._get_link(self.estimate, self.contact)
        self._accept(self.estimate, signature=PNG, **link)
        picture = b64decode(self.estimate.signature)
        for user in (None, self.portal, self.stranger):
            self._log_in(user)
            with self.subTest(user):
                response = self.url_open(
                    f"/web/image/{MODEL}/{self.estimate.id}/signature"
                    f"?access_token={link['access_token']}"
                )
                self.assertNotEqual(response.content, picture)

    def test_no_link_opens_the_attached_pdf(self):
        estimate = self._create_estimate(ticket=self._create_ticket())
        estimate._send()
        attachment = estimate.message_ids.attachment_ids
        self.assertTrue(attachment)
        for user in (None, self.stranger):
            self._log_in(user)
            with self.subTest(user):
                response = self.url_open(
                    f"/web/content/{attachment.id}?access_token={estimate.access_token}"
                )
                self.assertEqual(response.status_code, 404)

    def test_address_and_token_are_for_the_team_only(self):
        names = self.env[MODEL].with_user(self.portal).fields_get()
        self.assertNotIn("internal_note", names)
        self.assertNotIn("signed_ip", names)

    def test_nobody_writes_a_token_or_who_answered(self):
        for name in ("access_token", "signed_ip", "signed_via", "sent_on"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "buttons"):
                self.estimate.write({name: False})
