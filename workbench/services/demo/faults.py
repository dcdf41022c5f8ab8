"""The faults that a demo can hold, each as somebody would really do it (VERDICTS section 4)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.errors import UsageError
from workbench.model.verdict import DiagnosisClass
from workbench.services.demo.log import DAY, Entry, Sealed, seal, time_of, with_digest

#: Fewest records among which a fault has honest neighbours on both sides.
FEWEST = 12


@dataclass(frozen=True, slots=True)
class Planted:
    """The fault of a demo, in the terms of VERDICTS section 4.

    Attributes:
        kind: diagnosis class that a verifier should give.
        record: record number that it should give, counted in the file as written.
        count: records concerned.
        done: what was done to the log, one sentence.
    """

    kind: DiagnosisClass
    record: int
    count: int
    done: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a fault is planted.

    Attributes:
        planted: what to tell the user.
        first: first honest record that ``edit`` is given.
        last: last honest record that ``edit`` is given.
        edit: turns finished records into the lines to write; None: they are written as they are.
        slip: what the writer itself gets wrong before it seals an entry; None: nothing.
        early: length of the log at which an earlier head was signed; None: no earlier head.
    """

    planted: Planted
    first: int
    last: int
    edit: Callable[[Sequence[Sealed]], list[bytes]] | None = None
    slip: Callable[[Entry], Entry] | None = None
    early: int | None = None


def plantable() -> tuple[DiagnosisClass, ...]:
    """Return the classes that can be planted."""
    return tuple(_PLANS)


