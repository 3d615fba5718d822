"""Files of an invoice that are gone, empty or damaged: never sent, printed anew."""

from pathlib import Path

from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _renew_unreadable_files(self):
        """Let go of files that cannot be read, so that they are printed anew.

        What the customer has is not printed a second time: it might differ.

        :raise UserError: with the remedy, if the customer has such a file
        """
        for move in self:
            unreadable = move._find_unreadable(move._find_document_files())
            if not unreadable:
                continue
            if move.delivered_on:
                raise UserError(
                    move._localize_for_staff().env._(
                        "The file %(name)s, which the customer has got, is missing or "
                        "damaged on the server. Have it restored from a backup of the "
                        "files, then send the invoice again.",
                        name=unreadable[0].name,
                    )
                )
            for file in unreadable.filtered("store_fname"):
                # what is left of it stands in the way of the new one
                Path(file._full_path(file.store_fname)).unlink(missing_ok=True)
            move._detach_attachments()
            move.invalidate_recordset()

    def _find_document_files(self):
        """Return the files that Odoo keeps as the documents of this invoice."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("res_field", "in", self._get_fields_to_detach()),
                ]
            )
        )

    def _check_files_of(self, message):
        """Make sure that no empty file goes out.

        :raise UserError: with the remedy
        """
        for file in self._find_unreadable(message.attachment_ids)[:1]:
            raise UserError(
                self._localize_for_staff().env._(
                    "The file %(name)s is empty or damaged. Print the invoice to see "
                    "whether printing works, then send it again.",
                    name=file.name,
                )
            )
