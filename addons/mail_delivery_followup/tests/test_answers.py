from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from odoo.tests import BaseCase, tagged

from ..answers import Answer, read_answer


@tagged("post_install", "-at_install")
class TestAnswers(BaseCase):
    def read_error(self, error):
        """Return what is read from the text that Odoo makes of an error."""
        name = type(error).__name__
        return read_answer(f"Mail Delivery Failed\nvia 'mail:25'.\n{name}: {error}")

    def test_every_kind_of_refusal_is_read(self):
        for error, expected in (
            (SMTPDataError(554, b"5.7.1 Spam"), Answer(554, "5.7.1 Spam")),
            (SMTPDataError(421, b"Too busy"), Answer(421, "Too busy")),
            (SMTPSenderRefused(550, b"Who?", "a@b.c"), Answer(550, "Who?")),
            (
                SMTPRecipientsRefused({"a@b.c": (450, b"Greylisted, it's early")}),
                Answer(450, "Greylisted, it's early"),
            ),
            (SMTPDataError(552, b"Mailbox\nis full"), Answer(552, "Mailbox is full")),
            (SMTPDataError(550, "gesperrt (für immer)".encode()), None),
        ):
            with self.subTest(error):
                answer = expected or Answer(550, "gesperrt (für immer)")
                self.assertEqual(self.read_error(error), answer)

    def test_only_five_hundreds_are_final(self):
        self.assertTrue(Answer(550, "").is_final)
        self.assertFalse(Answer(451, "").is_final)

    def test_other_texts_hold_no_answer(self):
        for text in ("", None, "[Errno 111] Connection refused", "(550 is a number)"):
            with self.subTest(text):
                self.assertIsNone(read_answer(text))
