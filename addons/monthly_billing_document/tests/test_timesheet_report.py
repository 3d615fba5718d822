from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from odoo.addons.monthly_billing.tests.common import (
    NOVEMBER,
    OCTOBER,
    MonthlyBillingCommon,
)
from odoo.addons.monthly_billing.tests.test_credit import CreditCommon
from odoo.addons.ticket_estimates.people import get_initials

from ..core.timesheet_report import (
    Share,
    TimeLine,
    build_tickets,
    format_minutes,
    guard_formula,
    share_exactly,
)

CENT = Decimal("0.01")


def in_cents(value):
    return round(value * 100)


class ReportMixin:
    """Every report is compared with the document it belongs to."""

    def report(self, move):
        report = move._get_timesheet_report()
        self.assertReconciles(move, report)
        return report

    def assertReconciles(self, move, report):
        """The report adds up to its document: per ticket, in all, and to the net."""
        lines = move.invoice_line_ids.filtered("ticket_id")
        for ticket in lines.ticket_id:
            own = lines.filtered(lambda line, ticket=ticket: line.ticket_id == ticket)
            shown = [row for row in report["tickets"] if row["number"] == ticket.number]
            for key, field in (("amount", "price_subtotal"), ("billed", "quantity")):
                with self.subTest(ticket=ticket.name, key=key):
                    self.assertEqual(
                        sum(in_cents(row[key]) for row in shown),
                        sum(in_cents(line[field]) for line in own),
                    )
        for ticket in report["tickets"]:
            for key in ("amount", "billed"):
                shown = sum(in_cents(entry[key]) for entry in ticket["entries"])
                self.assertEqual(shown, in_cents(ticket[key]))
            shown = sum(entry["minutes"] for entry in ticket["entries"])
            self.assertEqual(shown, ticket["minutes"])
        total = sum(in_cents(ticket["amount"]) for ticket in report["tickets"])
        self.assertEqual(total, in_cents(report["amount"]))
        total += sum(in_cents(line["amount"]) for line in report["other"])
        self.assertEqual(total, in_cents(move.amount_untaxed))
        self.assertEqual(in_cents(report["amount_untaxed"]), total)


