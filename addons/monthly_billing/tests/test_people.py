"""One setting says how the customer reads the firm's people, wherever they stand."""

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import MonthlyBillingCommon

NAME, INITIALS = "Xaver Yildirim", "XY"


class PeopleCommon(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee.name = NAME
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Support", "show_timesheet_portal": True}
        )
        cls.ticket = cls.make_ticket("Printer", team_id=cls.team.id)
        cls.entry = cls.book(2, "10-05", cls.ticket, name="New drum")

    def assertShown(self, text, choice):
        """``text`` names people as it was agreed, and in no other way."""
        self.assertEqual(NAME in text, choice == "name", choice)
        self.assertEqual(INITIALS in text.split(), choice == "initials", choice)
        if choice != "name":
            self.assertNotIn("Xaver", text)
            self.assertNotIn("Yildirim", text)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPeopleOnInvoices(PeopleCommon):
    def get_names(self, grouping, choice):
        self.agreement.write({"grouping": grouping, "timesheet_report_person": choice})
        invoice = self.bill().invoice_id
        text = "\n".join(invoice.invoice_line_ids.mapped("name")).replace(",", " ")
        invoice.unlink()
        return text

    def test_lines_by_entry_name_people_as_agreed(self):
        for choice in ("name", "initials", "none"):
            text = self.get_names("entry", choice)
            self.assertShown(text, choice)
            self.assertIn("New drum", text)

    def test_headings_by_person_name_people_as_agreed(self):
        for choice in ("name", "initials", "none"):
            text = self.get_names("person", choice)
            self.assertShown(text, choice)
            self.assertEqual("Our Team" in text, choice == "none")


@tagged("post_install", "-at_install")
class TestPeopleInPortal(PeopleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env["project.task"].create(
            {
                "name": "Task",
                "project_id": cls.project.id,
                "partner_id": cls.partner.id,
            }
        )
        cls.book(1, "10-06", task_id=cls.task.id, partner_id=cls.partner.id)
        cls.project.privacy_visibility = "portal"
        cls.user = new_test_user(
            cls.env, "mb_people", groups="base.group_portal", password="mb_people"
        )
        cls.user.partner_id.parent_id = cls.partner
        for record in (cls.project, cls.task, cls.ticket):
            record.message_subscribe(cls.user.partner_id.ids)

    def read_page(self, address):
        page = self.url_open(address)
        self.assertEqual(page.status_code, 200)
        return page.text.replace("<", " <").replace(">", "> ")

    def assertPageShows(self, address):
        self.authenticate("mb_people", "mb_people")
        for choice in ("name", "initials", "none"):
            self.agreement.timesheet_report_person = choice
            self.assertShown(self.read_page(address), choice)

    def test_the_page_of_the_ticket(self):
        self.assertPageShows(f"/my/ticket/{self.ticket.id}")

    def test_the_list_of_timesheets(self):
        self.assertPageShows("/my/timesheets")
        self.assertPageShows("/my/timesheets?groupby=project_id")

    def test_the_page_of_a_task(self):
        self.assertPageShows(f"/my/tasks/{self.task.id}")

    def test_the_printed_timesheets_of_a_task(self):
        self.assertPageShows(f"/my/tasks/{self.task.id}?report_type=html")

    def test_nobody_searches_or_groups_by_people(self):
        self.authenticate("mb_people", "mb_people")
        self.agreement.timesheet_report_person = "none"
        page = self.read_page("/my/timesheets")
        self.assertNotIn("search_in=employee_id", page)
        self.assertNotIn("Employee</a>", page)
        found = self.read_page("/my/timesheets?search_in=employee_id&search=Xaver")
        self.assertIn("There are no timesheets", found)


@tagged("post_install", "-at_install")
class TestWhichAgreementSpeaks(PeopleCommon):
    def get_person(self):
        return self.entry._get_shown_people()[self.entry]

    def test_a_name_where_nothing_was_agreed(self):
        self.agreement.action_draft()
        self.assertEqual(self.get_person(), NAME)

    def test_the_agreement_that_bills_the_entry(self):
        other = self.make_project("Other", self.partner)
        self.agreement.write(
            {"project_ids": self.project.ids, "timesheet_report_person": "name"}
        )
        self.make_agreement(project_ids=other.ids, timesheet_report_person="none")
        self.assertEqual(self.get_person(), NAME)

    def test_another_one_with_the_customer_where_none_bills_it(self):
        other = self.make_project("Other", self.partner)
        self.agreement.write(
            {"project_ids": other.ids, "timesheet_report_person": "none"}
        )
        self.assertEqual(self.get_person(), "")

    def test_one_with_another_customer_says_nothing(self):
        self.agreement.action_draft()
        foreign = self.make_partner("Foreign")
        self.make_agreement(partner_id=foreign.id, timesheet_report_person="none")
        self.assertEqual(self.get_person(), NAME)
