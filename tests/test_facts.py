from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.monthly_billing.models import account_move_facts as facts
from odoo.addons.monthly_billing.models.account_move_facts import RECORDING
from odoo.addons.monthly_billing.tests.common import MonthlyBillingCommon
from odoo.addons.monthly_billing_delivery.models import account_move_delivery
from odoo.addons.monthly_billing_document.models import (
    account_move_thank_you,
    account_move_timesheet_file,
)
from odoo.addons.ticket_estimates.models.helpdesk_ticket_estimate import (
    CONSENT,
    TERMS,
)

OURS = {"volume_discount", "ticket_estimates", "monthly_billing"}
PRICED = {
    "account.move": {
        "volume_discount_data",
        "volume_discount_id",
        "volume_discount_presentation",
    },
    "account.move.line": {
        "volume_discount_exact",
        "volume_discount_kind",
        "volume_discount_list_price",
        "volume_discount_price",
        "volume_discount_split",
        "volume_discount_uom_id",
    },
}
#: no user has access to them, on drafts either
HIDDEN = {"posted_facts"}
FROZEN = {
    "account.move": facts.RECORDS
    | facts.PRINTED
    | account_move_delivery.RECORDS
    | account_move_thank_you.PRINTED
    | account_move_timesheet_file.RECORDS
    | PRICED["account.move"]
    | HIDDEN,
    "account.move.line": facts.LINE_RECORDS
    | facts.LINE_PRINTED
    | PRICED["account.move.line"],
    # of one that was sent; the company is that of the ticket
    "helpdesk.ticket.estimate": (CONSENT | TERMS | {"ticket_id"}) - {"company_id"},
}
#: stored fields of ours that may change on a posted invoice, and why
OPEN = {
    "account.move": {},
    "account.move.line": {"allocation_ids": "the ledger, which no user writes"},
    "helpdesk.ticket.estimate": {
        "internal_note": "the team's own, which no customer sees",
        "user_id": "who is asked about it may change",
    },
}
#: models that no user writes at all
LOG = {"create_date", "create_uid", "write_date", "write_uid"}
CLOSED = ("billing.allocation", "billing.decision", "billing.period")


