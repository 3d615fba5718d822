"""Databases: templates built once, copies made in seconds."""

import ast
import os
import shutil
import subprocess
from pathlib import Path

from . import ROOT, Environment
from .steps import STAMP, Failure, digest, only_one, run, say

PREFIX = "monthly_billing_template"
COMPANIONS = ("l10n_de", "payment_demo", "sale_timesheet")
#: ours beside addons that change what Odoo does; tested in a database of their own
APART = ("invoice_dunning_credit_control", "monthly_billing_sepa_direct_debit")
LANGUAGE = "de"
HARMLESS = ("pg_trgm",)  # the embedded server has no such extension; only slower
NOT_INSTALLED = ("tests", "readme", "__pycache__")  # folders without effect on data


def manifests() -> dict[str, dict]:
    """The manifest of each of our addons, by name."""
    paths = sorted((ROOT / "addons").glob("*/__manifest__.py"))
    return {path.parent.name: ast.literal_eval(path.read_text()) for path in paths}


def together() -> list[str]:
    """Names of our addons that are installed and tested in one database."""
    return sorted(set(manifests()) - set(APART))


def admin(environment: Environment, *arguments: str) -> list[str]:
    """Run one action of `database_admin.py`; return the lines it prints."""
    script = Path(__file__).with_name("database_admin.py")
    done = subprocess.run(
        [environment.python, script, *arguments],
        env=environment.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip() or "was ended").splitlines()[-1]
        raise Failure(f"database: {' '.join(arguments)}: {reason}")
    return done.stdout.split()


def template_keys(environment: Environment) -> tuple[str, str]:
    """What the templates depend on: Odoo's addons alone, and with ours."""
    base = digest(_version(environment), LANGUAGE, *_addons_below())
    return base, digest(base, *_addon_files())


def copy_template(environment: Environment, target: str) -> None:
    """Make `target` a database with all addons, in seconds when none has changed.

    The template is built once per state of the addons. It stands on a template of
    its own with Odoo's addons, which takes longest and changes least.
    """
    with only_one(environment.cache / "template.lock", "waiting for another template"):
        name = _build_below(environment)
        if together():
            key = template_keys(environment)[1]
            name = _build(environment, f"{PREFIX}_ours", key, name, together())
        copy(environment, name, target)


def copy_template_below(environment: Environment, target: str) -> None:
    """Make `target` a database with the addons below ours, and without ours."""
    with only_one(environment.cache / "template.lock", "waiting for another template"):
        copy(environment, _build_below(environment), target)


def _build_below(environment: Environment) -> str:
    """Name of the template with the addons below ours, built when it is missing."""
    key = template_keys(environment)[0]
    return _build(environment, f"{PREFIX}_odoo", key, None, _addons_below())


def _addons_below() -> list[str]:
    """Addons of Odoo and OCA that ours need or meet."""
    ours = manifests()
    needed = {name for addon in together() for name in ours[addon]["depends"]}
    return sorted((needed | set(COMPANIONS)) - set(ours))


def _version(environment: Environment) -> str:
    """Which Odoo and which OCA addons are installed."""
    command = ["git", "-C", environment.source, "rev-parse", "HEAD"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False)
    oca = ROOT / "setup" / "requirements-oca.txt"
    stamp = environment.cache / "odoo" / STAMP
    return digest(environment.source, commit.stdout, oca, stamp)


def _addon_files() -> list:
    """Names and contents of the files that an installation depends on."""
    folder = ROOT / "addons"
    parts: list = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not set(relative.parts) & set(NOT_INSTALLED):
            parts += [relative, path]
    return parts


def _build(
    environment: Environment, kind: str, key: str, base: str | None, addons: list[str]
) -> str:
    """Install `addons` into a new database; it gets its name when it is complete."""
    name = f"{kind}_{key}"
    present = admin(environment, "names", kind)
    if name in present:
        return name
    for stale in present:
        drop(environment, stale)
    say(f"building a database with {', '.join(addons)}")
    partial = f"{kind}_partial"
    if base:
        copy(environment, base, partial)
    install(environment, partial, addons)
    if not base:
        _load_language(environment, partial)
    rename(environment, partial, name)
    return name


def _load_language(environment: Environment, name: str) -> None:
    """Load a second language; as the first one it would become everybody's own."""
    log = environment.cache / "log" / f"language-{name}.log"
    command = [*environment.odoo, "i18n", "loadlang", "-d", name, "-l", LANGUAGE]
    run(command, f"loading {LANGUAGE}", log, env=environment.variables, cwd=ROOT)


def install(
    environment: Environment, name: str, addons: list[str], *options: str
) -> None:
    """Install addons into a database; errors in Odoo's log are errors here."""
    _load(environment, name, "installing", ["-i", ",".join(addons), *options])


def update_all(environment: Environment, name: str) -> None:
    """Update every addon of a database; errors in Odoo's log are errors here."""
    _load(environment, name, "updating", ["-u", "all"])


def _load(environment: Environment, name: str, verb: str, options: list[str]) -> None:
    log = environment.cache / "log" / f"install-{name}.log"
    command = [*environment.odoo, "-d", name, *options]
    command += ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
    title = f"{verb} {options[1]}"
    run(command, title, log, env=environment.variables, cwd=ROOT)
    bad = _errors(log)
    if bad:
        raise Failure(f"{title}: {bad[0][24:224]}; see {log}")


def _errors(log: Path) -> list[str]:
    """The lines of Odoo's log that tell of something broken."""
    return [
        line
        for line in log.read_text(errors="replace").splitlines()
        if (" ERROR " in line or " CRITICAL " in line)
        and not any(word in line for word in HARMLESS)
    ]


def copy(environment: Environment, source: str, target: str) -> None:
    """Copy a database with its files."""
    drop(environment, target)
    admin(environment, "copy", source, target)
    copy_files(environment, source, target)


def copy_files(environment: Environment, source: str, target: str) -> None:
    """Give a database the files of another; they share their disk space."""
    files = _files(environment, source)
    if files.is_dir():
        shutil.copytree(files, _files(environment, target), copy_function=os.link)


def drop(environment: Environment, name: str) -> None:
    """Remove a database and its files, if it is there."""
    admin(environment, "drop", name)
    shutil.rmtree(_files(environment, name), ignore_errors=True)


def rename(environment: Environment, source: str, target: str) -> None:
    """Give a complete database its name: its files first, for the name is the stamp."""
    files, new = _files(environment, source), _files(environment, target)
    shutil.rmtree(new, ignore_errors=True)
    if files.is_dir():
        files.rename(new)
    admin(environment, "rename", source, target)


def _files(environment: Environment, name: str) -> Path:
    return environment.data / "filestore" / name
