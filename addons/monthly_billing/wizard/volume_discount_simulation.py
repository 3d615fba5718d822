from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import to_decimal
from odoo.addons.volume_discount.core.simulation import Work

from ..core.entries import Entry
from ..core.past import Past
from ..core.tax_changes import get_era
from ..models.run.facts import Facts


class VolumeDiscountSimulation(models.TransientModel):
    _inherit = "volume.discount.simulation"

    def _get_works(self, span):
        """Price the timesheets of customers with an agreement, billed or not."""
        works = super()._get_works(span)
        works += self._get_billed_works(span)
        works += self._get_unbilled_works(span)
        # by work date; entries have their ids, which also tell their order
        return sorted(works, key=lambda work: work.day)

    def _search_worked_lines(self, span):
        """Leave out the lines whose timesheets are in the ledger."""
        lines = super()._search_worked_lines(span)
        return lines.filtered(lambda line: not line.allocation_ids)

    def _search_simulated_agreements(self):
        agreements = self.env["billing.agreement"].sudo()
        return agreements.with_context(active_test=False).search(
            [
                ("partner_id", "in", self._get_commercial_partners().ids),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "!=", "draft"),
            ]
        )

    def _get_billed_works(self, span):
        """Return the billed time as it stands on invoices, before tiers."""
        allocations = self.env["billing.allocation"].sudo()
        domain = allocations._get_counting_domain() & allocations._get_priced_domain()
        domain &= Domain(
            [
                ("period_id.partner_id", "in", self._get_commercial_partners().ids),
                ("period_id.company_id", "=", self.company_id.id),
                ("timesheet_id.date", ">=", span.start),
                ("timesheet_id.date", "<=", span.last_day),
            ]
        )
        rows = allocations._read_group(
            domain,
            ["timesheet_id", "period_id", "list_price", "move_line_id"],
            ["billed_hours:sum"],
        )
        works, known = [], {}
        for timesheet, period, price, line, hours in sorted(
            rows, key=lambda row: (row[0].id, row[3].id)
        ):
            agreement = period.agreement_id
            if agreement.currency_id == self.currency_id:
                entry = _get_entry(timesheet, hours, price, line)
                works.append(self._get_work(agreement, entry, known))
        return works

    def _get_unbilled_works(self, span):
        """Return the time that is still to bill, rounded as agreed."""
        agreements = self._search_simulated_agreements()
        if not agreements:
            return []
        usage = agreements.env["billing.run.collect"]._get_usage(
            agreements, fields.Date.add(span.last_day, days=1)
        )
        facts = Facts(
            agreements.env["billing.run.collect"]._get_allowed_hours(usage),
            Past(),
            agreements.env["billing.run.past"]._get_billed_entries(agreements, usage),
            set(),
            retainers=agreements.env["billing.run.price"]._get_retainers(
                agreements, window_of(span.last_day)
            ),
        )
        known = {}
        return [
            self._get_work(agreement, entry, known)
            for agreement, entries in usage.items()
            for entry in agreement.env["billing.run.price"]._get_simulated_entries(
                agreement, entries, facts
            )
            if entry.day in span
        ]

    def _get_work(self, agreement, entry, known):
        """Return an entry as the simulation takes it.

        :param known: dict of the taxes in prices, by agreement, service and era
        """
        days = agreement._get_tax_days()
        key = agreement, entry.product, get_era(days, entry.day)
        if key not in known:
            product = self.env["product.product"].browse(entry.product)
            _taxes, mapped = agreement._get_taxes(product, entry.day)
            known[key] = self._require_taxes(mapped, True, agreement)
        return Work(
            agreement.partner_id.id,
            entry.day,
            entry.billed,
            entry.list_price,
            entry.job,
            entry.product,
            taxes=known[key],
            scale=entry.scale,
        )


def _get_entry(timesheet, hours, price, line):
    """Return a billed timesheet entry as a plain value."""
    billed = to_decimal(hours)
    job = timesheet._get_job()
    return Entry(
        timesheet.id,
        timesheet.date,
        job,
        billed,
        billed,
        to_decimal(price),
        product=line.product_id.id,
    )
