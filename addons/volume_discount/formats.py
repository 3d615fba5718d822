"""Numbers as a reader writes them."""

from odoo.tools import float_repr, formatLang


def format_number(env, value):
    """Return a number with up to two decimals in the user's language: 9.5, 1,250."""
    digits = len(float_repr(value, 2).rstrip("0").partition(".")[2])
    return formatLang(env, value, digits=digits)
