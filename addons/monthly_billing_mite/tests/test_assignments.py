from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MiteCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAssignments(MiteCommon):
    def test_equal_names_are_proposed_and_wait_for_a_person(self):
        self.sync()
        customer, user = (
            self.get_link("customer", self.king),
            self.get_link("user", self.anna),
        )
        self.assertEqual(customer.partner_id, self.partner)
        self.assertEqual(user.employee_id, self.employee)
        self.assertEqual({customer.state, user.state}, {"proposed"})

    def test_a_proposal_that_was_taken_away_does_not_come_back(self):
        self.sync()
        link = self.get_link("customer", self.king)
        link.partner_id = False
        self.sync()
        self.assertFalse(link.partner_id)
        self.assertEqual(link.state, "unknown")

    def test_decision_is_remembered_when_mite_renames(self):
        self.connect()
        self.mite.change("customer", self.king, name="Quite Another Name")
        key = self.track("10-05", 60)
        self.sync()
        link = self.get_link("customer", self.king)
        self.assertEqual((link.name, link.state), ("Quite Another Name", "decided"))
        self.assertEqual(self.get_time(key).partner_id, self.partner)

    def test_choosing_decides_and_books_what_waited(self):
        other = self.mite.add("customer", name="Unknown Ltd")
        key = self.track("10-05", 60, project=None, customer_id=other)
        self.connect()
        self.assertEqual(self.get_entry(key).problem, "customer")
        link = self.get_link("customer", other)
        link.write({"partner_id": self.partner.id, "project_id": self.project.id})
        self.sync()
        self.assertEqual(self.get_time(key).project_id, self.project)

    def test_nothing_can_be_accepted_that_says_nothing(self):
        other = self.mite.add("customer", name="Unknown Ltd")
        self.sync()
        with self.assertRaises(UserError):
            self.get_link("customer", other).action_decide()

    def test_time_without_customer_waits(self):
        key = self.track("10-05", 60, project=None)
        self.connect()
        self.assertEqual(self.get_entry(key).problem, "customer")

    def test_time_left_out_never_comes_until_it_is_decided_again(self):
        self.connect()
        link = self.get_link("project", self.web)
        link.action_leave_out()
        key = self.track("10-05", 60)
        self.sync()
        self.assertEqual(self.get_entry(key).state, "left_out")
        link.action_decide()
        self.sync()
        self.assertEqual(self.get_time(key).unit_amount, 1)

    def test_left_out_time_explains_the_difference(self):
        self.connect()
        self.get_link("project", self.web).action_leave_out()
        self.track("10-05", 60)
        self.sync()
        row = self.get_differences()
        self.assertEqual((row.hours_left_out, row.hours_unexplained), (1, 0))

    def test_a_month_of_a_project_has_one_collecting_ticket(self):
        keys = [self.track("10-05", 60), self.track("10-20", 30)]
        later = self.track("11-01", 15)
        self.connect()
        tickets = {self.get_time(key).ticket_id for key in keys}
        self.assertEqual(len(tickets), 1)
        ticket = tickets.pop()
        self.assertEqual(ticket.partner_id, self.partner)
        self.assertIn("2026", ticket.name)
        self.assertNotEqual(self.get_time(later).ticket_id, ticket)

    def test_project_may_have_one_ticket(self):
        self.connect()
        ticket = self.make_ticket("Maintenance")
        link = self.get_link("project", self.web)
        link.write({"ticket_mode": "ticket", "ticket_id": ticket.id})
        key = self.track("10-05", 60)
        self.sync()
        self.assertEqual(self.get_time(key).ticket_id, ticket)

    def test_project_may_have_no_ticket(self):
        self.connect()
        self.get_link("project", self.web).ticket_mode = "none"
        key = self.track("10-05", 60)
        self.sync()
        time = self.get_time(key)
        self.assertFalse(time.ticket_id)
        self.assertEqual(time.project_id, self.project)

    def test_project_that_takes_no_time_lets_it_wait(self):
        key = self.track("10-05", 60)
        self.project.allow_timesheets = False
        self.sync()
        self.get_link("project", self.web).project_id = self.project
        self.decide()
        self.sync()
        self.assertEqual(self.get_entry(key).problem, "project")

    def test_number_in_the_note_is_the_ticket(self):
        ticket = self.make_ticket("Printer")
        digits = "".join(sign for sign in ticket.number if sign.isdigit()).lstrip("0")
        by_digits = self.track("10-05", 60, note=f"Toner, #{digits}")
        by_number = self.track("10-06", 60, note=f"{ticket.number} again")
        self.connect()
        for key in (by_digits, by_number):
            self.assertEqual(self.get_time(key).ticket_id, ticket)

    def test_number_of_another_customers_ticket_is_no_reference(self):
        other = self.make_partner("Maschinenbau")
        ticket = self.make_ticket("Lathe", self.make_project("Lathe", other))
        key = self.track("10-05", 60, note=f"{ticket.number} again")
        self.connect()
        self.assertNotEqual(self.get_time(key).ticket_id, ticket)
        self.assertEqual(self.get_time(key).partner_id, self.partner)

    def test_project_of_another_customer_is_a_conflict(self):
        other = self.make_partner("Maschinenbau")
        project = self.make_project("Lathe", other)
        self.connect()
        self.get_link("project", self.web).project_id = project
        key = self.track("10-05", 60)
        self.sync()
        self.assertEqual(self.get_entry(key).problem, "conflict")
        self.assertFalse(self.get_time(key))

    def test_service_gives_the_rate_by_the_category_of_its_ticket(self):
        category = self.env["helpdesk.ticket.category"].create({"name": "Consulting"})
        expert = self.make_service("Consulting", 200.0)
        rate = {"category_id": category.id, "product_id": expert.id}
        self.agreement.rate_ids = [Command.create(rate)]
        consulting = self.mite.add("service", name="Consulting")
        self.connect()
        self.get_link("service", consulting).category_id = category
        self.track("10-05", 60, service=consulting)
        self.track("10-06", 60)
        self.sync()
        self.assertEqual(self.bill().amount_untaxed, 320)

    def test_what_odoo_refuses_waits_with_its_words_and_stops_no_other(self):
        odd, good = self.track("10-05", 700_000), self.track("10-06", 60)
        self.connect()
        entry = self.get_entry(odd)
        self.assertEqual(entry.problem, "refused")
        self.assertIn("10,000", entry.problem_text)
        self.assertEqual(self.get_time(good).unit_amount, 1)

    def test_time_whose_ticket_cannot_be_made_waits_and_stops_no_other(self):
        other = self.mite.add("customer", name="x" * 500)
        odd = self.track("10-05", 60, project=None, customer_id=other)
        good = self.track("10-06", 60)
        self.connect()
        self.get_link("customer", other).write(
            {"partner_id": self.partner.id, "project_id": self.project.id}
        )
        tickets = type(self.env["helpdesk.ticket"])
        create, text = tickets.create, "No such ticket"

        def refuse(records, vals_list):
            if any("xxx" in vals["name"] for vals in vals_list):
                raise UserError(text)
            return create(records, vals_list)

        with patch.object(tickets, "create", refuse):
            late = self.track("09-06", 60)
            self.sync()
        self.assertEqual(self.get_entry(odd).problem_text, text)
        self.assertTrue(self.get_time(good) and self.get_time(late))

    def test_people_with_one_name_are_told_apart_by_their_address(self):
        self.make_employee("Anna Fischer", work_email="anna@example.com")
        key = self.mite.add("user", name="A. F.", email="Anna@example.com")
        self.sync()
        link = self.get_link("user", key)
        self.assertEqual(link.employee_id.work_email, "anna@example.com")
