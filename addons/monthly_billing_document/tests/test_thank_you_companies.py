from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools.misc import file_path

from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon

SCRIPT = "monthly_billing/migrations/19.0.1.0.1/pre-thank-you-notes.py"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestThankYouCompanies(MonthlyBillingCommon):
    """A company's notes are its own; its branches use them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notes = cls.env["billing.thank.you.note"]
        cls.notes.search([]).unlink()
        cls.note = cls.notes.create({"name": "A", "occasion": "always", "note": "Hi"})
        cls.other = cls.env["res.company"].create({"name": "Other"})

    def make_manager(self, company):
        return new_test_user(
            self.env,
            "manager_elsewhere",
            groups="monthly_billing.monthly_billing_group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_a_note_belongs_to_the_company_it_was_made_in(self):
        self.assertEqual(self.note.company_id, self.company)

    def test_the_manager_of_another_company_neither_changes_nor_deletes_it(self):
        note = self.note.with_user(self.make_manager(self.other))
        for action in (lambda: note.write({"note": "x"}), note.unlink):
            with self.assertRaises(AccessError):
                action()

    def test_a_branch_uses_the_notes_of_its_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertEqual(self.note._choose(branch, {"always"}), self.note)
        self.assertFalse(self.note._choose(self.other, {"always"}))
        found = self.notes.with_user(self.make_manager(branch)).search([])
        self.assertEqual(found, self.note)

    def test_what_was_shared_is_every_company_s_own_after_the_update(self):
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE billing_thank_you_note ALTER company_id DROP NOT NULL;"
            "UPDATE billing_thank_you_note SET company_id = NULL"
        )
        move = self.env["account.move"].create(
            {"move_type": "entry", "thank_you_note_id": self.note.id}
        )
        self.env.flush_all()
        spec = spec_from_file_location("migration", file_path(SCRIPT))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        roots = companies.search([("parent_id", "=", False)])
        notes = self.notes.sudo().search([])
        self.assertEqual(notes.company_id, roots)
        self.assertEqual(len(notes), len(roots))
        self.assertEqual(set(notes.mapped("note")), {"Hi"})
        self.assertEqual(move.thank_you_note_id.company_id, move.company_id)
