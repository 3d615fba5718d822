from odoo import models

from ..core.errors import MiteError

#: entries locked between two commits of the job
BATCH = 50


class MiteAccount(models.Model):
    """Locks billed time in mite, and opens it again once it is not billed."""

    _inherit = "mite.account"

    def _lock_in_mite(self, client, run, commit):
        """Make the locks in mite those of the invoices; each is remembered at once, so
        a run that is ended goes on where it was."""
        if self.lock_billed:
            self._set_locks(client, run, commit, self._get_entries_to_lock(), True)
        self._set_locks(client, run, commit, self._get_entries_to_open(), False)

    def _get_entries_to_lock(self):
        """Return entries all of whose time stands on posted invoices."""
        candidates = self.env["mite.entry"].search(
            [
                ("account_id", "=", self.id),
                ("state", "=", "booked"),
                ("locked", "=", False),
                ("locked_here", "=", False),
                ("timesheet_ids.is_billed", "=", True),
            ],
            order="id",
        )
        return candidates.filtered(lambda entry: entry._is_billed_for_good())

    def _get_entries_to_open(self):
        """Return entries that we locked and that are not billed any more."""
        locked = self.env["mite.entry"].search(
            [("account_id", "=", self.id), ("locked_here", "=", True)], order="id"
        )
        if not self.lock_billed:
            return locked
        return locked.filtered(lambda entry: not entry._is_billed_for_good())

    def _set_locks(self, client, run, commit, entries, locked):
        for number, entry in enumerate(entries, 1):
            self._set_lock(client, entry, locked)
            run._count(locked=1 if locked else 0)
            if number % BATCH == 0:
                commit()
        commit()

    def _set_lock(self, client, entry, locked):
        """Lock or open one entry.

        :raise MiteError: if mite does not do it, except for an entry that is gone or
            that somebody has locked there already
        """
        try:
            client.set_locked(entry.external_id, locked)
        except MiteError as error:
            if error.kind not in ("not_found", "locked"):
                raise
            if error.kind == "locked" and locked:
                entry.locked = True
                return
            locked = False
        entry.write({"locked_here": locked, "locked": locked})
