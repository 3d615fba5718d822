from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..core.comparison import Sums, compare
from ..core.months import get_last
from ..core.records import read_sum


class MiteAccount(models.Model):
    """Compares the minutes of each customer and month with mite's own sums."""

    _inherit = "mite.account"

    def _compare(self, client, run, months, commit):
        """Name the differences of some months.

        A month with minutes that nothing explains is read whole once more.

        :param months: their first days
        """
        for month in months:
            rows = self._find_differences(client, month)
            if run.mode == "changes" and any(row.unexplained for row in rows):
                with self.env.cr.savepoint():
                    self._read_month(client, month)
                self._book_waiting(commit, run)
                rows = self._find_differences(client, month)
            self._record_differences(run, month, rows)
            commit()

    def _find_differences(self, client, month):
        """Return the differences of a month by customer; see ``comparison``."""
        first, last = max(month, self.date_from), get_last(month)
        answer = client.get(
            "/time_entries.json",
            group_by="customer",
            **{"from": first.isoformat(), "to": last.isoformat()},
        )
        sums = defaultdict(int)
        for data in answer.data or []:
            customer, minutes = read_sum(data)
            sums[customer.key] += minutes
        return compare(sums, self._get_sums(first, last))

    def _get_sums(self, first, last):
        """Return the minutes that are known here as ``Sums`` by customer of mite."""
        domain = (
            Domain("account_id", "=", self.id)
            & Domain("day", ">=", first)
            & Domain("day", "<=", last)
        )
        entries = self.env["mite.entry"]
        parts = defaultdict(lambda: defaultdict(int))
        groups = ["customer_link_id", "state", "is_deleted"]
        sums = ["minutes:sum", "ignored_minutes:sum"]
        for link, state, is_deleted, minutes, ignored in entries._read_group(
            domain, groups, sums
        ):
            part = parts[link.external_id or ""]
            part["left_out"] += ignored
            if is_deleted:
                continue
            name = {"waiting": "waiting", "drift": "drift"}.get(state, "left_out")
            if state not in ("booked", "gone"):
                part[name] += minutes
        for key, name, minutes in self._get_booked_minutes(domain):
            parts[key]["booked"] += minutes
            if name in ("drift", "waiting"):
                parts[key][name] -= minutes
        return {key: Sums(**part) for key, part in parts.items()}

    def _get_booked_minutes(self, domain):
        """Yield (customer, state, minutes) of the timesheet entries of some entries."""
        entries = self.env["mite.entry"].search(domain)
        factors = self.env["billing.run.collect"]._get_hours_by_uom()
        lines = self.env["account.analytic.line"].search_fetch(
            [("mite_entry_id", "in", entries.ids)],
            ["unit_amount", "product_uom_id", "mite_entry_id"],
        )
        for line in lines:
            entry = line.mite_entry_id
            hours = line.unit_amount * factors[line.product_uom_id.id]
            yield (
                entry.customer_link_id.external_id or "",
                entry.state,
                round(hours * 60),
            )

    def _record_differences(self, run, month, rows):
        """Keep what was found about a month instead of what was found before."""
        differences = self.env["mite.difference"]
        differences.search(
            [
                ("account_id", "=", self.id),
                ("month", "=", month),
                ("is_latest", "=", True),
            ]
        ).write({"is_latest": False})
        keys = [("customer", row.customer) for row in rows]
        links = self.env["mite.store"]._get_links(self, keys)
        differences.create(
            [
                {
                    "run_id": run.id,
                    "is_latest": True,
                    "month": month,
                    "link_id": links[key].id if key in links else False,
                    "hours_mite": row.mite / 60,
                    "hours_booked": row.here.booked / 60,
                    "hours_waiting": row.here.waiting / 60,
                    "hours_left_out": row.here.left_out / 60,
                    "hours_drift": row.here.drift / 60,
                    "hours_unexplained": row.unexplained / 60,
                }
                for key, row in zip(keys, rows, strict=True)
            ]
        )
