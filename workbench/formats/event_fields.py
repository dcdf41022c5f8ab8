"""Guess where in the records of a log time, actor, action, object and outcome are read.

By name, the more telling ones first, and by what the values are; the auditor sees the answer and
may change it. Nothing is judged by it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.model.event import EventFields
from workbench.model.moment import SECOND, claimed_ns
from workbench.model.recipe import Name

MOST_DEPTH = 3
SAMPLE = 200
_MOSTLY = 0.8
_NUMBER = re.compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?", re.ASCII)
#: The years 1990 to 2100: another number is no time of a log.
_FIRST, _LAST = 631_152_000 * SECOND, 4_102_444_800 * SECOND
_NOT_LETTERS = re.compile(r"[^a-z0-9]")


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


#: Names without case and punctuation, whole paths joined (``user.name`` is ``username``).
_TIMES = _split(
    "time timestamp eventtime ts timestamputc requestreceivedtimestamp stagetimestamp at "
    "occurredat createdat loggedat datetime date published starttime when"
)
_ACTORS = _split(
    "actor user username actorname actoruser actorusername actoremail actoralternateid actorid "
    "useridentityarn useridentityusername useridentityprincipalid useremail userid principal "
    "who agentdid agent agentname initiatedby caller clientid subject"
)
_ACTIONS = _split(
    "action eventname operation eventtype event verb activity activityname apioperation act "
    "method entrytype type"
)
_OBJECTS = _split(
    "object resource target objectname resourceid resourcename targetid objectrefname "
    "targetname model dataset artifact uri requesturi path jobname subject eventsource"
)
_OUTCOMES = _split(
    "outcome result status success responsestatuscode statuscode decision policydecision "
    "errorcode error"
)
_ONLY_WHEN_WRONG = {"errorcode", "error"}


def guess_fields(
    records: Sequence[Mapping[str, object]],
    *,
    time: Name | None = None,
    taken: Iterable[Name] = (),
    counted: bool = False,
) -> EventFields:
    """Return the mapping for a log that begins with ``records``.

    Args:
        records: some of its first records.
        time: where the chain profile says that the time is, or None.
        taken: fields that are something else, as digests.
        counted: whoever reads the log by this also reads times that are numbers written as text.
    """
    seen = _values(records[:SAMPLE], set(taken))
    chosen: set[Name] = set()

    def first(names: Sequence[str]) -> Name | None:
        name = next((n for n in _named(seen, names) if n not in chosen), None)
        if name is not None:
            chosen.add(name)
        return name

    said = time if time in seen else None
    moments = {n: v for n, v in seen.items() if _are_moments(v, counted=counted)}
    when = said or next(_named(moments, _TIMES), None) or next(iter(_texts(moments)), None)
    if when is not None:
        chosen.add(when)
    actor, action, thing = first(_ACTORS), first(_ACTIONS), first(_OBJECTS)
    outcome = first(_OUTCOMES)
    wrong = outcome is not None and _bare(outcome[-1]) in _ONLY_WHEN_WRONG
    return EventFields(when, actor, action, thing, outcome, absent_is_success=wrong)


def _values(records: Sequence[Mapping[str, object]], taken: set[Name]) -> dict[Name, list[object]]:
    """Return the values of each field that holds no list or object."""
    seen: dict[Name, list[object]] = {}
    for record in records:
        for name, value in _leaves(record, ()):
            if name not in taken:
                seen.setdefault(name, []).append(value)
    return seen


def _leaves(record: Mapping[str, object], above: Name) -> Iterator[tuple[Name, object]]:
    for key, value in record.items():
        name = (*above, key)
        if isinstance(value, Mapping):
            if len(name) < MOST_DEPTH:
                yield from _leaves(value, name)
        elif isinstance(value, str | int | float):
            yield name, value


def _named(seen: Mapping[Name, object], names: Sequence[str]) -> Iterator[Name]:
    """Yield the fields with these names: whole paths first, then last names, shallow first."""
    shallow = sorted(seen, key=len)
    for wanted in names:
        yield from (name for name in shallow if _bare("".join(name)) == wanted)
    for wanted in names:
        yield from (name for name in shallow if len(name) > 1 and _bare(name[-1]) == wanted)


def _bare(name: str) -> str:
    return _NOT_LETTERS.sub("", name.lower())


def _are_moments(values: Sequence[object], *, counted: bool) -> bool:
    read = sum(
        claimed_ns(value) is not None or (counted and _is_counted(value)) for value in values
    )
    return read >= max(1, _MOSTLY * len(values))


def _is_counted(value: object) -> bool:
    """Tell whether a text is a number of (milli-, micro-, nano-)seconds since 1970 of our days."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return False
    read = claimed_ns(int(value.partition(".")[0]))
    return read is not None and _FIRST <= read <= _LAST


def _texts(seen: Mapping[Name, Sequence[object]]) -> Iterator[Name]:
    """Yield the fields whose values are all text: a number alone is not taken for a time."""
    return (name for name, values in seen.items() if all(isinstance(v, str) for v in values))
