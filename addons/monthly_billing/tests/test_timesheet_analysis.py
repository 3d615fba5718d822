"""The analysis of timesheets knows what our filters on timesheets ask for."""

from lxml import etree

from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .common import OCTOBER, MonthlyBillingCommon

SEARCH = "hr_timesheet.hr_timesheet_report_search"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestTimesheetAnalysis(MonthlyBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Login broken")
        cls.billed = cls.book(2, "10-05", cls.ticket)
        cls.agreement._bill_period(OCTOBER)
        cls.open = cls.book(3, "10-06", cls.ticket)
        cls.free = cls.book(1, "10-07", non_billable=True)
        cls.env.flush_all()

    def get_analysis(self, user=None):
        return self.env["timesheets.analysis.report"].with_user(user or self.env.user)

    def get_filters(self, user=None):
        """Return the domains of the filters that the user sees, by name."""
        views = self.get_analysis(user).get_views([(self.env.ref(SEARCH).id, "search")])
        arch = etree.fromstring(views["views"]["search"]["arch"])
        return {
            node.get("name"): safe_eval(node.get("domain") or "[]", {"uid": 1})
            for node in arch.iter("filter")
        }

    def find(self, name):
        """Return the entries of the customer's project that a filter finds."""
        own = [("project_id", "=", self.project.id)]
        rows = self.get_analysis().search(own + self.get_filters()[name])
        return self.env["account.analytic.line"].browse(rows.ids)

    def test_filters_find_what_they_find_in_timesheets(self):
        self.assertEqual(self.find("billed"), self.billed)
        self.assertEqual(self.find("not_billed"), self.open)
        self.assertEqual(self.find("not_charged"), self.free)
        self.assertEqual(self.find("on_ticket"), self.billed | self.open)
        self.assertEqual(self.find("without_ticket"), self.free)

    def test_withheld_and_written_off_hours(self):
        self.agreement.estimate_policy = "withhold"
        estimate = self.env["helpdesk.ticket.estimate"].create(
            {"ticket_id": self.ticket.id, "estimated_hours": 1}
        )
        estimate._mark_sent()
        self.env.flush_all()
        self.assertEqual(self.find("withheld"), self.open)
        decisions = self.env["billing.decision"].with_user(self.billing_manager)
        decisions._decide("write_off", {self.open.id: 3.0}, "Our fault")
        self.env.flush_all()
        self.assertEqual(self.find("written_off"), self.open)
        self.assertTrue(self.open.is_written_off)
        self.assertTrue(self.get_analysis().browse(self.open.id).is_written_off)

    def test_hours_by_ticket(self):
        own = [("project_id", "=", self.project.id)]
        rows = self.get_analysis()._read_group(
            own, ["ticket_id"], ["unit_amount:sum"], order="ticket_id"
        )
        self.assertEqual(dict(rows)[self.ticket], 5)

    def test_who_does_not_bill_sees_the_analysis_without_the_billing(self):
        colleague = self.make_user("colleague", "hr_timesheet.group_timesheet_manager")
        filters = self.get_filters(colleague)
        self.assertIn("on_ticket", filters)
        self.assertFalse({"billed", "not_billed", "withheld"} & filters.keys())
        self.assertTrue(self.get_analysis(colleague).search(filters["not_charged"]))

    def test_names_of_filters_are_told_apart(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=", "account.analytic.line"), ("type", "=", "search")]
        )
        for view in views.filtered(lambda one: one.mode == "primary"):
            arch = etree.fromstring(view.get_combined_arch())
            names = [node.get("name") for node in arch.iter("filter")]
            self.assertEqual(len(names), len(set(names)), view.xml_id)
