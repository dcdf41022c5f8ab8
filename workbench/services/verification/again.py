"""What the case knows of logs that were delivered again: the verdicts on what they replaced.

A log that only grew begins with the bytes that were judged. So long as it stands in the place of
another one that is asked, however often the case is verified.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench import __version__
from workbench.model.case_source import CaseSource
from workbench.model.earlier import Earlier, earlier_in
from workbench.model.verification import Verification
from workbench.store import sources, verdicts
from workbench.store.case_store import CaseStore


def earlier_deliveries(case: CaseStore) -> tuple[Earlier, ...]:
    """Return what was found of logs that others of the case were delivered in place of."""
    judged: list[tuple[CaseSource, Verification, str]] = []
    with case.reading() as session:
        everything = {one.id: one for one in sources.every(session, superseded=True)}
        for old in everything.values():
            number = None
            if old.superseded_by is not None:
                number = verdicts.newest_on(session, old.id)
            found = None if number is None else verdicts.get(session, number)
            if number is not None and found is not None:
                judged.append((old, found, verdicts.version_of(session, number)))
    return tuple(
        replace(one, about=_now(old, everything), believed=version == __version__)
        for old, found, version in judged
        for one in _whole(old, found)
    )


def _whole(old: CaseSource, found: Verification) -> Iterator[Earlier]:
    """Yield what a verification says of a source, if it found the log whole and as taken in."""
    mine = tuple(s for s in found.subjects if (s.path, s.member) == (old.path, old.member))
    said = earlier_in(replace(found, sources=mine))
    return (one for one in said if one.sha256 == old.sha256)


def _now(source: CaseSource, everything: Mapping[int, CaseSource]) -> tuple[str, str | None]:
    """Return path and member of what stands in the place of a source now."""
    for _ in everything:
        if source.superseded_by is None or source.superseded_by not in everything:
            break
        source = everything[source.superseded_by]
    return source.path, source.member
