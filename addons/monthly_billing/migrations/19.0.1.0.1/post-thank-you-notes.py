"""The rule about companies is written anew: an update leaves it as it is."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Notes belong to a company; its branches may use them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref(
        "monthly_billing.billing_thank_you_note_rule_company", raise_if_not_found=False
    )
    if rule:
        rule.domain_force = "[('company_id', 'parent_of', company_ids)]"
