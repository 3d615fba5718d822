from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOVEMBER, OCTOBER, MonthlyBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNeverTwice(MonthlyBillingCommon):
    """No way leads to an hour on two invoices that count."""

    def test_cancelled_invoice_cannot_come_back(self):
        entry = self.book(2, "10-05")
        first = self.bill().invoice_id
        first.action_post()
        first.button_cancel()
        self.bill()
        with self.assertRaisesRegex(UserError, "Bill the month again"):
            first.button_draft()
        with self.assertRaisesRegex(UserError, "billed twice"):
            first.state = "draft"
        self.assertEqual(sum(entry.allocation_ids.mapped("worked_hours")), 4.0)

    def test_merged_customers_with_two_agreements_are_refused(self):
        double = self.make_partner("Sommer (double)")
        self.make_agreement(partner_id=double.id)
        entry = self.book(2, "10-05")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (double | self.partner).ids, self.partner
        )
        agreements = self.partner.billing_agreement_ids
        periods = self.bill(agreements=agreements)
        self.assertEqual(periods.mapped("state"), ["error", "error"])
        self.assertFalse(entry._is_billed())

    def test_approved_hours_are_used_once_by_two_agreements(self):
        other = self.make_project("Website Sommer", self.partner)
        self.agreement.write(
            {
                "project_ids": [Command.set(self.project.ids)],
                "estimate_policy": "withhold",
            }
        )
        sister = self.make_agreement(project_ids=other.ids, estimate_policy="withhold")
        ticket = self.make_ticket("Move the server")
        self.approve_estimate(ticket, 5)
        self.book(5, "10-05", ticket)
        self.book(5, "10-06", ticket, project_id=other.id)
        periods = self.bill(agreements=self.agreement | sister)
        self.assertEqual(sum(periods.mapped("billed_hours")), 5.0)
        self.assertEqual(sum(periods.mapped("withheld_hours")), 5.0)

    def test_rounding_does_not_start_again_for_late_time(self):
        self.agreement.rounding_scope = "month"
        ticket = self.make_ticket("Login broken")
        self.book(20 / 60, "10-05", ticket)
        self.assertEqual(self.bill().billed_hours, 0.5)
        self.book(5 / 60, "10-06", ticket)
        self.book(1, "11-06", ticket)
        november = self.bill(NOVEMBER)
        self.assertEqual(november.billed_hours, 1.0)
        self.assertAlmostEqual(november.worked_hours, 65 / 60, 5)

    def test_typed_first_day_survives_a_change_of_the_start(self):
        self.agreement.bill_from = "2026-10-01"
        self.agreement.date_start = "2025-01-01"
        self.assertEqual(self.agreement.bill_from, OCTOBER)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestNeverLost(MonthlyBillingCommon):
    """No time stays unbilled without saying so."""

    def due_periods(self, day):
        return self.agreement.sudo()._create_due_periods(day)

    def test_late_time_of_an_ended_agreement_is_billed_with_the_next_month(self):
        self.agreement.write({"bill_from": "2026-10-01", "date_end": "2026-10-31"})
        self.book(1, "10-05")
        self.bill()
        self.assertFalse(self.due_periods(date(2026, 12, 2)))
        self.book(2, "10-30")
        with freeze_time("2026-12-02 08:00:00"):
            november = self.due_periods(date(2026, 12, 2))
            self.assertEqual(november.date_start, NOVEMBER)
            self.assertEqual(self.bill(NOVEMBER).billed_hours, 2.0)

    def test_last_month_of_an_agreement_has_no_minimum(self):
        self.agreement.write({"date_end": "2026-10-31", "minimum_amount": 500})
        self.book(1, "10-05")
        self.assertEqual(self.bill().state, "draft")

    def test_agreement_with_unbilled_time_cannot_be_closed(self):
        self.book(1.5, "10-05")
        with self.assertRaisesRegex(UserError, "1.5 hours that are not billed"):
            self.agreement.action_close()
        self.bill()
        self.agreement.action_close()
        self.assertEqual(self.agreement.state, "closed")

    def test_running_agreement_cannot_be_archived(self):
        with self.assertRaisesRegex(ValidationError, "Close it before"):
            self.agreement.active = False

    def test_customer_that_became_a_contact_is_an_error(self):
        self.book(1, "10-05")
        holding = self.make_partner("Holding")
        self.partner.write({"is_company": False, "parent_id": holding.id})
        self.assertIn("has become a contact of Holding", self.bill().error)

    def test_withheld_hours_stay_visible_on_the_month(self):
        self.agreement.estimate_policy = "withhold"
        self.book(3, "10-05", self.make_ticket("Move the server"))
        self.assertEqual(self.bill().withheld_hours, 3.0)

    def test_freed_time_follows_its_ticket_to_the_right_customer(self):
        ticket = self.make_ticket("Login broken")
        entry = self.book(1, "10-05", ticket)
        invoice = self.bill().invoice_id
        right = self.make_partner("Right customer")
        ticket.partner_id = right
        self.assertEqual(entry.partner_id, self.partner)
        invoice.button_cancel()
        self.assertEqual(entry.partner_id, right)

    def test_daily_job_leaves_a_cancelled_month_to_a_person(self):
        self.agreement.bill_from = "2026-10-01"
        self.book(1, "10-05")
        self.bill().invoice_id.button_cancel()
        self.assertFalse(self.due_periods(date(2026, 11, 3)))
        self.assertEqual(self.bill().state, "draft")

    def test_daily_job_leaves_a_month_whose_draft_was_deleted(self):
        self.agreement.bill_from = "2026-10-01"
        self.book(1, "10-05")
        self.bill().invoice_id.unlink()
        self.assertFalse(self.due_periods(date(2026, 11, 3)))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestAmounts(MonthlyBillingCommon):
    """What was billed before counts as it was, for whom it was."""

    def make_sister(self, **values):
        project = self.make_project("Website Sommer", self.partner)
        self.agreement.project_ids = self.project
        return self.make_agreement(project_ids=project.ids, **values)

    def test_price_with_tax_becomes_the_price_with_the_customers_taxes(self):
        swiss = self.env.ref("base.ch")
        included = self.tax_19.copy(
            {"name": "19 % incl.", "price_include_override": "tax_included"}
        )
        self.service.write({"taxes_id": [Command.set(included.ids)], "list_price": 119})
        export = self.env["account.fiscal.position"].create(
            {
                "name": "Export",
                "company_id": self.company.id,
                "auto_apply": True,
                "country_id": swiss.id,
            }
        )
        self.env["account.tax"].create(
            {
                "name": "0 % export",
                "amount": 0,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "country_id": self.env.ref("base.de").id,
                "fiscal_position_ids": [Command.set(export.ids)],
                "original_tax_ids": [Command.set(included.ids)],
            }
        )
        self.partner.country_id = swiss
        self.book(1, "10-05")
        by_hand = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.service.id, "quantity": 1})
                ],
            }
        )
        self.assertEqual(self.bill().invoice_id.amount_total, by_hand.amount_total)
        self.assertEqual(by_hand.amount_total, 100.0)

    def test_carried_month_of_a_sister_takes_no_tier(self):
        table = self.make_table((10, 100))
        sister = self.make_sister(volume_discount_id=table.id)
        self.agreement.write({"volume_discount_id": table.id, "minimum_amount": 5000})
        self.book(10, "10-05")
        self.book(5, "10-06", project_id=sister.project_ids.id)
        periods = self.bill(agreements=self.agreement | sister)
        billed = periods.filtered(lambda period: period.agreement_id == sister)
        self.assertEqual(billed.amount_untaxed, 600.0)

    def test_service_that_the_table_does_not_count_takes_no_tier(self):
        training = self.make_service("Training", 120.0)
        sister = self.make_sister(product_id=training.id, volume_discount_id=False)
        self.agreement.volume_discount_id = self.make_table(
            (10, 100), product_ids=[Command.set(self.service.ids)]
        )
        self.book(10, "10-05", project_id=sister.project_ids.id)
        self.book(5, "10-06")
        self.bill(agreements=sister)
        self.assertEqual(self.bill().amount_untaxed, 600.0)

    def test_table_that_starts_in_mid_year_keeps_earlier_prices(self):
        self.book(40, "09-05")
        self.bill(date(2026, 9, 1))
        self.agreement.volume_discount_id = self.make_table(
            (40, 100), mode="volume", window="year"
        )
        self.book(10, "10-05")
        self.assertEqual(self.bill().amount_untaxed, 1000.0)

    def test_goodwill_by_hand_is_not_charged_back(self):
        self.agreement.volume_discount_id = self.make_table((20, 100), mode="volume")
        self.book(10, "10-05")
        self.bill().invoice_id.invoice_line_ids.price_unit = 60.0
        self.book(1, "10-20")
        self.assertEqual(self.bill(NOVEMBER).amount_untaxed, 120.0)

    def test_month_that_would_be_negative_is_carried(self):
        self.agreement.volume_discount_id = self.make_table(
            (50, 50), mode="volume", window="year"
        )
        self.book(49, "10-05")
        self.bill()
        self.book(1, "11-02")
        self.assertEqual(self.bill(NOVEMBER).state, "carried")

    def test_month_rounded_to_nothing_is_carried(self):
        self.agreement.write(
            {"rounding_scope": "entry", "rounding_direction": "nearest"}
        )
        self.book(5 / 60, "10-05")
        self.assertEqual(self.bill().state, "carried")

    def test_customer_of_an_agreement_with_billed_time_stays(self):
        self.book(1, "10-05")
        self.bill()
        with self.assertRaisesRegex(UserError, "make a new agreement"):
            self.agreement.partner_id = self.make_partner("Other")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestOneFailureOnly(MonthlyBillingCommon):
    """An unexpected fault of one customer is recorded there and nowhere else."""

    def test_negative_rate_is_that_agreements_error(self):
        other = self.make_partner("Other")
        rates = self.env["product.pricelist"].create(
            {
                "name": "Broken",
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "item_ids": [Command.create({"fixed_price": -1.0})],
            }
        )
        bad = self.make_agreement(partner_id=other.id, active=False)
        bad.write({"pricelist_id": rates.id, "state": "active"})
        self.book(1, "10-05", project_id=self.make_project("Other", other).id)
        self.book(1, "10-05")
        states = {
            period.agreement_id: period.state
            for period in self.bill(agreements=bad | self.agreement)
        }
        self.assertEqual(states, {bad: "error", self.agreement: "draft"})

    def test_unexpected_fault_while_planning_is_recorded(self):
        self.book(1, "10-05")
        agreements = type(self.agreement)
        with (
            patch.object(agreements, "_get_terms", side_effect=KeyError("window")),
            self.assertLogs("odoo.addons.monthly_billing", "ERROR"),
        ):
            period = self.bill()
        self.assertIn("log of the server", period.error)
        self.assertNotIn("'window'", period.error)

    def test_invoice_has_a_note_on_how_it_came_to_be(self):
        self.agreement.auto_post = True
        self.book(1, "10-05")
        self.assertIn("monthly billing", self.bill().invoice_id.message_ids.body)

    def test_accountant_without_the_role_reads_invoice_lines(self):
        self.book(1, "10-05")
        lines = self.bill().invoice_id.invoice_line_ids
        user = self.make_user("bookkeeper", "account.group_account_user")
        self.assertEqual(lines.with_user(user).read()[0]["quantity"], 1.0)
        with self.assertRaises(AccessError):
            lines.with_user(user).read(["allocation_ids"])
