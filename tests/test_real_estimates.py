"""How far a real firm's estimates were off: the report against sums from the CSV alone.

One year of its tasks is booked in Odoo; the figures of all years come from the file.
"""

import unittest
from collections import defaultdict
from math import sqrt
from statistics import fmean, median

from odoo.tests import TransactionCase, tagged

from odoo.addons.ticket_estimates.core.accuracy import (
    MIN_SAMPLE,
    SAMPLE,
    measure_accuracy,
)

from . import sip
from .sip_estimates import (
    EstimatedFirm,
    compare,
    compare_by,
    count_kinds,
    last_factors,
    read_tasks,
)

YEAR = 2007
# (tickets, sum of actual by sum of estimated hours, geometric mean of the ratios)
ALL_TICKETS = (1978, 0.964, 0.967)
BY_CATEGORY = {
    "Development": (1621, 0.976, 0.974),
    "Management": (58, 0.900, 0.993),
    "Operational": (299, 0.915, 0.923),
}
BY_SIZE = {
    "1": (850, 1.295, 1.052),
    "2": (677, 1.421, 1.065),
    "3": (226, 1.171, 0.807),
    "4": (96, 1.004, 0.766),
    "5": (129, 0.730, 0.543),
}
BY_PERSON = {
    "13": (639, 1.295, 0.999),
    "24": (91, 1.096, 1.033),
    "26": (486, 1.303, 1.003),
    "42": (60, 1.422, 1.076),
    "43": (176, 0.859, 0.824),
    "45": (3, 0.901, 1.124),
    "54": (107, 0.641, 0.627),
    "58": (157, 0.724, 1.022),
    "65": (259, 1.062, 1.022),
}
# (tickets, factor) of the last ones a person finished
FACTORS = {
    "13": (30, 1.060),
    "24": (30, 1.022),
    "26": (30, 1.183),
    "42": (30, 1.112),
    "43": (30, 0.775),
    "54": (30, 0.591),
    "58": (30, 0.725),
    "65": (30, 1.181),
}
# The same of all ten years
EVER = (8177, 1.010, 0.951)
EVER_BY_CATEGORY = {
    "Development": (5576, 1.010, 0.921),
    "Management": (1163, 1.013, 1.111),
    "Operational": (1438, 1.007, 0.952),
}
EVER_BY_SIZE = {
    "1": (2794, 1.320, 1.061),
    "2": (2982, 1.339, 1.021),
    "3": (1205, 1.199, 0.867),
    "4": (488, 1.180, 0.826),
    "5": (708, 0.824, 0.592),
}


def get_ratio_of_sums(pairs):
    return sum(actual for _, actual in pairs) / sum(estimate for estimate, _ in pairs)


def get_median(pairs):
    return median(actual / estimate for estimate, actual in pairs)


def get_factor(pairs):
    return measure_accuracy(pairs).factor


RULES = {
    "bare estimate": lambda pairs: 1.0,
    "ratio of sums": get_ratio_of_sums,
    "median": get_median,
    "factor": get_factor,
}


def measure_errors(tasks):
    """Return (tasks, {rule: (mean error, root mean square error)}) in hours.

    Each task is predicted from the last ones that its person finished before.
    """
    before, errors = defaultdict(list), defaultdict(list)
    for task in sorted(tasks, key=lambda task: task.completed):
        latest = before[task.person][:SAMPLE]
        if len(latest) >= MIN_SAMPLE:
            for name, rule in RULES.items():
                errors[name].append(task.estimate * rule(latest) - task.actual)
        before[task.person].insert(0, (task.estimate, task.actual))
    found = {
        name: (
            round(fmean(abs(error) for error in values), 2),
            round(sqrt(fmean(error**2 for error in values)), 2),
        )
        for name, values in errors.items()
    }
    return len(errors["factor"]), found


