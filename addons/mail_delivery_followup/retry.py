"""When a delivery that failed is tried again: plain times, no database."""

from datetime import timedelta

MAX_ATTEMPTS = 6
FIRST_DELAY = timedelta(minutes=15)


def get_retry_delay(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts.

    Twice as long each time, 7 hours and 45 minutes in all; None when it is time for a
    person.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    return FIRST_DELAY * 2 ** (attempts - 1)
