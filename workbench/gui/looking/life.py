"""What logs and catalog say of the life of a thing; read off the thread of the window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.looking.lifecycle import LifeStep
from workbench.gui.parts.mark import Mark
from workbench.gui.text import tr
from workbench.model.catalog import ArtifactType, Thing
from workbench.model.event import EventFlag
from workbench.model.moment import time_of

if TYPE_CHECKING:
    from workbench.services.investigation import Decision
    from workbench.store.case_store import CaseStore

_STEPS = {"registered": "Registered", "approved": "Approved", "deployed": "Deployed"}
_WORST_FIRST = (Mark.FAILED, Mark.INDETERMINATE, Mark.NONE, Mark.PASSED)
_AGAINST = {"rejected", "revoked"}
_SIGNED = 2


@dataclass(frozen=True, slots=True)
class LifeRecord:
    """A record of a log that says that something was decided."""

    title: str
    detail: str
    mark: Mark
    source: int
    record: int


@dataclass(frozen=True, slots=True)
class Life:
    """Steps, the records they rest on, and what must be known of them."""

    steps: tuple[LifeStep, ...] = ()
    records: tuple[LifeRecord, ...] = ()
    notes: tuple[str, ...] = ()


def life_of(case: "CaseStore", thing: Thing) -> Life:
    """Return the life of a thing, as far as logs or catalog tell it."""
    from workbench.services import investigation

    if thing.type != ArtifactType.MODEL_VERSION:
        words = tr("Logs are asked for decisions about versions of models; this is none.")
        return Life(notes=(words,))
    made = investigation.decisions_about(case, thing.name, thing.version)
    steps = tuple(_step(what, title, made) for what, title in _STEPS.items())
    return Life(steps, tuple(map(_record, made)), _notes(made, steps))


def _notes(made: "list[Decision]", steps: tuple[LifeStep, ...]) -> tuple[str, ...]:
    if not made:
        return (tr("No log of this case mentions this version."),)
    notes = []
    if any(step.mark is Mark.FAILED for step in steps):
        notes.append(tr("A step rests on a record that was changed after it was written."))
    if any(each.what in _AGAINST for each in made):
        notes.append(tr("The logs hold a rejection of this version, or a revoked approval."))
    actors = {each.found.event.actor for each in made if each.what == "approved"}
    if len(actors) > 1:
        names = ", ".join(sorted(actors))
        notes.append(tr("The logs name different people as the approver: {}.").format(names))
    return tuple(notes)


def _step(what: str, title: str, made: "list[Decision]") -> LifeStep:
    """Return a step; where several records tell of it, the worst decides."""
    mine = [each for each in made if each.what == what]
    if not mine:
        return LifeStep(tr(title), tr("no record"), Mark.INDETERMINATE)
    marks = [_mark(each) for each in mine]
    if what == "approved" and any(each.what in _AGAINST for each in made):
        marks.append(Mark.INDETERMINATE)
    mark = min(marks, key=_WORST_FIRST.index)
    times = [e.found.event.time_ns for e in mine if e.found.event.time_ns is not None]
    when = f"{time_of(min(times)):%d %b %H:%M}" if times else tr("no time")
    return LifeStep(tr(title), when, mark)


def _mark(each: "Decision") -> Mark:
    event = each.found.event
    if EventFlag.BROKEN in event.flags:
        return Mark.FAILED
    return Mark.PASSED if event.level >= _SIGNED else Mark.NONE


def _record(each: "Decision") -> LifeRecord:
    event, record = each.found.event, each.found.event.locator.record or 0
    when = f"{time_of(event.time_ns):%Y-%m-%d %H:%M:%S}" if event.time_ns is not None else ""
    detail = f"{event.locator.path}, {tr('record')} {record:,}"
    title = f"{each.what} · {event.actor} · {when}"
    return LifeRecord(title, detail, _mark(each), each.found.source, record)
