"""Companies with a chart of accounts, for tests to take; runs inside Odoo."""

from odoo.addons.volume_discount.tests.ready_company import (
    GermanCompanyCommon,
    ReadyCompanyCommon,
)


def make(env) -> None:
    """Make a company of each kind that tests need, and keep them."""
    env = env(context={**env.context, "install_mode": True})  # as tests install nothing
    for kind in (ReadyCompanyCommon, GermanCompanyCommon):
        kind.make_ready_company(env)
    env.cr.commit()
