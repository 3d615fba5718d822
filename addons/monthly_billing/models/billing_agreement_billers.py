"""Who bills at this moment, so that somebody who has to wait knows for whom."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.mail_delivery_followup.disturbance import DISTURBANCES

#: marks transactions that bill; the user is the second number of the mark
MARK = 28002


class BillingAgreement(models.Model):
    _inherit = "billing.agreement"

    @api.model
    def _mark_billing(self):
        """Show others until the end of the transaction that this user bills."""
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock_shared(%s, %s)", MARK, self.env.uid)
        )

    @api.model
    def _get_other_billers(self):
        """Return the users who bill at this moment in other transactions."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT objid::bigint FROM pg_locks
                    WHERE locktype = 'advisory' AND granted AND objsubid = 2
                      AND classid = %s AND pid != pg_backend_pid()
                      AND database = (SELECT oid FROM pg_database
                                       WHERE datname = current_database())""",
                MARK,
            )
        )
        return self.env["res.users"].sudo().browse(key for (key,) in rows).exists()

    @api.model
    def _get_billers_text(self):
        """Return who bills at this moment and when to come back, False if nobody."""
        users = self._get_other_billers()
        if not users:
            return False
        if SUPERUSER_ID in users.ids:
            return self.env._(
                "The scheduled job is billing at this moment. Come back in a few "
                "minutes: what is due is billed by then, and nothing twice."
            )
        return self.env._(
            "%(user)s is billing at this moment. Come back in a few minutes: nothing "
            "is billed twice.",
            user=users[0].name,
        )

    @api.model
    def _refuse_while_others_bill(self):
        """Give up a disturbed transaction and say who was first.

        :raise UserError: if somebody else bills at this moment
        """
        self.env.cr.rollback()
        self.env.invalidate_all()
        if text := self._get_billers_text():
            raise UserError(text)

    def _bill_by_hand(self, day):
        """Bill the month that contains ``day`` for a person who waits for it.

        :return: the months, and what to tell the person about those that others hold,
            False if there are none
        :raise UserError: if somebody else bills and was first with everything
        """
        begin = fields.Datetime.now()
        try:
            periods = self._bill_period(day)
            self.env.flush_all()
        except DISTURBANCES:
            self._refuse_while_others_bill()
            raise
        held = periods.filtered(
            lambda period: (
                period._is_billable()
                and (not period.last_run or period.last_run < begin)
            )
        )
        if not held:
            return periods, False
        who = self._get_billers_text() or self.env._(
            "Somebody else was at them. Bill again in a minute."
        )
        return periods, self.env._(
            "%(count)s months are left to others. %(who)s", count=len(held), who=who
        )

    @api.model
    def _get_message_action(self, message, action=False):
        """Return the action that shows ``message`` and goes on with ``action``."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": message,
                "sticky": True,
                "next": action,
            },
        }
