from pathlib import Path

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DeliveryCommon

MAILS = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 08:00:00")
class TestDeliveryFiles(DeliveryCommon):
    """Files that are lost on the server are not sent, and not called sent."""

    def lose(self, attachments):
        for path in self.get_paths(attachments):
            path.unlink(missing_ok=True)

    def cut(self, attachments):
        for path in self.get_paths(attachments):
            content = path.read_bytes()
            path.unlink()  # copies of the database share its file
            path.write_bytes(content[:-20])

    def empty(self, attachments):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = NULL, db_datas = '',"
            " file_size = 0 WHERE id IN %s",
            [tuple(attachments.ids)],
        )

    def get_paths(self, attachments):
        return {Path(one._full_path(one.store_fname)) for one in attachments}

    def print_invoice(self):
        """Return an invoice whose PDF is there, and which nobody has got."""
        invoice = self.bill_hours()
        self.deliver(invoice, error=ConnectionRefusedError("Nobody listens"))
        self.assertTrue(invoice.invoice_pdf_report_id.raw)
        return invoice

    def get_sizes(self, mails):
        """Return how long the files of the mails are that went to the customer."""
        return [
            len(content)
            for mail in mails
            if self.partner.email in str(mail["email_to"])
            for _name, content, _mimetype in mail["attachments"]
        ]

    def check_printed_anew(self, spoil):
        """Whatever is done to its PDF, the customer gets the invoice."""
        invoice = self.print_invoice()
        spoil(invoice.invoice_pdf_report_id)
        spoil(invoice.delivery_message_id.sudo().attachment_ids)
        self.env.invalidate_all()
        with freeze_time("2026-11-01 08:15:00"), mute_logger(MAILS):
            sizes = self.get_sizes(self.deliver(invoice))
        self.assertTrue(sizes and all(sizes))
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertTrue(invoice.invoice_pdf_report_id.raw)

    def test_a_lost_file_is_printed_anew(self):
        self.check_printed_anew(self.lose)

    def test_a_damaged_file_is_printed_anew(self):
        self.check_printed_anew(self.cut)

    def test_an_empty_file_is_printed_anew(self):
        self.check_printed_anew(self.empty)

    def test_a_file_that_the_customer_has_is_not_printed_twice(self):
        invoice = self.bill_hours()
        self.deliver(invoice)
        self.lose(invoice.invoice_pdf_report_id)
        self.env.invalidate_all()
        invoice.action_deliver()
        self.assertFalse(self.get_sizes(self.deliver(invoice)))
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertIn("backup", invoice.delivery_error)

    def test_a_file_that_is_lost_in_the_outbox_is_not_sent_empty(self):
        invoice = self.bill_hours()
        self.put_into_outbox(invoice)
        self.lose(invoice.delivery_message_id.sudo().attachment_ids)
        self.env.invalidate_all()
        with mute_logger(MAILS):
            self.assertFalse(self.get_sizes(self.deliver(invoice)))
        self.assertEqual(invoice.delivery_state, "waiting")
        self.assertIn("missing or damaged", invoice.delivery_error)
        with freeze_time("2026-11-01 08:15:00"):
            sizes = self.get_sizes(self.deliver(invoice))
        self.assertTrue(sizes and all(sizes))
        self.assertEqual(invoice.delivery_state, "sent")
