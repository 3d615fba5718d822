from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import split_every

from odoo.addons.mail_delivery_followup.disturbance import concerns_all

from ..core.settling import find_step
from ..core.texts import to_line
from .mite_place import Collecting, Unplaced

BATCH = 500
#: which fact decides which field of a timesheet entry
FIELDS = {
    "minutes": ("unit_amount",),
    "date": ("date",),
    "user": ("employee_id",),
    "place": ("project_id", "ticket_id", "task_id", "partner_id"),
    "billable": ("non_billable",),
    "text": ("name",),
}


class MiteBooking(models.AbstractModel):
    """Makes timesheet entries of what came, and keeps them equal."""

    _name = "mite.booking"
    _description = "Books Time of mite"

    @api.model
    def _book(self, account, entries, run=None):
        """Make the time here that of mite, except what is billed.

        What cannot be booked waits with its reason and stops no other.
        """
        company = account.company_id
        here = self.with_company(company).with_context(
            allowed_company_ids=company.ids, mail_create_nolog=True
        )
        for batch in split_every(BATCH, entries.ids, here.env["mite.entry"].browse):
            counts = here._book_batch(batch.account_id, batch)
            if run:
                run._count(**counts)

    @api.model
    def _book_batch(self, account, entries):
        """Return what was done, as numbers by field of ``mite.run``."""
        counts = {"created": 0, "updated": 0, "deleted": 0, "waiting": 0, "drifts": 0}
        tickets = self.env["mite.place"]._get_tickets(account, entries)
        new = []
        for entry in entries:
            facts = entry._get_facts()
            step = find_step(
                facts,
                entry.booked_facts,
                bool(entry.timesheet_ids),
                any(line._is_frozen() for line in entry.timesheet_ids)
                if self._may_change(entry, facts)
                else False,
            )
            if step.kind == "create":
                if values := self._prepare(entry, tickets, counts):
                    new.append((entry, facts, values))
            else:
                getattr(self, f"_do_{step.kind}")(entry, facts, step, tickets, counts)
        self._create(self._put_on_tickets(new, counts), counts)
        return counts

    @api.model
    def _may_change(self, entry, facts):
        """Return whether the ledger has to be asked about the entry."""
        return bool(entry.timesheet_ids) and facts != entry.booked_facts

    @api.model
    def _do_nothing(self, entry, facts, step, tickets, counts):
        if entry.timesheet_ids:
            self._settle(entry, "booked")
            self._close_drift(entry, "gone")
        elif entry.is_deleted:
            self._settle(entry, "gone")
        elif entry._is_left_out():
            self._settle(entry, "left_out")
        else:
            self._wait(entry, "running" if entry.running else "empty", counts)

    @api.model
    def _do_delete(self, entry, facts, step, tickets, counts):
        """Time that mite has no more goes; time on a credited invoice stays with no
        hours as a record of it."""
        try:
            with self.env.cr.savepoint():
                for line in entry.timesheet_ids:
                    self._remove(line)
        except (UserError, AccessError, MissingError) as error:
            self._wait(entry, "refused", counts, str(error))
            return
        counts["deleted"] += 1
        entry.write({"booked_facts": False, "ignored_minutes": 0})
        self._close_drift(entry, "followed")
        self._do_nothing(entry, facts, step, tickets, counts)

    @api.model
    def _do_drift(self, entry, facts, step, tickets, counts):
        here = entry._get_minutes_here()
        if self.env["mite.drift"]._record(entry, step.changed, here):
            counts["drifts"] += 1
        self._settle(entry, "drift")

    @api.model
    def _do_write(self, entry, facts, step, tickets, counts):
        values = self._prepare(entry, tickets, counts, step.changed)
        if not values or not self._put_on_tickets([(entry, facts, values)], counts):
            return
        kept, *others = entry.timesheet_ids.sorted("id")
        try:
            with self.env.cr.savepoint():
                for other in others:
                    self._remove(other)
                kept.write(values)
        except (UserError, AccessError, MissingError) as error:
            self._wait(entry, "refused", counts, str(error))
            return
        counts["updated"] += 1
        entry.write({"booked_facts": facts, "ignored_minutes": 0})
        self._settle(entry, "booked")
        self._close_drift(entry, "followed")

    @api.model
    def _remove(self, line):
        """Take away an entry; one on an invoice and its credit note stays without
        hours, as a record of both."""
        if line.allocation_ids._filter_counting():
            line.write({"unit_amount": 0.0, "mite_entry_id": False})
        else:
            line.unlink()

    @api.model
    def _put_on_tickets(self, new, counts):
        """Make values of the places that are collecting tickets, all at once.

        :param new: list of (entry, facts, values)
        :return: those that have a place now; the others wait
        """
        places = {values.get("place") for _entry, _facts, values in new} - {None}
        if not places:
            return new
        try:
            with self.env.cr.savepoint():
                prepared = self.env["mite.place"]._make_collected(places)
        except (UserError, AccessError, Unplaced) as error:
            if len(places) == 1:
                return self._refuse_collected(new, counts, str(error))
            return [
                one
                for place in [None, *places]
                for one in self._put_on_tickets(
                    [row for row in new if row[2].get("place") == place], counts
                )
            ]
        for _entry, _facts, values in new:
            if place := values.pop("place", None):
                values.update(prepared[place])
        return new

    @api.model
    def _refuse_collected(self, new, counts, text):
        """Let time wait whose ticket cannot be made; return the rest."""
        rest = []
        for row in new:
            if row[2].get("place"):
                self._wait(row[0], "refused", counts, text)
            else:
                rest.append(row)
        return rest

    @api.model
    def _create(self, new, counts):
        """Create timesheet entries: all at once, or one by one to find the odd one.

        :param new: list of (entry, facts, values)
        """
        if not new:
            return
        people = self.env["hr.employee"].union(
            *(entry.user_link_id.employee_id for entry, _facts, _values in new)
        )
        lines = self._get_lines(people)
        try:
            with self.env.cr.savepoint():
                lines.create([dict(values) for _entry, _facts, values in new])
        except Exception as error:
            if concerns_all(error):
                raise
            if len(new) > 1:
                middle = len(new) // 2
                self._create(new[:middle], counts)
                self._create(new[middle:], counts)
                return
            if not isinstance(error, (UserError, AccessError, MissingError)):
                raise
            self._wait(new[0][0], "refused", counts, str(error))
            return
        counts["created"] += len(new)
        for entry, facts, _values in new:
            entry.write(
                {
                    "booked_facts": facts,
                    "ignored_minutes": 0,
                    "state": "booked",
                    "problem": False,
                    "problem_text": False,
                }
            )

    @api.model
    def _get_lines(self, people):
        """Return the model that books time, also that of people who have left."""
        lines = self.env["account.analytic.line"]
        if not all(people.mapped("active")):
            lines = lines.with_context(active_test=False)
        return lines

    @api.model
    def _prepare(self, entry, tickets, counts, changed=None):
        """Return the values of a timesheet entry, None if it has to wait.

        :param changed: the facts to write; None for a new one
        """
        try:
            place = {}
            if changed is None or "place" in changed:
                place = self.env["mite.place"]._find(entry, tickets)
                if isinstance(place, Collecting):
                    place = {"place": place}
            elif "user" in changed:
                self.env["mite.place"]._check_decided(entry)
        except Unplaced as error:
            self._wait(entry, error.problem, counts)
            return None
        hour = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour")
        values = {
            "name": to_line(entry.note or "") or "/",
            "date": entry.day,
            "unit_amount": entry.minutes / 60,
            "employee_id": entry.user_link_id.employee_id.id,
            "non_billable": not entry.billable,
            **place,
        }
        if changed is None:
            return {
                **values,
                "product_uom_id": hour,
                "company_id": entry.company_id.id,
                "mite_entry_id": entry.id,
            }
        names = {"place"} | {name for fact in changed for name in FIELDS[fact]}
        kept = {name: value for name, value in values.items() if name in names}
        if "unit_amount" in kept:
            kept["product_uom_id"] = hour
        return kept

    @api.model
    def _settle(self, entry, state):
        if entry.state != state or entry.problem:
            entry.write({"state": state, "problem": False, "problem_text": False})

    @api.model
    def _wait(self, entry, problem, counts, text=None):
        """Put the entry on the list of exceptions."""
        if entry.problem != problem:
            counts["waiting"] += 1
        values = {
            "state": "waiting",
            "problem": problem,
            "problem_text": text or entry._get_problem_text(problem),
        }
        if any(entry[name] != value for name, value in values.items()):
            entry.write(values)

    @api.model
    def _close_drift(self, entry, state):
        """The entry is as in mite again, whoever did it."""
        drifts = self.env["mite.drift"].search(
            [("entry_id", "=", entry.id), ("state", "=", "open")]
        )
        if drifts:
            drifts._close(state)

    @api.model
    def _book_supplement(self, entry):
        """Book the hours that a billed entry has got in mite, as an entry beside it."""
        entry.ensure_one()
        here = entry._get_minutes_here()
        first = entry.timesheet_ids.sorted("id")[:1]
        company = entry.company_id
        lines = self._get_lines(first.employee_id)
        lines.with_context(allowed_company_ids=company.ids).create(
            {
                "name": to_line(entry.note or "") or "/",
                "date": first.date,
                "unit_amount": (entry.minutes - here) / 60,
                "product_uom_id": self.env.ref("uom.product_uom_hour").id,
                "employee_id": first.employee_id.id,
                "project_id": first.project_id.id,
                "task_id": first.task_id.id,
                "ticket_id": first.ticket_id.id,
                "partner_id": first.partner_id.id,
                "company_id": company.id,
                "non_billable": first.non_billable,
                "mite_entry_id": entry.id,
            }
        )
        facts = entry._get_facts()
        entry.write({"booked_facts": facts, "ignored_minutes": 0})
        self._settle(entry, "booked")
