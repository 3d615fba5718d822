"""By itself: the reminders of each day, customer by customer."""

import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    @api.model
    def _cron_remind(self):
        """Write the reminders of today and have them sent, a batch of customers in a
        transaction: each company in its own day, on working days alone.

        The only place that commits. What a batch cannot do is tried customer by
        customer; one that fails stops no other.
        """
        commit = self.env["ir.cron"]._commit_progress
        for company in self.env["res.company"].search(
            [("dunning_is_active", "=", True)]
        ):
            day = company._get_dunning_today()
            if not company._is_dunning_day(day):
                continue
            decision = self.env["dunning.decision"]._decide(day, company)
            ids = list(dict.fromkeys(one.partner_id for one in decision.letters))
            commit(remaining=len(ids))
            for batch in split_every(BATCH_SIZE, ids):
                partners = self.env["res.partner"].browse(batch)
                self._remind_in_cron(day, company, partners)
                if commit(len(batch)) <= 0:
                    return

    @api.model
    def _remind_in_cron(self, day, company, partners):
        """Write reminders and plan their sending; singly if it fails together."""
        try:
            with self.env.cr.savepoint():
                self._remind(day, company, partners)._plan_sending()
        except UserError:
            if len(partners) == 1:
                _logger.warning("No reminder for %s", partners, exc_info=True)
                return
            for partner in partners:
                self._remind_in_cron(day, company, partner)
