"""Closing a month: what stands in the way, found when the view is opened."""

from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.monthly_billing.tables import as_table
from odoo.addons.volume_discount.core.calendar import add_months

from .billing_cockpit_issue import COLUMNS, LISTS, ROWS


class BillingCockpit(models.TransientModel):
    _name = "billing.cockpit"
    _description = "Close Month"
    _rec_name = "month"
    _transient_max_hours = 24

    month = fields.Date(
        required=True,
        default=lambda self: add_months(self.env.company._get_today(), -1),
        help="The month to close.",
    )
    company_ids = fields.Many2many("res.company", readonly=True)
    refreshed_on = fields.Datetime(readonly=True)
    issue_ids = fields.One2many("billing.cockpit.issue", "cockpit_id")
    summary_ids = fields.One2many("billing.cockpit.summary", "cockpit_id")

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cockpit in self:
            month = format_date(self.env, cockpit.month, date_format="LLLL yyyy")
            cockpit.display_name = self.env._("Close %(month)s", month=month)

    @api.model_create_multi
    def create(self, vals_list):
        cockpits = super().create(vals_list)
        for cockpit in cockpits:
            cockpit._refresh()
        return cockpits

    def write(self, vals):
        result = super().write(vals)
        if "month" in vals:
            for cockpit in self:
                cockpit._refresh()
        return result

    @api.model
    def _open(self):
        """Return the action that shows the last month of the chosen companies."""
        return self.create({})._get_action()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Month"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_refresh(self):
        """Look again at the month."""
        self._refresh()
        return True

    def action_previous(self):
        self.ensure_one()
        self.month = add_months(self.month, -1)
        return True

    def action_next(self):
        self.ensure_one()
        self.month = add_months(self.month, 1)
        return True

    def action_bill(self):
        """Preview and bill the month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing.billing_run_action"
        )
        action["context"] = {
            "dialog_size": "extra-large",
            "default_month": fields.Date.to_string(self.month),
        }
        return action

    def action_view_issues(self):
        """Show everything that stands in the way, by kind."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "monthly_billing_cockpit.billing_cockpit_issue_action"
        )
        action["domain"] = [("cockpit_id", "=", self.id)]
        return action

    def action_check_ledger(self):
        """Compare billed time and invoices now, instead of once a week."""
        self.ensure_one()
        self.env["billing.agreement"]._check_can_bill()
        ledger = self.env["billing.allocation"].sudo()
        self.env["billing.period"].sudo()._record_deviations(ledger._find_deviations())
        self._refresh()
        return True

    def _refresh(self):
        """Find again what stands in the way of closing the month."""
        self.ensure_one()
        self.env["billing.agreement"]._check_can_bill()
        companies = self.env.companies
        self.sudo().issue_ids.unlink()
        self.sudo().summary_ids.unlink()
        self.write({"refreshed_on": fields.Datetime.now()})
        self.company_ids = companies
        finder = self.sudo().with_context(allowed_company_ids=companies.ids)
        issues = finder._find_issues()
        self._insert_issues(self._get_first_issues(issues))
        self.env["billing.cockpit.summary"]._create_for(self, issues)

    def _get_first_issues(self, issues):
        """Return those of ``issues`` that get a row: all that a person can work
        through. The others are counted, and listed when somebody asks for them."""
        kept, taken = [], Counter()
        for issue in issues:
            taken[issue["kind"]] += 1
            if issue["kind"] not in LISTS or taken[issue["kind"]] <= ROWS:
                kept.append(issue)
        return kept

    def _insert_issues(self, issues):
        """Write ``issues``, dicts of the fields of ``billing.cockpit.issue``, in one
        statement."""
        if not issues:
            return
        self.flush_recordset()
        rows = [
            {"cockpit_id": self.id, "create_uid": self.env.uid, **issue}
            for issue in issues
        ]
        for row in rows:
            if callable(row["reason"]):
                row["reason"] = row["reason"]()
        self.env.cr.execute(
            SQL(
                "INSERT INTO billing_cockpit_issue (%s) %s",
                SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
                as_table(rows, COLUMNS),
            )
        )
        self.invalidate_recordset(["issue_ids"])

    def _find_issues(self):
        """Return what stands in the way, the gravest first.

        Extension point: another addon may add issues. Runs as superuser, on the
        companies of the user.

        :return: list of dicts of the fields of ``billing.cockpit.issue``, at least
            ``kind`` and ``reason``; the reason may be a function that returns it,
            which is called for the rows that are shown
        """
        agreements = self._search_agreements()
        return [
            *self._find_month_issues(),
            *self._find_window_issues(),
            *self._find_delivery_issues(),
            *self._find_customer_issues(),
            *self._find_withheld_issues(agreements),
            *self._find_time_issues(agreements),
            *self._find_employer_issues(),
            *self._find_unclaimed_time(),
        ]

    def _get_window(self):
        """Return the month that is closed."""
        self.ensure_one()
        return self.env["billing.agreement"]._get_month(self.month)

    def _get_agreements_domain(self):
        """Return the domain of the running agreements that cover the month."""
        window = self._get_window()
        running = self.env["billing.agreement"]._get_running_domain()
        return running & fields.Domain(
            [
                ("company_id", "in", self.env.companies.ids),
                ("bill_from", "<", window.end),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", window.start),
            ]
        )

    def _search_agreements(self):
        """Return the running agreements of the month, read at once."""
        names = [
            "partner_id",
            "company_id",
            "bill_from",
            "date_end",
            "project_ids",
            "estimate_policy",
            "estimate_tolerance",
            "grouping",
            "show_non_billable",
            "show_non_billable_from",
        ]
        return self.env["billing.agreement"].search_fetch(
            self._get_agreements_domain(), names, order="id"
        )
