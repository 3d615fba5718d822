from odoo.tests import tagged

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestEstimateMail(TicketEstimatesCommon):
    def _send(self, **values):
        """Send an estimate; return the message to the customer."""
        estimate = self._create_estimate(**values)
        estimate.action_send()
        return estimate.message_ids.filtered(lambda m: self.customer in m.partner_ids)

    def test_the_customer_gets_an_email_with_hours_and_amounts(self):
        body = self._send(scope="<p>Repair the login</p>").body
        for text in ("8.00", "720.00", "136.80", "856.80", "Repair the login"):
            with self.subTest(text):
                self.assertIn(text, body)

    def test_the_subject_names_the_ticket(self):
        self.assertIn(self.ticket.number, self._send().subject)

    def test_an_estimate_without_end_names_no_date(self):
        self.assertNotIn("valid until", self._send(validity_date=False).body)

    def test_the_email_never_holds_the_internal_note(self):
        self.assertNotIn("margin", self._send(internal_note="margin 40 %").body)

    def test_the_email_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["ticket_estimates"], ["de_DE"])
        self.customer.lang = "de_DE"
        message = self._send()
        self.assertIn("Aufwandsabschätzung", message.subject)
        self.assertIn("720,00", message.body)
        self.assertIn("gültig bis", message.body)

    def test_a_customer_without_address_is_named_to_the_user(self):
        self.customer.email = False
        estimate = self._create_estimate()
        action = estimate.action_send()
        self.assertEqual(estimate.state, "sent")
        self.assertIn("no e-mail address", action["params"]["message"])
        self.assertFalse(estimate.message_ids.partner_ids)

    def test_each_transition_leaves_an_internal_note_on_the_ticket(self):
        estimate = self._create_estimate(state="sent")
        estimate._approve("Dr. Bauer", note="by phone")
        notes = self.ticket.message_ids.filtered(lambda m: m.subtype_id.internal)
        bodies = " ".join(notes.mapped("body"))
        self.assertIn("Estimate sent to the customer", bodies)
        self.assertIn("Estimate approved by Dr. Bauer", bodies)
        self.assertIn("by phone", bodies)

    def test_a_reason_with_markup_is_shown_as_text(self):
        self._create_estimate(state="sent")._reject("<script>alert(1)</script>")
        self.assertNotIn("<script>", self.ticket.message_ids[0].body)
