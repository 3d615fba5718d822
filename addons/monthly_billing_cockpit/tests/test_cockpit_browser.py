from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCockpitInBrowser(HttpCase):
    """The web client opens the cockpit and shows what stands in the way."""

    def test_menu_opens_the_cockpit(self):
        new_test_user(
            self.env, "closer", groups="monthly_billing.monthly_billing_group_manager"
        )
        partner = self.env["res.partner"].create({"name": "Without Street"})
        self.env["billing.agreement"].create(
            {"partner_id": partner.id, "date_start": "2020-01-01", "state": "active"}
        )
        self.browser_js(
            "/odoo/action-monthly_billing_cockpit.billing_cockpit_action",
            "console.log('test successful')",
            ready=" && ".join(
                f"!!document.querySelector('{selector}')"
                for selector in (
                    ".o_billing_cockpit_refresh",
                    ".o_progressbar",
                    ".o_field_one2many tr.o_data_row",
                )
            ),
            login="closer",
        )
