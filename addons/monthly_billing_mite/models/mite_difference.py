from odoo import fields, models


class MiteDifference(models.Model):
    """Minutes of a customer and month that are not the same on both sides."""

    _name = "mite.difference"
    _description = "Difference to mite"
    _order = "month desc, id"

    run_id = fields.Many2one("mite.run", required=True, index=True, ondelete="cascade")
    account_id = fields.Many2one(related="run_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="run_id.account_id.company_id", store=True)
    is_latest = fields.Boolean(
        readonly=True, help="Found by the last comparison of this month."
    )
    month = fields.Date(required=True, readonly=True)
    link_id = fields.Many2one("mite.link", string="Customer", readonly=True)
    hours_mite = fields.Float(string="mite", readonly=True)
    hours_booked = fields.Float(string="Booked Here", readonly=True)
    hours_waiting = fields.Float(string="Waiting", readonly=True)
    hours_left_out = fields.Float(string="Left Out", readonly=True)
    hours_drift = fields.Float(
        string="Drift",
        readonly=True,
        help="Changed in mite after it was billed here.",
    )
    hours_unexplained = fields.Float(
        string="Unexplained",
        readonly=True,
        help="Neither waiting, left out nor drift: somebody changed it here, or mite "
        "has time that did not come.",
    )
