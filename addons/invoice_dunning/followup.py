"""Odoo Enterprise reminds of invoices by an addon of its own: never both."""

from odoo.exceptions import UserError

FOLLOWUP = "account_followup"


def has_followup(env):
    """Return whether Odoo Enterprise's follow-up is installed."""
    return env["ir.module.module"].sudo()._get(FOLLOWUP).state in (
        "installed",
        "to install",
        "to upgrade",
    )


def get_refusal(env):
    """Return why reminders are not written beside it, in words that say what to do."""
    return env._(
        "The follow-up reports of Odoo Enterprise (account_followup) are installed. "
        "They remind customers of the same invoices, so that each would get two "
        "letters. Uninstall one of the two addons to go on with the other."
    )


def check_alone(env):
    """Raise where Odoo Enterprise's follow-up is installed.

    :raise UserError: with the refusal
    """
    if has_followup(env):
        raise UserError(get_refusal(env))
