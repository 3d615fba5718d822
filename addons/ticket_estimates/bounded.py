"""Number fields that refuse in words what nobody can calculate with."""

from odoo import fields
from odoo.exceptions import UserError

#: beyond it floats lose cents, and products of two of them their end
LARGEST = 1e15


class Bounded:
    """What is infinite, close to it, or not a number is refused when it is entered,
    before anything is calculated and any check of the database sees it."""

    def convert_to_cache(self, value, record, validate=True):
        try:
            found = super().convert_to_cache(value, record, validate)
        except (OverflowError, ValueError):
            raise self._get_refusal(value, record) from None
        if validate and found and not abs(found) <= LARGEST:
            raise self._get_refusal(value, record)
        return found

    def _get_refusal(self, value, record):
        return UserError(
            record.env._(
                "%(value)s is not a number for “%(field)s”. Enter another one.",
                value=str(value)[:40],
                field=self._description_string(record.env),
            )
        )


class BoundedFloat(Bounded, fields.Float):
    pass
