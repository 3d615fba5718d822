"""Claims beside the principal: waived for a reason, or booked by a native entry."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    @api.model
    def _is_claims_manager(self):
        """Return whether the user decides about claims."""
        return self.env.su or self.env.user.has_group("account.group_account_manager")

    def _waive_claims(self, reason):
        """Give up interest and flat sum, with the reason in the history.

        :raise AccessError: if the user is no manager of invoicing
        """
        if not self._is_claims_manager():
            raise AccessError(
                self.env._("Only billing administrators may give up claims.")
            )
        self.check_access("write")
        for notice in self.sudo():
            notice.line_ids._waive(reason)
            notice.message_post(
                body=self.env._("Claims waived: %s", reason),
                author_id=self.env.user.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )

    def action_book_claims(self):
        """Book the claims of this reminder as open items of the customer.

        :return: the action that opens the entry
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "sent":
            raise UserError(
                self.env._("Only claims of a reminder that was sent can be booked.")
            )
        self._lock_invoices()
        move = self.env["account.move"].create(self._prepare_claim_entry())
        move.action_post()
        self.sudo().line_ids.filtered("amount_claim").claim_move_id = move
        self.sudo().fee_move_id = move
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "views": [(False, "form")],
        }

    def _prepare_claim_entry(self):
        """Return the values of the entry: no tax, one line for each kind of claim."""
        company = self.company_id
        account, journal = company.dunning_account_id, company.dunning_journal_id
        if not (account and journal):
            raise UserError(
                self.env._(
                    "Choose the account and the journal for claims first: Invoicing > "
                    "Configuration > Settings > Reminders."
                )
            )
        claims = [claim for claim in self._get_open_claims() if claim[1]]
        if not claims:
            raise UserError(
                self.env._("Nothing is left to book: claims were waived or booked.")
            )
        partner = self.partner_id.with_company(company)
        total = sum(amount for _label, amount in claims)
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": journal.id,
            "date": company._get_dunning_today(),
            "ref": self.display_name,
            "line_ids": [
                self._prepare_claim_line(
                    self.display_name, partner.property_account_receivable_id, total
                ),
                *(
                    self._prepare_claim_line(label, account, -amount)
                    for label, amount in claims
                ),
            ],
        }

    def _get_open_claims(self):
        """Return label and amount of claims that are neither booked nor waived."""
        lines = self.line_ids.filtered(
            lambda line: line.is_current and not line.claim_move_id
        )
        kept = lines.filtered(lambda line: not line.waive_reason)
        fee = 0.0 if self.fee_move_id else self.amount_fee
        return [
            (self.env._("Interest for default"), sum(kept.mapped("interest"))),
            (self.env._("Flat sum for default"), sum(kept.mapped("flat"))),
            (self.env._("Reminder fee"), fee),
        ]

    def _prepare_claim_line(self, label, account, amount):
        balance = self.currency_id._convert(
            amount, self.company_id.currency_id, self.company_id, self.date
        )
        return Command.create(
            {
                "name": label,
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "currency_id": self.currency_id.id,
                "amount_currency": amount,
                "balance": balance,
                "tax_ids": [Command.clear()],
            }
        )
