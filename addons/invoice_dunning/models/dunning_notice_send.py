"""Tell: a reminder leaves, after the facts were looked at once more."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core.receivable import Obstacle

TEMPLATE = "invoice_dunning.mail_template_notice"
REPORT = "invoice_dunning.action_report_notice"


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    def action_send(self):
        """Send these reminders now, or have them printed, as their levels say."""
        self.check_access("write")
        drafts = self.filtered(lambda notice: notice.state == "draft")
        drafts.sudo()._plan_sending()
        return True

    def action_send_again(self):
        """Send again what the customer has not got."""
        self.check_access("write")
        self.sudo().filtered("delivery_state")._deliver_again()
        return True

    def action_print(self):
        """Print these reminders; letters that wait are sent with it, and what did not
        arrive by e-mail goes by post."""
        self.check_access("write")
        self.sudo().filtered(
            lambda notice: notice.delivery_state == "failed"
        )._forget_delivery()
        letters = self.filtered(
            lambda notice: notice.state == "draft" and notice._is_letter()
        )
        for notice in letters.sudo():
            notice._lock_invoices()
            if notice._look_again():
                notice._record_sent()
        left = self.filtered(lambda notice: notice.state != "cancelled")
        if not left:
            raise UserError(
                self.env._(
                    "Nothing is left to print: what these reminders ask for was paid "
                    "or is on hold by now. Their history says why."
                )
            )
        return self.env.ref(REPORT).report_action(left)

    def _is_letter(self):
        return self.level_id.channel == "letter"

    def _plan_sending(self):
        """Put mails into the outbox, and ask a person to print letters."""
        letters = self.filtered(lambda notice: notice._is_letter())
        (self - letters)._plan_delivery(fields.Datetime.now())
        for notice in letters:
            record = notice._localize_for_staff()
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=record.env._("Print and post the reminder"),
                user_id=notice._get_delivery_user().id,
            )

    def _is_delivery_wanted(self):
        return self.state != "cancelled"

    def _get_delivery_user(self):
        """Return who looks after this reminder: an employee, whoever acts now."""
        makers = self.line_ids.move_id.create_uid
        staff = (
            self.user_id | self.level_id.user_id | makers | self.env.user
        ).filtered(lambda user: user.active and not user.share)
        return staff[:1] or self.env.ref("base.user_admin")

    def _get_undelivered_title(self):
        return self._localize_for_staff().env._("Reminder was not delivered")

    def _deliver(self):
        """What the mail server did not take goes out again as it is, unless it says
        what is not true any more: then it is written anew, or not at all."""
        if self.state == "sent" and self._is_outdated():
            self._cancel_unsent_mails()
        return super()._deliver()

    def _is_outdated(self):
        """Return whether the facts have changed since this was written."""
        self._lock_invoices()
        values = self.env["dunning.claim"]._prepare_again(self)
        if isinstance(values, Obstacle):
            return True
        open_before = {line.move_line_id.id: line.amount_open for line in self.line_ids}
        open_now = {
            line["move_line_id"]: line["amount_open"] for line in values["line_ids"]
        }
        return open_now.keys() != open_before.keys() or any(
            self.currency_id.compare_amounts(amount, open_before[key])
            for key, amount in open_now.items()
        )

    def _send_delivery(self):
        """Write the e-mail, if what it asks for is still owed; None if it is not."""
        self._lock_invoices()
        if not self._look_again():
            return None
        message = self.with_company(self.company_id).message_post_with_source(
            self.env.ref(TEMPLATE),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.recipient_id.ids,
            attachment_ids=self._create_documents().ids,
        )
        self._record_sent()
        return message

    def _lock_invoices(self):
        """Nobody pays or credits these invoices until this transaction has ended; who
        did so since it began ends it."""
        self.line_ids.move_id.lock_for_update(allow_referencing=True)

    def _look_again(self):
        """Bring the reminder up to date; cancel it and return False if nothing of it
        is owed any more."""
        self.ensure_one()
        values = self.env["dunning.claim"]._prepare_again(self)
        if isinstance(values, Obstacle):
            self._cancel(values.reason)
            return False
        self._update_lines(values)
        return True

    def _update_lines(self, values):
        known = {line.move_line_id.id: line for line in self.line_ids}
        commands = []
        for line in values["line_ids"]:
            current = known.pop(line["move_line_id"], None)
            if current:
                commands.append(Command.update(current.id, line))
            else:
                commands.append(Command.create(line))
        commands += [Command.delete(line.id) for line in known.values()]
        self.write({"line_ids": commands, "amount_fee": values["amount_fee"]})
        self.line_ids._make_current()

    def _record_sent(self):
        self.state = "sent"
        self.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("mail.mail_activity_data_todo")
            )
        ).action_feedback()

    def _create_documents(self):
        """Return the letter and copies of the open invoices, as attachments."""
        report = self.env["ir.actions.report"]
        content, kind = report._render_qweb_pdf(REPORT, self.ids)
        name = f"{self._get_report_base_filename()}.{kind}"
        return self._create_attachment(name, content) + self._create_invoice_copies()

    def _create_invoice_copies(self):
        """Return copies of the PDFs of the open invoices, as attachments."""
        attachments = self.env["ir.attachment"]
        if not self.level_id.is_invoice_attached:
            return attachments
        moves = self.line_ids.filtered(lambda line: line.amount_open > 0).move_id
        for move in moves.sorted("name"):
            document = move._get_invoice_legal_documents("pdf", allow_fallback=True)
            if document:
                attachments += self._create_attachment(
                    document["filename"], document["content"]
                )
        return attachments

    def _create_attachment(self, name, content):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": content, "res_model": self._name, "res_id": self.id}
        )
