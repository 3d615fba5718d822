from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ReadyCompanyCommon(AccountTestInvoicingCommon):
    """Takes the company with a chart of accounts that the test database has ready.

    Loading a chart takes seconds, in every class. A database without one, such as that
    of another integrator, gets it the usual way.
    """

    @classmethod
    def setup_independent_company(cls, **kwargs):
        ready = cls._find_ready_company()
        if kwargs or not ready:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready

    @classmethod
    def _find_ready_company(cls):
        companies = cls.env["res.company"].sudo()
        name = cls._get_ready_name()
        return companies.search([("name", "=", name)]).with_env(cls.env)

    @classmethod
    def _get_ready_name(cls):
        return (
            f"Ready {cls.chart_template or 'company'} {cls.country_code or ''}".strip()
        )

    @classmethod
    def make_ready_company(cls, env):
        """Make the company for this class and those that need the same."""
        cls.env = env
        if not cls._find_ready_company():
            cls._create_company(name=cls._get_ready_name())


class GermanCompanyCommon(ReadyCompanyCommon):
    """A German firm with the chart SKR 03."""

    country_code = "DE"
    chart_template = "de_skr03"
