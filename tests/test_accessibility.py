"""The customer's pages, for people who do not see well, use a phone or read German."""

from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

from .accessibility import assert_accessible

# Odoo's own: contrast and size of parts that no page of ours brings along.
NATIVE = (
    r"heading-order: .*h5 class=\"mb-0\"",
    r"o-mail-|o-mail_",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAccessibility(MonthlyBillingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.user = cls.make_user("accessible_customer", "base.group_portal")
        cls.user.partner_id.parent_id = cls.partner
        cls.user.name = "Mia Sommer"
        cls.user.partner_id.tz = "Europe/Berlin"
        team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Xyzzy", "show_timesheet_portal": True}
        )
        cls.ticket = cls.make_ticket("Umstellung", team_id=team.id)
        cls.other = cls.make_ticket(
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze", team_id=team.id
        )
        (cls.ticket | cls.other).partner_id = cls.user.partner_id
        cls.approve_estimate(cls.ticket, 4)
        cls.book(3, "10-05", cls.ticket)
        cls.estimate = cls.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": cls.other.id,
                "estimated_hours": 2,
                "price_unit": 120.0,
                "product_id": cls.service.id,
            }
        )
        cls.estimate._mark_sent()

    def test_the_pages_of_the_customer_keep_nobody_out(self):
        invoice = self.bill().invoice_id
        invoice.action_post()
        paths = (
            "/my",
            "/my/tickets",
            f"/my/ticket/{self.ticket.id}?message=received",
            f"/my/ticket/{self.other.id}",
            "/my/tickets/rank",
            "/new/ticket",
            "/my/estimates",
            f"/my/estimate/{self.estimate.id}",
            "/my/invoices",
            "/my/timesheets",
        )
        assert_accessible(self, self.user.login, paths, NATIVE)
