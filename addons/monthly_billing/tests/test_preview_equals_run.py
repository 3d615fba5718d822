"""The preview of random months against what the run then does."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.volume_discount.core.calendar import window_of

from .common import OCTOBER
from .random_months import (
    SEPTEMBER,
    RandomMonthsCommon,
    agreed_terms,
    draw,
    quarters,
    some_rates,
    tables,
    unhurried,
    work_until,
)

AMOUNTS = ("amount_untaxed", "amount_tax", "amount_total")
HOURS = ("worked_hours", "billed_hours", "withheld_hours")
all_terms = draw(
    terms=agreed_terms,
    table=tables,
    rates=some_rates,
    has_pricelist=st.booleans(),
)
events = st.lists(
    st.sampled_from(["approve", "release", "write_off", "post", "cancel", "credit"]),
    max_size=3,
)
drafts = st.none() | draw(hours=quarters, expense=st.booleans())


class PreviewCommon(RandomMonthsCommon):
    def describe_plan(self, agreement, month):
        """Return what would stand in the ledger, line by line."""
        plans = self.env["billing.run.plan"].sudo()
        plan = plans._get_plans(agreement.sudo(), window_of(month))[agreement]
        return [
            [
                (share.timesheet_id, *map(float, (share.worked, share.billed)))
                + (
                    float(share.price_unit),
                    (share.tier and share.tier.key) or False,
                    line.month,
                )
                for share in line.shares
            ]
            for line in getattr(plan, "lines", ())
        ]

    def describe_ledger(self, invoice):
        lines = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.billing_kind
        )
        return [
            [
                (row.timesheet_id.id, row.worked_hours, row.billed_hours)
                + (row.price_unit, row.tier_id.id, row.service_month)
                for row in line.allocation_ids
            ]
            for line in lines
            if line.billing_kind != "typed"
        ]

    def check_period(self, preview, period):
        """Compare a preview with the month after the run."""
        invoice = period.invoice_id
        self.assertEqual(preview["state"], period.state)
        self.assertEqual(preview["error"], period.error)
        if not invoice:
            self.assertFalse(period.allocation_ids._filter_counting())
            return
        lines = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        self.assertEqual(
            [
                (line["name"], line["ticket_id"], line["quantity"])
                for line in preview["lines"]
            ],
            [(line.name, line.ticket_id.id, line.quantity) for line in lines],
        )
        for shown, line in zip(preview["lines"], lines, strict=True):
            self.assertAlmostEqual(shown["price_unit"], line.price_unit, 6)
            self.assertAlmostEqual(shown["price_subtotal"], line.price_subtotal, 6)
        for name in AMOUNTS:
            self.assertAlmostEqual(preview[name], invoice[name], 6, name)
        for name in HOURS:
            self.assertAlmostEqual(preview[name], period[name], 5, name)

    def check_ledger(self):
        found = self.env["billing.allocation"]._find_deviations()
        self.assertFalse([one.text for one in found])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestPreviewEqualsRun(PreviewCommon):
    """Two months of one customer, with late time and what happens in between."""

    def happen(self, event):
        """Let something happen between two months, if it can."""
        withheld = (
            self.agreement.env["billing.run.collect"]
            ._get_withheld(self.agreement, OCTOBER)
            .get(self.agreement, [])[:1]
        )
        invoice = self.agreement._search_periods(window_of(SEPTEMBER)).invoice_id
        if event == "approve":
            self.approve_estimate(self.tickets["Small"], 20)
        elif event in ("release", "write_off"):
            decisions = self.env["billing.decision"].with_user(self.billing_manager)
            for entry in withheld:
                half = {entry.timesheet_id: float(entry.worked) / 2}
                decisions._decide(event, half, "Agreed")
        elif not invoice:
            return
        elif event == "post" and invoice.state == "draft":
            invoice.action_post()
        elif event == "cancel" and not invoice.reversal_move_ids:
            invoice.button_cancel()
        elif event == "credit" and invoice.state == "posted":
            self.credit_last_entry(invoice)

    def credit_last_entry(self, invoice):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "chosen"}
        )
        if row := wizard.billing_time_ids[-1:]:
            row.hours = row.open_hours
            wizard.refund_moves()
            wizard.new_move_ids.action_post()

    def open_draft(self, month, hours, expense):
        """Open the month's draft and type hours into it, and an expense."""
        invoice = self.agreement._open_draft(month).invoice_id
        typed = [{"name": "By phone", "product_id": self.service.id, "quantity": hours}]
        typed += [{"name": "Cable", "price_unit": 12.34}] if expense else []
        invoice.invoice_line_ids = [Command.create(values) for values in typed]

    def check_month(self, month):
        """Bill the month and compare it with its preview."""
        preview = self.agreement._preview_period(month)[0]
        early = self.agreement._search_periods(window_of(month)).is_early
        is_new = not preview["invoice_id"]
        plan = self.describe_plan(self.agreement, month) if is_new else []
        self.env.invalidate_all()
        period = self.bill(month)
        self.check_period(preview, period)
        if period.invoice_id and is_new and not early:
            self.assertEqual(plan, self.describe_ledger(period.invoice_id))
        self.check_ledger()

    def test_preview_of_random_months_is_what_the_run_does(self):
        @unhurried(14)
        @given(
            all_terms,
            work_until(SEPTEMBER.replace(day=30)),
            events,
            work_until(OCTOBER.replace(day=31)),
            drafts,
        )
        def check(terms, first_work, between, second_work, draft):
            savepoint = self.env.cr.savepoint()
            try:
                self.agree(self.agreement, **terms)
                self.book_all(first_work)
                self.check_month(SEPTEMBER)
                for event in between:
                    self.happen(event)
                self.book_all(second_work)
                if draft:
                    self.open_draft(OCTOBER, **draft)
                self.check_month(OCTOBER)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()

        check()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestWizardEqualsJob(PreviewCommon):
    """Several agreements at once, two of them of one customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.write({"project_ids": cls.project.ids, "bill_from": SEPTEMBER})
        cls.sister = cls.make_agreement(project_ids=cls.audit.ids, bill_from=SEPTEMBER)
        other = cls.make_partner("Bäckerei Korn")
        cls.other_project = cls.make_project("Support Korn", other)
        _audit, cls.other_tickets = cls.make_tickets(cls.other_project)
        cls.other = cls.make_agreement(partner_id=other.id, bill_from=SEPTEMBER)
        cls.agreements = cls.agreement | cls.sister | cls.other

    def open_months(self, order, early):
        """Open the months of October in some order, that of ``early`` with a draft."""
        for position in order:
            agreement = self.agreements[position].sudo()
            period = agreement._ensure_periods(window_of(OCTOBER))
            if position == early:
                period._open_early()

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "monthly_billing.billing_agreement_cron_bill_due_periods"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def preview_in_wizard(self):
        wizard = self.env["billing.run"].create(
            {"month": OCTOBER, "agreement_ids": self.agreements.ids}
        )
        wizard.action_preview()
        return {line.agreement_id: line for line in wizard.line_ids}

    def check_line(self, shown, period):
        """Compare a line of the wizard with the month after the run."""
        self.assertEqual((shown.state, shown.error), (period.state, period.error))
        if invoice := period.invoice_id:
            lines = invoice.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            self.assertEqual(
                [
                    (row.name, row.ticket_id, row.quantity, row.price_subtotal)
                    for row in shown.detail_ids
                ],
                [
                    (line.name, line.ticket_id, line.quantity, line.price_subtotal)
                    for line in lines
                ],
            )
            self.assertEqual(shown.amount_total, invoice.amount_total)
            self.assertAlmostEqual(shown.worked_hours, period.worked_hours, 5)

    def test_dry_run_of_random_months_is_what_the_job_does(self):
        @unhurried(8)
        @given(
            st.lists(all_terms, min_size=3, max_size=3),
            st.booleans(),
            st.lists(work_until(OCTOBER.replace(day=31)), min_size=4, max_size=4),
            st.permutations(range(3)),
            st.none() | st.integers(0, 2),
        )
        def check(terms, is_table_shared, work, order, early):
            savepoint = self.env.cr.savepoint()
            try:
                for agreement, drawn in zip(self.agreements, terms, strict=True):
                    self.agree(agreement, **drawn)
                if is_table_shared:
                    self.sister.volume_discount_id = self.agreement.volume_discount_id
                self.book_all(work[0])
                self.book_all(work[1], self.other_project, self.other_tickets)
                self.agreements._bill_period(SEPTEMBER)
                self.book_all(work[2])
                self.open_months(order, early)
                self.book_all(work[3])
                shown = self.preview_in_wizard()
                self.run_job()
                for agreement in self.agreements:
                    period = agreement._search_periods(window_of(OCTOBER))
                    self.check_line(shown[agreement], period)
                self.check_ledger()
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()

        check()
