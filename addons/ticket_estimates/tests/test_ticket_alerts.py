from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from .policy_common import PolicyCommon


@tagged("post_install", "-at_install")
class TestTicketAlerts(PolicyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_policy(cls.company, free_hours=1.0, tolerance=10.0, warning=80.0)
        cls.helpdesk = cls._create_user(
            "te_alerts", "helpdesk_mgmt.group_helpdesk_user"
        )

    def _find(self, name, tickets):
        """Return the names of those ``tickets`` that a filter of the search shows."""
        model = self.env["helpdesk.ticket"].with_user(self.helpdesk)
        arch = etree.fromstring(model.get_view(view_type="search")["arch"])
        domain = literal_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
        ids = [ticket.id for ticket in tickets.values()]
        return sorted(model.search([*domain, ("id", "in", ids)]).mapped("name"))

    def _make_tickets(self):
        """Return tickets by situation, as (approved hours, booked hours)."""
        situations = {
            "new": (0, 0),
            "tiny": (0, 1),
            "unapproved": (0, 2),
            "approved": (10, 0),
            "running": (10, 5),
            "near": (10, 8),
            "over": (10, 10.5),
            "beyond": (10, 12),
        }
        tickets = {}
        for name, (approved, booked) in situations.items():
            tickets[name] = ticket = self._create_ticket(name=name)
            if approved:
                self._create_estimate(approved, ticket, state="approved")
            if booked:
                self._log_time(booked, ticket)
        return tickets

    def test_the_alert_shows_the_situation(self):
        tickets = self._make_tickets()
        alerts = {
            name: ticket.with_user(self.helpdesk).consent_alert
            for name, ticket in tickets.items()
        }
        self.assertEqual(
            alerts,
            {
                "new": False,
                "tiny": False,
                "unapproved": "unapproved",
                "approved": False,
                "running": False,
                "near": "near",
                "over": "over",
                "beyond": "beyond",
            },
        )

    def test_the_filters_show_what_their_names_say(self):
        tickets = self._make_tickets()
        awaiting = tickets["awaiting"] = self._create_ticket(name="awaiting")
        self._create_estimate(3.0, awaiting, state="sent")
        expected = {
            "estimate_sent": ["awaiting", "beyond"],
            "approved_not_started": ["approved"],
            "over_estimate": ["beyond", "over"],
            "unapproved_work": ["unapproved"],
        }
        for name, found in expected.items():
            with self.subTest(name):
                self.assertEqual(self._find(name, tickets), found)

    def test_free_hours_of_the_customer_count_in_the_filter(self):
        self._set_policy(self.other_customer, estimate="warn", free_hours=0.25)
        tickets = {
            name: self._create_ticket(name=name, partner_id=partner.id)
            for name, partner in (
                ("company", self.customer),
                ("own", self.other_customer),
            )
        }
        for ticket in tickets.values():
            self._log_time(0.5, ticket)
        self.assertEqual(self._find("unapproved_work", tickets), ["own"])

    def test_own_jobs_and_tickets_without_customer_need_no_approval(self):
        tickets = {
            "nobody": self._create_ticket(partner_id=False),
            "own firm": self._create_ticket(partner_id=self.company.partner_id.id),
        }
        for ticket in tickets.values():
            self._log_time(5.0, ticket)
            self.assertFalse(ticket.has_unapproved_work)
        self.assertFalse(self._find("unapproved_work", tickets))

    def test_tickets_without_unapproved_work_are_the_rest(self):
        tickets = self._make_tickets()
        ids = [ticket.id for ticket in tickets.values()]
        found = self.env["helpdesk.ticket"].search(
            [("has_unapproved_work", "=", False), ("id", "in", ids)]
        )
        self.assertEqual(set(found.mapped("name")), tickets.keys() - {"unapproved"})

    def test_every_action_of_the_tickets_has_an_activity_view(self):
        for name in (
            "helpdesk_ticket_action",
            "helpdesk_my_tickets_action",
            "action_helpdesk_ticket_kanban_from_dashboard",
        ):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"helpdesk_mgmt.{name}"
            )
            self.assertIn((False, "activity"), [tuple(v) for v in action["views"]])
        arch = self.ticket.get_view(view_type="activity")["arch"]
        self.assertIn("activity-box", arch)
