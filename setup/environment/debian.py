"""Odoo and tools from Debian's archive, fetched by apt without touching the system."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .steps import Failure, build_once, digest, run, say

MIRROR = "http://deb.debian.org/debian"  # where the system has no Debian source
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PINNED = Path(__file__).parent.parent / "debian-packages.txt"
PACKAGES_ROOT = "usr/lib/python3/dist-packages"
EMPTY_FILES = (  # Debian leaves it out; its absence is an error in the browser
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",
)


def unpack_odoo(cache: Path) -> Path:
    """Unpack Debian's Odoo with the assets it links to; return its Python path."""
    root = cache / "odoo"
    key = digest(PINNED, *EMPTY_FILES)
    title = "fetching Odoo 19 from Debian (130 MB)"
    build_once(root, key, title, lambda: _fetch_and_unpack(cache, root))
    return root / PACKAGES_ROOT


def _fetch_and_unpack(cache: Path, root: Path) -> None:
    if not shutil.which("apt-get"):
        raise Failure("no apt-get here: name a checkout of Odoo 19.0 in ODOO_SOURCE")
    downloads = cache / "debian"
    options = _private_apt(downloads)
    log = cache / "log" / "debian.log"
    hint = "is there a network? Or name a checkout of Odoo 19.0 in ODOO_SOURCE; see"
    run(["apt-get", *options, "update"], "reading Debian's lists", log, hint)
    names = [f"{name}/{suite}" for name, suite, _sum in pinned_packages()]
    for stale in downloads.glob("*.deb"):
        stale.unlink()
    command = ["apt-get", *options, "download", *names]
    run(command, "fetching Odoo", log, hint, cwd=downloads)
    _check_sums(downloads)
    say("unpacking Odoo")
    for package in sorted(downloads.glob("*.deb")):
        run(["dpkg-deb", "--extract", package, root], f"unpacking {package.name}", log)
    for name in EMPTY_FILES:
        path = root / PACKAGES_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    shutil.rmtree(downloads)


def pinned_packages() -> list[tuple[str, str, str]]:
    """Name, suite and expected file with checksum of each package to unpack."""
    lines = PINNED.read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [(name, suite, checksum) for name, suite, checksum in rows]


def _check_sums(downloads: Path) -> None:
    """Compare with the pinned checksums; apt itself checked Debian's signature.

    Debian's unstable moves on: a newer package is taken on its signature alone.
    """
    for name, _suite, pinned in pinned_packages():
        files = list(downloads.glob(f"{name}_*.deb"))
        if not files:
            raise Failure(f"Debian's archive did not deliver {name}: try again later")
        if sha256(files[0]) != pinned:
            say(f"{name} is newer than the tested one: {files[0].name}")


def sha256(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _private_apt(downloads: Path) -> list[str]:
    """Options that give apt lists, sources and caches of its own."""
    for folder in ("lists/partial", "cache/archives/partial", "empty"):
        (downloads / folder).mkdir(parents=True, exist_ok=True)
    (downloads / "status").touch()
    keyring, mirror = _keyring(downloads), _mirror()
    suites = sorted({suite for _name, suite, _sum in pinned_packages()})
    lines = [f"deb [signed-by={keyring}] {mirror} {suite} main\n" for suite in suites]
    (downloads / "sources.list").write_text("".join(lines))
    settings = {
        "Dir::State::lists": downloads / "lists",
        "Dir::State::status": downloads / "status",
        "Dir::Cache": downloads / "cache",
        "Dir::Etc::sourcelist": downloads / "sources.list",
        "Dir::Etc::sourceparts": downloads / "empty",
        "Dir::Etc::preferencesparts": downloads / "empty",
        "APT::Sandbox::User": "root",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    return [f"-o{name}={value}" for name, value in settings.items()]


def _mirror() -> str:
    """The mirror the system itself uses, where it is a Debian with its lists read."""
    command = ["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        label, _space, address = line.rpartition(" ")
        if label == "Debian":
            return address
    return MIRROR


def _keyring(downloads: Path) -> Path:
    """Debian's signing keys; on Ubuntu from the package that has them."""
    if KEYRING.is_file():
        return KEYRING
    package, cache = "debian-archive-keyring", downloads.parent
    log = cache / "log" / "keyring.log"
    try:
        run(["apt-get", "download", package], "fetching keys", log, cwd=downloads)
    except Failure:  # no lists yet: reading them needs rights
        if install([package], cache):
            return KEYRING
        raise Failure(f"Debian's keys are missing: install {package}") from None
    keys = downloads / "keys"
    archive = next(downloads.glob(f"{package}_*.deb"))
    run(["dpkg-deb", "--extract", archive, keys], "unpacking keys", log)
    return keys / KEYRING.relative_to("/")


def install(packages: list[str], cache: Path) -> bool:
    """Install system packages where there are rights; say whether it worked."""
    rights = _rights()
    if rights is None or not shutil.which("apt-get"):
        return False
    say(f"installing {', '.join(packages)}")
    command = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install_them = [*command, "install", "--yes", "--no-install-recommends", *packages]
    return _works(install_them, cache) or (
        _works([*command, "update"], cache) and _works(install_them, cache)
    )


def _works(command: list[str], cache: Path) -> bool:
    try:
        run(command, "apt-get", cache / "log" / "apt.log", stdin=None)
    except Failure:
        return False
    return True


def _rights() -> list[str] | None:
    """How to become root: nothing to do, through sudo, or not at all."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    command = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    probe = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if probe.returncode == 0 else None
