from odoo import fields, models

from ..timesheet_report import get_initials


class BillingAgreement(models.Model):
    """What the customer gets to check the hours of an invoice with."""

    _inherit = "billing.agreement"

    timesheet_report = fields.Selection(
        [
            ("none", "None"),
            ("same", "In the invoice PDF"),
            ("separate", "As a PDF of its own"),
        ],
        required=True,
        default="separate",
        tracking=True,
        help="Every entry behind the hours of an invoice, with sums per ticket that "
        "equal its lines. As a PDF of its own it is attached to the e-mail beside the "
        "invoice, which stays short for the bookkeeper. The customer also finds it in "
        "the portal, as PDF, Excel and CSV.",
    )
    timesheet_report_person = fields.Selection(
        [("name", "Name"), ("initials", "Initials"), ("none", "Nobody")],
        string="People on the Timesheet Report",
        required=True,
        default="initials",
        tracking=True,
        help="How the report names who did the work. Names of staff are personal "
        "data: the full name takes a reason.",
    )

    def _get_report_person(self, name):
        """Return how the timesheet report names a person, empty for not at all.

        :param str name: of the employee
        """
        self.ensure_one()
        if self.timesheet_report_person == "none":
            return ""
        if self.timesheet_report_person == "initials":
            return get_initials(name)
        return name or ""
