from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The figures of tickets that changed their customer are those of the present
    one."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    tickets = env["helpdesk.ticket"]._search_with_former_customers()
    tickets.modified(["commercial_partner_id"])
    env.flush_all()