def get_our_fields(env, model):
    """Return the fields of a model that our addons keep in the database."""
    return {
        name
        for name, field in env[model]._fields.items()
        if name not in LOG
        and any(
            addon in OURS or addon.startswith("monthly_billing_")
            for addon in field._modules
        )
        and (field.store or field.inverse)
        and not field.related
    }


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestFacts(MonthlyBillingCommon):
    """What stands on a posted invoice, or proves something, is written by no user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Router")
        cls.book(2, "10-05", cls.ticket)
        cls.invoice = cls.agreement._bill_period(cls.book(1, "10-06").date).invoice_id
        cls.make_table((0, 100.0))
        cls.env["billing.thank.you.note"].create({"name": "Other", "note": "Thanks"})
        cls.user = cls.make_user(
            "accountant",
            "account.group_account_manager,monthly_billing.monthly_billing_group_manager",
        )

    def setUp(self):
        super().setUp()
        self.own = self.invoice.with_user(self.user)
        self.line = self.invoice.invoice_line_ids.filtered("ticket_id")[:1]

    def _get_other(self, record, name):
        """Return a value for the field that differs from the one it has."""
        field = record._fields[name]
        if field.type == "many2one":
            records = self.env[field.comodel_name].sudo()
            domain = [("id", "!=", record[name].id)]
            return records.search(domain, limit=1).id or False
        if field.type == "selection":
            values = [value for value, _label in field._description_selection(self.env)]
            return next(value for value in values if value != record[name])
        return {
            "binary": b"cHJvb2Y=",
            "char": "Other",
            "date": "2020-01-01",
            "datetime": "2020-01-01 10:00:00",
            "float": 77.0,
            "integer": 77,
            "json": {"terms": 1},
            "monetary": 77.0,
            "html": "<p>Other</p>",
            "text": "Other",
        }[field.type]

    def _assert_refused(self, record, names):
        for name in sorted(names):
            value = self._get_other(record.sudo(), name)
            if not value and not record.sudo()[name]:
                continue
            with self.subTest(f"{record._name}.{name}"), self.assertRaises(UserError):
                record.write({name: value})

    def test_each_field_of_ours_is_frozen_or_listed_with_a_reason(self):
        for model, frozen in FROZEN.items():
            with self.subTest(model):
                fields = get_our_fields(self.env, model)
                self.assertEqual(fields, frozen | OPEN[model].keys())

    def test_no_user_writes_the_months_and_the_ledger(self):
        for model in CLOSED:
            for operation in ("create", "write", "unlink"):
                with self.subTest(f"{model} {operation}"):
                    own = self.env[model].with_user(self.user)
                    self.assertFalse(own.has_access(operation))

    def test_facts_of_a_posted_invoice_are_refused(self):
        self.invoice.action_post()
        self._assert_refused(self.own, FROZEN["account.move"])
        lines = FROZEN["account.move.line"]
        self._assert_refused(self.line.with_user(self.user), lines)

    def test_facts_of_a_sent_estimate_are_refused(self):
        estimate = self.approve_estimate(self.make_ticket("Switch"), 3)
        role = "helpdesk_mgmt.group_helpdesk_manager"
        own = estimate.with_user(self.make_user("desk", role))
        names = FROZEN["helpdesk.ticket.estimate"] - {"tax_ids"}
        self._assert_refused(own, names)

    def test_facts_are_refused_through_the_lines_of_the_invoice(self):
        self.invoice.action_post()
        values = {"ticket_id": self.make_ticket("Other").id}
        command = Command.update(self.line.id, values)
        for name in ("invoice_line_ids", "line_ids"):
            with self.subTest(name), self.assertRaises(UserError):
                self.own.with_context(skip_readonly_check=True).write({name: [command]})

    def test_a_forged_context_opens_nothing(self):
        self.invoice.action_post()
        for value in (True, 1, str(RECORDING), {}):
            context = {"billing_recording": value}
            with self.subTest(value), self.assertRaises(UserError):
                self.own.with_context(**context).write(
                    {"service_period_start": "2020-01-01"}
                )

    def test_records_of_a_draft_are_refused_and_what_is_printed_is_not(self):
        self._assert_refused(self.own, facts.RECORDS | HIDDEN)
        other = self.make_ticket("Other")
        self.own.write({"service_period_start": "2026-10-02", "thank_you_note": "Hi"})
        self.line.with_user(self.user).ticket_id = other
        self.assertEqual(self.line.ticket_id, other)
        self.assertEqual(str(self.invoice.service_period_start), "2026-10-02")

    def test_the_same_value_is_no_change(self):
        self.invoice.action_post()
        period = self.invoice.billing_period_id
        self.own.write(
            {"service_period_start": "2026-10-01", "billing_period_id": period.id}
        )

    def test_after_a_reset_the_draft_is_changed_and_posted_again(self):
        self.invoice.action_post()
        self.own.button_draft()
        self.own.service_period_end = "2026-10-30"
        self.own.action_post()
        self.assertEqual(str(self.invoice.service_period_end), "2026-10-30")

    def test_no_new_invoice_takes_the_place_of_a_month(self):
        invoices = self.env["account.move"].with_user(self.user)
        values = {"move_type": "out_invoice", "partner_id": self.partner.id}
        period = self.invoice.billing_period_id
        with self.assertRaises(UserError):
            invoices.create({**values, "billing_period_id": period.id})
        context = {"default_billing_period_id": period.id}
        made = invoices.with_context(**context).create(values)
        self.assertFalse(made.billing_period_id)
        self.assertFalse(made.copy().billing_period_id)

    def test_an_invoice_is_credited_and_replaced_by_a_user(self):
        self.invoice.action_post()
        wizards = self.env["account.move.reversal"].with_user(self.user)
        context = {"active_model": "account.move", "active_ids": self.invoice.ids}
        wizard = wizards.with_context(**context).create(
            {"journal_id": self.invoice.journal_id.id, "billing_release": "all"}
        )
        wizard.reverse_moves(is_modify=True)
        period = self.invoice.billing_period_id
        self.assertEqual(len(period.move_ids), 3)

    def test_the_file_that_proves_the_hours_stays(self):
        self.agreement.timesheet_report = "separate"
        self.invoice.action_post()
        files = self.env["ir.attachment"].sudo()
        file = files.create(
            {
                "name": "report.pdf",
                "raw": b"%PDF-1.4 proof",
                "res_model": "account.move",
                "res_id": self.invoice.id,
                "res_field": "timesheet_report_file",
            }
        )
        own = file.with_user(self.user)
        for values in ({"raw": b"forged"}, {"res_id": False}, {"res_field": False}):
            with self.subTest(values), self.assertRaises(UserError):
                own.write(values)
        with self.assertRaises(UserError):
            own.unlink()
        with self.assertRaises(UserError):
            own.copy({"raw": b"forged", "res_field": "timesheet_report_file"})
        self.own.button_draft()
        self.assertFalse(file.res_field)
