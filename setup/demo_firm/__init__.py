"""The demo firm: an IT service that bills three months of its work.

Called by `setup/demo` with Odoo's environment; a month is text like "2026-05".
"""

from .billing import bill_month, get_rows
from .calendar import parse_month
from .debtors import load_debtors
from .firm import load_firm, load_languages
from .history import load_history
from .people import LOGINS

#: Source texts in English, and no mail to anybody about records being made
QUIETLY = {
    "lang": "en_US",
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "tracking_disable": True,
}


def load(env, month: str) -> None:
    """Make the firm in the main company, with its work of three months up to `month`.

    The two months before `month` are billed, `month` itself waits for `bill`. Customers
    with invoices written by hand have paid them, or were reminded of them.
    """
    load_languages(env)
    firm = load_firm(env(context=QUIETLY), parse_month(month))
    load_history(firm)
    load_debtors(firm)


def bill(env, month: str) -> list[dict]:
    """Bill the month as on the first day after it; return the rows of the table.

    A second call finds the month billed and returns the same rows.

    :return: per customer `customer`, `tickets`, `hours`, `tier`, `net`, `tax`,
        `total`, `state` and `invoice_id`, False without an invoice
    """
    return get_rows(bill_month(env(context=QUIETLY), parse_month(month)))


def logins(env) -> list[tuple[str, str, str]]:
    """Return who may log in: role, login, password."""
    return LOGINS