@freeze_time("2026-11-01 08:00:00")
@tagged("post_install", "-at_install")
class TestTimesheetReport(ReportMixin, MonthlyBillingCommon):
    def setUp(self):
        super().setUp()
        self.login = self.make_ticket("Login broken")
        self.printer = self.make_ticket("Printer jams")

    def get_invoice(self, day=OCTOBER):
        return self.bill(day).invoice_id

    def test_entries_stand_by_day_under_their_ticket(self):
        self.book(1.5, "10-06", self.login, name="Password reset")
        self.book(2, "10-05", self.login, name="Analysis")
        self.book(4, "10-07", self.printer, name="New drum")
        report = self.report(self.get_invoice())
        self.assertEqual(
            [
                (
                    ticket["number"],
                    ticket["title"],
                    [(entry["date"].day, entry["text"]) for entry in ticket["entries"]],
                )
                for ticket in report["tickets"]
            ],
            [
                (
                    self.login.number,
                    "Login broken",
                    [(5, "Analysis"), (6, "Password reset")],
                ),
                (self.printer.number, "Printer jams", [(7, "New drum")]),
            ],
        )
        self.assertEqual((report["worked"], report["billed"]), (7.5, 7.5))
        self.assertEqual(report["amount"], 900.0)

    def test_tickets_stand_in_the_order_of_the_invoice(self):
        self.book(1, "10-20", self.login)
        self.book(1, "10-02", self.printer)
        invoice = self.get_invoice()
        lines = invoice.invoice_line_ids.sorted("sequence")
        self.assertEqual(
            [ticket["number"] for ticket in self.report(invoice)["tickets"]],
            lines.ticket_id.mapped("number"),
        )

    def test_thirds_of_hours_add_up_to_line_and_cent(self):
        for day in range(1, 8):
            self.book(1 / 3, f"10-{day:02}", self.login)
        (ticket,) = self.report(self.get_invoice())["tickets"]
        self.assertEqual(ticket["billed"], 2.33)
        self.assertEqual(ticket["amount"], 279.6)
        self.assertEqual(ticket["minutes"], 140)

    def test_rounding_shows_worked_beside_billed_time(self):
        self.agreement.rounding_scope = "day"
        self.book(0.1, "10-05", self.login)
        self.book(0.25, "10-05", self.login)
        (ticket,) = self.report(self.get_invoice())["tickets"]
        self.assertEqual((ticket["minutes"], ticket["billed"]), (21, 0.5))
        self.assertEqual(sum(entry["billed"] for entry in ticket["entries"]), 0.5)

    def test_an_entry_in_two_tiers_is_one_row_with_two_parts(self):
        self.agreement.volume_discount_id = self.make_table((2, 100.0))
        self.book(3, "10-05", self.login)
        (ticket,) = self.report(self.get_invoice())["tickets"]
        (entry,) = ticket["entries"]
        self.assertEqual((entry["billed"], entry["amount"]), (3.0, 340.0))
        self.assertEqual(
            [(part["billed"], part["price_unit"]) for part in entry["parts"]],
            [(2.0, 120.0), (1.0, 100.0)],
        )
        self.assertEqual([rate["hours"] for rate in ticket["rates"]], [2.0, 1.0])

    def test_a_discount_on_a_line_of_its_own_is_listed_apart(self):
        self.agreement.volume_discount_id = self.make_table(
            (2, 100.0), presentation="summary"
        )
        self.book(3, "10-05", self.login)
        report = self.report(self.get_invoice())
        self.assertEqual(report["amount"], 360.0)
        self.assertEqual([line["amount"] for line in report["other"]], [-20.0])

    def test_a_retainer_is_listed_apart_and_its_hours_cost_nothing(self):
        self.agreement.write(
            {"included_hours": 2, "included_price": 200, "included_from": OCTOBER}
        )
        self.book(3, "10-05", self.login)
        report = self.report(self.get_invoice())
        kinds = {
            entry["kind"]: (entry["billed"], entry["amount"])
            for entry in report["tickets"][0]["entries"]
        }
        self.assertEqual(kinds, {"included": (2.0, 0.0), "time": (1.0, 120.0)})
        self.assertEqual([line["amount"] for line in report["other"]], [200.0])

    def test_goodwill_is_shown_as_free_of_charge(self):
        self.agreement.show_non_billable = True
        self.agreement.show_non_billable_from = OCTOBER
        self.book(1, "10-05", self.login, non_billable=True)
        self.book(2, "10-06", self.login)
        report = self.report(self.get_invoice())
        free = report["tickets"][0]["entries"][0]
        self.assertEqual((free["kind"], free["billed"], free["amount"]), ("free", 1, 0))

    def test_late_time_stands_under_its_month(self):
        self.book(1, "10-05", self.login)
        self.get_invoice().action_post()
        self.book(1, "10-06", self.login)
        with freeze_time("2026-12-01 08:00:00"):
            self.book(2, "11-06", self.login)
            report = self.report(self.get_invoice(NOVEMBER))
        self.assertEqual(
            [(ticket["month"], ticket["billed"]) for ticket in report["tickets"]],
            [(NOVEMBER, 2.0), (OCTOBER, 1.0)],
        )
        self.assertIn("October 2026", report["tickets"][1]["headings"][0])

    def test_withheld_hours_are_named_but_not_added(self):
        self.agreement.write({"estimate_policy": "withhold", "estimate_tolerance": 0})
        self.approve_estimate(self.login, 1)
        self.book(3, "10-05", self.login)
        report = self.report(self.get_invoice())
        self.assertEqual(report["billed"], 1.0)
        self.assertEqual(len(report["notes"]), 1)
        self.assertIn(self.login.number, report["notes"][0])

    def test_typed_hours_and_expenses_reconcile(self):
        self.book(2, "10-05", self.login)
        invoice = self.get_invoice()
        expense = self.make_service("Travel", 35.0)
        expense.uom_id = self.env.ref("uom.product_uom_unit")
        lines = [
            {"product_id": self.service.id, "quantity": 1.5, "name": "On site"},
            {
                "product_id": self.service.id,
                "quantity": 0.5,
                "name": "By phone",
                "ticket_id": self.login.id,
            },
            {"product_id": expense.id, "quantity": 1, "name": "Travel"},
        ]
        invoice.invoice_line_ids = [Command.create(line) for line in lines]
        report = self.report(invoice)
        login, on_site = report["tickets"]
        self.assertEqual(
            (login["billed"], login["entries"][-1]["text"]), (2.5, "By phone")
        )
        self.assertEqual((on_site["title"], on_site["amount"]), ("On site", 180.0))
        self.assertEqual(report["other"], [{"text": "Travel", "amount": 35.0}])

    def test_hours_changed_by_hand_are_a_row_of_their_own(self):
        self.book(2, "10-05", self.login)
        self.book(1, "10-06", self.login)
        for hours, difference in ((2.5, -0.5), (4.0, 1.0), (0.0, -3.0)):
            with self.subTest(hours=hours):
                invoice = self.get_invoice()
                invoice.invoice_line_ids.quantity = hours
                (ticket,) = self.report(invoice)["tickets"]
                changed = ticket["entries"][-1]
                self.assertEqual(changed["kind"], "changed")
                self.assertEqual(changed["billed"], difference)

    def test_projects_and_tasks_are_named_like_on_the_invoice(self):
        task = self.env["project.task"].create(
            {"name": "Migration", "project_id": self.project.id}
        )
        self.book(1, "10-05", task_id=task.id)
        self.book(1, "10-06")
        report = self.report(self.get_invoice())
        self.assertEqual(
            sorted(ticket["title"] for ticket in report["tickets"]),
            ["Support Sommer", "Support Sommer: Migration"],
        )

    def test_lines_per_entry_are_one_ticket(self):
        self.agreement.grouping = "entry"
        self.book(1, "10-05", self.login)
        self.book(2, "10-06", self.login)
        (ticket,) = self.report(self.get_invoice())["tickets"]
        self.assertEqual((len(ticket["rates"]), ticket["billed"]), (2, 3.0))

    def test_people_are_named_as_agreed(self):
        self.book(1, "10-05", self.login)
        invoice = self.get_invoice()
        for choice, person in (
            ("name", "Anna Fischer"),
            ("initials", "AF"),
            ("none", ""),
        ):
            self.agreement.timesheet_report_person = choice
            report = self.report(invoice)
            (entry,) = report["tickets"][0]["entries"]
            self.assertEqual(entry["person"], person)
            self.assertEqual(report["has_people"], choice != "none")

    def test_nobody_is_named_in_full_by_default(self):
        self.assertEqual(self.agreement.timesheet_report_person, "initials")

    def test_cash_rounding_reconciles(self):
        self.book(1.11, "10-05", self.login)
        invoice = self.get_invoice()
        invoice.invoice_cash_rounding_id = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        report = self.report(invoice)
        self.assertEqual(len(report["other"]), 1)

    def test_more_entries_cost_no_more_queries(self):
        def count(tickets):
            for position in range(tickets):
                ticket = self.make_ticket(f"Ticket {position}")
                for day in range(1, 4):
                    self.book(1, f"10-{day:02}", ticket)
            invoice = self.get_invoice()
            invoice._get_timesheet_report()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.report(invoice)
            return self.env.cr.sql_log_count - before

        few = count(2)
        self.assertLessEqual(count(16), few)


