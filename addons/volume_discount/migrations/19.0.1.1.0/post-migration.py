"""Branches may use the tables of their parent companies."""

from odoo import SUPERUSER_ID, api

COMPANY_PATHS = {
    "volume_discount_rule_company": "company_id",
    "volume_discount_tier_rule_company": "discount_id.company_id",
}


def migrate(cr, version):
    """Write the record rules anew: an update leaves them as they are."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, path in COMPANY_PATHS.items():
        rule = env.ref(f"volume_discount.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = (
                f'["|", ("{path}", "=", False), ("{path}", "parent_of", company_ids)]'
            )