def plan_for(events: int, tamper: DiagnosisClass | None, chance: random.Random) -> Plan | None:
    """Return how to plant ``tamper`` somewhere in the middle half of the log."""
    if events < 1:
        raise UsageError("A demo has at least one event.")
    if tamper is None:
        return None
    if tamper not in _PLANS:
        raise UsageError(
            f"{tamper} cannot be shown by one log and its signed head; these can be planted: "
            f"{', '.join(_PLANS)}."
        )
    if events < FEWEST:
        raise UsageError(f"Planting a fault takes at least {FEWEST} events.")
    return _PLANS[tamper](events, chance.randint(events // 4 + 1, events * 3 // 4))


def _altered(_: int, at: int) -> Plan:
    done = f"The outcome in record {at} was changed; its digest was left as it was."
    planted = Planted(DiagnosisClass.RECORD_ALTERED, at, 1, done)
    return Plan(
        planted, at, at, lambda found: [with_digest(_other(f.entry), f.digest) for f in found]
    )


def _rewritten(_: int, at: int) -> Plan:
    done = f"The outcome in record {at} was changed and its digest made anew; no other record was."
    planted = Planted(DiagnosisClass.RECORD_REWRITTEN, at, 1, done)
    return Plan(planted, at, at, lambda found: [seal(_other(f.entry)).line for f in found])


def _deleted(_: int, at: int) -> Plan:
    done = f"Records {at} to {at + 2} of the honest log were removed."
    return Plan(Planted(DiagnosisClass.RECORDS_DELETED, at, 3, done), at, at + 2, _removed)


def _inserted(_: int, at: int) -> Plan:
    done = f"Record {at} was put between two honest records, with a digest of its own."
    planted = Planted(DiagnosisClass.RECORD_INSERTED, at, 1, done)
    return Plan(planted, at, at, lambda found: [seal(_other(found[0].entry)).line, found[0].line])


def _swapped(_: int, at: int) -> Plan:
    done = f"Records {at} and {at + 1} changed places."
    planted = Planted(DiagnosisClass.RECORDS_REORDERED, at, 2, done)
    return Plan(planted, at, at + 1, lambda found: [f.line for f in reversed(found)])


def _duplicated(_: int, at: int) -> Plan:
    done = f"Record {at} was written twice; the second is record {at + 1}."
    planted = Planted(DiagnosisClass.RECORD_DUPLICATED, at + 1, 1, done)
    return Plan(planted, at, at, lambda found: [found[0].line] * 2)


def _malformed(_: int, at: int) -> Plan:
    done = f"The second half of record {at} was cut off."
    planted = Planted(DiagnosisClass.MALFORMED_RECORD, at, 1, done)
    return Plan(planted, at, at, lambda found: [f.line[: len(f.line) // 2] for f in found])


def _head_cut(_: int, __: int) -> Plan:
    done = "The first 3 records of the honest log were removed."
    return Plan(Planted(DiagnosisClass.HEAD_TRUNCATED, 1, 3, done), 1, 3, _removed)


def _tail_cut(events: int, _: int) -> Plan:
    done = "The last 3 records of the honest log were removed."
    planted = Planted(DiagnosisClass.TAIL_TRUNCATED, events - 3, 3, done)
    return Plan(planted, events - 2, events, _removed)


def _numbers_skipped(_: int, at: int) -> Plan:
    done = f"The writer skipped 5 numbers before record {at}; every link holds."
    planted = Planted(DiagnosisClass.SEQUENCE_ANOMALY, at, 5, done)
    return Plan(planted, at, at, slip=lambda e: e._replace(seq=e.seq + 5) if e.seq >= at else e)


def _clock_back(events: int, at: int) -> Plan:
    done = f"The writer's clock went back a day for record {at}; every link holds."
    planted = Planted(DiagnosisClass.CLOCK_REGRESSION, at, 1, done)
    past = time_of(at - 1, events, shift=-DAY)
    return Plan(planted, at, at, slip=lambda e: e._replace(time=past) if e.seq == at else e)


def _rechained(events: int, at: int) -> Plan:
    early = at // 2
    done = (
        f"The outcome in record {at} was changed and every digest from there on made anew; "
        f"the head signed at {early} records still agrees, the one at {events} does not."
    )
    planted = Planted(DiagnosisClass.RECHAINED_AFTER, early + 1, events - early, done)
    return Plan(planted, at, events, _Forger(None), early=early)


def _forked(events: int, _: int) -> Plan:
    done = f"After the last record, two more were added that continue from record {events - 5}."
    planted = Planted(DiagnosisClass.FORK, events + 1, 2, done)
    return Plan(planted, events - 5, events, _with_branch)


_PLANS: dict[DiagnosisClass, Callable[[int, int], Plan]] = {
    DiagnosisClass.RECORD_ALTERED: _altered,
    DiagnosisClass.RECORD_REWRITTEN: _rewritten,
    DiagnosisClass.RECORDS_DELETED: _deleted,
    DiagnosisClass.RECORD_INSERTED: _inserted,
    DiagnosisClass.RECORDS_REORDERED: _swapped,
    DiagnosisClass.RECORD_DUPLICATED: _duplicated,
    DiagnosisClass.MALFORMED_RECORD: _malformed,
    DiagnosisClass.HEAD_TRUNCATED: _head_cut,
    DiagnosisClass.TAIL_TRUNCATED: _tail_cut,
    DiagnosisClass.SEQUENCE_ANOMALY: _numbers_skipped,
    DiagnosisClass.RECHAINED_AFTER: _rechained,
    DiagnosisClass.FORK: _forked,
    DiagnosisClass.CLOCK_REGRESSION: _clock_back,
}


def _removed(_: Sequence[Sealed]) -> list[bytes]:
    return []


def _other(entry: Entry) -> Entry:
    return entry._replace(story=entry.story.opposite())


class _Forger:
    """Rewrites records so that they link again: the first is changed, the rest follow."""

    def __init__(self, tip: str | None) -> None:
        self._tip = tip

    def __call__(self, found: Sequence[Sealed]) -> list[bytes]:
        """Return the forged lines."""
        lines: list[bytes] = []
        for record in found:
            if self._tip is None:
                forged = seal(_other(record.entry))
            else:
                forged = seal(record.entry._replace(prev=self._tip))
            self._tip = forged.digest
            lines.append(forged.line)
        return lines


def _with_branch(found: Sequence[Sealed]) -> list[bytes]:
    """Return the records, then a second story of what followed the first, told at the end."""
    end = found[-1].entry.time
    told = [r._replace(entry=_other(r.entry)._replace(time=end)) for r in found[1:3]]
    return [*(record.line for record in found), *_Forger(found[0].digest)(told)]
