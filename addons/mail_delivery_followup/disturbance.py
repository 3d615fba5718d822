"""Whose error it is: of one month alone, or of everything that runs beside it."""

from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

#: Another transaction was first: the same again may work. Nothing else is repeated.
DISTURBANCES = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
#: What PostgreSQL reports as "operational" although the values are to blame: a limit
#: of the program (class 54, such as a text too long for an index), a query that took
#: too long
VALUE_CODES = ("54", "57014")


def concerns_all(error: Exception) -> bool:
    """Return whether ``error`` ends the transaction, and not only what was done for one
    month: a disturbance, a lost connection, a full disk.

    It has to go up; any other error is kept on the month and the others go on.
    """
    if isinstance(error, DISTURBANCES):
        return True
    if isinstance(error, InterfaceError | OperationalError):
        return not (error.pgcode or "").startswith(VALUE_CODES)
    return False
