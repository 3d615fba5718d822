from odoo import api, models
from odoo.tools import split_every

from ..core.records import KINDS

BATCH = 1000
FACTS = ("day", "minutes", "note", "billable", "locked", "running")


class MiteStore(models.AbstractModel):
    """Keeps what came from outside, before anything is booked."""

    _name = "mite.store"
    _description = "Keeps Time of mite"

    @api.model
    def _keep(self, account, entries):
        """Make the entries of an account those of the source.

        :param entries: list of ``TimeEntry``; of equal keys the last one holds
        :return: the records that are new or have changed
        """
        touched = self.env["mite.entry"]
        by_key = {entry.key: entry for entry in entries}
        for batch in split_every(BATCH, by_key.values(), list):
            touched |= self._keep_batch(account, batch)
        return touched

    @api.model
    def _keep_batch(self, account, entries):
        links = self._ensure_links(account, entries)
        records = self.env["mite.entry"].search(
            [
                ("account_id", "=", account.id),
                ("external_id", "in", [entry.key for entry in entries]),
            ]
        )
        known = {record.external_id: record for record in records}
        touched, new = records.browse(), []
        for entry in entries:
            values = self._prepare_values(entry, links)
            record = known.get(entry.key)
            if not record:
                new.append(
                    {"account_id": account.id, "external_id": entry.key, **values}
                )
            elif changed := self._get_changed(record, values):
                record.write(changed)
                if changed.keys() - {"locked"}:
                    touched |= record
        return touched | records.create(new)

    @api.model
    def _prepare_values(self, entry, links):
        return {
            **{name: getattr(entry, name) for name in FACTS},
            "is_deleted": False,
            **{
                f"{kind}_link_id": links.get((kind, getattr(entry, kind).key), False)
                for kind in KINDS
            },
        }

    @api.model
    def _get_changed(self, record, values):
        """Return the values that are not those of the record."""
        changed = {}
        for name, value in values.items():
            present = record[name]
            if name.endswith("_id"):
                present = present.id
            if (present or False) != (value or False):
                changed[name] = value
        return changed

    @api.model
    def _mark_deleted(self, account, keys):
        """Remember that entries are gone; return those that were known."""
        records = self.env["mite.entry"].search(
            [
                ("account_id", "=", account.id),
                ("external_id", "in", list(keys)),
                ("is_deleted", "=", False),
            ]
        )
        records.write({"is_deleted": True})
        return records

    @api.model
    def _ensure_links(self, account, entries):
        """Return the id of the assignment of each (kind, key) that entries name."""
        named = {}
        for entry in entries:
            for kind in KINDS:
                one = getattr(entry, kind)
                if one.key:
                    parent = entry.customer.key if kind == "project" else ""
                    named[kind, one.key] = one, parent
        known = self._get_links(account, named)
        missing = [
            {
                "account_id": account.id,
                "kind": kind,
                "external_id": key,
                "name": one.name or key,
                "parent_key": parent or False,
            }
            for (kind, key), (one, parent) in named.items()
            if (kind, key) not in known
        ]
        for link in self.env["mite.link"].create(missing):
            known[link.kind, link.external_id] = link
        return {key: link.id for key, link in known.items()}

    @api.model
    def _get_links(self, account, keys):
        """Return the assignments of an account by (kind, key)."""
        links = self.env["mite.link"].search(
            [
                ("account_id", "=", account.id),
                ("external_id", "in", list({key for _kind, key in keys})),
            ]
        )
        return {(link.kind, link.external_id): link for link in links}

    @api.model
    def _keep_masters(self, account, masters):
        """Make the names of customers, projects, services and users those of mite."""
        known = self._get_links(account, [(one.kind, one.key) for one in masters])
        new = []
        for master in {(one.kind, one.key): one for one in masters}.values():
            values = {
                "name": master.name or master.key,
                "archived": master.archived,
                "parent_key": master.parent or False,
                "email": master.email or False,
                "is_deleted": False,
            }
            link = known.get((master.kind, master.key))
            if not link:
                new.append(
                    {
                        "account_id": account.id,
                        "kind": master.kind,
                        "external_id": master.key,
                        **values,
                    }
                )
            elif changed := self._get_changed(link, values):
                link.write(changed)
        self.env["mite.link"].create(new)
        self.env["mite.link"]._propose(account)
