"""Mails are in the language of the invoice, unless somebody chose another rule."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ("invoice", "credit_note", "receipt"):
        template = env.ref(
            f"monthly_billing.mail_template_{name}", raise_if_not_found=False
        )
        if template and not template.lang:
            template.lang = "{{ object._get_document_language() }}"
