"""``workbench as-of``: which version was deployed at a moment, who had approved it, on what."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import Folder, opened
from workbench.model import schema
from workbench.model.contract import Json, locator_to_json, time_to_json
from workbench.model.event import EventFlag, IndexedEvent
from workbench.model.moment import nanoseconds, text_of

if TYPE_CHECKING:
    from workbench.services.standing import AsOf, RegistryWord, VersionAsOf

Moment = Annotated[
    str, typer.Argument(help="A moment, or a date for the end of that day (UTC).", metavar="TIME")
]
Of = Annotated[str, typer.Option("--of", metavar="MODEL", help="One model only, by its name.")]
All = Annotated[bool, typer.Option("--all", help="Also versions of which no log says more.")]
_Names = Mapping[int, str]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("as-of", help="Say which versions were deployed at a moment, and who approved.")(
        as_of
    )


def as_of(folder: Folder, time: Moment, of: Of = "", everything: All = False,
          as_json: o.AsJson = False) -> int:  # fmt: skip
    """Ask and print; the exit code says only that it was done."""
    from workbench.services import standing

    at = nanoseconds(o.end_of(time))
    with opened(folder, write=False) as case, work() as (_, cancel):
        state = standing.at_moment(case, at, cancel=cancel)
        names = standing.source_names(case)
    if as_json:
        say_json(_document(state, of))
        return 0
    for line in _lines(state, of, names, everything=everything):
        say(line)
    return 0


def _chosen(state: "AsOf", of: str) -> list["VersionAsOf"]:
    return [each for each in state.versions if of in {"", each.name}]


def _lines(state: "AsOf", of: str, names: _Names, *, everything: bool) -> Iterator[str]:
    chosen = _chosen(state, of)
    yield f"As of {text_of(state.at)}, by the times that records claim:"
    told = [each for each in chosen if everything or each.deployed or each.approvals]
    for each in told:
        yield ""
        yield from _version(each, names)
    yield ""
    yield from _not_told(state, chosen, len(chosen) - len(told))


def _version(each: "VersionAsOf", names: _Names) -> Iterator[str]:
    yield f"{each.name} version {each.version}"
    if each.deployed:
        late = "" if each.is_latest else "; a later one is deployed too, no record ends this one"
        yield f"  deployed    {_record(each.deployed, names)}{late}"
    elif each.retired:
        yield f"  retired     {_record(each.retired, names)}"
    else:
        yield "  deployed    no record that still stands says so"
    for approval in each.approvals:
        yield f"  approved    {_record(approval, names)}"
    if not each.approvals:
        yield "  approved    no record that still stands says so"
    if each.registered:
        yield f"  registered  {_record(each.registered, names)}"
    for word in each.registries:
        yield f"  registry    {_registry(word, names)}"
    for doubt in each.doubts:
        yield f"  unclear     {doubt.event.action}: {_record(doubt, names)}"


def _record(found: IndexedEvent, names: _Names) -> str:
    event = found.event
    when = event.time_text if event.time_ns is None else text_of(event.time_ns)
    broken = "; THIS RECORD IS BROKEN" if EventFlag.BROKEN in event.flags else ""
    place = f"record {event.locator.record:,} of {names.get(found.source, event.locator.path)}"
    return f"{when} by {event.actor or 'nobody named'} ({place}, level {event.level}{broken})"


def _registry(word: "RegistryWord", names: _Names) -> str:
    thing = word.thing
    said = thing.lifecycle_raw or thing.lifecycle.value
    where = names.get(word.node[0], thing.locator.path)
    if word.holds:
        return f"{where} says {said}, unchanged since {time_to_json(thing.ended)}"
    return f"{where} says {said} today; what it said then is not recorded"


def _not_told(state: "AsOf", chosen: list["VersionAsOf"], left_out: int) -> Iterator[str]:
    if not any(each.deployed for each in chosen):
        yield "No log of this case says that anything was deployed by then."
    if left_out:
        yield f"{left_out:,} more versions were known, neither deployed nor approved (--all)."
    if state.undated:
        yield (f"{len(state.undated):,} records of decisions claim no time: "
               "they may belong before or after.")  # fmt: skip
    if state.unnamed:
        yield f"{len(state.unnamed):,} records of decisions by then name no version."


def _document(state: "AsOf", of: str) -> Json:
    return {
        "schema": schema.AS_OF,
        "at": text_of(state.at),
        "versions": [_version_json(each) for each in _chosen(state, of)],
        "undated": [_event_json(each) for each in state.undated],
        "unnamed": [_event_json(each) for each in state.unnamed],
    }


def _version_json(each: "VersionAsOf") -> Json:
    return {
        "name": each.name,
        "version": each.version,
        "registered": _event_json(each.registered) if each.registered else None,
        "deployed": _event_json(each.deployed) if each.deployed else None,
        "retired": _event_json(each.retired) if each.retired else None,
        "is_latest": each.is_latest,
        "approvals": [_event_json(approval) for approval in each.approvals],
        "registries": [_registry_json(word) for word in each.registries],
        "doubts": [_event_json(doubt) for doubt in each.doubts],
    }


def _registry_json(word: "RegistryWord") -> Json:
    thing = word.thing
    return {
        "source": word.node[0],
        "key": word.node[1],
        "lifecycle": thing.lifecycle.value,
        "lifecycle_raw": thing.lifecycle_raw,
        "changed": time_to_json(thing.ended),
        "holds": word.holds,
        "place": locator_to_json(thing.locator),
    }


def _event_json(found: IndexedEvent) -> Json:
    event = found.event
    return {
        "time": None if event.time_ns is None else text_of(event.time_ns),
        "actor": event.actor,
        "action": event.action,
        "object": event.object,
        "level": event.level,
        "flags": sorted(flag.value for flag in event.flags),
        "source": found.source,
        "sha256": found.sha256,
        "place": locator_to_json(event.locator),
    }