@tagged("post_install", "-at_install")
class TestTimesheetReportOfCredits(ReportMixin, CreditCommon):
    def test_a_credit_of_all_time_mirrors_the_invoice(self):
        credit = self.credit("all")
        mine, theirs = self.report(credit), self.report(self.invoice)
        self.assertEqual(mine["billed"], theirs["billed"])
        self.assertEqual(
            [entry["text"] for entry in mine["tickets"][0]["entries"]],
            [entry["text"] for entry in theirs["tickets"][0]["entries"]],
        )

    def test_a_partial_credit_names_the_entries_it_gives_back(self):
        credit = self.credit("chosen", {self.second: 0.5})
        (ticket,) = self.report(credit)["tickets"]
        (entry,) = ticket["entries"]
        self.assertEqual(entry["date"], self.second.date)
        self.assertEqual((ticket["billed"], ticket["amount"]), (0.5, 60.0))

    def test_a_goodwill_credit_has_hours_without_entries(self):
        report = self.report(self.credit("none"))
        kinds = {
            entry["kind"] for ticket in report["tickets"] for entry in ticket["entries"]
        }
        self.assertEqual((kinds, report["billed"]), ({"typed"}, 7.5))

    def test_the_invoice_keeps_its_report_when_it_is_credited(self):
        before = self.report(self.invoice)
        self.credit("all")
        self.assertEqual(self.report(self.invoice), before)


