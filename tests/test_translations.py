"""Every user-visible text is in the .pot file and translated into German.

`UPDATE_TRANSLATIONS=1 ./setup/test tests/test_translations.py` writes the .pot files
anew and brings their changes into the .po files, for translators to complete.
"""

import io
import os

import polib
import pytest

import odoo
from odoo.modules.registry import Registry
from odoo.tools.translate import trans_export

from environment import ROOT, databases

ADDONS = sorted(databases.manifests())
TOGETHER = databases.together()  # of the others tests/test_apart.py compares the texts
HEADER = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
)


def file_of(addon, name):
    """A file in the addon's folder of translations."""
    return ROOT / "addons" / addon / "i18n" / name


def exported(addon):
    """The template that the addon's code and data give."""
    name = odoo.tools.config["db_name"][0]
    with Registry(name).cursor(readonly=True) as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        buffer = io.BytesIO()
        has_terms = trans_export(None, [addon], buffer, "po", env)
    return polib.pofile(buffer.getvalue().decode()) if has_terms else polib.POFile()


def terms(catalogue):
    """What a catalogue says, without dates and order."""
    return {
        entry.msgid: (
            frozenset(path for path, _line in entry.occurrences),
            frozenset(entry.comment.splitlines()),
        )
        for entry in catalogue
        if not entry.obsolete
    }


def update(addon):
    """Write the template anew and merge it into the translations."""
    template = exported(addon)
    if not template:
        return
    template.metadata = {
        name: value for name, value in template.metadata.items() if name in HEADER
    }
    template.save(str(file_of(addon, f"{addon}.pot")))
    for path in file_of(addon, "").glob("*.po"):
        translation = polib.pofile(str(path))
        translation.merge(template)
        for entry in list(translation):
            if entry.obsolete:
                translation.remove(entry)
        translation.save()


@pytest.mark.parametrize("addon", TOGETHER)
def test_template_of_translations_matches_the_code(addon):
    if os.environ.get("UPDATE_TRANSLATIONS"):
        update(addon)
    committed = file_of(addon, f"{addon}.pot")
    if not committed.is_file():
        assert terms(exported(addon)) == {}, f"{committed.name} is missing"
        return
    written, found = terms(polib.pofile(str(committed))), terms(exported(addon))
    assert sorted(set(found) - set(written)) == [], "missing in the .pot file"
    assert sorted(set(written) - set(found)) == [], "no longer in the code"
    assert written == found, "places in the code have changed"


@pytest.mark.parametrize("addon", ADDONS)
def test_german_is_complete(addon):
    template = file_of(addon, f"{addon}.pot")
    if not template.is_file():
        pytest.skip(f"{addon} shows no text")
    german = polib.pofile(str(file_of(addon, "de.po")))
    assert [entry.msgid for entry in german.untranslated_entries()] == []
    assert [entry.msgid for entry in german.fuzzy_entries()] == []
    assert [entry.msgid for entry in german.obsolete_entries()] == []
    assert set(terms(german)) == set(terms(polib.pofile(str(template))))
