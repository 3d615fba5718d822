from odoo import models

from ..core.pairing import pair
from ..core.records import rename

#: more entries are booked by the job
AT_ONCE = 2000


class MiteAccount(models.Model):
    """Takes time from files: the same file again changes nothing."""

    _inherit = "mite.account"

    def _plan_file(self, entries, is_complete, has_ids):
        """Return what a file would do: (entries to keep, keys of those to remove).

        A row that was corrected in the file takes the place of the former one.

        :param entries: list of ``TimeEntry``
        :param is_complete: whether the file has all time of its days and people; else
            of its days, people and customers
        :param has_ids: whether its keys are numbers of the program, not of the rows
        """
        known = self._find_entries([entry.key for entry in entries])
        present = set(known.mapped("external_id"))
        if self.source == "api":  # a backup is older than what mite says by itself
            return [entry for entry in entries if entry.key not in present], []
        vanished = self._find_vanished_of_file(entries, is_complete)
        added = [entry for entry in entries if entry.key not in present]
        pairs = {} if has_ids else pair(vanished, added)
        replaced = {id(entry): key for key, entry in pairs.items()}
        kept = [
            rename(entry, replaced[id(entry)]) if id(entry) in replaced else entry
            for entry in entries
        ]
        return kept, sorted(set(vanished) - set(pairs))

    def _find_vanished_of_file(self, entries, is_complete):
        """Return known entries of the days and people of a file that it has no more,
        as values by key."""
        if not entries:
            return {}
        days = [entry.day for entry in entries]

        def get_scope(entry):
            place = None if is_complete else entry.customer.key
            return entry.day, entry.user.key, place

        scopes = {get_scope(entry) for entry in entries}
        keys = {entry.key for entry in entries}
        records = self.env["mite.entry"].search(
            [
                ("account_id", "=", self.id),
                ("is_deleted", "=", False),
                ("day", ">=", min(days)),
                ("day", "<=", max(days)),
            ]
        )
        values = [record._get_value() for record in records]
        return {
            value.key: value
            for value in values
            if value.key not in keys and get_scope(value) in scopes
        }

    def _import_file(self, entries, masters, is_complete, has_ids):
        """Keep the time of a file and book what can be booked; return the run."""
        self.ensure_one()
        self.lock_for_update()
        run = self.env["mite.run"].create({"account_id": self.id, "mode": "file"})
        entries = [entry for entry in entries if entry.day >= self.date_from]
        kept, gone = self._plan_file(entries, is_complete, has_ids)
        store = self.env["mite.store"]
        if masters:
            store._keep_masters(self, masters)
        touched = store._keep(self, kept) | store._mark_deleted(self, gone)
        self._put_in_line(touched)
        self.env["mite.link"]._propose(self)
        run._count(fetched=len(entries))
        if self.state == "draft":
            self.state = "running"
        if len(touched) > AT_ONCE:
            self._wake()
        else:
            self._book_waiting(run=run)
        self._record_success(run)
        return run
