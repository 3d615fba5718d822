from odoo import api, fields, models
from odoo.tools import SQL

from ..core.accuracy import SAMPLE, SIZE_BOUNDS, measure_accuracy


class HelpdeskTicketEstimateReport(models.Model):
    """Estimated against actual hours of each finished ticket.

    The estimate of a ticket is the first one its customer approved: what was thought
    before the work. A revision made after an overrun would hide the error; it is kept
    as the approved hours. Actual hours are those of the ticket, days converted.
    """

    _name = "helpdesk.ticket.estimate.report"
    _description = "Estimate Accuracy"
    _auto = False
    _rec_name = "ticket_id"
    _order = "completed_on desc, id desc"
    _depends = {
        "helpdesk.ticket": [
            "category_id",
            "closed_date",
            "commercial_partner_id",
            "company_id",
            "last_timesheet_activity",
            "planned_hours",
            "stage_id",
            "team_id",
            "total_hours",
            "user_id",
        ],
        "helpdesk.ticket.estimate": [
            "estimated_hours",
            "revision",
            "signed_on",
            "state",
            "partner_id",
            "ticket_id",
            "user_id",
        ],
        "res.partner": ["commercial_partner_id"],
        "helpdesk.ticket.stage": ["closed", "is_cancellation"],
    }

    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    responsible_id = fields.Many2one("res.users", string="Estimated By", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned To", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    category_id = fields.Many2one("helpdesk.ticket.category", readonly=True)
    stage_id = fields.Many2one("helpdesk.ticket.stage", readonly=True)
    completed_on = fields.Datetime(
        readonly=True,
        help="When the ticket was closed; the day of the last work where that is not "
        "known.",
    )
    size = fields.Selection(
        [
            ("1", "Up to 1 h"),
            ("2", "Over 1 h to 4 h"),
            ("3", "Over 4 h to 8 h"),
            ("4", "Over 8 h to 16 h"),
            ("5", "Over 16 h"),
        ],
        readonly=True,
        help="By the hours first estimated.",
    )
    estimated_hours = fields.Float(
        readonly=True, help="Hours of the first estimate that was approved."
    )
    approved_hours = fields.Float(
        readonly=True, help="Hours that are approved now, after all revisions."
    )
    actual_hours = fields.Float(readonly=True)
    difference = fields.Float(readonly=True, help="Actual minus estimated hours.")
    ratio = fields.Float(
        string="Actual / Estimated",
        readonly=True,
        aggregator="avg",
        help="Actual by estimated hours; of several tickets the sum by the sum. Large "
        "tickets weigh more.",
    )
    typical_ratio = fields.Float(
        string="Typical Factor",
        readonly=True,
        aggregator="avg",
        help="Actual by estimated hours of a ticket; of several tickets their "
        "geometric mean. Every ticket weighs the same.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ticket.id AS id,
                   ticket.id AS ticket_id,
                   ticket.company_id,
                   ticket.commercial_partner_id AS partner_id,
                   estimate.user_id AS responsible_id,
                   ticket.user_id,
                   ticket.team_id,
                   ticket.category_id,
                   ticket.stage_id,
                   COALESCE(
                       ticket.closed_date,
                       ticket.last_timesheet_activity + TIME '12:00'
                   ) AS completed_on,
                   %(size)s AS size,
                   estimate.estimated_hours,
                   ticket.planned_hours AS approved_hours,
                   ticket.total_hours AS actual_hours,
                   ticket.total_hours - estimate.estimated_hours AS difference,
                   ticket.total_hours / estimate.estimated_hours AS ratio,
                   ticket.total_hours / estimate.estimated_hours AS typical_ratio
              FROM helpdesk_ticket AS ticket
              JOIN helpdesk_ticket_stage AS stage ON stage.id = ticket.stage_id
              JOIN (%(first_approved)s) AS estimate
                ON estimate.ticket_id = ticket.id
               AND estimate.customer_id = ticket.commercial_partner_id
             WHERE stage.closed
               AND stage.is_cancellation IS NOT TRUE
               AND ticket.total_hours > 0
            """,
            size=self._get_size_sql(),
            first_approved=self._get_first_approved_sql(),
        )

    @api.model
    def _get_size_sql(self):
        """Return the number of the size class, counted from 1, as text."""
        classes = [
            SQL("WHEN estimate.estimated_hours <= %s THEN %s", bound, str(number))
            for number, bound in enumerate(SIZE_BOUNDS, start=1)
        ]
        last = str(len(SIZE_BOUNDS) + 1)
        return SQL("CASE %s ELSE %s END", SQL(" ").join(classes), last)

    @api.model
    def _get_first_approved_sql(self):
        """Return the estimates that were the first each customer approved.

        An approved estimate that a revision replaced keeps the time of the answer; a
        superseded one without it was never answered.
        """
        return SQL(
            """
            SELECT DISTINCT ON (known.ticket_id, partner.commercial_partner_id)
                   known.ticket_id, known.user_id,
                   partner.commercial_partner_id AS customer_id,
                   known.estimated_hours::float AS estimated_hours
              FROM helpdesk_ticket_estimate AS known
              JOIN res_partner AS partner ON partner.id = known.partner_id
             WHERE known.state = 'approved'
                OR (known.state = 'superseded' AND known.signed_on IS NOT NULL)
             ORDER BY known.ticket_id, partner.commercial_partner_id, known.revision
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of several tickets are no plain averages (see the fields' help)."""
        if aggregate_spec == "ratio:avg":
            return SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "actual_hours", query),
                self._field_to_sql(self._table, "estimated_hours", query),
            )
        if aggregate_spec == "typical_ratio:avg":
            ratio = self._field_to_sql(self._table, "ratio", query)
            return SQL("EXP(AVG(LN(%s)))", ratio)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_accuracy(self, user, company):
        """Return how far the last finished estimates of ``user`` were off.

        :return: ``accuracy.Accuracy``, or None where too few tickets are finished
        """
        domain = [("responsible_id", "=", user.id), ("company_id", "=", company.id)]
        tickets = self.search_fetch(
            domain, ["estimated_hours", "actual_hours"], limit=SAMPLE
        )
        return measure_accuracy(
            (ticket.estimated_hours, ticket.actual_hours) for ticket in tickets
        )