@unittest.skipUnless(sip.FOLDER.is_dir(), sip.MISSING)
@tagged("post_install", "-at_install")
class TestEstimatesOfAYear(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = [
            task
            for task in read_tasks()
            if (task.completed or task.estimated).year == YEAR
        ]
        company = cls.env["res.company"].create({"name": "Real Firm"})
        service = cls.env["product.product"].create(
            {
                "name": "Hour of work",
                "type": "service",
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "list_price": 90.0,
                "company_id": company.id,
            }
        )
        cls.env["helpdesk.ticket.stage"]._mark_cancellations()
        cls.firm = EstimatedFirm(company, cls.tasks, service)
        cls.env.flush_all()
        # rows of this transaction only: the database would plan for empty tables
        cls.env.cr.execute(
            "ANALYZE helpdesk_ticket, helpdesk_ticket_estimate, account_analytic_line"
        )
        cls.reports = cls.firm.env["helpdesk.ticket.estimate.report"]
        cls.domain = [("company_id", "=", company.id)]

    def compare_by(self, name):
        """Return {value of a field: what the report finds}."""
        groups = self.reports._read_group(
            self.domain, [name], ["__count", "ratio:avg", "typical_ratio:avg"]
        )
        return {
            value: (count, round(ratio, 3), round(typical, 3))
            for value, count, ratio, typical in groups
        }

    def test_every_task_is_booked(self):
        kinds = count_kinds(self.tasks)
        self.assertEqual(kinds, {"finished": 1978, "open": 181, "cancelled": 38})
        self.assertEqual(len(self.firm.tickets), 2197)
        for task in self.tasks:
            ticket = self.firm.tickets[task.number]
            self.assertAlmostEqual(ticket.total_hours, task.actual)
            self.assertAlmostEqual(ticket.planned_hours, task.estimate)

    def test_the_report_has_the_finished_tasks_and_no_others(self):
        rows = self.reports.search(self.domain)
        finished = {task.number for task in self.tasks if task.is_finished}
        self.assertEqual(set(rows.ticket_id.mapped("number")), finished)
        self.assertEqual(len(rows), len(finished))

    def test_all_tickets_together(self):
        ((count, ratio, typical),) = self.reports._read_group(
            self.domain, [], ["__count", "ratio:avg", "typical_ratio:avg"]
        )
        self.assertEqual((count, round(ratio, 3), round(typical, 3)), ALL_TICKETS)
        finished = [task for task in self.tasks if task.is_finished]
        self.assertEqual(compare(finished), ALL_TICKETS)

    def test_by_category(self):
        names = {value: key for key, value in self.firm.categories.items()}
        found = self.compare_by("category_id")
        self.assertEqual({names[key]: row for key, row in found.items()}, BY_CATEGORY)
        self.assertEqual(
            compare_by(self.tasks, lambda task: task.category), BY_CATEGORY
        )

    def test_by_size(self):
        self.assertEqual(self.compare_by("size"), BY_SIZE)
        self.assertEqual(compare_by(self.tasks, lambda task: task.size), BY_SIZE)

    def test_by_person(self):
        codes = {user: person for person, user in self.firm.users.items()}
        found = self.compare_by("responsible_id")
        self.assertEqual({codes[user]: row for user, row in found.items()}, BY_PERSON)
        self.assertEqual(compare_by(self.tasks, lambda task: task.person), BY_PERSON)

    def test_by_month(self):
        found = self.compare_by("completed_on:month")
        expected = compare_by(self.tasks, lambda task: task.completed.replace(day=1))
        self.assertEqual(len(expected), 12)
        self.assertEqual({day.date(): row for day, row in found.items()}, expected)

    def test_factor_each_person_is_shown(self):
        found = {}
        for person, user in self.firm.users.items():
            if accuracy := self.reports._get_accuracy(user, self.firm.company):
                found[person] = (accuracy.count, round(accuracy.factor, 3))
        self.assertEqual(found, FACTORS)
        self.assertEqual(last_factors(self.tasks), FACTORS)


@unittest.skipUnless(sip.FOLDER.is_dir(), sip.MISSING)
@tagged("post_install", "-at_install")
class TestEstimatesOfAllYears(TransactionCase):
    """What the readme says about the data, from the file alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = read_tasks()
        cls.finished = [task for task in cls.tasks if task.is_finished]

    def test_no_task_is_left_out_unseen(self):
        self.assertEqual(
            count_kinds(self.tasks), {"finished": 8177, "open": 1923, "cancelled": 166}
        )

    def test_sums_are_right_and_single_tickets_are_not(self):
        self.assertEqual(compare(self.finished), EVER)

    def test_categories_differ_little(self):
        found = compare_by(self.tasks, lambda task: task.category)
        self.assertEqual(found, EVER_BY_CATEGORY)

    def test_small_jobs_take_longer_and_large_ones_less(self):
        found = compare_by(self.tasks, lambda task: task.size)
        self.assertEqual(found, EVER_BY_SIZE)

    def test_every_third_job_takes_exactly_the_estimated_hours(self):
        exact = sum(task.actual == task.estimate for task in self.finished)
        self.assertEqual(exact, 3062)
        self.assertEqual(median(task.ratio for task in self.finished), 1.0)

    def test_the_factor_comes_closest_to_the_actual_hours(self):
        count, errors = measure_errors(self.finished)
        self.assertEqual(count, 8099)
        self.assertEqual(
            errors,
            {
                "bare estimate": (4.11, 17.83),
                "ratio of sums": (4.45, 16.26),
                "median": (3.99, 15.99),
                "factor": (3.96, 15.23),
            },
        )
