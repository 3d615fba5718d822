"""When an invoice goes out: plain times, no database."""

import calendar
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def get_delivery_time(now: datetime, timezone: str, day: int, hour: float) -> datetime:
    """Return when an invoice that is posted ``now`` goes out, in UTC, never before now.

    :param now: in UTC, without time zone, as Odoo keeps it
    :param timezone: name of the zone that ``day`` and ``hour`` are meant in
    :param day: day of the month of posting, a late one is its last; 0: any day
    :param hour: hours after midnight, 8.5 is half past eight
    """
    zone = ZoneInfo(timezone)
    today = now.replace(tzinfo=UTC).astimezone(zone).date()
    if day:
        last = calendar.monthrange(today.year, today.month)[1]
        today = today.replace(day=min(day, last))
    midnight = datetime.combine(today, time(), tzinfo=zone)
    planned = (midnight + timedelta(hours=hour)).astimezone(UTC)
    return max(planned.replace(tzinfo=None), now)
