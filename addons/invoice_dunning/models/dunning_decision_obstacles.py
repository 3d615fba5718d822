"""Why nobody is reminded of an amount: each reason by a name and in words."""

from odoo import api, models
from odoo.tools.misc import format_date

from ..core.receivable import Obstacle


class DunningDecision(models.AbstractModel):
    _inherit = "dunning.decision"

    @api.model
    def _get_obstacles(self, receivables, day, company):
        """Return why nobody is reminded of an amount, for those where it is so.

        Extension point: add what another addon knows, without a query per amount.

        :param receivables: list of ``Receivable``
        :return: ``Obstacle`` by ``Receivable``
        """
        owed = [one for one in receivables if not one.is_credit]
        found = {}
        for check in (
            self._find_blocked,
            self._find_holds,
            self._find_not_sent,
            self._find_payments_under_way,
            self._find_credits_in_draft,
            self._find_undelivered,
        ):
            for receivable, obstacle in check(owed, day, company):
                found.setdefault(receivable, obstacle)
        return found

    @api.model
    def _find_blocked(self, receivables, day, company):
        texts = {
            "in_payment": Obstacle("paying", self.env._("The payment is on its way.")),
            "paid": Obstacle("paid", self.env._("The invoice is paid.")),
            "reversed": Obstacle("paid", self.env._("The invoice was credited.")),
            "blocked": Obstacle("blocked", self.env._("The payment is blocked.")),
        }
        excluded = Obstacle("no_followup", self.env._("Excluded from follow-ups."))
        for one in receivables:
            if one.payment_state in texts:
                yield one, texts[one.payment_state]
            elif one.no_followup:
                yield one, excluded

    @api.model
    def _find_holds(self, receivables, day, company):
        partners = self.env["res.partner"].with_company(company)
        held = {
            partner.id: (partner.dunning_hold_until, partner.dunning_hold_reason)
            for partner in partners.with_context(active_test=False).search(
                [("dunning_hold_until", ">=", day)]
            )
        }
        for one in receivables:
            holds = [
                (one.hold_until, one.hold_reason),
                held.get(one.partner_id),
                held.get(one.contact_id),
            ]
            holds = [hold for hold in holds if hold and hold[0] and hold[0] >= day]
            if holds:
                yield one, self._get_hold_obstacle(*max(holds, key=lambda it: it[0]))

    @api.model
    def _get_hold_obstacle(self, until, reason):
        shown = format_date(self.env, until)
        if reason:
            text = self.env._(
                "On hold until %(day)s: %(reason)s", day=shown, reason=reason
            )
        else:
            text = self.env._("On hold until %s.", shown)
        return Obstacle("hold", text)

    @api.model
    def _find_not_sent(self, receivables, day, company):
        scope = company.dunning_scope
        if scope == "all":
            return
        if scope == "auto" and not self._is_sending_from_odoo(company):
            return
        obstacle = Obstacle(
            "not_sent", self.env._("The invoice was not sent to the customer.")
        )
        for one in receivables:
            if not one.is_sent:
                yield one, obstacle

    @api.model
    def _is_sending_from_odoo(self, company):
        """Return whether the firm ever sent an invoice from Odoo."""
        return bool(
            self.env["account.move"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("move_type", "=", "out_invoice"),
                    ("is_move_sent", "=", True),
                ],
                limit=1,
            )
        )

    @api.model
    def _find_payments_under_way(self, receivables, day, company):
        transactions = self.env["payment.transaction"].search(
            [
                ("company_id", "=", company.id),
                ("invoice_ids", "!=", False),
                "|",
                "&",
                ("state", "in", ("pending", "authorized")),
                ("provider_code", "not in", ("none", "custom")),
                "&",
                ("state", "=", "done"),
                ("is_post_processed", "=", False),
            ]
        )
        paying = set(transactions.invoice_ids.ids)
        obstacle = Obstacle("paying", self.env._("An online payment is on its way."))
        for one in receivables:
            if one.move_id in paying:
                yield one, obstacle

    @api.model
    def _find_credits_in_draft(self, receivables, day, company):
        credits = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("move_type", "=", "out_refund"),
                ("state", "=", "draft"),
                ("reversed_entry_id", "!=", False),
            ]
        )
        credited = set(credits.reversed_entry_id.ids)
        obstacle = Obstacle(
            "credit_draft", self.env._("A credit note for it waits as a draft.")
        )
        for one in receivables:
            if one.move_id in credited:
                yield one, obstacle

    @api.model
    def _find_undelivered(self, receivables, day, company):
        """Who never got the last letter is not sent a sharper one."""
        lines = self.env["dunning.notice.line"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sent"),
                ("notice_id.delivery_state", "=", "failed"),
            ]
        )
        undelivered = set(lines.move_line_id.ids)
        obstacle = Obstacle(
            "undelivered",
            self.env._(
                "The last reminder did not arrive. Send it again, or print and post it."
            ),
        )
        for one in receivables:
            if one.line_id in undelivered:
                yield one, obstacle
