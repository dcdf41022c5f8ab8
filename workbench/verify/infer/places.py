"""Which records of a log a recipe is searched on, and what is taken to be before each."""

from collections.abc import Sequence
from heapq import nsmallest
from itertools import islice

from workbench.verify.infer.roles import Roles
from workbench.verify.infer.rows import Row, plainness

#: Readings of what is before each record that a record is chosen by, one after the other; the
#: first of them before it is looked at whether the record lacks a member that others have.
READINGS, _LIKELIEST = 4, 2
#: Records near either end that one is chosen from at least.
_NEAR = 10


def plainest(
    rows: Sequence[Row], group: Sequence[Roles], *, among: frozenset[int] | None = None
) -> list[int]:
    """Return two linked records that can be written in few ways, the plainer first, and two more.

    Each two are from near either end, as a recipe may have been changed between. Where it is not
    known what is before each, those are taken for which the likeliest readings tell it alike.
    """
    linked = [n for n, index in enumerate(group[0].before) if index >= 0]
    linked = [n for n in linked if among is None or n in among]
    every = len({name for row in rows for name in row.value})

    def rank(n: int) -> tuple[object, ...]:
        apart = [roles.before[n] != group[0].before[n] for roles in group]
        missing = every - len(rows[n].value)
        some = apart[:READINGS]
        return (*some[:_LIKELIEST], missing, *some[_LIKELIEST:], sum(apart), *plainness(rows[n]))

    near = max(len(linked) // 4, min(_NEAR, (len(linked) + 1) // 2))
    plain = [nsmallest(2, part, key=rank) for part in (linked[:near], linked[-near:])]
    two, more = ({n for part in plain for n in part[which]} for which in (slice(1), slice(1, 2)))
    return [*sorted(two, key=rank), *sorted(more - two, key=rank)]


def reading(group: Sequence[Roles], place: int, nth: int) -> Roles | None:
    """Return a reading by the ``nth`` of the records that may be before one; None: there are less.

    Where tenants write in turn, no record follows another one by every reading.
    """
    each: dict[int, Roles] = {}
    for roles in group[: READINGS if group[0].previous is None else 1]:
        each.setdefault(roles.before[place], roles)
    each.pop(-1, None)
    return next(islice(each.values(), nth, None), None)