@tagged("post_install", "-at_install")
class TestTimesheetReportValues(BaseCase):
    def make_line(self, hours, amount, *billed, **values):
        shares = tuple(
            Share("time", Decimal(str(part)), Decimal(str(part)), number, OCTOBER)
            for number, part in enumerate(billed, 1)
        )
        return TimeLine(
            **{
                "headings": (),
                "job": 1,
                "number": "HT1",
                "title": "Login",
                "month": OCTOBER,
                "hours": Decimal(str(hours)),
                "price_unit": Decimal(120),
                "discount": Decimal(0),
                "amount": Decimal(str(amount)),
                "shares": shares,
                **values,
            }
        )

    def test_an_amount_without_hours_is_kept(self):
        (ticket,) = build_tickets([self.make_line(0, 50)])
        (entry,) = ticket["entries"]
        self.assertEqual((entry["kind"], entry["amount"]), ("typed", 50.0))

    def test_the_same_job_under_two_headings_is_shown_twice(self):
        lines = [
            self.make_line(1, 120, 1, headings=("October",)),
            self.make_line(2, 240, 2, headings=("September",)),
        ]
        tickets = build_tickets(lines)
        self.assertEqual([ticket["billed"] for ticket in tickets], [1.0, 2.0])

    def test_entries_without_a_day_come_last(self):
        share = Share("time", Decimal(1), Decimal(1), 1, date(2026, 10, 5))
        (ticket,) = build_tickets([self.make_line(3, 360, shares=(share,))])
        self.assertEqual(
            [entry["date"] for entry in ticket["entries"]], [date(2026, 10, 5), None]
        )

    def test_shares_add_up_whatever_the_weights(self):
        cases = [
            (Decimal("100.01"), [Decimal(1), Decimal(1), Decimal(1)]),
            (Decimal("-10.00"), [Decimal(1), Decimal(2)]),
            (Decimal("5.00"), [Decimal(0), Decimal(0)]),
            (Decimal("9.99"), [Decimal(3), Decimal("-0.5")]),
            (Decimal("-9.99"), [Decimal(-3), Decimal("0.5")]),
            (Decimal(0), [Decimal(1)]),
        ]
        for total, weights in cases:
            with self.subTest(total=total, weights=weights):
                self.assertEqual(sum(share_exactly(total, weights, CENT)), total)

    def test_initials_are_the_first_letters(self):
        names = {
            "Anna Fischer": "AF",
            "Jean-Luc van der Berg": "JLVDB",
            "Özge Yılmaz": "ÖY",
            "": "",
            "Dr. Sommer": "DS",
        }
        for name, initials in names.items():
            self.assertEqual(get_initials(name), initials)

    def test_minutes_are_written_as_hours_and_minutes(self):
        cases = {0: "0:00", 5: "0:05", 95: "1:35", 6000: "100:00", -20: "-0:20"}
        for minutes, text in cases.items():
            self.assertEqual(format_minutes(minutes), text)

    def test_formulas_become_text(self):
        for text in ("=1+1", "+1", "-1", "@SUM(A1)"):
            self.assertEqual(guard_formula(text), f"'{text}")
        for blank in "\t\r":  # what follows it may be a cell of its own
            self.assertEqual(guard_formula(f"{blank}=1"), f"'{blank}'=1")
        self.assertEqual(guard_formula("1=1"), "1=1")
