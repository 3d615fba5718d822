"""Addresses of the portal's pages, with and without what opens them. Pure."""

import re
from urllib.parse import urlencode

#: arguments that open a page, or tell who opens it
SECRETS = ("access_token", "auth_login", "auth_signup_token", "hash", "pid", "token")

_PAGE = re.compile(
    r"(?P<page>/my/(?:ticket|estimate)/\d+|/mail/view)"
    r"(?P<path>/[0-9a-fA-F-]{36})?"
    r"(?P<query>\?[^\"'\s<>#]*)?"
)


def without_secrets(text):
    """Return ``text`` with addresses that open nothing on their own.

    :param str text: HTML or a bare address; other sites' addresses stay as they are
    """
    return _PAGE.sub(_drop_secrets, text)


def _drop_secrets(match):
    kept = _get_kept(match["query"])
    return match["page"] + (f"?{kept}" if kept else "")


def _get_kept(query):
    """Return a query without its secret arguments and question mark."""
    query = (query or "").removeprefix("?")
    separator = "&amp;" if "&amp;" in query else "&"
    return separator.join(
        argument
        for argument in query.split(separator)
        if argument.partition("=")[0] not in SECRETS
    )


def with_arguments(text, base, path, arguments):
    """Return HTML in which the addresses of one page carry ``arguments``, and no other
    secrets.

    :param str text: HTML
    :param str base: the address of this server: on no other one are links completed
    :param str path: of the page, as "/my/estimate/7"
    :param dict arguments: name: value
    """
    page = re.compile(
        rf"({re.escape(base)}(?:/[a-z]{{2}}(?:_[A-Z]{{2}})?)?{re.escape(path)})"
        r"(?![\w/])(\?[^\"'\s<>#]*)?"
    )
    own = urlencode(arguments).replace("&", "&amp;")

    def complete(match):
        query = "&amp;".join(filter(None, (own, _get_kept(match[2]))))
        return match[1] + (f"?{query}" if query else "")

    return page.sub(complete, text)
