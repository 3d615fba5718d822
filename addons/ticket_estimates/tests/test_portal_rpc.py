from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_portal import TicketPortalCommon


@tagged("post_install", "-at_install")
class TestPortalRpc(TicketPortalCommon):
    """Another customer and the public call what a web client may call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket.name = "Confidential move"
        cls.estimate = cls._create_estimate(hours=7.0, state="sent")
        cls.file = cls._create_file(cls.ticket)
        cls.message = cls.ticket.message_post(
            body="Confidential answer", subtype_xmlid="mail.mt_comment"
        )
        cls.note = cls.ticket.message_post(
            body="Confidential note",
            subtype_xmlid="mail.mt_note",
            attachments=[("note.txt", b"Confidential")],
        )
        cls.public = cls.env.ref("base.public_user")
        cls.outsiders = (cls.stranger, cls.public)

    @classmethod
    def _create_file(cls, record):
        return cls.env["ir.attachment"].create(
            {
                "name": "plan.txt",
                "raw": b"Confidential",
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def _assert_nothing_found(self, function, *args, **kwargs):
        """Call ``function``: refused, or as if there were no such record."""
        try:
            result = function(*args, **kwargs)
        except AccessError:
            return
        if isinstance(result, dict):
            result = result.get("records") or result.get("datas")
        if result and isinstance(result[0], dict) and "__count" in result[0]:
            result = [row for row in result if row["__count"]]
        self.assertFalse(result)

    def test_nothing_is_found_by_searching(self):
        for record in (self.ticket, self.estimate):
            domain = [("id", "=", record.id)]
            for user in self.outsiders:
                model = record.browse().with_user(user)
                for call, args in (
                    (model.search, [domain]),
                    (model.search_read, [domain, ["display_name"]]),
                    (model.search_count, [domain]),
                    (model.web_search_read, [domain, {"display_name": {}}]),
                    (model.formatted_read_group, [domain, [], ["__count"]]),
                    (model.name_search, [self.ticket.number]),
                ):
                    with self.subTest(f"{user.login} {record} {call.__name__}"):
                        self._assert_nothing_found(call, *args)

    def test_nothing_is_read_by_id(self):
        for record in (self.ticket, self.estimate):
            for user in self.outsiders:
                foreign = record.with_user(user)
                for call, args in (
                    (foreign.read, [["display_name"]]),
                    (foreign.web_read, [{"display_name": {}}]),
                    (foreign.export_data, [["display_name"]]),
                    (foreign.get_metadata, []),
                ):
                    what = f"{user.login} {record} {call.__name__}"
                    with self.subTest(what), self.assertRaises(UserError):
                        call(*args)

    def test_nobody_from_outside_joins_the_conversation(self):
        for record in (self.ticket, self.estimate):
            for user in self.outsiders:
                foreign = record.with_user(user)
                with self.subTest(f"{user.login} {record}"):
                    with self.assertRaises(AccessError):
                        foreign.message_post(body="Let me in")
                    self._assert_nothing_found(
                        foreign.message_subscribe, user.partner_id.ids
                    )
                    self.assertNotIn(user.partner_id, record.message_partner_ids)

    def test_outsiders_find_neither_messages_nor_files(self):
        messages = self.env["mail.message"]
        files = self.env["ir.attachment"]
        for user in self.outsiders:
            for model, domain in (
                (messages, [("res_id", "=", self.ticket.id)]),
                (messages, [("model", "=", "helpdesk.ticket")]),
                (messages, [("body", "ilike", "confidential")]),
                (files, [("id", "in", (self.file | self.note.attachment_ids).ids)]),
                (files, [("res_model", "=", "helpdesk.ticket")]),
                (files, [("res_model", "=", "helpdesk.ticket.estimate")]),
            ):
                with self.subTest(f"{user.login} {domain}"):
                    self._assert_nothing_found(model.with_user(user).search, domain)

    def test_outsiders_read_neither_messages_nor_files(self):
        for user in self.outsiders:
            for record, name in (
                (self.message, "body"),
                (self.note, "body"),
                (self.file, "raw"),
                (self.note.attachment_ids, "raw"),
            ):
                with self.subTest(f"{user.login} {record}"):
                    record.invalidate_recordset()
                    with self.assertRaises(AccessError):
                        record.with_user(user).read([name])

    def test_the_customer_reads_answers_on_the_own_ticket(self):
        self.message.invalidate_recordset()
        values = self.message.with_user(self.portal).read(["body"])
        self.assertIn("Confidential", values[0]["body"])

    def test_the_customer_reads_no_internal_note_of_person_or_system(self):
        written = self.ticket.message_post(
            body="Confidential", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        for note in (self.note, written):
            with self.subTest(note.message_type), self.assertRaises(AccessError):
                note.with_user(self.portal).read(["body"])

    def test_the_customer_finds_answers_and_no_internal_note(self):
        found = self.env["mail.message"].with_user(self.portal)
        domain = [("model", "=", "helpdesk.ticket"), ("res_id", "=", self.ticket.id)]
        self.assertNotIn(self.note, found.search(domain))
        self.assertIn(self.message, found.search(domain))

    def test_the_customer_reads_what_was_sent_to_the_customer(self):
        sent = self.ticket.message_post(
            body="Your ticket moves on",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.portal.partner_id.ids,
        )
        self.assertTrue(sent.with_user(self.portal).read(["body"]))

    def test_the_team_reads_internal_notes(self):
        helpdesk = self._create_user("tp_desk", "helpdesk_mgmt.group_helpdesk_user")
        note = self.note.with_user(helpdesk)
        self.assertIn("Confidential", note.read(["body"])[0]["body"])
        self.assertEqual(note.attachment_ids.raw, b"Confidential")

    def test_files_are_read_by_no_customer_over_rpc(self):
        for file in (self.file, self.note.attachment_ids):
            with self.subTest(file.name), self.assertRaises(AccessError):
                file.with_user(self.portal).read(["raw"])

    def test_the_customer_reads_no_message_of_an_estimate(self):
        note = self.estimate.message_post(
            body="Confidential margin", subtype_xmlid="mail.mt_note"
        )
        note.invalidate_recordset()
        with self.assertRaises(AccessError):
            note.with_user(self.portal).read(["body"])
