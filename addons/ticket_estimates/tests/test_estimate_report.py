from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .common import TicketEstimatesCommon


class ReportCommon(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["helpdesk.ticket.estimate.report"]
        cls.done = cls.env["helpdesk.ticket.stage"].create(
            {"name": "Finished", "closed": True}
        )
        cls.anna = cls._create_user("te_anna", "helpdesk_mgmt.group_helpdesk_user")
        cls.ben = cls._create_user("te_ben", "helpdesk_mgmt.group_helpdesk_user")
        cls.manager = cls._create_user(
            "te_manager", "helpdesk_mgmt.group_helpdesk_manager"
        )

    @classmethod
    def _finish(cls, estimated=4.0, actual=5.0, user=None, **values):
        """Return a closed ticket with an approved estimate and time."""
        ticket = cls._create_ticket(**values)
        cls._create_estimate(
            estimated, ticket=ticket, state="approved", user_id=(user or cls.anna).id
        )
        if actual:
            cls._log_time(actual, ticket=ticket)
        ticket.stage_id = cls.done
        return ticket

    def _get_row(self, ticket):
        return self.reports.search([("ticket_id", "=", ticket.id)])


@tagged("post_install", "-at_install")
class TestEstimateReport(ReportCommon):
    def test_a_finished_ticket_compares_its_hours(self):
        category = self.env["helpdesk.ticket.category"].create({"name": "Network"})
        ticket = self._finish(
            user_id=self.ben.id, category_id=category.id, team_id=self.team.id
        )
        self.assertRecordValues(
            self._get_row(ticket),
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "responsible_id": self.anna.id,
                    "user_id": self.ben.id,
                    "team_id": self.team.id,
                    "category_id": category.id,
                    "stage_id": self.done.id,
                    "size": "2",
                    "estimated_hours": 4.0,
                    "approved_hours": 4.0,
                    "actual_hours": 5.0,
                    "difference": 1.0,
                    "ratio": 1.25,
                    "typical_ratio": 1.25,
                }
            ],
        )

    def test_the_first_approved_estimate_counts_and_the_last_is_kept(self):
        ticket = self._create_ticket()
        self._create_estimate(3.0, ticket=ticket, state="rejected")
        self._create_estimate(4.0, ticket=ticket, state="approved")
        self._create_estimate(9.0, ticket=ticket, state="sent")
        self._create_estimate(8.0, ticket=ticket, state="approved")
        self._log_time(10.0, ticket=ticket)
        ticket.stage_id = self.done
        self.assertRecordValues(
            self._get_row(ticket),
            [{"estimated_hours": 4.0, "approved_hours": 8.0, "ratio": 2.5}],
        )

    def test_estimates_nobody_approved_do_not_count(self):
        for state in ("draft", "sent", "rejected", "expired", "superseded"):
            ticket = self._create_ticket()
            self._create_estimate(ticket=ticket, state=state)
            self._log_time(ticket=ticket)
            ticket.stage_id = self.done
            with self.subTest(state):
                self.assertFalse(self._get_row(ticket))

    def test_tickets_that_are_not_closed_do_not_count(self):
        ticket = self._finish()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        self.assertFalse(self._get_row(ticket))

    def test_tickets_without_time_do_not_count(self):
        self.assertFalse(self._get_row(self._finish(actual=0.0)))

    def test_cancelled_work_does_not_count(self):
        ticket = self._finish()
        self.done.is_cancellation = True
        self.assertFalse(self._get_row(ticket))

    def test_cancelled_and_rejected_are_stages_of_cancelled_work(self):
        stages = self.env["helpdesk.ticket.stage"]
        stages._mark_cancellations()
        for name, expected in (
            ("cancelled", True),
            ("rejected", True),
            ("done", False),
        ):
            stage = self.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
            with self.subTest(name):
                self.assertEqual(stage.is_cancellation, expected)

    def test_archived_tickets_count(self):
        ticket = self._finish()
        ticket.active = False
        self.assertTrue(self._get_row(ticket))

    def test_time_in_days_is_compared_in_hours(self):
        ticket = self._create_ticket()
        self._create_estimate(4.0, ticket=ticket, state="approved")
        self._log_time(1.0, ticket=ticket, product_uom_id=self.day.id)
        ticket.stage_id = self.done
        self.assertEqual(self._get_row(ticket).actual_hours, 8.0)

    def test_size_classes(self):
        for hours, size in (
            (0.25, "1"), (1.0, "1"), (1.25, "2"), (4.0, "2"), (8.0, "3"),
            (8.5, "4"), (16.0, "4"), (16.25, "5"),
        ):  # fmt: skip
            with self.subTest(hours):
                self.assertEqual(self._get_row(self._finish(hours)).size, size)

    def test_completion_is_when_the_ticket_was_closed(self):
        with freeze_time("2026-03-31 15:00:00"):
            ticket = self._finish()
        closed = fields.Datetime.to_datetime("2026-03-31 15:00:00")
        self.assertEqual(self._get_row(ticket).completed_on, closed)

    def test_completion_of_an_imported_ticket_is_the_day_of_its_last_work(self):
        ticket = self._finish()
        ticket.closed_date = False
        last_work = fields.Datetime.to_datetime("2026-05-04 12:00:00")
        self.assertEqual(self._get_row(ticket).completed_on, last_work)

    def test_ratios_of_several_tickets(self):
        self._finish(1.0, 2.0)
        self._finish(8.0, 4.0)
        ((total, ratio, typical),) = self.reports._read_group(
            [("responsible_id", "=", self.anna.id)],
            [],
            ["actual_hours:sum", "ratio:avg", "typical_ratio:avg"],
        )
        self.assertEqual(total, 6.0)
        self.assertAlmostEqual(ratio, 6 / 9)
        self.assertAlmostEqual(typical, 1.0)

    def test_tickets_are_grouped_by_everything_the_views_offer(self):
        with freeze_time("2026-03-31 15:00:00"):
            self._finish(1.0, 2.0)
            self._finish(8.0, 4.0, user=self.ben)
        for spec, count in (
            ("responsible_id", 2),
            ("user_id", 1),
            ("team_id", 1),
            ("category_id", 1),
            ("partner_id", 1),
            ("size", 2),
            ("completed_on:month", 1),
            ("company_id", 1),
        ):
            groups = self.reports.formatted_read_group(
                [("partner_id", "=", self.customer.id)],
                [spec],
                ["ratio:avg", "typical_ratio:avg", "difference:sum"],
            )
            with self.subTest(spec):
                self.assertEqual(len(groups), count)

    def test_only_managers_read_the_report(self):
        ticket = self._finish()
        row = self._get_row(ticket)
        row.with_user(self.manager).read(["ratio"])
        billing = self._create_user("te_bill", "account.group_account_invoice")
        portal = self._create_user("te_customer", "base.group_portal")
        for user in (self.anna, billing, portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).read(["ratio"])

    def test_managers_of_another_company_read_nothing(self):
        ticket = self._finish()
        second = self.env["res.company"].create({"name": "Second"})
        stranger = self._create_user(
            "te_stranger",
            "helpdesk_mgmt.group_helpdesk_manager",
            company_id=second.id,
            company_ids=[Command.set(second.ids)],
        )
        domain = [("ticket_id", "=", ticket.id)]
        self.assertTrue(self.reports.with_user(self.manager).search(domain))
        self.assertFalse(self.reports.with_user(stranger).search(domain))


