from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.volume_discount.core.numbers import EPSILON, to_decimal
from odoo.addons.volume_discount.formats import format_number

KINDS = [("release", "Released for billing"), ("write_off", "Written off")]
REVOCATION = frozenset({"revoked_on", "revoked_by_id"})


class BillingDecision(models.Model):
    """What a manager decided about withheld hours of a timesheet entry.

    Written off hours are never billed; released ones are billed although the customer
    has not approved them. A decision is never changed, only revoked.
    """

    _name = "billing.decision"
    _description = "Decision on Withheld Hours"
    _order = "id desc"
    _rec_name = "timesheet_id"

    timesheet_id = fields.Many2one(
        "account.analytic.line",
        string="Entry",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(KINDS, string="Decision", required=True, readonly=True)
    hours = fields.Float(
        required=True,
        readonly=True,
        help="Worked hours of the entry that were withheld until this decision.",
    )
    billable_hours = fields.Float(
        readonly=True,
        help="Released: hours of the entry that may be billed without further "
        "approval, those that were approved before included.",
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Decided By", required=True, readonly=True
    )
    revoked_on = fields.Datetime(readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Date(related="timesheet_id.date", string="Date of Work")
    name = fields.Char(related="timesheet_id.name", string="Description")
    employee_id = fields.Many2one(related="timesheet_id.employee_id")
    ticket_id = fields.Many2one(related="timesheet_id.ticket_id")
    partner_id = fields.Many2one(related="timesheet_id.partner_id", string="Customer")

    _hours_positive = models.Constraint(
        "CHECK(hours > 0)", "A decision needs more than zero hours."
    )

    def write(self, vals):
        if not vals.keys() <= REVOCATION:
            raise UserError(
                self.env._(
                    "A decision on hours stays as it was made. Revoke it and make a "
                    "new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A decision on hours stays as a record. Revoke it instead.")
        )

    @api.model
    def _get_standing_sql(self):
        """Return what is decided as SQL rows: ``timesheet_id``, the hours that are
        ``written_off``, those that are ``billable`` without further approval and
        those of them that were ``approved`` when the others were released."""
        self.flush_model()
        return SQL(
            """
            SELECT timesheet_id,
                   SUM(hours) FILTER (WHERE kind = 'write_off') AS written_off,
                   MAX(billable_hours) FILTER (WHERE kind = 'release') AS billable,
                   MAX(billable_hours) FILTER (WHERE kind = 'release')
                       - SUM(hours) FILTER (WHERE kind = 'release') AS approved
              FROM billing_decision
             WHERE revoked_on IS NULL
             GROUP BY timesheet_id
            """
        )

    @api.model
    def _get_standing_domain(self):
        """Return the domain of the decisions that are not revoked."""
        return Domain("revoked_on", "=", False)

    def _filter_standing(self):
        """Return the decisions that are not revoked."""
        return self.filtered_domain(self._get_standing_domain())

    @api.model
    def _decide(self, kind, hours, reason):
        """Release or write off withheld hours.

        :param str kind: ``release`` or ``write_off``
        :param dict hours: hours by id of the timesheet entry
        :param str reason: why, for the record on the tickets
        :return: the new decisions
        :raise AccessError: if the user is no billing manager
        :raise UserError: if less is withheld than is decided on
        """
        self._check_can_decide()
        entries = self.env["account.analytic.line"].sudo().browse(hours)
        self.env["billing.allocation"]._touch_timesheets(entries.ids)
        open_hours = self.env["billing.withheld"]._get_hours(entries.ids)
        for entry in entries:
            entry._check_withheld(hours[entry.id], open_hours.get(entry.id, 0.0))
        decisions = self.sudo().create(
            [
                {
                    "timesheet_id": entry.id,
                    "kind": kind,
                    "hours": hours[entry.id],
                    "billable_hours": entry._get_hours_left_by_write_offs()
                    - open_hours[entry.id]
                    + hours[entry.id]
                    if kind == "release"
                    else 0.0,
                    "reason": reason,
                    "user_id": self.env.uid,
                    "company_id": entry.company_id.id,
                }
                for entry in entries
            ]
        )
        entries._check_billed_once()
        decisions._log_on_tickets()
        return decisions.with_env(self.env)

    def action_revoke(self):
        """Take the decisions back; the hours are withheld again."""
        self._check_can_decide()
        self.check_access("read")
        decisions = self.sudo()
        self.env["billing.allocation"]._touch_timesheets(decisions.timesheet_id.ids)
        for decision in decisions:
            decision._check_can_revoke()
        decisions.write(
            {"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )
        decisions._log_on_tickets()
        decisions.timesheet_id.filtered(
            lambda line: not line._is_frozen()
        )._follow_again()
        return True

    def _check_can_decide(self):
        """Raise unless the user is a billing manager."""
        group = "monthly_billing.monthly_billing_group_manager"
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "Only billing managers decide on withheld hours. Ask one of them, "
                    "or let the customer approve an estimate."
                )
            )

    def _check_can_revoke(self):
        """Raise if the decision is revoked already, has a later one on top of it, or
        its hours are billed."""
        self.ensure_one()
        entry = self.timesheet_id
        if not self._filter_standing():
            raise UserError(
                self.env._("The decision on “%s” is revoked already.", entry.name)
            )
        if self.kind == "write_off":
            return
        later = entry.billing_decision_ids._filter_standing().filtered(
            lambda other: other.kind == "release" and other.id > self.id
        )
        if later:
            raise UserError(
                self.env._(
                    "More hours of “%s” were released later. Revoke that first.",
                    entry.name,
                )
            )
        before = to_decimal(self.billable_hours) - to_decimal(self.hours)
        if entry._get_billed_hours() > before + EPSILON:
            raise UserError(
                self.env._(
                    "The released hours of “%s” are on an invoice. Cancel or credit "
                    "it first.",
                    entry.name,
                )
            )

    def _log_on_tickets(self):
        """Leave one note per ticket about what was just decided or revoked."""
        notes = {
            ticket.id: "\n".join(one._get_note() for one in decisions)
            for ticket, decisions in self.grouped("ticket_id").items()
            if ticket
        }
        self.ticket_id._message_log_batch(notes)

    def _get_note(self):
        """Return what was decided, for the record on the ticket."""
        values = {
            "hours": format_number(self.env, self.hours),
            "entry": self.name,
            "date": format_date(self.env, self.date),
            "reason": self.reason,
        }
        if not self._filter_standing():
            return self.env._(
                "The decision on %(hours)s h of “%(entry)s” (%(date)s) is revoked. "
                "It had this reason: %(reason)s",
                **values,
            )
        if self.kind == "release":
            return self.env._(
                "%(hours)s h of “%(entry)s” (%(date)s) are released for billing "
                "without the customer's approval. Reason: %(reason)s",
                **values,
            )
        return self.env._(
            "%(hours)s h of “%(entry)s” (%(date)s) are written off and will not be "
            "billed. Reason: %(reason)s",
            **values,
        )
