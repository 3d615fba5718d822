from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import OCTOBER, MonthlyBillingCommon

SEPTEMBER = date(2026, 9, 1)
TIERS = ((2, 100), (4, 90.05))
MOVE = (
    "amount_untaxed",
    "amount_tax",
    "amount_total",
    "amount_residual",
    "amount_total_signed",
    "invoice_currency_rate",
    "fiscal_position_id",
    "journal_id",
    "sequence_prefix",
    "invoice_date",
    "date",
    "invoice_date_due",
    "invoice_payment_term_id",
    "invoice_cash_rounding_id",
    "commercial_partner_id",
    "partner_shipping_id",
    "partner_bank_id",
    "invoice_user_id",
    "team_id",
    "tax_totals",
)
JOURNAL_ITEM = (
    "account_id",
    "debit",
    "credit",
    "amount_currency",
    "currency_id",
    "quantity",
    "price_subtotal",
    "price_total",
    "tax_line_id",
    "tax_repartition_line_id",
    "group_tax_id",
    "tax_ids",
    "tax_tag_ids",
    "tax_base_amount",
    "date_maturity",
    "discount_date",
    "discount_amount_currency",
    "discount_balance",
    "amount_residual",
    "partner_id",
    "company_id",
    "display_type",
)


@freeze_time("2026-11-01 08:00:00")
class NativeEqualityCommon(MonthlyBillingCommon):
    """Two months of work that cross the tiers of a table inside of an entry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.auto_post = True
        tickets = [cls.make_ticket(name) for name in ("First", "Second")]
        for month in ("09", "10"):
            cls.book(1.33, f"{month}-05", tickets[0])
            cls.book(2.75, f"{month}-06", tickets[1])
            cls.book(0.5, f"{month}-07")

    def assert_like_by_hand(self, agreement=None, **typed):
        """Compare invoices and a credit note with those that are typed by hand.

        September has a line per tier, October one line with what the tiers save; its
        invoice is credited.

        :param typed: what the accountant chooses on the invoice
        :return: the invoice of October
        """
        agreement = agreement or self.agreement
        for month, presentation in ((SEPTEMBER, "line"), (OCTOBER, "summary")):
            agreement.volume_discount_id = self.make_table(
                *TIERS,
                presentation=presentation,
                currency_id=agreement.currency_id.id,
                company_id=agreement.company_id.id,
            )
            period = self.bill(month, agreement)
            self.assertEqual(period.state, "invoiced", period.error)
            invoice = period.invoice_id
            by_hand = self.type_by_hand(invoice, typed)
            self.assert_same(invoice, by_hand)
        self.assert_same(self.credit(invoice), self.credit(by_hand))
        self.assertIn("discount", invoice.invoice_line_ids.mapped("billing_kind"))
        return invoice

    def type_by_hand(self, invoice, typed):
        """Return a posted invoice made of the texts, hours and prices of another."""
        by_hand = self.type_draft(invoice, typed)
        by_hand.action_post()
        return by_hand

    def type_draft(self, invoice, typed):
        moves = self.env["account.move"].with_company(invoice.company_id)
        return moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": invoice.partner_id.id,
                "currency_id": invoice.currency_id.id,
                "invoice_date": invoice.invoice_date,
                "invoice_line_ids": [
                    Command.create(self.prepare_typed_line(line))
                    for line in invoice.invoice_line_ids
                ],
                **typed,
            }
        )

    def prepare_typed_line(self, line):
        if line.display_type != "product":
            return {"display_type": line.display_type, "name": line.name}
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "name": line.name,
            "quantity": line.quantity,
            "price_unit": line.price_unit,
        }

    def credit(self, invoice):
        """Return the posted credit note of a whole invoice."""
        wizards = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizards.create(
            {"journal_id": invoice.journal_id.id, "billing_release": "none"}
        )
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def assert_same(self, move, by_hand):
        for name in MOVE:
            if name in move._fields:
                self.assertEqual(move[name], by_hand[name], name)
        self.assertEqual(self.read_items(move), self.read_items(by_hand))

    def read_items(self, move):
        """Return the journal items as values, in an order that has no meaning."""
        rows = [
            {
                name: sorted(line[name].ids)
                if hasattr(line[name], "ids")
                else line[name]
                for name in JOURNAL_ITEM
            }
            for line in move.line_ids
            if line.display_type not in ("line_section", "line_note")
        ]
        return sorted(rows, key=repr)
