"""By itself: the reminders of each day, customer by customer."""

import logging
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..followup import get_refusal, has_followup

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
#: what the last reminder leaves the customer, and two days for the bank
LAST_TERM = timedelta(days=12)


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    @api.model
    def _cron_remind(self):
        """Write the reminders of today and have them sent, a batch of customers in a
        transaction: each company in its own day, on working days alone.

        The only place that commits. What a batch cannot do is tried customer by
        customer; one that fails stops no other.
        """
        if has_followup(self.env):
            _logger.warning("No reminders: %s", get_refusal(self.env))
            return
        for company in self.env["res.company"].search(
            [("dunning_is_active", "=", True)]
        ):
            if not self._remind_in_company(company):
                return

    @api.model
    def _remind_in_company(self, company):
        """Write the reminders of a company's own day.

        :return: whether there is time for more
        """
        commit = self.env["ir.cron"]._commit_progress
        day = company._get_dunning_today()
        if not company._is_dunning_day(day):
            return True
        ids = self._find_debtors(day, company)
        commit(remaining=len(ids))
        if self._is_alone(company):
            self._hand_over(day, company)
        commit()
        for batch in split_every(BATCH_SIZE, ids):
            if not self._is_alone(company):
                return True
            partners = self.env["res.partner"].browse(batch)
            self._remind_in_cron(day, company, partners)
            has_time = commit(len(batch)) > 0
            self.env.invalidate_all()  # what a batch has read helps no other
            if not has_time:
                return False
        return True

    @api.model
    def _find_debtors(self, day, company):
        """Return the ids of the customers who are to be reminded on a day."""
        letters = self.env["dunning.decision"]._decide(day, company).letters
        return list(dict.fromkeys(one.partner_id for one in letters))

    @api.model
    def _is_alone(self, company):
        """Return whether no other worker writes reminders of the company: none will,
        then, before this transaction has ended."""
        first = self.env["dunning.level"]._get_levels(company)[:1]
        return bool(first.try_lock_for_update(allow_referencing=True))

    @api.model
    def _hand_over(self, day, company):
        """Ask the persons in charge what comes next where the last level has passed."""
        last = self.env["dunning.level"]._get_levels(company)[-1:]
        notices = self.search(
            [
                ("company_id", "=", company.id),
                ("level_id", "=", last.id),
                ("state", "=", "sent"),
                ("is_handed_over", "=", False),
                ("date", "<=", day - LAST_TERM),
                ("line_ids.move_line_id.reconciled", "=", False),
            ]
        )
        for notice in notices:
            record = notice._localize_for_staff()
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=record.env._("Last reminder without payment: decide what next"),
                user_id=notice._get_delivery_user().id,
            )
        notices.is_handed_over = True

    @api.model
    def _remind_in_cron(self, day, company, partners):
        """Write reminders and plan their sending; singly if it fails together."""
        try:
            with self.env.cr.savepoint():
                self._remind(day, company, partners)._plan_sending()
        except (UserError, UniqueViolation):  # or a person was first
            if len(partners) == 1:
                _logger.warning("No reminder for %s", partners, exc_info=True)
                return
            for partner in partners:
                self._remind_in_cron(day, company, partner)
