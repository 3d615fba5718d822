from odoo.tests import tagged

from .common import DunningCommon

GERMAN = ["Zahlungserinnerung", "Mahnung", "Letzte Mahnung"]


@tagged("post_install", "-at_install")
class TestLanguages(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.german = cls.levels.with_context(lang="de_DE")

    def add_german(self):
        module = self.env.ref("base.module_invoice_dunning")
        module._update_translations(["de_DE"])

    def test_german_customers_read_german(self):
        domain = [("company_id", "=", self.company.id)]
        everything = self.env["dunning.level"].with_context(active_test=False)
        everything.search(domain).unlink()
        self.company._create_dunning_levels()
        levels = self.env["dunning.level"]._get_levels(self.company)
        german = levels.with_context(lang="de_DE")
        self.assertEqual(german.mapped("name"), GERMAN)
        for level in german:
            self.assertTrue(level.text[0].islower(), level.text)
            self.assertIn("Sie", level.text + level.closing)
        self.assertEqual(levels.with_context(lang="en_US")[0].name, "Payment reminder")

    def test_levels_learn_a_language_that_is_added_later(self):
        for level in self.levels.with_context(lang="en_US"):
            self.german.browse(level.id).write({"name": level.name})
        self.add_german()
        self.assertEqual(self.german.mapped("name"), GERMAN)

    def test_texts_of_the_firm_stay(self):
        self.german[0].name = "Freundlicher Hinweis"
        self.levels[1].with_context(lang="en_US").name = "Please pay"
        self.german[1].name = "Please pay"
        self.add_german()
        self.assertEqual(
            self.german[:2].mapped("name"), ["Freundlicher Hinweis", "Please pay"]
        )
