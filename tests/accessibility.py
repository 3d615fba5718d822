"""Pages in a browser: read by axe-core, and their words compared in two languages."""

import contextlib
import re
from typing import NamedTuple
from urllib.parse import urljoin

from odoo.tests.common import HOST, ChromeBrowser

from environment import npm

SIZES = {"desktop": (1440, 900), "phone": (375, 812)}
LANGUAGES = ("en_US", "de_DE")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
READY = (
    "document.readyState === 'complete'"
    " && !document.querySelector('.o_portal_doc_spinner')"
)
WORDS = """(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words = new Set();
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.replace(/\\s+/g, " ").trim();
        if (text && !parent.closest("script, style, template, noscript")) {
            words.add(text);
        }
    }
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
        for (const element of document.querySelectorAll(`body [${name}]`)) {
            words.add(element.getAttribute(name).trim());
        }
    }
    return [...words];
})()"""


class Reading(NamedTuple):
    """What was found on a page in one size and language."""

    problems: list
    """of axe-core: ``rule: selector``"""
    overflow: int
    """pixels by which the page is wider than the window"""
    headings: list
    """texts of the main headings"""
    language: str
    words: set


class Reader:
    """A browser that is logged in as one user.

    Use it as ``with Reader.of(case, login) as reader: reader.read("/my", "phone")``,
    in a case that is an ``HttpCase``.
    """

    def __init__(self, case, browser, axe):
        self.case, self.browser, self.axe = case, browser, axe

    @classmethod
    @contextlib.contextmanager
    def of(cls, case, login):
        """Open the browser; passwords are the logins, as in Odoo's tests."""
        axe = npm.axe()
        browser = ChromeBrowser(case)
        try:
            with case.allow_requests(browser=browser):
                case.authenticate(login, login, browser=browser)
                case.cr.flush()
                case.cr.clear()
                yield cls(case, browser, axe)
                case._wait_remaining_requests()
        finally:
            browser.stop()

    def speak(self, language):
        """Show the pages that follow in ``language``."""
        self.browser.set_cookie("frontend_lang", language, "/", HOST)

    def read(self, path, size):
        """Open the page at ``path`` in a window of ``size``; return a ``Reading``."""
        width, height = SIZES[size]
        self.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": True,
            },
        )
        self.browser.navigate_to(urljoin(self.case.base_url(), path), wait_stop=True)
        self.case.assertTrue(self.browser._wait_ready(READY), path)
        return Reading(
            self._get_problems(),
            self.evaluate("document.documentElement.scrollWidth - innerWidth"),
            self.evaluate(
                "[...document.querySelectorAll('h1')].map(h => h.textContent.trim())"
            ),
            self.evaluate("document.documentElement.lang"),
            set(self.evaluate(WORDS)),
        )

    def _get_problems(self):
        self.evaluate(f"{self.axe};0")
        found = self.evaluate(
            f"axe.run(document, {{runOnly: {RULES}}}).then(found => "
            "found.violations.flatMap(rule => rule.nodes.map(node => "
            "`${rule.id}: ${node.target.join(' ')} ${node.html.slice(0, 120)}`)))"
        )
        return sorted(found)

    def evaluate(self, expression):
        """Return the value of a JavaScript expression, or of the promise it is."""
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={
                "expression": expression,
                "awaitPromise": True,
                "returnByValue": True,
            },
            timeout=60.0,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")


def assert_accessible(case, login, paths, known=()):
    """Nobody is kept out of the pages, on a phone and a desktop, in both languages.

    :param case: an ``HttpCase``
    :param login: who looks at the pages; the password is the same
    :param paths: of the pages
    :param known: regular expressions of problems that are not ours
    """
    with Reader.of(case, login) as reader:
        for language in LANGUAGES:
            reader.speak(language)
            for path in paths:
                for size in SIZES:
                    with case.subTest(path=path, size=size, language=language):
                        reading = reader.read(path, size)
                        case.assertEqual(_get_unknown(reading, known), [])
                        case.assertEqual(reading.language, language.replace("_", "-"))
                        case.assertEqual(len(reading.headings), 1, reading.headings)
                        case.assertLessEqual(reading.overflow, 0, "cut at the right")


def _get_unknown(reading, known):
    return [
        problem
        for problem in reading.problems
        if not any(re.search(pattern, problem) for pattern in known)
    ]


def get_untranslated(case, login, paths):
    """Return the words that are the same in English and German, by page.

    What the case has made itself should look like no word: names of records are the
    same in every language.
    """
    found = {}
    with Reader.of(case, login) as reader:
        for path in paths:
            words = []
            for language in LANGUAGES:
                reader.speak(language)
                words.append(reader.read(path, "desktop").words)
            found[path] = {
                word for word in set.intersection(*words) if re.search("[a-z]{3}", word)
            }
    return found
