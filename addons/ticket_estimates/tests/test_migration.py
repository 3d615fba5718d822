from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from .common import TicketEstimatesCommon

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


@tagged("post_install", "-at_install")
class TestTokensRenewed(TicketEstimatesCommon):
    def _migrate(self):
        self.env.flush_all()
        script = "ticket_estimates/migrations/19.0.1.2.0/post-renew-tokens.py"
        load_script(script).migrate(self.env.cr, "19.0.1.1.1")
        self.env.invalidate_all()

    def _store(self, record, body):
        """Put a body into a message as older versions did."""
        message = record.message_post(body="before")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET body = %s WHERE id = %s", [body, message.id]
        )
        return message

    def test_a_token_that_leaked_opens_nothing_any_more(self):
        token = self.ticket._portal_ensure_token()
        self._migrate()
        self.assertNotEqual(self.ticket._portal_ensure_token(), token)

    def test_stored_messages_lose_their_links_and_mailed_ones_stay_valid(self):
        estimate = self._create_estimate(state="sent")
        token = estimate.access_token
        link = f"/my/estimate/{estimate.id}?access_token={token}&amp;pid=1&amp;hash=2"
        message = self._store(estimate, f'<a href="{link}">Open</a>')
        other = self._store(self.customer, "/my/estimate/1?access_token=3")
        self._migrate()
        self.assertEqual(message.body, f'<a href="/my/estimate/{estimate.id}">Open</a>')
        self.assertEqual(estimate.access_token, token)
        self.assertIn("access_token=3", other.body)
