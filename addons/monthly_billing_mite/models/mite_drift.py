from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MANAGERS = "monthly_billing.monthly_billing_group_manager"
STATES = [
    ("open", "To decide"),
    ("supplemented", "Booked as a supplement"),
    ("followed", "Followed after the credit"),
    ("ignored", "Ignored"),
    ("gone", "As billed again"),
]


class MiteDrift(models.Model):
    """Time that was changed in mite after it was billed here.

    What is billed never changes by itself: somebody decides what happens.
    """

    _name = "mite.drift"
    _description = "Drift of Billed Time"
    _order = "state, id desc"
    _rec_name = "entry_id"

    entry_id = fields.Many2one(
        "mite.entry", required=True, index=True, readonly=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="entry_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="entry_id.account_id.company_id", store=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="open")
    changed = fields.Char(readonly=True)
    description = fields.Char(
        string="What Changed", compute="_compute_description", compute_sudo=True
    )
    hours_billed = fields.Float(string="Booked Here", readonly=True)
    hours_mite = fields.Float(string="mite", readonly=True)
    hours_difference = fields.Float(
        string="Difference", compute="_compute_hours_difference"
    )
    advice = fields.Char(compute="_compute_advice")
    reason = fields.Text(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    day = fields.Date(related="entry_id.day", string="Date")
    note = fields.Text(related="entry_id.note")
    customer_link_id = fields.Many2one(related="entry_id.customer_link_id")
    user_link_id = fields.Many2one(related="entry_id.user_link_id")
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_move_ids",
        compute_sudo=True,
    )

    _one_open = models.UniqueIndex(
        "(entry_id) WHERE state = 'open'", "An entry has one open drift at most."
    )

    @api.depends("changed")
    def _compute_description(self):
        names = self._get_fact_names()
        for drift in self:
            facts = [names[name] for name in (drift.changed or "").split(",") if name]
            drift.description = ", ".join(facts)

    @api.depends("hours_billed", "hours_mite")
    def _compute_hours_difference(self):
        for drift in self:
            drift.hours_difference = drift.hours_mite - drift.hours_billed

    @api.depends("changed", "hours_billed", "hours_mite")
    def _compute_advice(self):
        for drift in self:
            if drift._can_supplement():
                text = self.env._("Book the additional time: the next invoice has it.")
            elif (drift.changed or "") == "text":
                text = self.env._("Ignore it: the customer has read the former text.")
            else:
                text = self.env._(
                    "Credit the time of this entry on its invoice. The next run books "
                    "it as it is in mite, and the next invoice has it."
                )
            drift.advice = text

    @api.depends("entry_id")
    def _compute_move_ids(self):
        for drift in self:
            rows = drift.entry_id.timesheet_ids.allocation_ids._filter_counting()
            invoices = rows.filtered(lambda row: row.worked_hours > 0).move_id
            drift.move_ids = invoices.filtered(
                lambda move: move.move_type != "out_refund"
            )

    @api.model
    def _get_fact_names(self):
        return {
            "minutes": self.env._("Hours"),
            "date": self.env._("Date"),
            "user": self.env._("Person"),
            "place": self.env._("Customer, project or service"),
            "billable": self.env._("Billable or not"),
            "text": self.env._("Text"),
            "deleted": self.env._("Deleted"),
        }

    def _can_supplement(self):
        """Return whether nothing but more hours is left to book."""
        self.ensure_one()
        return (
            "minutes" in (self.changed or "").split(",")
            and set(self.changed.split(",")) <= {"minutes", "text"}
            and self.hours_mite > self.hours_billed
        )

    @api.model
    def _record(self, entry, changed, minutes_here):
        """Say that an entry was changed after it was billed.

        :param changed: names of the facts
        :param minutes_here: of its timesheet entries
        :return: whether it is news
        """
        values = {
            "changed": ",".join(sorted(changed)),
            "hours_billed": minutes_here / 60,
            "hours_mite": 0.0 if entry.is_deleted else entry.minutes / 60,
        }
        known = self.search([("entry_id", "=", entry.id), ("state", "=", "open")])
        if known:
            known.write(values)
            return False
        self.create({"entry_id": entry.id, **values})
        return True

    def _close(self, state, reason=None):
        """Record how the drift ended."""
        self.write(
            {
                "state": state,
                "reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )

    def _check_can_decide(self):
        """Raise unless the user is a billing manager and the drift is open."""
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._("Only billing managers decide on drift. Ask one of them.")
            )
        self.check_access("read")
        if any(drift.state != "open" for drift in self):
            raise UserError(self.env._("This is decided already."))

    def _ignore(self, reason):
        """Leave what is billed as it is; the drift comes back if mite changes again."""
        self._check_can_decide()
        drifts = self.sudo()
        for drift in drifts:
            drift.entry_id._accept_as_booked()
        drifts._close("ignored", reason)

    def action_supplement(self):
        """Book the hours that mite has in addition."""
        self.ensure_one()
        self._check_can_decide()
        drift = self.sudo()
        if not drift._can_supplement():
            raise UserError(
                self.env._(
                    "There is more to it than additional hours. Credit the time on its "
                    "invoice instead, or ignore the change."
                )
            )
        self.env["mite.booking"].sudo()._book_supplement(drift.entry_id)
        drift._close("supplemented")
        return True

    def action_credit(self):
        """Open the invoice, to credit the time of the entry."""
        self.ensure_one()
        self._check_can_decide()
        if not self.move_ids:
            raise UserError(
                self.env._(
                    "No invoice has this time any more. Book the waiting time: it "
                    "follows mite then."
                )
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["context"] = {}
        if len(self.move_ids) == 1:
            action.update(
                res_id=self.move_ids.id,
                view_mode="form",
                views=[(self.env.ref("account.view_move_form").id, "form")],
            )
        else:
            action["domain"] = [("id", "in", self.move_ids.ids)]
        return action

    def action_check_again(self):
        """Look whether the time may follow mite now."""
        self._check_can_decide()
        for account, drifts in self.sudo().grouped("account_id").items():
            self.env["mite.booking"].sudo()._book(account, drifts.entry_id)
        return True

    def action_ignore(self):
        """Ask for the reason."""
        self._check_can_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ignore the Change"),
            "res_model": "mite.drift.remedy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_drift_ids": self.ids},
        }
