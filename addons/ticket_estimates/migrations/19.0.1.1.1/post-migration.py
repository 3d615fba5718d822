from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Mails to the customer lead to the page, unless somebody rewrote the mail."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ("sent", "approved", "reminder"):
        template = env.ref(
            f"ticket_estimates.mail_template_estimate_{name}", raise_if_not_found=False
        )
        if template and template.write_uid.id == SUPERUSER_ID:
            template.reset_template()
