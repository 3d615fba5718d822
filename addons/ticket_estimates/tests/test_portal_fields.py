from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_portal import TicketPortalCommon

MAIL = {
    "has_message",
    "message_has_error",
    "message_has_error_counter",
    "message_has_sms_error",
    "message_ids",
    "message_is_follower",
    "message_needaction",
    "message_needaction_counter",
    "website_message_ids",
}
RECORD = {
    "active",
    "create_date",
    "create_uid",
    "display_name",
    "id",
    "write_date",
    "write_uid",
}
#: What customers may read over RPC. Whoever adds a field without groups decides here.
READABLE = {
    "helpdesk.ticket": MAIL
    | RECORD
    | {
        "access_token",
        "access_url",
        "access_warning",
        "activity_type_icon",
        "assigned_date",
        "category_id",
        "channel_id",
        "closed",
        "closed_date",
        "color",
        "commercial_partner_id",
        "company_id",
        "customer_rank",
        "description",
        "duplicate_count",
        "duplicate_ids",
        "duplicate_tracking_enabled",
        "duration_tracking",
        "email_cc",
        "is_rotting",
        "kanban_state",
        "last_stage_update",
        "milestone_id",
        "name",
        "number",
        "partner_email",
        "partner_id",
        "partner_name",
        "priority",
        "project_id",
        "properties",
        "rotting_days",
        "sequence",
        "stage_id",
        "task_id",
        "team_id",
        "unattended",
        "user_id",
        "user_ids",
    },
    "helpdesk.ticket.team": MAIL
    | RECORD
    | {
        "alias_bounced_content",
        "alias_contact",
        "alias_defaults",
        "alias_domain",
        "alias_domain_id",
        "alias_email",
        "alias_force_thread_id",
        "alias_full_name",
        "alias_id",
        "alias_incoming_local",
        "alias_model_id",
        "alias_name",
        "alias_parent_model_id",
        "alias_parent_thread_id",
        "alias_status",
        "category_ids",
        "color",
        "company_id",
        "complete_name",
        "default_project_id",
        "name",
        "parent_id",
        "parent_path",
        "sequence",
        "show_in_portal",
        "ticket_ids",
        "ticket_properties",
        "todo_ticket_count",
        "todo_ticket_count_high_priority",
        "todo_ticket_count_unassigned",
        "todo_ticket_count_unattended",
        "user_id",
        "user_ids",
    },
    "helpdesk.ticket.stage": RECORD
    | {
        "close_from_portal",
        "closed",
        "company_id",
        "description",
        "fold",
        "is_cancellation",
        "mail_template_id",
        "name",
        "sequence",
        "team_ids",
        "unattended",
    },
}
#: Models of which customers may read nothing at all over RPC.
CLOSED = (
    "account.analytic.line",
    "helpdesk.ticket.channel",
    "helpdesk.ticket.estimate",
    "helpdesk.ticket.tag",
)
#: Addons whose fields on partners and companies are the firm's own affair.
OURS = {"ticket_estimates", "volume_discount", "monthly_billing"}


@tagged("post_install", "-at_install")
class TestPortalFields(TicketPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimate = cls._create_estimate(
            state="sent", internal_note="margin", scope="work"
        )
        cls.line = cls._log_time(2.0)
        cls.records = {
            "helpdesk.ticket": cls.ticket,
            "helpdesk.ticket.team": cls.team,
            "helpdesk.ticket.stage": cls.ticket.stage_id,
            "helpdesk.ticket.estimate": cls.estimate,
            "account.analytic.line": cls.line,
        }

    def _get_readable(self, record, user):
        """Return the names of the fields of ``record`` which ``user`` reads."""
        readable = set()
        for name in record._fields:
            record.invalidate_recordset()
            try:
                record.with_user(user).read([name])
            except AccessError:
                continue
            readable.add(name)
        return readable

    def _get_our_fields(self, model):
        fields = self.env[model]._fields
        return {name for name, field in fields.items() if OURS & set(field._modules)}

    def test_a_customer_reads_the_listed_fields_of_own_records_and_no_other(self):
        for model, expected in READABLE.items():
            with self.subTest(model):
                readable = self._get_readable(self.records[model], self.portal)
                unlisted = readable - expected
                self.assertFalse(
                    unlisted, "Give these fields groups, or list them as harmless"
                )

    def test_the_lists_name_no_field_that_is_closed_or_gone(self):
        fields = self._get_readable(self.ticket, self.portal)
        for name in ("name", "customer_rank", "priority", "stage_id"):
            self.assertIn(name, fields)

    def test_a_customer_is_told_of_none_of_the_closed_fields(self):
        for model, expected in READABLE.items():
            with self.subTest(model):
                names = self.env[model].with_user(self.portal).fields_get().keys()
                self.assertFalse((names & self._get_our_fields(model)) - expected)

    def test_closed_models_are_closed_for_customers_and_the_public(self):
        for user in (self.portal, self.stranger, self.env.ref("base.public_user")):
            for name in CLOSED:
                model = self.env[name].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(f"{user.login} {name} {operation}"):
                        self.assertFalse(model.has_access(operation))

    def test_every_field_of_closed_models_is_refused(self):
        for name in ("helpdesk.ticket.estimate", "account.analytic.line"):
            with self.subTest(name):
                self.assertFalse(self._get_readable(self.records[name], self.portal))

    def test_another_customer_reads_no_field_of_the_ticket(self):
        self.assertFalse(self._get_readable(self.ticket, self.stranger))

    def test_settings_on_partner_and_company_stay_with_the_firm(self):
        for record in (self.portal.partner_id, self.portal.company_id):
            with self.subTest(record._name):
                readable = self._get_readable(record, self.portal)
                self.assertFalse(readable & self._get_our_fields(record._name))

    def test_the_name_of_another_customers_duplicate_stays_hidden(self):
        self.ticket.duplicate_id = self._create_ticket(
            name="Confidential move", partner_id=self.other_customer.id
        )
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.portal).read(["duplicate_id"])

    def test_customers_write_nothing_on_their_tickets(self):
        ticket = self.ticket.with_user(self.portal)
        for name in ("name", "stage_id", "priority", "partner_id", "customer_rank"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.write({name: False})
        with self.assertRaises(AccessError):
            ticket.unlink()

    def test_the_public_may_not_change_stages(self):
        stages = self.env["helpdesk.ticket.stage"]
        public = self.env.ref("base.public_user")
        self.assertFalse(stages.with_user(public).has_access("write"))
