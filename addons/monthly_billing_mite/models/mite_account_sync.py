import logging

from odoo import api, fields, models

from odoo.addons.mail_delivery_followup.disturbance import concerns_all

from ..core.errors import MiteError
from ..core.months import add_month, get_first, get_last, list_months
from ..core.records import KINDS, read_change, read_entry, read_master

_logger = logging.getLogger(__name__)

#: entries booked between two commits of the job
BATCH = 500
#: minutes until the next try after the first, second, ... failure
PAUSES = (15, 60, 240, 1440)
#: hour of the night (UTC) at which mite is read
NIGHT = 1
#: how often changes are asked for in one run, while people go on booking
MAX_CHANGES = 20
#: what mite may say of a link to changes that it has forgotten
FORGOTTEN = ("not_found", "refused", "forbidden", "changed", "too_big")


class OutOfTime(Exception):
    """The job has to make room for others; it goes on soon where it is."""


def stay(*_args, **_kwargs):
    """Commit nothing: outside of the job one transaction does it all."""
    return float("inf")


class MiteAccount(models.Model):
    """Reads mite again and again: what changed, else month by month."""

    _inherit = "mite.account"

    @api.model
    def _cron_synchronise(self):
        """Read what is due, book what waits; each month and batch is committed on its
        own, so a run that is ended goes on where it was."""
        commit = self.env["ir.cron"]._commit_progress
        running = self.search([("state", "=", "running")])
        now = fields.Datetime.now()
        commit(remaining=len(running))
        for account in running:
            due = account.source == "api" and (account.next_sync or now) <= now
            try:
                account._synchronise(commit) if due else account._book_waiting(commit)
            except OutOfTime:
                return
            except Exception as error:
                self.env.cr.rollback()
                if concerns_all(error):
                    raise
                _logger.exception("The import of %s failed", account)
                account._record_problem(
                    account.run_ids.filtered(lambda run: run.state == "running"),
                    MiteError("internal", type(error).__name__),
                )
            if commit(1) <= 0:
                return
        self._plan_next_run()

    @api.model
    def _plan_next_run(self):
        """Let the job run when the first of the accounts is due again."""
        times = self.search([("state", "=", "running")]).mapped("next_sync")
        if times := [time for time in times if time]:
            self.env.ref("monthly_billing_mite.mite_account_cron_synchronise")._trigger(
                at=min(times)
            )

    def _synchronise(self, commit=stay):
        """Bring the time of one account here, and say how it went.

        :param commit: called after each month and batch that is complete
        :return: the ``mite.run``
        """
        self.ensure_one()
        run = self.env["mite.run"].create({"account_id": self.id})
        commit()
        try:
            client = self._get_client()
            self._check_role(client)
            months = self._read_all(client, run, commit)
            self._book_waiting(commit, run)
            self._compare(client, run, months, commit)
            self._lock_in_mite(client, run, commit)
        except MiteError as error:
            _logger.info("mite could not be read: %s", error)
            self._record_problem(run, error)
        except OutOfTime:
            run.write({"state": "paused", "ended_on": fields.Datetime.now()})
        else:
            self._record_success(run)
        commit()
        return run

    def _read_all(self, client, run, commit):
        """Keep what mite has; return the months (first days) that may have changed."""
        with self.env.cr.savepoint():
            self._read_masters(client)
        commit()
        if self.sudo().changes_link and not self.window_next:
            months = self._read_changes(client, run, commit)
            if months is not None:
                return months
        return self._read_months(client, run, commit)

    def _read_masters(self, client):
        """Know the customers, projects, services and users, archived ones as well."""
        masters = [
            read_master(kind, data)
            for kind, plural in KINDS.items()
            for path in (f"/{plural}.json", f"/{plural}/archived.json")
            for page in client.pages(path)
            for data in page
        ]
        self.env["mite.store"]._keep_masters(self, masters)

    def _read_changes(self, client, run, commit):
        """Keep what changed since the last run.

        :return: the months that changed; None if mite has forgotten the link
        """
        run.mode = "changes"
        months = set()
        for _attempt in range(MAX_CHANGES):
            try:
                answer = client.follow(self.sudo().changes_link)
                changes = [read_change(data) for data in answer.data or []]
                if not isinstance(answer.data, list):
                    raise MiteError("changed", "changes")
            except MiteError as error:
                if error.kind not in FORGOTTEN:
                    raise
                self._read_everything_again()
                return None
            with self.env.cr.savepoint():
                months |= self._keep_changes([one for one in changes if one])
                if answer.changes_link:
                    self.sudo().changes_link = answer.changes_link
            run._count(fetched=len(changes))
            commit()
            if not (changes and answer.changes_link):
                break
        return sorted(months | set(self._get_recent_months()))

    def _get_recent_months(self):
        """Return this month and the last one, whose sums are compared every night."""
        today = fields.Date.context_today(self)
        first = get_first(fields.Date.subtract(get_first(today), days=1))
        return [
            month
            for month in (first, get_first(today))
            if get_last(month) >= self.date_from
        ]

    def _keep_changes(self, changes):
        """Keep changes in their order; return the months of the entries."""
        store = self.env["mite.store"]
        last = {(change.kind, change.key): change for change in changes}.values()
        times = [one for one in last if one.kind == "time_entry"]
        masters = [one.record for one in last if one.kind in KINDS and one.record]
        if masters:
            store._keep_masters(self, masters)
        self._mark_masters_deleted([one for one in last if one.kind in KINDS])
        keys = [change.key for change in times]
        known = self._find_entries(keys)
        months = {get_first(entry.day) for entry in known}
        records = [
            one.record
            for one in times
            if one.record
            and (
                one.record.day >= self.date_from
                or one.key in known.mapped("external_id")
            )
        ]
        touched = store._keep(self, records)
        touched |= store._mark_deleted(
            self, [one.key for one in times if not one.record]
        )
        self._put_in_line(touched)
        return months | {get_first(record.day) for record in records}

    def _find_entries(self, keys):
        return self.env["mite.entry"].search(
            [("account_id", "=", self.id), ("external_id", "in", keys)]
        )

    def _mark_masters_deleted(self, changes):
        """Remember what mite has deleted; what was decided about it stays."""
        gone = [(one.kind, one.key) for one in changes if not one.record]
        links = self.env["mite.store"]._get_links(self, gone)
        for key in gone:
            if key in links:
                links[key].is_deleted = True

    def _read_months(self, client, run, commit):
        """Keep month by month; go on where the last run was ended.

        What people change meanwhile is read by the link that is taken before.
        """
        run.mode = "windows"
        if not self.window_next:
            answer = client.get("/time_entries.json", limit=1)
            self.write({"window_next": get_first(self.date_from)})
            self.sudo().window_link = answer.changes_link
        today = fields.Date.context_today(self)
        months = list_months(self.window_next, max(today, self.window_next))
        for month in months:
            is_last = month == months[-1]
            with self.env.cr.savepoint():
                run._count(fetched=self._read_month(client, month, is_last), months=1)
                self.window_next = add_month(month)
            self._commit(commit)
            self._book_waiting(commit, run)
        self.sudo().write(
            {
                "changes_link": self.sudo().window_link,
                "window_link": False,
                "window_next": False,
            }
        )
        return list_months(self.date_from, max(today, self.date_from))

    def _read_month(self, client, month, is_open=False):
        """Keep a whole month, or nothing of it; return how many entries it has.

        :param month: its first day
        :param is_open: take later months with it, for time that is ahead
        """
        window = {"from": max(month, self.date_from).isoformat()}
        if not is_open:
            window["to"] = get_last(month).isoformat()
        query = {**window, "sort": "date", "direction": "asc"}
        entries = [
            read_entry(data)
            for page in client.pages("/time_entries.json", **query)
            for data in page
        ]
        touched = self.env["mite.store"]._keep(self, entries)
        touched |= self._find_vanished(client, entries, window)
        self._put_in_line(touched)
        return len(entries)

    def _find_vanished(self, client, entries, window):
        """Return known entries of a window that mite has moved elsewhere or deleted."""
        domain = [
            ("account_id", "=", self.id),
            ("is_deleted", "=", False),
            ("day", ">=", window["from"]),
        ]
        if "to" in window:
            domain.append(("day", "<=", window["to"]))
        known = self.env["mite.entry"].search_fetch(domain, ["external_id"])
        missing = set(known.mapped("external_id")) - {entry.key for entry in entries}
        moved, gone = [], []
        for key in sorted(missing):
            try:
                moved.append(
                    read_entry(client.get(f"/time_entries/{int(key)}.json").data)
                )
            except MiteError as error:
                if error.kind != "not_found":
                    raise
                gone.append(key)
        store = self.env["mite.store"]
        return store._keep(self, moved) | store._mark_deleted(self, gone)

    def _put_in_line(self, entries):
        """Let entries wait for their booking, those with drift as well."""
        entries.write({"state": "waiting", "problem": False, "problem_text": False})

    def _get_bookable_domain(self):
        """Return which entries may be booked: nothing that they name is undecided."""
        decided = ("decided", "left_out")
        return [
            ("account_id", "=", self.id),
            ("state", "in", ("waiting", "drift")),
            ("user_link_id.state", "in", decided),
            *self._get_decided_or_none("customer_link_id", decided),
            *self._get_decided_or_none("service_link_id", decided),
        ]

    @api.model
    def _get_decided_or_none(self, name, decided):
        return ["|", (name, "=", False), (f"{name}.state", "in", decided)]

    def _book_waiting(self, commit=stay, run=None):
        """Book what can be booked, in batches; say of the rest what it waits for."""
        entries, last = self.env["mite.entry"], 0
        new = [("state", "=", "waiting"), ("problem", "=", False)]
        for domain in (
            self._get_bookable_domain(),
            [("account_id", "=", self.id), *new],
        ):
            last = 0
            while batch := entries.search(
                [*domain, ("id", ">", last)], order="id", limit=BATCH
            ):
                last = batch[-1].id
                self.env["mite.booking"]._book(self, batch, run)
                self._commit(commit)
                self.env.invalidate_all()

    @api.model
    def _commit(self, commit):
        """Keep what is complete.

        :raise OutOfTime: if no time is left
        """
        if commit() <= 0:
            raise OutOfTime

    def _record_success(self, run):
        now = fields.Datetime.now()
        tomorrow = fields.Datetime.add(now, days=1).replace(
            hour=NIGHT, minute=0, second=0
        )
        self.write(
            {
                "problem": False,
                "failures": 0,
                "last_success": now,
                "next_sync": tomorrow,
            }
        )
        run.write({"state": "done", "ended_on": now})
        if run.drifts:
            self._tell_managers(self._get_drift_text(run.drifts))

    def _record_problem(self, run, error):
        """Say what is wrong, and when it is tried again."""
        now = fields.Datetime.now()
        passing = error.is_passing or error.kind == "internal"
        pause = PAUSES[min(self.failures, len(PAUSES) - 1)] if passing else PAUSES[-1]
        if not passing and self.problem != error.kind:
            self._tell_managers(self._get_problem_text(error.kind))
        self.write(
            {
                "problem": error.kind,
                "failures": self.failures + 1,
                "next_sync": fields.Datetime.add(now, minutes=pause),
            }
        )
        run.write(
            {
                "state": "failed",
                "problem": error.kind,
                "detail": error.detail,
                "ended_on": now,
            }
        )
