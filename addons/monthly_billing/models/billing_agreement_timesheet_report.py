from odoo import fields, models

from odoo.addons.ticket_estimates.people import show_person


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
        string="People as the Customer Reads Them",
        required=True,
        default="initials",
        tracking=True,
        help="How invoice lines, the timesheet report and its files, and the tickets "
        "and timesheets in the portal name who did the work. Names of staff are "
        "personal data: the full name takes a reason.",
    )

    def _show_person(self, name):
        """Return how the customer reads a person, empty for not at all.

        :param str name: of the employee
        """
        self.ensure_one()
        return show_person(name, self.timesheet_report_person)
