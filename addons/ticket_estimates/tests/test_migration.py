from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

MAIL = "ticket_estimates.mail_template_estimate_sent"


def load_script(path):
    spec = spec_from_file_location("migration", file_path(path))
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@tagged("post_install", "-at_install")
class TestMailWithButton(TransactionCase):
    def _migrate(self):
        script = "ticket_estimates/migrations/19.0.1.1.1/post-migration.py"
        load_script(script).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_the_mail_nobody_changed_has_its_button(self):
        template = self.env.ref(MAIL)
        template.body_html = "<p>Before</p>"
        self._migrate()
        self.assertIn("_get_mail_link", template.body_html)
        self.assertFalse(template.use_default_to)

    def test_the_mail_somebody_rewrote_stays(self):
        template = self.env.ref(MAIL)
        template.with_user(self.env.ref("base.user_admin")).body_html = "<p>Ours</p>"
        self.env.flush_all()
        self._migrate()
        self.assertEqual(template.body_html, "<p>Ours</p>")
