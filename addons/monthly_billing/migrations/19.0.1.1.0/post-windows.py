"""Windows that were billed by other rules wait for a person's word."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What the tables ask otherwise than it was charged is proposed in the cockpit."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["billing.window"]._propose_differences()
