from odoo import api, fields, models
from odoo.fields import Domain

from ..tables import as_table

#: name and PostgreSQL type of the columns
COLUMNS = {
    "id": "int",
    "timesheet_id": "int",
    "agreement_id": "int",
    "partner_id": "int",
    "company_id": "int",
    "ticket_id": "int",
    "employee_id": "int",
    "date": "date",
    "name": "varchar",
    "reason": "varchar",
    "worked_hours": "float8",
    "withheld_hours": "float8",
    "approved_hours": "float8",
    "billed_hours": "float8",
}


class BillingWithheld(models.Model):
    """What is withheld now, one row per timesheet entry.

    Not stored: the rows are what the next run would withhold. Their id is that of the
    entry.
    """

    _name = "billing.withheld"
    _description = "Withheld Hours"
    _auto = False
    _order = "date, id"
    _rec_name = "timesheet_id"

    timesheet_id = fields.Many2one(
        "account.analytic.line", string="Entry", readonly=True
    )
    agreement_id = fields.Many2one("billing.agreement", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    date = fields.Date(readonly=True)
    name = fields.Char(string="Description", readonly=True)
    reason = fields.Selection(
        [
            ("unapproved", "No approved estimate"),
            ("beyond", "Beyond the approved hours"),
        ],
        string="Why",
        readonly=True,
    )
    worked_hours = fields.Float(
        readonly=True, help="Hours of the entry, billed ones included."
    )
    withheld_hours = fields.Float(
        readonly=True, help="Hours of the entry that wait for approval."
    )
    approved_hours = fields.Float(
        readonly=True,
        aggregator=None,
        help="Hours of the ticket that the customer has approved.",
    )
    billed_hours = fields.Float(
        readonly=True,
        aggregator=None,
        help="Worked hours of the ticket that are billed.",
    )

    @property
    def _table_query(self):
        return as_table(self._get_rows(), COLUMNS)

    @api.model
    def _get_rows(self):
        """Return the values of the rows of the user's companies."""
        agreements = self.env["billing.agreement"].sudo()
        agreements = agreements.search(
            agreements._get_running_domain()
            & Domain("estimate_policy", "=", "withhold")
            & Domain("company_id", "in", self.env.companies.ids),
            order="id",
        )
        collect = agreements.env["billing.run.collect"]
        end = agreements._get_end_of_booked_time()
        withheld = collect._get_withheld(agreements, end)
        entries = [entry for found in withheld.values() for entry in found]
        timesheets = agreements.env["account.analytic.line"].browse(
            entry.timesheet_id for entry in entries
        )
        billed = collect._get_hours_billed(timesheets.ticket_id)
        factors = collect._get_hours_by_uom()
        lines = {line.id: line for line in timesheets}
        return [
            self._prepare_row(
                agreement, lines[entry.timesheet_id], entry, billed, factors
            )
            for agreement, found in withheld.items()
            for entry in found
        ]

    @api.model
    def _prepare_row(self, agreement, line, entry, billed, factors):
        """Return the values of one row.

        :param line: timesheet entry, as superuser
        :param entry: ``Entry`` with the withheld hours
        :param billed: hours on invoices, by customer and ticket (ids)
        :param factors: hours by unit of time
        """
        ticket = line.ticket_id
        approved = ticket._get_hours_approved_by(agreement.partner_id)
        return {
            "id": line.id,
            "timesheet_id": line.id,
            "agreement_id": agreement.id,
            "partner_id": agreement.partner_id.id,
            "company_id": agreement.company_id.id,
            "ticket_id": ticket.id,
            "employee_id": line.employee_id.id or None,
            "date": line.date,
            "name": line.name,
            "reason": "beyond" if approved else "unapproved",
            "worked_hours": line.unit_amount * factors[line.product_uom_id.id],
            "withheld_hours": float(entry.worked),
            "approved_hours": approved,
            "billed_hours": float(billed.get((agreement.partner_id.id, ticket.id), 0)),
        }

    @api.model
    def _get_hours(self, timesheet_ids):
        """Return what is withheld at this moment, as hours by id of the entry, as far
        as the user may see it."""
        self.invalidate_model()
        rows = self.search([("id", "in", timesheet_ids)])
        return {row.id: row.withheld_hours for row in rows}

    def action_decide(self):
        """Ask for release or write-off of these hours (context: ``default_kind``)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on Withheld Hours"),
            "res_model": "billing.decision.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_kind": self.env.context.get("default_kind", "release"),
                "default_line_ids": [
                    (
                        0,
                        0,
                        {
                            "timesheet_id": row.id,
                            "withheld_hours": row.withheld_hours,
                            "hours": row.withheld_hours,
                        },
                    )
                    for row in self
                ],
            },
        }

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }
