"""A real service firm's years of work, read from the SiP data and booked in Odoo.

The data lies beside the checkout, never in it; its README says what the columns mean.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo import fields
from odoo.tools import split_every

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "sip"
MISSING = "the SiP data does not lie beside the checkout (../shared/data/sip)"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
PRIORITIES = {"1": "3", "2": "2", "3": "1"}
BATCH = 500


@dataclass(frozen=True)
class Work:
    """The hours of one developer on one task, done on the day it was completed."""

    task: str
    summary: str
    priority: str
    project: str
    developer: str
    day: date
    hours: Decimal
    estimate: Decimal
    is_cancelled: bool


def read_work(start: date, end: date) -> list[Work]:
    """Return the work from ``start`` up to, but without, ``end``.

    By day, then in the order of the file: the order in which it is booked.
    """
    completed = {
        row["TaskNumber"]: _to_day(row["CompletedOn"])
        for row in _rows("dates.csv")
        if row["CompletedOn"]
    }
    work = [
        _to_work(row, completed[row["TaskNumber"]])
        for row in _rows("tasks.csv")
        if row["TaskNumber"] in completed and Decimal(row["DeveloperHoursActual"]) > 0
    ]
    return sorted(
        (item for item in work if start <= item.day < end), key=lambda item: item.day
    )


def _rows(name):
    with (FOLDER / name).open(encoding="latin-1", newline="") as file:
        yield from csv.DictReader(file)


def _to_day(text):
    """Return the day of a text like 02-Nov-04, whatever the machine's language."""
    day, month, year = text.split("-")
    return date(2000 + int(year), MONTHS.index(month) // 4 + 1, int(day))


def _to_work(row, day):
    return Work(
        task=row["TaskNumber"],
        summary=row["Summary"],
        priority=row["Priority"],
        project=row["ProjectCode"],
        developer=row["DeveloperID"],
        day=day,
        hours=Decimal(row["DeveloperHoursActual"]),
        estimate=Decimal(row["HoursEstimate"]),
        is_cancelled=row["StatusCode"] == "CANCELLED",
    )


class Firm:
    """The firm in a database: its customers, their tickets and the booked time.

    ``agreements`` by customer, ``tickets`` by task number, ``timesheets`` in the
    order of the work. Customers, projects and agreements carry the project's code.
    """

    def __init__(self, company, work: list[Work], service, tiers):
        self.company = company
        self.env = company.with_context(tracking_disable=True).sudo().env
        self.work = work
        codes = sorted({item.project for item in work})
        self.partners = self._create_partners(codes)
        self.projects = self._create_projects(codes)
        self.agreements = self._create_agreements(codes, service, tiers)
        self.employees = self._create_employees()
        self.tickets = self._create_tickets()
        # before the estimates: an overrun of the past is announced to nobody
        self.timesheets = self._create_timesheets()
        self.estimates = self._create_estimates(service)

    def _create(self, model, values):
        records = self.env[model]
        for batch in split_every(BATCH, values, list):
            records += records.create(batch)
        return records

    def _create_partners(self, codes):
        country = self.company.country_id or self.env.ref("base.de")
        address = {"street": "1 Main Street", "city": "Town", "zip": "10000"}
        partners = self._create(
            "res.partner",
            [
                {"name": code, "is_company": True, "country_id": country.id, **address}
                for code in codes
            ],
        )
        return dict(zip(codes, partners, strict=True))

    def _create_projects(self, codes):
        projects = self._create(
            "project.project",
            [
                {
                    "name": code,
                    "partner_id": self.partners[code].id,
                    "company_id": self.company.id,
                    "allow_timesheets": True,
                }
                for code in codes
            ],
        )
        return dict(zip(codes, projects, strict=True))

    def _create_agreements(self, codes, service, tiers):
        agreements = self._create(
            "billing.agreement",
            [
                {
                    "partner_id": self.partners[code].id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "product_id": service.id,
                    "volume_discount_id": tiers.id,
                    "date_start": self.work[0].day.replace(day=1),
                    "auto_post": True,
                }
                for code in codes
            ],
        )
        agreements.action_activate()
        return dict(zip(codes, agreements, strict=True))

    def _create_employees(self):
        developers = sorted({item.developer for item in self.work})
        employees = self._create(
            "hr.employee",
            [
                {"name": f"Developer {code}", "company_id": self.company.id}
                for code in developers
            ],
        )
        return dict(zip(developers, employees, strict=True))

    def _create_tickets(self):
        tasks = {item.task: item for item in self.work}
        tickets = self._create(
            "helpdesk.ticket",
            [
                {
                    "number": item.task,
                    "name": item.summary,
                    "description": item.summary,
                    "priority": PRIORITIES.get(item.priority, "0"),
                    "partner_id": self.partners[item.project].id,
                    "project_id": self.projects[item.project].id,
                    "company_id": self.company.id,
                }
                for item in tasks.values()
            ],
        )
        return dict(zip(tasks, tickets, strict=True))

    def _create_estimates(self, service):
        """Create the estimates and approve them in one go, as the firm's past is."""
        estimates = self._create(
            "helpdesk.ticket.estimate",
            [
                {
                    "ticket_id": self.tickets[item.task].id,
                    "estimated_hours": float(item.estimate),
                    "product_id": service.id,
                }
                for item in {item.task: item for item in self.work}.values()
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

    def _create_timesheets(self):
        return self._create(
            "account.analytic.line",
            [
                {
                    "name": "Work",
                    "date": item.day,
                    "unit_amount": float(item.hours),
                    "employee_id": self.employees[item.developer].id,
                    "ticket_id": self.tickets[item.task].id,
                    "non_billable": item.is_cancelled,
                }
                for item in self.work
            ],
        )
