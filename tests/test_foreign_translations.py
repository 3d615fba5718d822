"""German terms that OCA's addons leave out come with ours, and stay."""

import io
from pathlib import Path

import polib
import pytest

import odoo
from odoo.modules.module import get_module_path
from odoo.modules.registry import Registry
from odoo.tools.translate import trans_export

from environment import ROOT

OURS = ROOT / "addons" / "ticket_estimates" / "i18n_extra" / "de.po"
ADDONS = ("helpdesk_mgmt", "helpdesk_mgmt_project", "helpdesk_portal_priority")


@pytest.fixture
def env():
    """The database with German, as it was before afterwards."""
    name = odoo.tools.config["db_name"][0]
    with Registry(name).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        env["res.lang"]._activate_lang("de_DE")
        yield env
        cursor.rollback()


def get_same_words(addon):
    """Texts that are the same in both languages, as a translator has said."""
    folder = Path(get_module_path(addon))
    paths = (folder / "i18n" / "de.po", OURS)
    return {
        entry.msgid
        for path in paths
        if path.is_file()
        for entry in polib.pofile(str(path))
        if entry.msgid == entry.msgstr
    }


def get_untranslated(env, addon):
    """Texts of the addon's views and data that are English in German."""
    same = get_same_words(addon)
    template = Path(get_module_path(addon)) / "i18n" / f"{addon}.pot"
    # Fields of every model come from other addons, too.
    own = {entry.msgid for entry in polib.pofile(str(template))}
    env.flush_all()
    buffer = io.BytesIO()
    trans_export("de_DE", [addon], buffer, "po", env)
    return [
        entry.msgid
        for entry in polib.pofile(buffer.getvalue().decode()).untranslated_entries()
        if entry.msgid in own - same
        and any(not path.startswith("code:") for path, _line in entry.occurrences)
    ]


def update(env, *addons):
    """Load the terms of addons as their update does."""
    modules = env["ir.module.module"].search([("name", "in", addons)])
    modules._update_translations(["de_DE"], overwrite=True)


@pytest.mark.parametrize("addon", ADDONS)
def test_nothing_of_the_helpdesk_is_left_in_english(env, addon):
    update(env, addon, "ticket_estimates")
    assert get_untranslated(env, addon) == []


def test_an_update_of_the_helpdesk_alone_takes_nothing_away(env):
    update(env, "helpdesk_mgmt", "ticket_estimates")
    update(env, "helpdesk_mgmt")
    assert get_untranslated(env, "helpdesk_mgmt") == []


def test_the_customer_reads_german(env):
    update(env, "helpdesk_mgmt", "ticket_estimates")
    button = env.ref("helpdesk_mgmt.portal_ticket_new_button")
    assert "Neu" in button.with_context(lang="de_DE").arch_db
    stage = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_rejected")
    assert stage.with_context(lang="de_DE").name == "Abgelehnt"
