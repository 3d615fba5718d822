"""What a reminder says on paper and on screen, in the language of its reader."""

from odoo import models
from odoo.tools import formatLang, split_every
from odoo.tools.misc import format_date

FACTS_PER_ROW = 3


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    def _get_report_base_filename(self):
        return self.display_name.replace("/", "-")

    def _get_facts(self):
        """Return label and value of what heads the letter."""
        self.ensure_one()
        env = self.env
        facts = [
            (env._("Number"), self.name),
            (env._("Date"), format_date(env, self.date)),
            (env._("Customer Number"), self.partner_id.ref),
            (env._("Your Contact"), self.user_id.name),
            (env._("Phone"), self.user_id.phone or self.company_id.phone),
            (env._("E-mail"), self.user_id.email or self.company_id.email),
        ]
        return [fact for fact in facts if fact[1]]

    def _get_fact_rows(self):
        """Return what heads the letter by lines of the page."""
        return list(split_every(FACTS_PER_ROW, self._get_facts()))

    def _get_sums(self):
        """Return label and amount of each sum below the table, the total last."""
        self.ensure_one()
        env = self.env
        sums = [
            (env._("Open"), self.amount_open),
            (env._("Interest for default"), self.amount_interest),
            (env._("Flat sum for default (BGB 288(5))"), self.amount_flat),
            (env._("Reminder fee"), self.amount_fee),
        ]
        shown = [(label, self._format(amount)) for label, amount in sums if amount]
        if len(shown) > 1:
            shown.append((env._("Please transfer"), self._format(self.amount_total)))
        return shown

    def _get_notes(self):
        """Return sentences that explain claims, credits and amounts in question."""
        self.ensure_one()
        env, lines = self.env, self.line_ids
        notes = []
        bearing = lines.filtered("interest")
        if bearing:
            until = max(bearing.mapped("interest_until"))
            notes.append(
                env._(
                    "Interest was counted up to and including %s. Interest, flat sum "
                    "and fee are damages for default and bear no VAT.",
                    format_date(env, until),
                )
            )
        if lines.filtered(lambda line: line.amount_open < 0):
            notes.append(env._("Your credit is set off in the table."))
        if lines.filtered("amount_disputed"):
            notes.append(
                env._("We do not ask for amounts that you have questioned with us.")
            )
        return notes

    def _get_transfer(self):
        """Return how to pay by transfer: ``account``, ``holder``, ``bank``, ``qr``.

        Empty without a bank account; ``qr`` is an image as data URI or False.
        """
        self.ensure_one()
        moves = self.line_ids.move_id.filtered("partner_bank_id")
        bank = moves[:1].partner_bank_id or self.company_id.bank_ids[:1]
        bank = bank.sudo()
        if not bank:
            return {}
        qr = bank.build_qr_code_base64(
            self.amount_total,
            self.name,
            self.name,
            self.currency_id,
            self.partner_id,
            silent_errors=True,
        )
        return {
            "account": bank.acc_number,
            "holder": bank.acc_holder_name or self.company_id.name,
            "bank": bank.bank_name or "",
            "bic": bank.bank_bic or "",
            "reference": self.name,
            "qr": qr,
        }

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
