"""What an invoice proves: the billing alone writes it, and it stays once posted."""

from odoo import api, models
from odoo.exceptions import UserError

#: written by the steps of the billing alone, on drafts as well
RECORDS = {
    "billing_period_id",
    "billing_release",
}
#: on paper: a person may write it on a draft
PRINTED = {
    "service_period_end",
    "service_period_start",
}
#: the customer's order on a document of a month; on other entries it stays a note
ORDER = {"ref"}
LINE_RECORDS = {
    "billing_kind",
    "included_hours",
    "source_line_id",
    "volume_discount_id",
}
LINE_PRINTED = {"service_month", "ticket_id"}
# Put into the context by a step: an object cannot come in over RPC.
RECORDING = object()


def get_changes(record, vals, names):
    """Return those of ``names`` to which ``vals`` gives another value, sorted."""
    return [
        name
        for name in sorted(names & vals.keys())
        if record._fields[name].convert_to_cache(vals[name], record)
        != record._fields[name].convert_to_cache(record[name], record)
    ]


def is_recording(env):
    """Return whether a step of the billing writes, or the system itself."""
    return env.su or env.context.get("billing_recording") is RECORDING


def refuse_changes(record, names):
    """Raise a UserError about fields of a record that stay as they are."""
    labels = (record._fields[name]._description_string(record.env) for name in names)
    raise UserError(
        record.env._(
            "%(document)s: %(fields)s cannot be changed here, because the billing "
            "records it, or the customer has it already. Reset the invoice to draft, "
            "or credit it.",
            document=record.display_name,
            fields=", ".join(labels),
        )
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _get_recorded_fields(self):
        """Return the names of the fields that the billing alone writes, on drafts as
        well.

        Extension point: an addon adds those that its steps write.
        """
        return RECORDS

    @api.model
    def _get_printed_fields(self):
        """Return the names of the fields on paper: a person may write them on a draft.

        Extension point: an addon adds those that it prints.
        """
        return PRINTED

    def _record(self, values):
        """Write what the billing records about these invoices."""
        return self.with_context(billing_recording=RECORDING).write(values)

    def _check_facts(self, vals):
        """Raise where a user changes what the billing records or the customer has."""
        recorded = self._get_recorded_fields()
        names = (recorded | self._get_printed_fields() | ORDER) & vals.keys()
        if not names or is_recording(self.env):
            return
        for move in self:
            fixed = names if move.state != "draft" else names & recorded
            if not move._is_billing_document():
                fixed = fixed - ORDER
            if changes := get_changes(move.sudo(), vals, fixed):
                refuse_changes(move, changes)
