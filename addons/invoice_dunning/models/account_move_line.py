from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_line_ids = fields.One2many(
        "dunning.notice.line",
        "move_line_id",
        string="Reminders",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def _get_dunning_payments(self):
        """Return what was matched with each of these receivable items, and when.

        :return: a list of (day, amount in the item's currency) per item id; the day
            is the accounting date of the payment or credit note
        """
        payments = {line.id: [] for line in self}
        for line in self.sudo():
            for partial in line.matched_credit_ids:
                day = partial.credit_move_id.date
                payments[line.id].append((day, partial.debit_amount_currency))
            for partial in line.matched_debit_ids:
                day = partial.debit_move_id.date
                payments[line.id].append((day, -partial.credit_amount_currency))
        return payments