@tagged("post_install", "-at_install")
class TestAccuracyHint(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _number in range(5):
            cls._finish(2.0, 3.0)

    def _get_hint(self, user, **values):
        estimate = self._create_estimate(4.0, **{"user_id": self.anna.id, **values})
        return estimate.with_user(user).accuracy_hint

    def test_the_person_is_told_how_the_last_estimates_went(self):
        self.assertEqual(
            self._get_hint(self.anna),
            "Your last 5 finished estimates typically took 1.50 × the estimated "
            "hours: 4 h → 6 h.",
        )

    def test_a_manager_is_told_about_the_person(self):
        self.assertIn("5 finished estimates of te_anna", self._get_hint(self.manager))

    def test_colleagues_are_told_nothing_about_others(self):
        self.assertFalse(self._get_hint(self.ben))

    def test_a_person_with_few_finished_estimates_is_told_nothing(self):
        self.assertFalse(self._get_hint(self.ben, user_id=self.ben.id))

    def test_nobody_is_told_anything_about_nobody(self):
        self.assertFalse(self._get_hint(self.manager, user_id=False))

    def test_an_estimate_that_was_sent_needs_no_hint(self):
        self.assertFalse(self._get_hint(self.anna, state="sent"))

    def test_work_for_another_company_does_not_count(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.assertIsNone(self.reports._get_accuracy(self.anna, second))
        self.assertEqual(self.reports._get_accuracy(self.anna, self.company).count, 5)

    def test_the_latest_tickets_count(self):
        for _number in range(30):
            self._finish(2.0, 1.0)
        accuracy = self.reports._get_accuracy(self.anna, self.company)
        self.assertEqual(accuracy.count, 30)
        self.assertAlmostEqual(accuracy.factor, 0.5)

    def test_the_form_shows_it_before_saving(self):
        model = self.env["helpdesk.ticket.estimate"].with_user(self.anna)
        form = Form(model.with_context(default_ticket_id=self.ticket.id))
        form.estimated_hours = 10.0
        self.assertIn("10 h → 15 h", form.accuracy_hint)

    def test_a_billing_user_cannot_read_it(self):
        billing = self._create_user("te_bill", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self._create_estimate().with_user(billing).read(["accuracy_hint"])

    def test_many_estimates_cost_one_look_at_each_person(self):
        estimates = self.env["helpdesk.ticket.estimate"]
        for _number in range(10):
            estimates += self._create_estimate(4.0, user_id=self.anna.id)
        estimates = estimates.with_user(self.manager)
        counts = []
        for records in (estimates[:1], estimates[:2], estimates):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(records.mapped("accuracy_hint")), len(records))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
