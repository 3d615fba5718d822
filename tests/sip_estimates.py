"""The SiP data as estimates: what was thought before the work and what it took.

The figures are worked out from the rows of the file with plain arithmetic; nothing of
the product is used.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import geometric_mean

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from . import sip

SIZES = {"1": (0, 1), "2": (1, 4), "3": (4, 8), "4": (8, 16), "5": (16, 10**6)}
LAST = 30


@dataclass(frozen=True)
class Task:
    """One job of the firm; ``person`` is who it was assigned to, by code.

    ``hours``: those of each developer; ``completed``: None for a task without that day.
    """

    number: str
    project: str
    category: str
    person: str
    estimate: float
    hours: tuple[tuple[str, float], ...]
    estimated: date
    completed: date | None
    is_cancelled: bool

    @property
    def actual(self) -> float:
        """Hours of all developers together."""
        return sum(hours for _developer, hours in self.hours)

    @property
    def is_finished(self) -> bool:
        """Whether the work was done, on a day that is known."""
        return bool(self.completed) and not self.is_cancelled

    @property
    def ratio(self) -> float:
        return self.actual / self.estimate

    @property
    def size(self) -> str:
        """The class of the estimated hours, upper bound included."""
        (found,) = [
            size for size, (low, high) in SIZES.items() if low < self.estimate <= high
        ]
        return found


def read_tasks() -> list[Task]:
    """Return every task of the firm, in the order of the file."""
    days = {row["TaskNumber"]: row for row in sip._rows("dates.csv")}
    hours, first = defaultdict(list), {}
    for row in sip._rows("tasks.csv"):
        number = row["TaskNumber"]
        first.setdefault(number, row)
        hours[number].append((row["DeveloperID"], float(row["DeveloperHoursActual"])))
    return [_to_task(row, hours[number], days[number]) for number, row in first.items()]


def _to_task(row, hours, days):
    completed = days["CompletedOn"]
    return Task(
        number=row["TaskNumber"],
        project=row["ProjectCode"],
        category=row["Category"],
        person=row["AssignedToID"],
        estimate=float(row["HoursEstimate"]),
        hours=tuple(hours),
        estimated=sip._to_day(days["EstimateOn"]),
        completed=sip._to_day(completed) if completed else None,
        is_cancelled=row["StatusCode"] == "CANCELLED",
    )


def compare(tasks: Iterable[Task]) -> tuple[int, float, float]:
    """Return (tasks, sum of actual by sum of estimated hours, geometric mean)."""
    tasks = list(tasks)
    total = sum(task.actual for task in tasks) / sum(task.estimate for task in tasks)
    typical = geometric_mean(task.ratio for task in tasks)
    return len(tasks), round(total, 3), round(typical, 3)


def compare_by(tasks: Iterable[Task], key: Callable) -> dict:
    """Return {key: what ``compare`` finds} of the finished tasks."""
    groups = defaultdict(list)
    for task in tasks:
        if task.is_finished:
            groups[key(task)].append(task)
    return {key: compare(group) for key, group in groups.items()}


def last_factors(tasks: Iterable[Task]) -> dict:
    """Return {person: (tasks, factor)} of the last tasks each person finished."""
    finished = [task for task in tasks if task.is_finished]
    finished.sort(key=lambda task: task.completed)  # the order of the file within a day
    by_person = defaultdict(list)
    for task in finished:
        by_person[task.person].append(task.ratio)
    return {
        person: (len(ratios[-LAST:]), round(geometric_mean(ratios[-LAST:]), 3))
        for person, ratios in by_person.items()
        if len(ratios) >= 5
    }


class EstimatedFirm(sip.Firm):
    """The firm's tasks as tickets with approved estimates and their time.

    Finished tasks are closed on their day, cancelled ones end in the stage for it and
    the rest is open.
    """

    def __init__(self, company, tasks: list[Task], service):
        self.company = company
        self.env = company.with_context(tracking_disable=True).sudo().env
        self.work = tasks
        self.partners = self._create_partners(sorted({t.project for t in tasks}))
        self.projects = self._create_projects(sorted({t.project for t in tasks}))
        self.users = self._create_users()
        self.categories = self._create_categories()
        self.employees = self._create_employees()
        self.tickets = self._create_tickets()
        # before the estimates: an overrun of the past is announced to nobody
        self.timesheets = self._create_timesheets()
        self.estimates = self._create_estimates(service)

    def _create_users(self):
        return {
            person: new_test_user(
                self.env,
                f"person_{person}",
                groups="helpdesk_mgmt.group_helpdesk_user",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for person in sorted({task.person for task in self.work})
        }

    def _create_categories(self):
        names = sorted({task.category for task in self.work})
        values = [{"name": name, "company_id": self.company.id} for name in names]
        categories = self._create("helpdesk.ticket.category", values)
        return dict(zip(names, categories, strict=True))

    def _create_employees(self):
        developers = sorted({code for task in self.work for code, _ in task.hours})
        values = [
            {"name": f"Developer {code}", "company_id": self.company.id}
            for code in developers
        ]
        employees = self._create("hr.employee", values)
        return dict(zip(developers, employees, strict=True))

    def _create_tickets(self):
        tickets = self._create(
            "helpdesk.ticket", [self._prepare_ticket(task) for task in self.work]
        )
        return dict(zip((task.number for task in self.work), tickets, strict=True))

    def _prepare_ticket(self, task):
        noon = task.completed and datetime.combine(task.completed, time(12))
        return {
            "number": task.number,
            "name": task.number,
            "description": task.number,
            "category_id": self.categories[task.category].id,
            "user_id": self.users[task.person].id,
            "partner_id": self.partners[task.project].id,
            "project_id": self.projects[task.project].id,
            "company_id": self.company.id,
            "stage_id": self._get_stage(task).id,
            "closed_date": noon,
        }

    def _get_stage(self, task):
        name = "done" if task.completed else "in_progress"
        if task.is_cancelled:
            name = "cancelled"
        return self.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")

    def _create_timesheets(self):
        return self._create(
            "account.analytic.line",
            [
                {
                    "name": "Work",
                    "date": task.completed or task.estimated,
                    "unit_amount": hours,
                    "employee_id": self.employees[developer].id,
                    "ticket_id": self.tickets[task.number].id,
                }
                for task in self.work
                for developer, hours in task.hours
            ],
        )

    def _create_estimates(self, service):
        estimates = self._create(
            "helpdesk.ticket.estimate",
            [
                {
                    "ticket_id": self.tickets[task.number].id,
                    "user_id": self.users[task.person].id,
                    "estimated_hours": task.estimate,
                    "product_id": service.id,
                }
                for task in self.work
            ],
        )
        estimates._write_transition(
            {
                "state": "approved",
                "signed_by": "Customer",
                "signed_on": fields.Datetime.now(),
            }
        )
        return estimates


def count_kinds(tasks: Iterable[Task]) -> Counter:
    """Return how many tasks are finished, cancelled and without day of completion."""
    return Counter(
        "cancelled" if task.is_cancelled else "finished" if task.is_finished else "open"
        for task in tasks
    )
