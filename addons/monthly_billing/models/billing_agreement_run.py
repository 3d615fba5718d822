"""The monthly run: lock, create, post, and go on when one agreement fails."""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every
from odoo.tools.misc import format_date

from ..periods import local_today, window_of

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    def _bill_period(self, day):
        """Bill the month that contains ``day``, once.

        Months that have their invoice stay as they are. A month that cannot be
        billed keeps the reason in ``error`` and does not stop the others. Never
        commits.

        :param day: any day of the month (date)
        :return: the ``billing.period`` records of these agreements and the month
        :raise AccessError: if the user may not bill
        :raise UserError: if the month has not begun or an agreement is not running
        """
        self._check_can_bill()
        window = window_of(day)
        agreements = self.sudo()
        agreements._check_can_start(window)
        periods = agreements._filter_with_month(window)._get_or_create_periods(window)
        periods = periods.sorted(lambda period: period.agreement_id.id)
        for batch in split_every(BATCH_SIZE, periods.ids, periods.browse):
            batch._lock_for_run()._run()
        return periods.with_env(self.env)

    def _filter_with_month(self, window):
        """Return the agreements that have something to do with a month: those that
        have begun, and of those that have ended the ones with time left to bill."""
        begun = self.filtered(lambda record: record.bill_from < window.end)
        ended = begun.filtered(
            lambda record: record.date_end and record.date_end < window.start
        )
        usage = ended._get_usage(window.end)
        return begun - ended.filtered(
            lambda record: all(entry.kind == "free" for entry in usage[record])
        )

    def _get_sisters(self):
        """Return these and the other agreements of the same customers, which share
        the windows of tier tables."""
        return self.with_context(active_test=False).search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            order="id",
        )

    def _check_can_bill(self):
        """Raise unless the user may do the monthly run for these agreements."""
        group = "monthly_billing.monthly_billing_group_user"
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(
                self.env._(
                    "Only billing users may bill a month. Ask an administrator for "
                    "the role “Billing User”."
                )
            )
        self.check_access("read")

    def _check_can_start(self, window):
        """Raise if the month lies ahead or an agreement is not running."""
        if idle := self.filtered(lambda record: record.state != "active"):
            raise UserError(
                self.env._(
                    "Agreement %s is not running. Start it before you bill it.",
                    idle[0].display_name,
                )
            )
        if window.start > self._get_today():
            raise UserError(
                self.env._(
                    "%s has not begun yet. Choose a month that is over.",
                    format_date(self.env, window.start, date_format="LLLL yyyy"),
                )
            )

    @api.model
    def _get_today(self):
        """Return today's date where the company is."""
        company = self.company_id[:1] or self.env.company
        return local_today(
            fields.Datetime.now(), company.partner_id.tz or self.env.user.tz
        )

    def _search_periods(self, window):
        """Return the existing periods of these agreements for the month."""
        return self.env["billing.period"].search(
            [("agreement_id", "in", self.ids), ("date_start", "=", window.start)]
        )

    def _get_or_create_periods(self, window):
        """Return the periods of the month, one per agreement."""
        periods = self._search_periods(window)
        missing = self - periods.agreement_id
        return periods | periods.create(
            [
                {
                    "agreement_id": agreement.id,
                    "date_start": window.start,
                    "date_end": window.last_day,
                }
                for agreement in missing
            ]
        )

    def _get_first_open_day(self):
        """Return the first day after the last month that has its invoice."""
        self.ensure_one()
        done = self.period_ids.filtered(lambda period: not period._is_billable())
        last_done = max(done.mapped("date_end"), default=None)
        if last_done and last_done >= self.bill_from:
            return fields.Date.add(last_done, days=1)
        return self.bill_from

    @api.model
    def _cron_bill_due_periods(self):
        """Bill every month that is due, in batches, each committed on its own."""
        today = self._get_today()
        agreements = self.search(self._get_due_agreements_domain(today))
        periods = agreements._create_due_periods(today)
        remaining = len(periods)
        commit = self.env["ir.cron"]._commit_progress
        time_left = commit(remaining=remaining)
        for month in periods.grouped("date_start").values():
            for batch in split_every(BATCH_SIZE, month.ids, periods.browse):
                if time_left <= 0:
                    return
                self._bill_batch_in_cron(batch)
                remaining -= len(batch)
                time_left = commit(len(batch), remaining=remaining)

    @api.model
    def _bill_batch_in_cron(self, periods):
        """Bill one batch; what is disturbed twice by others waits for the next day."""
        for _attempt in range(2):
            try:
                periods._lock_for_run()._run()
                return
            except OperationalError:
                self.env.cr.rollback()
                self.env.invalidate_all()
        _logger.warning("Billing of %s was disturbed, it is left for later", periods)
