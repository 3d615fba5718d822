from odoo.tests import tagged

from .common import TicketEstimatesCommon
from .portal_common import PNG


@tagged("post_install", "-at_install")
class TestEstimatePrint(TicketEstimatesCommon):
    def _print(self, estimate):
        """Return the printed estimate as HTML."""
        report = self.env["ir.actions.report"]
        name = "ticket_estimates.action_report_estimate"
        return report._render_qweb_html(name, estimate.ids)[0].decode()

    def test_the_print_shows_customer_ticket_and_terms(self):
        self.customer.street = "Lindenstr. 12"
        html = self._print(self._create_estimate(state="sent", scope="<p>Repair</p>"))
        for text in (
            "Dental Office",
            "Lindenstr. 12",
            self.ticket.number,
            "Login broken",
            "8.00",
            "90.00",
            "720.00",
            "136.80",
            "856.80",
            "Repair",
        ):
            with self.subTest(text):
                self.assertIn(text, html)
        self.assertNotIn("Approved by", html)

    def test_the_approved_print_shows_who_approved_with_the_signature(self):
        estimate = self._create_estimate(state="sent")
        estimate._approve("Dr. Bauer", signature=PNG)
        html = self._print(estimate)
        self.assertRegex(html, r"Approved by <strong>Dr. Bauer</strong>")
        self.assertIn('alt="Signature"', html)

    def test_each_tax_rate_has_its_row(self):
        reduced = self._create_tax(7.0)
        estimate = self._create_estimate(tax_ids=[(6, 0, (self.tax + reduced).ids)])
        amounts = [amount for _name, amount in estimate._get_tax_rows()]
        self.assertEqual(sorted(amounts), [50.4, 136.8])

    def test_a_tax_that_changes_later_leaves_what_the_customer_saw(self):
        estimate = self._create_estimate(state="sent")
        self.tax.amount = 25.0
        self.assertEqual(estimate._get_tax_rows(), [("Taxes", 136.8)])

    def test_the_print_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        html = self._print(self._create_estimate(state="sent"))
        self.assertIn("856,80", html)

    def test_times_are_those_of_the_customer(self):
        self.customer.tz = "Europe/Berlin"
        estimate = self._create_estimate(state="approved")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket_estimate SET signed_on = '2026-05-04 22:30:00'"
            " WHERE id = %s",
            [estimate.id],
        )
        estimate.invalidate_recordset()
        self.assertIn("05/05/2026", self._print(estimate))

    def test_the_internal_note_is_not_printed(self):
        estimate = self._create_estimate(internal_note="margin 40 %")
        self.assertNotIn("margin", self._print(estimate))

    def test_texts_are_printed_as_text(self):
        self.ticket.name = "<script>alert('x')</script>"
        estimate = self._create_estimate(state="sent")
        estimate._approve("<script>alert('x')</script>")
        self.assertNotIn("<script>alert('x')", self._print(estimate))
