from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW, DeliveryCommon

MAILS = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDeliveryAgain(DeliveryCommon):
    """Invoices whose delivery was interrupted: the last version goes out, once."""

    def correct(self, invoice):
        """Reset an invoice to draft, change it and post it again."""
        invoice.button_draft()
        invoice.invoice_line_ids[0].price_unit = 150
        invoice.action_post()

    def test_a_corrected_invoice_goes_out_instead_of_the_refused_one(self):
        invoice = self.bill_hours()
        self.deliver(invoice, error=ConnectionRefusedError("Nobody listens"))
        self.correct(invoice)
        invoice.action_deliver()
        [mail] = self.deliver(invoice)
        self.assertIn("357.00", mail["body"])

    def test_a_corrected_invoice_goes_out_as_agreed(self):
        invoice = self.bill_hours()
        self.correct(invoice)
        [mail] = self.deliver(invoice)
        self.assertIn("357.00", mail["body"])
        self.assertEqual(invoice.delivery_state, "sent")

    def test_a_corrected_invoice_that_the_customer_has_is_left_to_a_person(self):
        invoice = self.bill_hours()
        self.deliver(invoice)
        self.correct(invoice)
        self.assertFalse(invoice.delivery_state)
        self.assertFalse(self.deliver(invoice))

    def test_an_invoice_in_draft_again_stays_in_the_outbox_of_nobody(self):
        invoice = self.bill_hours()
        self.put_into_outbox(invoice)
        self.assertEqual(invoice.delivery_state, "sending")
        invoice.button_draft()
        self.assertFalse(self.deliver(invoice))

    def test_an_invoice_that_was_credited_before_asks_nobody_for_money(self):
        self.agreement.send_hour = 10
        self.company.partner_id.tz = "UTC"
        invoice = self.bill_hours()
        invoice._reverse_moves(cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        with freeze_time("2026-11-01 10:00:00"):
            readers = self.get_readers(self.deliver(invoice))
        self.assertNotIn(self.partner.email, readers)
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertEqual(len(self.send_by_hand(invoice, ["email"])), 1)
        self.assertEqual(invoice.delivery_state, "sent")

    def test_a_cancelled_invoice_waits_no_longer(self):
        invoice = self.bill_hours()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertFalse(invoice.delivery_state)

    def test_a_mail_that_was_cancelled_is_told(self):
        invoice = self.bill_hours()
        self.put_into_outbox(invoice).cancel()
        self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "failed")
        self.assertEqual(len(self.get_activities(invoice)), 1)

    def test_a_mail_that_was_deleted_is_told(self):
        invoice = self.bill_hours()
        self.put_into_outbox(invoice).unlink()
        self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "failed")

    def test_an_invoice_in_the_outbox_is_not_sent_beside(self):
        invoice = self.bill_hours()
        self.put_into_outbox(invoice)
        invoice.action_deliver()
        self.assertEqual(len(self.deliver(invoice)), 1)

    @mute_logger(MAILS)
    def test_who_has_the_invoice_does_not_get_it_again(self):
        self.agreement.copy_partner_ids = self.make_partner(
            "Bookkeeping", email="books@example.com"
        ) | self.make_partner("Tax Adviser", email="tax@example.com")
        invoice = self.bill_hours()
        self.deliver(invoice, refused="tax@example.com")
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertEqual(invoice.delivery_attempts, 1)
        self.assertIn("tax@example.com", invoice.delivery_error)
        self.assertNotIn("books@example.com", invoice.delivery_error)
        with freeze_time("2026-11-01 08:15:00"):
            mails = self.deliver(invoice)
        self.assertEqual(self.get_readers(mails), ["tax@example.com"])
        self.assertEqual(invoice.delivery_state, "sent")

    @mute_logger("odoo.addons.mail_delivery_followup.models.mail_delivery_outcome")
    def test_an_error_after_sending_does_not_send_again(self):
        invoice = self.bill_hours()
        moves = self.env.registry["account.move"]
        with patch.object(moves, "_record_delivered", side_effect=ValueError):
            self.assertEqual(len(self.deliver(invoice)), 1)
            self.assertEqual(invoice.delivery_state, "sending")
        readers = self.get_readers(self.deliver(invoice))
        self.assertNotIn(self.partner.email, readers)
        self.assertEqual(invoice.delivery_state, "sent")

    def test_a_service_that_commits_does_not_stop_the_delivery(self):
        invoice = self.bill_hours()
        other = self.bill_other()
        sender = self.env.registry["account.move.send"]
        native = sender._call_web_service_after_invoice_pdf_render

        def commit(self, invoices_data):
            native(self, invoices_data)
            self.env.cr.commit()  # pylint: disable=invalid-commit

        name = "_call_web_service_after_invoice_pdf_render"
        with patch.object(sender, name, commit):
            self.assertEqual(len(self.deliver(invoice | other)), 2)
        self.assertEqual((invoice | other).mapped("delivery_state"), ["sent"] * 2)

    def bill_other(self, **values):
        """Return the invoice of another customer."""
        other = self.make_partner("Other", invoice_sending_method="email")
        project = self.make_project("Other", other)
        self.book(1, "10-05", project_id=project.id)
        agreement = self.make_agreement(
            **{"partner_id": other.id, "auto_post": True, "auto_send": True, **values}
        )
        return self.bill(agreements=agreement).invoice_id

    def test_an_invoice_that_went_another_way_is_sent(self):
        self.partner.invoice_sending_method = "manual"
        invoice = self.bill_hours()
        sender = self.env.registry["account.move.send"]
        with (
            patch.object(
                sender, "_get_default_sending_methods", lambda self, move: {"peppol"}
            ),
            patch.object(
                sender, "_is_applicable_to_move", lambda self, *_args, **_data: True
            ),
        ):
            self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertEqual(invoice.delivered_on, NOW)
        self.assertFalse(invoice.delivery_message_id)

    def test_an_invoice_to_be_printed_is_left_to_a_person(self):
        self.partner.invoice_sending_method = "manual"
        invoice = self.bill_hours()
        self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "failed")
        self.send_by_hand(invoice, ["manual"])
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertFalse(self.get_activities(invoice))

    def send_by_hand(self, invoice, methods):
        """Send an invoice as the dialog of Odoo does."""
        wizard = self.env["account.move.send.wizard"].create(
            {"move_id": invoice.id, "sending_methods": methods}
        )
        with self.keep_mails():
            wizard.action_send_and_print()
        with self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue()
            return list(self._mails)

    def test_an_invoice_that_was_sent_by_hand_is_not_sent_as_planned(self):
        self.agreement.send_hour = 10
        self.company.partner_id.tz = "UTC"
        invoice = self.bill_hours()
        self.assertEqual(len(self.send_by_hand(invoice, ["email"])), 1)
        self.assertEqual(invoice.delivery_state, "sent")
        with freeze_time("2026-11-01 10:00:00"):
            self.assertFalse(self.deliver(invoice))

    def test_several_invoices_sent_by_hand_have_their_own_mails(self):
        self.agreement.auto_send = False
        self.env["ir.config_parameter"].set_param("account.pdf_generation_batch", "0")
        first, second = self.bill_hours(), self.bill_other(auto_send=False)
        with self.keep_mails():
            self.env["account.move.send"]._generate_and_send_invoices(first | second)
        with self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue()
            subjects = [mail["subject"] for mail in self._mails]
        for invoice, subject in zip(first | second, subjects, strict=True):
            self.assertIn(invoice.name, subject)
            self.assertEqual(invoice.delivery_state, "sent")

    def test_a_delivered_credit_note_does_not_hide_an_undelivered_invoice(self):
        invoice = self.bill_hours()
        credit = invoice._reverse_moves()
        credit.action_post()
        invoice._record_delivery_failure("Full", retry=False)
        credit.action_deliver()
        self.assertEqual(len(self.deliver(credit)), 1)
        self.assertEqual(credit.delivery_state, "sent")
        self.assertEqual(len(self.get_activities(invoice)), 1)

    def test_an_error_of_the_database_leaves_nothing_behind(self):
        invoice = self.bill_hours()
        sender = self.env.registry["account.move.send"]
        native = sender._send_mails
        reason = "No space left"

        def fail(self, moves_data):
            native(self, moves_data)
            raise UserError(reason)

        with patch.object(sender, "_send_mails", fail):
            self.deliver(invoice)
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertEqual(invoice.delivery_error, reason)
        self.assertFalse(invoice.delivery_message_id)
