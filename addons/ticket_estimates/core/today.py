"""Which day it is where a company is. Plain values; every input is an argument."""

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo


def local_today(now: datetime, timezone_name: str | None) -> date:
    """Return the calendar day of ``now`` (naive means UTC) where the firm is."""
    if now.tzinfo is None:
        now = now.replace(tzinfo=timezone.utc)
    return now.astimezone(ZoneInfo(timezone_name or "UTC")).date()
