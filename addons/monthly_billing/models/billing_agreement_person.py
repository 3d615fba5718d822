from odoo import fields, models

from odoo.addons.ticket_estimates.people import show_person


class BillingAgreement(models.Model):
    """How the customer reads the people who did the work."""

    _inherit = "billing.agreement"

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
