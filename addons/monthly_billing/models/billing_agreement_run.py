"""The monthly run: lock, create, post, and go on when one agreement fails."""

import logging
from collections import deque

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import split_every
from odoo.tools.misc import format_date

from odoo.addons.mail_delivery_followup.disturbance import DISTURBANCES
from odoo.addons.volume_discount.core.calendar import window_of

from ..core import kinds
from ..core.months import EARLIEST, LATEST, is_sensible

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
        window = self._get_month(day)
        agreements = self.sudo()
        agreements._mark_billing()
        agreements._check_can_start(window)
        periods = agreements._filter_with_month(window)._ensure_periods(window)
        periods = periods.sorted(lambda period: period.agreement_id.id)
        for batch in split_every(BATCH_SIZE, periods.ids, periods.browse):
            batch._lock_for_run()._run()
        return periods.with_env(self.env)

    def _filter_with_month(self, window):
        """Return the agreements that have something to do with a month: those that
        have begun, and of those that have ended the ones with time left to bill, or
        with a window that nobody else settles."""
        begun = self.filtered(lambda record: record.bill_from < window.end)
        ended = begun.filtered(
            lambda record: record.date_end and record.date_end < window.start
        )
        usage = ended._guard_by_customer(
            lambda agreements: agreements.env["billing.run.collect"]._get_usage(
                agreements, window.end
            ),
            lambda error: None,  # the run will say what is wrong
        )
        done = ended.filtered(
            lambda record: (
                usage[record] is not None
                and all(entry.kind == kinds.FREE for entry in usage[record])
            )
        )
        unsettled = done and done._guard_by_customer(
            lambda agreements: agreements._get_differences_at_end(),
            lambda error: None,
        )
        return begun - done.filtered(lambda record: record not in unsettled)

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
        if idle := self.filtered(lambda record: not record._is_running()):
            raise UserError(
                self.env._(
                    "Agreement %s is not running. Start it before you bill it.",
                    idle[0].display_name,
                )
            )
        if any(window.start > company._get_today() for company in self.company_id):
            raise UserError(
                self.env._(
                    "%s has not begun yet. Choose a month that is over.",
                    format_date(self.env, window.start, date_format="LLLL yyyy"),
                )
            )

    @api.model
    def _get_today(self):
        """Return today's date where the company of the (first) agreement is."""
        return (self.company_id[:1] or self.env.company)._get_today()

    def _search_periods(self, window):
        """Return the existing periods of these agreements for the month."""
        return self.env["billing.period"].search(
            [("agreement_id", "in", self.ids), ("date_start", "=", window.start)]
        )

    def _ensure_periods(self, window):
        """Return the periods of the month, one per agreement."""
        periods = self._search_periods(window)
        missing = self - periods.agreement_id
        return periods | periods._create_once(
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
    def _get_month(self, day):
        """Return the month (``Window``) that contains ``day``.

        :raise UserError: if it is one that no agreement can have
        """
        if is_sensible(day):
            return window_of(day)
        raise UserError(
            self.env._(
                "Choose a month between %(first)s and %(last)s.",
                first=EARLIEST.year,
                last=LATEST.year,
            )
        )

    @api.model
    def _cron_bill_due_periods(self):
        """Bill every month that is due, in batches, each committed on its own.

        A batch that is disturbed is split, so that one edited entry leaves over no
        more than its own month. What others hold or disturb is left over, together
        with later months of the same customers: the job reports it as remaining, so
        Odoo soon starts it again.
        """
        commit = self.env["ir.cron"]._commit_progress
        self._show_life_after_crash()
        periods = self._ensure_due_periods_in_cron()
        remaining = len(periods)
        commit(remaining=remaining)
        left = set()
        for month in periods.grouped("date_start").values():
            month = month.filtered(
                lambda period: period.agreement_id._get_customer_key() not in left
            )
            batches = deque(split_every(BATCH_SIZE, month.ids, periods.browse))
            while batches:
                batch = batches.popleft()
                over = self._bill_batch_in_cron(batch)
                if over is None and len(batch) > 1:
                    middle = len(batch) // 2
                    batches.extendleft([batch[middle:], batch[:middle]])
                    continue
                over = batch if over is None else over
                left.update(one._get_customer_key() for one in over.agreement_id)
                done = len(batch - over)
                remaining -= done
                # at least one batch, even if it took all the time to find it
                if commit(done, remaining=remaining) <= 0:
                    return

    @api.model
    def _show_life_after_crash(self):
        """Odoo rests a job until tomorrow that was stopped three times before it
        reported any progress: here, that it has begun again is progress."""
        key = self.env.context.get("ir_cron_progress_id")
        progress = self.env["ir.cron.progress"].sudo().browse(key)
        if progress.timed_out_counter > 1:
            self.env["ir.cron"]._commit_progress(1, remaining=1)

    @api.model
    def _ensure_due_periods_in_cron(self):
        """Return the months that are due; an error that lasts is a failure of the job,
        which Odoo does not repeat at once."""
        try:
            return self._repeat_if_disturbed(self._ensure_due_periods)
        except DISTURBANCES:
            raise
        except Exception:
            self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(remaining=0)
            raise

    @api.model
    def _ensure_due_periods(self):
        """Return the months that are due today, made where they were missing.

        Each company has its own day: at one moment it is the first of the month in
        one, and still the last of the month before in another.
        """
        periods = self.env["billing.period"]
        running = self._read_group(self._get_running_domain(), ["company_id"])
        for (company,) in running:
            today = company._get_today()
            domain = Domain(self._get_due_agreements_domain(today))
            agreements = self.search(domain & Domain("company_id", "=", company.id))
            periods |= agreements._create_due_periods(today)
        return periods.sorted(lambda one: (one.date_start, one.agreement_id.id))

    @api.model
    def _bill_batch_in_cron(self, periods):
        """Bill one batch.

        :return: the months that another transaction holds; None if the batch was
            disturbed twice and nothing of it is billed
        """

        def bill():
            self._mark_billing()
            locked = periods._lock_for_run()
            locked._run()
            rest = periods - locked
            return rest.filtered(lambda period: period._is_billable())

        try:
            return self._repeat_if_disturbed(bill)
        except DISTURBANCES:
            _logger.info("Billing of %s was disturbed", periods)
            return None

    @api.model
    def _repeat_if_disturbed(self, action):
        """Return what ``action`` returns; repeat it in a new transaction if another
        one was first."""
        for attempts_left in (1, 0):
            try:
                return action()
            except DISTURBANCES:
                self.env.cr.rollback()
                self.env.invalidate_all()
                if not attempts_left:
                    raise
