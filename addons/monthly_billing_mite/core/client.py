"""Speaks with mite over HTTP: one request at a time, nothing but its own host."""

import json
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import requests

from .errors import MiteError

AGENT = "Odoo Monthly Billing (monthly_billing_mite)"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: seconds to connect, and without a byte
TIMEOUT = 30
#: seconds that a whole answer may take
PATIENCE = 300
#: bytes that an answer may have: a page of 1,000 entries with long notes has 15 MB
MAX_BYTES = 32 * 1024 * 1024
CHUNK = 64 * 1024
PAGE = 1000
MAX_PAGES = 10_000
TRIES = 4
#: seconds that mite may make us wait between two tries
LONGEST_WAIT = 60
KINDS = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    422: "refused",
    423: "locked",
    429: "busy",
}


class Answer(NamedTuple):
    """What mite says: plain values, and where its later changes are read."""

    data: object
    changes_link: str | None


class MiteClient:
    """Reads one account of mite, and locks entries in it.

    :param base_url: ``https://account.mite.de``; ``http`` on this machine only
    :param key: the API key of a user of the account
    :param sleep: waits a number of seconds between two tries
    :raise MiteError: from every method, if the answer cannot be used
    """

    def __init__(self, base_url, key, sleep=None):
        self.origin = get_origin(base_url)
        self.sleep = sleep or self._pause
        self.session = requests.Session()
        self.session.headers.update(
            {
                "X-MiteApiKey": key,
                "User-Agent": AGENT,
                "Accept": "application/json",
            }
        )

    def get(self, path, **params):
        """Return the answer to a path such as ``/myself.json``."""
        return self._ask("GET", f"{self.origin}{path}", params=params)

    def follow(self, link):
        """Return the answer to a link that mite gave for later changes.

        :raise MiteError: ``redirect`` if it leads to another host
        """
        if not self.owns(link):
            raise MiteError("redirect", "the link to the changes")
        return self._ask("GET", link)

    def owns(self, link):
        """Return whether ``link`` leads to the account's own host."""
        try:
            return get_origin(link) == self.origin
        except MiteError:
            return False

    def pages(self, path, **params):
        """Yield the lists of records of each page, until one is not full.

        :raise MiteError: ``changed`` if mite does not know pages any more
        """
        first = None
        for page in range(1, MAX_PAGES + 1):
            data = self.get(path, limit=PAGE, page=page, **params).data
            if not isinstance(data, list):
                raise MiteError("changed", f"{path}: no list")
            if data and first == data[0]:
                raise MiteError("changed", f"{path}: the same page again")
            first = data[0] if data else None
            yield data
            if len(data) < PAGE:
                return
        raise MiteError("changed", f"{path}: no last page")

    def set_locked(self, key, locked):
        """Lock a time entry in mite, or open it again."""
        url = f"{self.origin}/time_entries/{int(key)}.json"
        self._ask("PATCH", url, json={"time_entry": {"locked": bool(locked)}})

    def _pause(self, seconds):
        time.sleep(seconds)

    def _ask(self, method, url, **options):
        """Return the answer, after further tries if that may help."""
        for attempt in range(TRIES):
            try:
                return self._send(method, url, **options)
            except MiteError as error:
                if not error.is_passing or attempt == TRIES - 1:
                    raise
                self.sleep(min(max(error.wait or 0, 2**attempt), LONGEST_WAIT))
        raise AssertionError("unreachable")

    def _send(self, method, url, **options):
        path = urlsplit(url).path
        try:
            with self.session.request(
                method,
                url,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
                **options,
            ) as response:
                self._check_status(response, path)
                body = self._read(response, path)
        except requests.exceptions.ChunkedEncodingError as error:
            raise MiteError("partial", path) from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise MiteError("network", f"{path}: {type(error).__name__}") from error
        if method == "PATCH" and not body.strip():
            return Answer(None, None)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise MiteError("partial", path) from error
        link = response.headers.get("X-Changes-Link")
        return Answer(data, link if link and self.owns(link) else None)

    def _check_status(self, response, path):
        status = response.status_code
        if status < 300:
            return
        detail = f"{path}: {status}"
        if status < 400:
            raise MiteError("redirect", detail)
        kind = KINDS.get(status, "server" if status >= 500 else "refused")
        raise MiteError(kind, detail, wait=get_wait(response.headers))

    def _read(self, response, path):
        """Return the body, bounded in bytes and in seconds."""
        body, end = bytearray(), time.monotonic() + PATIENCE
        for chunk in response.iter_content(CHUNK):
            body += chunk
            if len(body) > MAX_BYTES:
                raise MiteError("too_big", path)
            if time.monotonic() > end:
                raise MiteError("network", f"{path}: too slow")
        return bytes(body)


def get_origin(url):
    """Return scheme, host and port of ``url``.

    :raise MiteError: ``redirect`` if it is not https, or http on this machine
    """
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or is_local) or "@" in parts.netloc:
        raise MiteError("redirect", "no https")
    return f"{parts.scheme}://{parts.netloc}".lower()


def get_wait(headers):
    """Return the seconds that mite asks to wait, or None."""
    text = headers.get("Retry-After", "")
    return int(text) if text.isdecimal() else None
