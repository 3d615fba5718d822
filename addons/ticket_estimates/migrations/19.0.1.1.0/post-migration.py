from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The mail to the customer has its button, unless somebody rewrote the mail."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref(
        "ticket_estimates.mail_template_estimate_sent", raise_if_not_found=False
    )
    if template and template.write_uid.id == SUPERUSER_ID:
        template.reset_template()
