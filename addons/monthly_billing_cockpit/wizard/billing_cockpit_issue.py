from odoo import fields, models

#: columns that are written when a month is looked at, with their PostgreSQL type
COLUMNS = {
    "cockpit_id": "int",
    "create_uid": "int",
    "kind": "varchar",
    "reason": "text",
    "partner_id": "int",
    "agreement_id": "int",
    "period_id": "int",
    "window_id": "int",
    "move_id": "int",
    "ticket_id": "int",
    "employee_id": "int",
    "timesheet_id": "int",
    "res_model": "varchar",
    "res_id": "int",
    "user_id": "int",
    "date": "date",
    "hours": "float8",
}

#: in the order of the view; what stops an invoice comes first
KINDS = [
    ("error", "Month in Error"),
    ("ledger", "Invoice and Billed Time Disagree"),
    ("window", "Correction of the Past to Decide"),
    ("no_address", "Customer Without Address"),
    ("zero_rate", "No Hourly Rate"),
    ("unclaimed", "Time After the End of Its Agreement"),
    ("employer", "Contact With a New Employer"),
    ("held", "Left to a Person"),
    ("draft", "Draft to Confirm"),
    ("early_draft", "Draft Opened Early"),
    ("undelivered", "Invoice Not Delivered"),
    ("undelivered_receipt", "Receipt of Payment Not Delivered"),
    ("undelivered_estimate", "Estimate Not Delivered"),
    ("missing_days", "Person With Missing Time"),
    ("unapproved", "Ticket Without Approved Estimate"),
    ("withheld", "Ticket Beyond Approved Hours"),
    ("no_ticket", "Time Without Ticket"),
    ("long_entry", "Entry Far Above the Usual"),
    ("long_day", "Day of More Than 12 Hours"),
    ("no_email", "Customer Without E-mail"),
    ("no_vat", "Customer Without VAT Number"),
]

#: rows of a kind that are written; of more only the count
ROWS = 200

#: by kind: the field of the issue that names the record, and the action of its list.
#: Of the kinds that are missing here there is at most a handful per person.
LISTS = {
    "error": ("period_id", "monthly_billing.billing_period_action"),
    "ledger": ("period_id", "monthly_billing.billing_period_action"),
    "window": ("window_id", "monthly_billing.billing_window_action"),
    "held": ("period_id", "monthly_billing.billing_period_action"),
    "draft": ("period_id", "monthly_billing.billing_period_action"),
    "early_draft": ("period_id", "monthly_billing.billing_period_action"),
    "undelivered": ("move_id", "account.action_move_out_invoice"),
    "undelivered_receipt": ("move_id", "account.action_move_out_invoice"),
    "no_address": ("partner_id", "account.res_partner_action_customer"),
    "no_email": ("partner_id", "account.res_partner_action_customer"),
    "no_vat": ("partner_id", "account.res_partner_action_customer"),
    "zero_rate": ("agreement_id", "monthly_billing.billing_agreement_action"),
    "unapproved": ("ticket_id", "helpdesk_mgmt.helpdesk_ticket_action"),
    "withheld": ("ticket_id", "helpdesk_mgmt.helpdesk_ticket_action"),
    "no_ticket": ("partner_id", "hr_timesheet.timesheet_action_all"),
    "long_entry": ("timesheet_id", "hr_timesheet.timesheet_action_all"),
}


class BillingCockpitIssue(models.TransientModel):
    _name = "billing.cockpit.issue"
    _description = "What Stands in the Way of Closing a Month"
    _order = "id"
    _rec_name = "reason"
    _transient_max_hours = 24

    cockpit_id = fields.Many2one(
        "billing.cockpit", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    reason = fields.Text(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="cascade"
    )
    agreement_id = fields.Many2one(
        "billing.agreement", readonly=True, ondelete="cascade"
    )
    period_id = fields.Many2one(
        "billing.period", string="Month", readonly=True, ondelete="cascade"
    )
    window_id = fields.Many2one("billing.window", readonly=True, ondelete="cascade")
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True, ondelete="cascade")
    employee_id = fields.Many2one("hr.employee", readonly=True, ondelete="cascade")
    timesheet_id = fields.Many2one(
        "account.analytic.line", string="Entry", readonly=True, ondelete="cascade"
    )
    res_model = fields.Char(readonly=True, help="Of a document of another kind.")
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        readonly=True,
        ondelete="cascade",
        help="Who can put it right.",
    )
    date = fields.Date(readonly=True)
    hours = fields.Float(
        readonly=True, help="How many hours are missing, withheld or to be checked."
    )

    def action_open(self):
        """Open what puts it right: a document that the row names, else by its kind."""
        self.ensure_one()
        openers = {
            "error": self._open_period,
            "ledger": self._open_period,
            "window": self._open_window,
            "held": self._open_period,
            "draft": self._open_invoice,
            "early_draft": self._open_invoice,
            "undelivered": self._open_move,
            "undelivered_receipt": self._open_move,
            "zero_rate": self._open_agreement,
            "unapproved": self._open_ticket,
            "withheld": self._open_withheld,
            "missing_days": self._open_time,
            "unclaimed": self._open_time,
            "no_ticket": self._open_time,
            "long_entry": self._open_time,
            "long_day": self._open_time,
        }
        if self.res_model:
            return self._get_form_action(self.env[self.res_model].browse(self.res_id))
        return openers.get(self.kind, self._open_customer)()

    def _get_form_action(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _open_period(self):
        return self._get_form_action(self.period_id)

    def _open_window(self):
        return self._get_form_action(self.window_id)

    def _open_invoice(self):
        return self.period_id.action_view_invoice()

    def _open_move(self):
        return self._get_form_action(self.move_id)

    def _open_agreement(self):
        return self._get_form_action(self.agreement_id)

    def _open_ticket(self):
        return self._get_form_action(self.ticket_id)

    def _open_customer(self):
        return self._get_form_action(self.partner_id)

    def _open_withheld(self):
        return self.ticket_id.action_view_withheld()

    def _open_time(self):
        """Open the timesheet entries that the row is about."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_timesheet.timesheet_action_all"
        )
        action["domain"] = list(self._get_time_domain())
        action["context"] = {"is_timesheet": 1}
        if self.kind == "missing_days":
            action["context"]["default_employee_id"] = self.employee_id.id
        return action

    def _get_time_domain(self):
        """Return the domain of the timesheet entries that the row is about."""
        if self.timesheet_id:
            return fields.Domain("id", "=", self.timesheet_id.id)
        domain = fields.Domain("project_id", "!=", False)
        if self.kind != "unclaimed":
            domain &= fields.Domain("employee_id", "=", self.employee_id.id)
        if self.date:
            return domain & fields.Domain("date", "=", self.date)
        window = self.cockpit_id._get_window()
        domain &= fields.Domain("date", ">=", window.start)
        domain &= fields.Domain("date", "<", window.end)
        if self.kind in ("no_ticket", "unclaimed"):
            domain &= fields.Domain(
                "partner_id.commercial_partner_id", "=", self.partner_id.id
            )
        if self.kind == "no_ticket":
            domain &= fields.Domain("ticket_id", "=", False)
        if self.kind == "unclaimed":
            domain &= fields.Domain("is_billed", "=", False)
        return domain
