from unittest.mock import patch

from odoo.tests import freeze_time

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

from ..models.mite_account import MiteAccount
from . import mite_server


@freeze_time("2026-11-01 08:00:00")
class MiteCommon(MonthlyBillingCommon):
    """A firm with an account of mite on this machine, everything in it assigned."""

    get_real_url = staticmethod(MiteAccount._get_base_url)

    def setUp(self):
        super().setUp()
        self.mite = mite_server.MiteServer()
        self.addCleanup(self.mite.close)
        self.env.user.group_ids |= self.env.ref("base.group_system")
        target = patch.object(
            MiteAccount, "_get_base_url", lambda account: self.mite.url
        )
        target.start()
        self.addCleanup(target.stop)
        self.fill_mite()
        self.account = self.make_account()

    def fill_mite(self):
        """A customer with a project, a service and a user, who has the same names
        here."""
        self.king = self.mite.add("customer", name="Zahnarztpraxis Dr. Sommer")
        self.web = self.mite.add(
            "project", name="Support Sommer", customer_id=self.king
        )
        self.advice = self.mite.add("service", name="Beratung", billable=True)
        self.anna = self.mite.add("user", name="Anna Fischer", email="", role="admin")

    def make_account(self, **values):
        return self.env["mite.account"].create(
            {
                "name": "mite",
                "subdomain": "firm",
                "api_key": mite_server.KEY,
                "company_id": self.company.id,
                "date_from": "2026-09-01",
                "state": "running",
                **values,
            }
        )

    def track(self, day, minutes, **values):
        """Book time in mite; "10-05" is in 2026."""
        return self.mite.add_entry(
            f"2026-{day}",
            minutes,
            values.pop("user", self.anna),
            project_id=values.pop("project", self.web),
            service_id=values.pop("service", self.advice),
            **values,
        )

    def sync(self, state="done"):
        """Bring mite here; return the run, which ends in ``state``."""
        root = self.env.ref("base.user_root")
        run = self.account.with_user(root)._synchronise().with_env(self.env)
        self.env.flush_all()
        self.assertEqual(run.state, state, run.detail)
        return run

    def decide(self):
        """Accept what is proposed."""
        links = self.env["mite.link"].search([("account_id", "=", self.account.id)])
        links.filtered(lambda link: link._has_target()).action_decide()

    def connect(self):
        """Read mite once and accept what is proposed."""
        self.sync()
        self.decide()
        return self.sync()

    def get_entry(self, key):
        return self.env["mite.entry"].search(
            [("account_id", "=", self.account.id), ("external_id", "=", str(key))]
        )

    def get_time(self, key):
        return self.get_entry(key).timesheet_ids

    def get_link(self, kind, key):
        return self.env["mite.link"].search(
            [
                ("account_id", "=", self.account.id),
                ("kind", "=", kind),
                ("external_id", "=", str(key)),
            ]
        )

    def get_differences(self):
        return self.env["mite.difference"].search(
            [("account_id", "=", self.account.id), ("is_latest", "=", True)]
        )

    def bill(self, day="2026-10-01", post=True):
        """Bill the month; return the invoice."""
        period = self.agreement._bill_period(self.date(day))
        if post and period.invoice_id.state == "draft":
            period.invoice_id.action_post()
        return period.invoice_id

    def date(self, text):
        return self.env["mite.entry"]._fields["day"].to_date(text)
