import json

from lxml import etree

from odoo import SUPERUSER_ID
from odoo.tests import Form, tagged

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestViews(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user(
            "te_form",
            "helpdesk_mgmt.group_helpdesk_user",
            "hr_timesheet.group_hr_timesheet_approver",
        )
        cls.helpdesk = cls._create_user("te_desk", "helpdesk_mgmt.group_helpdesk_user")
        cls.worker = cls._create_user(
            "te_worker", "hr_timesheet.group_hr_timesheet_user"
        )
        cls.billing = cls._create_user("te_bill", "account.group_account_invoice")
        cls.env = cls.env(user=cls.user)

    def test_an_estimate_is_created_and_sent_from_the_ticket_in_two_clicks(self):
        action = self.ticket.with_env(self.env).action_new_estimate()
        model = self.env[action["res_model"]].with_context(**action["context"])
        with Form(model) as form:
            form.estimated_hours = 3.0
        form.record.action_send()
        self.assertEqual(form.record.state, "sent")
        self.assertEqual(self.ticket.estimate_id, form.record)

    def test_the_amounts_show_before_saving(self):
        model = self.env["helpdesk.ticket.estimate"]
        form = Form(model.with_context(default_ticket_id=self.ticket.id))
        form.estimated_hours = 2.0
        self.assertEqual(form.price_unit, 90.0)
        self.assertEqual(form.amount_total, 214.2)

    def test_the_form_of_an_approved_estimate_is_read_only(self):
        form = Form(self._create_estimate(state="approved").with_env(self.env))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.estimated_hours = 1.0

    def test_the_form_of_an_approved_estimate_shows_its_amounts(self):
        form = Form(self._create_estimate(state="approved").with_env(self.env))
        self.assertEqual(form.amount_total, 856.8)

    def test_time_is_typed_into_the_ticket_form(self):
        with (
            Form(self.ticket.with_env(self.env)) as form,
            form.timesheet_ids.new() as line,
        ):
            line.employee_id = self.employee
            line.name = "Repair"
            line.unit_amount = 1.5
        self.assertEqual(self.ticket.total_hours, 1.5)
        self.assertEqual(self.ticket.timesheet_ids.project_id, self.project)

    def test_hours_show_in_the_ticket_form_before_saving(self):
        form = Form(self.ticket.with_env(self.env))
        with form.timesheet_ids.new() as line:
            line.employee_id = self.employee
            line.unit_amount = 2.0
        self.assertEqual(form.total_hours, 2.0)

    def test_choosing_a_ticket_in_a_timesheet_fills_the_project(self):
        view = "hr_timesheet.timesheet_view_form_user"
        with Form(self.env["account.analytic.line"], view=view) as form:
            form.employee_id = self.employee
            form.ticket_id = self.ticket
            self.assertEqual(form.project_id, self.project)
        self.assertEqual(form.record.partner_id, self.customer)

    def test_the_buttons_of_the_ticket_open_its_own_records(self):
        for action in (
            self.ticket.with_env(self.env).action_view_estimates(),
            self.ticket.with_env(self.env).action_view_timesheets(),
        ):
            self.assertEqual(action["domain"], [("ticket_id", "=", self.ticket.id)])

    def test_a_helpdesk_user_without_timesheet_rights_opens_the_ticket(self):
        form = Form(self.ticket.with_user(self.helpdesk))
        self.assertNotIn("timesheet_ids", form._view["fields"])
        self.assertIn("estimate_ids", form._view["fields"])

    def test_a_timesheet_user_without_helpdesk_rights_opens_the_own_ticket(self):
        self.ticket.sudo().message_subscribe(self.worker.partner_id.ids)
        form = Form(self.ticket.with_user(self.worker))
        self.assertIn("timesheet_ids", form._view["fields"])
        self.assertNotIn("estimate_ids", form._view["fields"])

    def test_a_billing_user_opens_an_estimate_without_buttons(self):
        estimate = self._create_estimate()
        arch = estimate.with_user(self.billing).get_view(view_type="form")["arch"]
        self.assertNotIn("action_send", arch)

    def test_every_view_of_the_estimates_opens(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ticket_estimates.helpdesk_ticket_estimate_action"
        )
        views = self.env["helpdesk.ticket.estimate"].get_views(
            [*action["views"], (False, "search")]
        )["views"]
        self.assertEqual(
            views.keys(),
            {"list", "kanban", "form", "pivot", "graph", "activity", "search"},
        )

    def test_the_progress_bar_of_the_kanban_has_colors_the_web_client_can_read(self):
        arch = self.env["helpdesk.ticket.estimate"].get_view(view_type="kanban")["arch"]
        colors = etree.fromstring(arch).find(".//progressbar").get("colors")
        self.assertEqual(json.loads(colors).keys(), {"planned", "today", "overdue"})

    def test_new_time_in_the_list_of_a_ticket_goes_to_its_project(self):
        action = self.ticket.with_env(self.env).action_view_timesheets()
        lines = self.env["account.analytic.line"].with_context(**action["context"])
        view = "hr_timesheet.timesheet_view_form_user"
        with Form(lines, view=view) as form:
            form.employee_id = self.employee
        self.assertEqual(form.record.ticket_id, self.ticket)
        self.assertEqual(form.record.project_id, self.project)

    def test_the_settings_name_service_and_validity(self):
        settings = Form(self.env(user=SUPERUSER_ID)["res.config.settings"])
        settings.ticket_estimate_validity_days = 14
        settings.save().execute()
        self.assertEqual(self.company.ticket_estimate_validity_days, 14)
