from datetime import date

from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

try:  # a company whose chart is loaded once for the whole database, if there is one
    from odoo.addons.volume_discount.tests.ready_company import GermanCompanyCommon
except ImportError:

    class GermanCompanyCommon(AccountTestInvoicingCommon):
        country_code = "DE"


class DunningCommon(GermanCompanyCommon):
    """A German firm with one business customer, and invoices made by keyword."""

    today = date(2026, 7, 31)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.write({"country_id": cls.env.ref("base.de").id})
        cls.company.dunning_law = "de"
        cls.notices = cls.env["dunning.notice"]
        cls.levels = cls.env["dunning.level"]._get_levels(cls.company)
        cls.customer = cls.make_customer("Muster Bau GmbH")

    @classmethod
    def make_customer(cls, name, **values):
        """Make a company that buys without a payment term."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.split()[0].lower()}@example.com",
                "property_payment_term_id": False,
                **values,
            }
        )

    @classmethod
    def invoice(cls, amount=1000.0, due=date(2026, 6, 15), post=True, **values):
        """Make an invoice without tax, due on a day, posted."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": min(due, date(2026, 6, 1)),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Work",
                            "quantity": 1,
                            "price_unit": amount,
                            "account_id": cls.company_data[
                                "default_account_revenue"
                            ].id,
                            "tax_ids": [],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def pay(cls, move, amount, day):
        """Register a payment of a part or the whole of an invoice."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"amount": amount, "payment_date": day})
        )
        wizard.action_create_payments()

    def remind(self, day):
        """Write the reminders of a day and call them sent."""
        notices = self.notices._remind(day, self.company)
        notices.sudo().state = "sent"
        return notices

    def get_reasons(self, day):
        """Why nobody is reminded of which invoice on a day, as codes."""
        _letters, obstacles = self.notices._preview_day(day, self.company)
        return {one.move_id: why.code for one, why in obstacles.items()}
