"""Three months of work, month by month, and the bills of the first two."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from odoo.tools import SQL

from .billing import bill_month
from .calendar import add_months, weekday_before, working_days
from .jobs import JOBS, REFUSAL
from .people import CUSTOMERS, MANAGER
from .sessions import Session, expand, late_session

LANGS = {customer.key: customer.lang for customer in CUSTOMERS}
OPENING = {
    "de_DE": "Guten Tag, bitte kümmern Sie sich darum: {title}. Viele Grüße",
    "en_GB": "Hello, could you please look into this: {title}. Best regards,",
}
#: percent; more is refused
LARGEST_TOLERANCE = 1000


def load_history(firm) -> None:
    """Make tickets, estimates and timesheets of all months in the order of time.

    Invoices of a month are made when the next one begins, as in a real firm. Nobody is
    told of overruns that lie in the past.
    """
    company = firm.env.company
    tolerance = company.ticket_overrun_tolerance
    company.ticket_overrun_tolerance = LARGEST_TOLERANCE
    _load_months(firm)
    company.ticket_overrun_tolerance = tolerance


def _load_months(firm) -> None:
    sessions = defaultdict(list)
    for session in expand(firm.month, LANGS):
        sessions[session.day.replace(day=1)].append(session)
    jobs = {}
    for number, first in enumerate(
        add_months(firm.month, back) for back in (-2, -1, 0)
    ):
        if number:
            _close_month(firm, add_months(first, -1), is_paid=number == 1)
        if number == 2:
            _make_timesheets(firm, jobs, [late_session(firm.month)])
        _make_jobs(firm, jobs, number, working_days(first))
        _make_estimates(firm, jobs, number)
        _make_timesheets(firm, jobs, sessions[first])
    _close_tickets(firm, jobs)
    _rank_tickets(firm, jobs)


def _close_month(firm, first: date, is_paid: bool) -> None:
    """Bill a month; the bookkeeper has reviewed its drafts."""
    invoices = bill_month(firm.env, first).invoice_id
    drafts = invoices.filtered(lambda move: move.state == "draft")
    drafts.invoice_date = add_months(first, 1)
    drafts.action_post()
    if is_paid:
        _pay(firm, invoices)


def _pay(firm, invoices) -> None:
    """Record that the customers paid when the invoices were due."""
    for invoice in invoices:
        firm.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": invoice.invoice_date_due}).action_create_payments()


def _make_jobs(firm, jobs: dict, number: int, days: list[date]) -> None:
    """Make the tickets and tasks of a month, numbered in the order they came in."""
    for job in sorted(JOBS, key=lambda job: job.day):
        if job.month != number:
            continue
        if job.place == "ticket":
            jobs[job] = _make_ticket(firm, job, weekday_before(days[job.day], 2))
        elif job.place == "task":
            jobs[job] = _get_or_make_task(firm, job)


def _make_ticket(firm, job, day: date):
    """Make a ticket that came in on `day`: two days before somebody works on it."""
    contact = firm.contacts[job.customer]
    opening = OPENING[contact.lang].format(title=job.title)
    ticket = firm.env["helpdesk.ticket"].create(
        {
            "name": job.title,
            "description": f"<p>{opening}<br/>{contact.name}</p>",
            "partner_id": contact.id,
            "partner_name": contact.name,
            "partner_email": contact.email,
            "team_id": firm.team.id,
            "user_id": firm.users[job.people[0]].id,
            "project_id": firm.get_project(job).id,
            "stage_id": firm.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new").id,
            "company_id": firm.company.id,
        }
    )
    _backdate(ticket, day, "create_date", "assigned_date", "last_stage_update")
    return ticket


def _get_or_make_task(firm, job):
    project = firm.get_project(job)
    task = project.task_ids.filtered(lambda task: task.name == job.title)
    return task or task.create(
        {
            "name": job.title,
            "project_id": project.id,
            "partner_id": firm.customers[job.customer].id,
            "user_ids": [firm.users[person].id for person in job.people],
        }
    )


def _make_estimates(firm, jobs: dict, number: int) -> None:
    """Offer the estimates of a month and record the customers' answers.

    The first one is answered before the work begins, a new one while it goes on.
    """
    days = working_days(add_months(firm.month, number - 2))
    for job, ticket in jobs.items():
        for position, data in enumerate(job.estimates):
            if data.month == number:
                start = days[job.day] if job.month == number else days[0]
                _make_estimate(firm, ticket, data, start + timedelta(weeks=position))


def _make_estimate(firm, ticket, data, day: date) -> None:
    """Offer an estimate two days before `day`; the customer answers the day after."""
    offered, answered = weekday_before(day, 2), weekday_before(day)
    values = {
        "estimated_hours": data.hours,
        "user_id": firm.users[MANAGER].id,
        "scope": f"<p>{ticket.name}</p>",
    }
    latest = ticket.estimate_ids.sorted("revision")[-1:]
    if latest:
        estimate = latest._revise()
        estimate.write(values)
    else:
        estimate = latest.create({"ticket_id": ticket.id, **values})
    _backdate(estimate, offered, "create_date")
    if data.answer == "draft":
        return
    estimate._mark_sent()
    _backdate(estimate, offered, "sent_on")
    name = ticket.partner_id.name
    if data.answer == "approved":
        estimate._approve(name)
    elif data.answer == "rejected":
        estimate._reject(REFUSAL, name=name)
    elif data.answer == "expired":
        estimate._expire()
    if estimate.signed_on:
        _backdate(estimate, answered, "signed_on")


def _make_timesheets(firm, jobs: dict, sessions: list[Session]) -> None:
    firm.env["account.analytic.line"].create(
        [_prepare_timesheet(firm, jobs, session) for session in sessions]
    )


def _prepare_timesheet(firm, jobs: dict, session: Session) -> dict:
    job = session.job
    values = {
        "name": session.text,
        "date": session.day,
        "unit_amount": session.minutes / 60,
        "employee_id": firm.employees[session.person].id,
        "project_id": firm.get_project(job).id,
    }
    if job.place != "project":
        values[f"{job.place}_id"] = jobs[job].id
    return values


def _close_tickets(firm, jobs: dict) -> None:
    """Finish the tickets that are done, on the day of their last work."""
    stage = {
        name: firm.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
        for name in ("done", "in_progress", "awaiting")
    }
    for job, ticket in jobs.items():
        if job.place != "ticket":
            continue
        last = ticket.last_timesheet_activity
        if not job.is_open:
            ticket.stage_id = stage["done"]
            _backdate(ticket, last, "closed_date", "last_stage_update")
        elif ticket.estimate_state == "sent":
            ticket.stage_id = stage["awaiting"]
        else:
            ticket.stage_id = stage["in_progress"]


def _rank_tickets(firm, jobs: dict) -> None:
    """Let two customers say what comes first: what they ordered last."""
    for customer in ("dentist", "machines"):
        ranking = firm.env["helpdesk.ticket"]
        for job, ticket in reversed(jobs.items()):
            if job.customer == customer and job.place == "ticket" and job.is_open:
                ranking += ticket
        ranking._write_ranking()


def _backdate(record, day: date, *columns: str) -> None:
    """Let columns that Odoo sets by itself say `day`, in the afternoon."""
    record.flush_recordset()
    moment = datetime.combine(day, time(9, 5)) + timedelta(minutes=record.id * 7 % 420)
    assignments = SQL(", ").join(
        SQL("%s = %s", SQL.identifier(column), moment) for column in columns
    )
    table = SQL.identifier(record._table)
    record.env.cr.execute(
        SQL("UPDATE %s SET %s WHERE id = %s", table, assignments, record.id)
    )
    record.invalidate_recordset(columns)
