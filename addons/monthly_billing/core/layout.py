"""The order of the lines of an invoice and the headings above them.

Plain values: the same lines always come out in the same order.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date

from . import kinds
from .plan import Line

#: in what order lines stand within a month, all time as one
BLOCKS = (kinds.RETAINER, kinds.TIME, *kinds.AMOUNTS)
#: places from one line to the next; its headings stand in between
ROOM = 10
#: what lines are separated by under a heading of its own
WITH_HEADING = ("project", "person")


def sort_lines(
    lines: Iterable[Line],
    month: date,
    job_order: Mapping[Hashable, tuple],
    group_order: Mapping[Hashable, tuple] | None = None,
) -> tuple[Line, ...]:
    """Return ``lines`` in the order of the invoice, the same every time.

    The billed month comes first, then late months from the oldest. Within a month
    comes the retainer, then time by group and job, then what the tiers save and named
    differences.

    :param group_order: sort key of what the agreement separates lines by
    """
    group_order = group_order or {}

    def position(line):
        return (
            line.month != month,
            line.month,
            _get_block(line.kind),
            group_order.get(line.group, ()),
            job_order.get(line.job, ()),
            kinds.WORK.index(line.kind) if line.shares else 0,
            min(((share.day, share.timesheet_id) for share in line.shares), default=()),
            -line.price_unit,
            repr(line.product),
        )

    return tuple(sorted(lines, key=position))


def _get_block(kind: str) -> int:
    """Return where lines of a kind stand within a month."""
    return BLOCKS.index(kinds.TIME if kind in kinds.WORK else kind)


def get_place(position: int, above: int = 0) -> int:
    """Return the sequence, on the invoice, of the line at ``position`` of a plan.

    :param position: from 0; the number of lines is the place below them all
    :param above: how many places above that line, for its headings and for notes
    """
    return (position + 1) * ROOM - above


def get_headings(lines: Sequence[Line], month: date) -> list[list[tuple]]:
    """Return the new headings above each line, the outer one first.

    A heading is its level (``section``, ``subsection``), its kind and its key: of a
    ``month`` the date, of a ``project`` or ``person`` the id, of the ``rest`` that
    follows such groups None. Months have headings only if another than ``month`` is on
    the invoice; other headings are below theirs.

    :param lines: in their order
    """
    with_months = any(line.month != month for line in lines)
    level = "subsection" if with_months else "section"
    result, current_month, current_group = [], None, None
    for line in lines:
        above = []
        if with_months and line.month != current_month:
            above.append(("section", "month", line.month))
            current_group = None
        current_month = line.month
        group = _get_heading(line, current_group)
        if group and group != current_group:
            above.append((level, *group))
        current_group = group
        result.append(above)
    return result


def _get_heading(line: Line, current: tuple | None) -> tuple | None:
    """Return the group heading that a line stands under.

    :param current: the group heading above the line before
    """
    if line.group and line.group[0] in WITH_HEADING:
        return line.group
    if current:
        return ("rest", None)
    return None
