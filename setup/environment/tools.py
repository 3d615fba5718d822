"""Programs that Odoo calls: wkhtmltopdf for PDFs, a browser for tests of the client."""

import shutil
import subprocess
from pathlib import Path

from . import debian
from .steps import say

BROWSERS = ("google-chrome", "chromium", "chromium-browser")  # as Odoo looks for them
QT_LIBRARIES = ["libfontconfig1", "libx11-6", "libxext6", "libxrender1", "zlib1g"]


def pdf_folder(cache: Path, python_home: Path) -> Path:
    """Return a folder whose `wkhtmltopdf` is the best to be had.

    Only a build with patched Qt prints headers and footers and several invoices at
    once: the machine's own, else the one from PyPI, else Debian's unpatched one.
    """
    folder = cache / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "wkhtmltopdf"
    if link.exists() and _version(link):
        return folder
    link.unlink(missing_ok=True)
    program = _patched(cache, python_home) or _unpatched(cache)
    if program:
        link.symlink_to(program)
    return folder


def _patched(cache: Path, python_home: Path) -> str | None:
    own = shutil.which("wkhtmltopdf")
    if own and "patched qt" in _version(own):
        return own
    packed = python_home / "bin" / "wkhtmltopdf-pack"
    if not packed.exists():
        return None
    if not _version(packed):
        debian.install(QT_LIBRARIES, cache)
    return str(packed) if _version(packed) else None


def _unpatched(cache: Path) -> str | None:
    if not shutil.which("wkhtmltopdf"):
        debian.install(["wkhtmltopdf"], cache)
    own = shutil.which("wkhtmltopdf")
    if own:
        say("wkhtmltopdf has no patched Qt: PDFs lack headers and footers")
    else:
        say("no wkhtmltopdf and no rights to install it: no PDFs are made")
    return own


def _version(program: str | Path) -> str:
    """What the program says about itself; empty when it does not start."""
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def require_browser(cache: Path) -> None:
    """Install a browser where there is none, or say what is left out."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if debian.install(["chromium"], cache) and shutil.which("chromium"):
        return
    say("no chromium and no rights to install it: tests in the browser are skipped")
