"""Propose a mapping of a log that nobody knows: a guess by names and values, to be edited."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.formats.event_fields import guess_fields
from workbench.formats.logs.library import shipped
from workbench.formats.logs.mapper import Members, pointer_to
from workbench.formats.logs.recognising import Peek, Recognised, first_fitting, peeks
from workbench.formats.reader import Look
from workbench.formats.records import NESTED
from workbench.model.event import EventFields
from workbench.model.event_mapping import EventMapping, LogContainer
from workbench.model.recipe import Name

#: In the order in which ways to lie in a file are tried; what fits last fits anything.
_WAYS = (
    (LogContainer.JSONL, LogContainer.JSON_ARRAY, LogContainer.JSON),
    (LogContainer.CEF,),
    (LogContainer.SYSLOG,),
    (LogContainer.CSV,),
    (LogContainer.KEY_VALUE,),
    (LogContainer.LINES,),
)
_NOT_ID = re.compile(r"[^a-z0-9]+")
_MOST_SIGNS = 3
#: What is known better by its own mapping than by names.
_COPIED = {LogContainer.CEF, LogContainer.SYSLOG}
_NOT_COPIED = ("id:", "made_from:", "reference:")


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal.

    Attributes:
        text: the mapping as a file.
        container: how records lie in the log.
        fields: where the parts of an event were guessed.
    """

    text: str
    container: LogContainer
    fields: EventFields


def draft_of(look: Look) -> Draft | None:
    """Return a mapping to be edited, or None where no record can be read."""
    ready = first_fitting(look, [m for m in shipped() if set(m.containers) & _COPIED])
    if ready is not None:
        return _copied(look.file.name, ready)
    for way in _WAYS:
        anything = EventMapping("draft", "", containers=way, lists=tuple((n,) for n in NESTED))
        seen = next(peeks(look, anything), None)
        if seen is not None:
            return _draft(look.file.name, seen)
    return None


def _copied(name: str, ready: Recognised) -> Draft:
    """Return a mapping that ships, as one of the user's own."""
    kept = [line for line in ready.mapping.text.splitlines() if not line.startswith(_NOT_COPIED)]
    head = f"# A copy of {ready.mapping.id}, which reads this log: change what it should read."
    text = "\n".join([head, f"id: {_id_of(name)}", *kept, *_hints(ready.container)]) + "\n"
    return Draft(text, ready.container, EventFields())


def _id_of(name: str) -> str:
    stem = _NOT_ID.sub("-", name.rsplit(".", 1)[0].lower()).strip("-")[:40] or "log"
    return f"my-{stem}"


def _draft(name: str, seen: Peek) -> Draft:
    fields = guess_fields(seen.records, counted=True)
    lines = [
        f"# A proposal, guessed from the first {len(seen.records)} records: check it and edit it.",
        "# A place is the name of a member, or a JSON pointer as /user/name. Of a list the first",
        "# that is there counts; {/user/name} at {host} puts values together; =text is a constant.",
        f"id: {_id_of(name)}",
        f"title: {_quoted(f'Records like those of {name}')}",
        f"containers: [{seen.container.value}]",
    ]
    if seen.container is LogContainer.JSON_ARRAY:
        lines.append(f"lists: [{', '.join(NESTED)}]")
    lines += _signs(seen.records, seen.container)
    lines += _time(fields.time, seen)
    for part in ("actor", "action", "object"):
        lines.append(_part(part, getattr(fields, part)))
    lines += _outcome(fields)
    lines += ["# key: the member that no two events share", *_hints(seen.container)]
    return Draft("\n".join(lines) + "\n", seen.container, fields)


def _signs(records: Sequence[Members], container: LogContainer) -> list[str]:
    """Return what all of the records have: by that the log is known again."""
    if container is LogContainer.LINES:
        return []
    common = [name for name in records[0] if all(name in record for record in records)]
    signs = ", ".join(f'{_quoted(pointer_to((name,)))}: ""' for name in common[:_MOST_SIGNS])
    return [f"recognise: {{{signs}}}"] if signs else []


def _time(name: Name | None, seen: Peek) -> list[str]:
    if seen.container is LogContainer.SYSLOG and any("version" not in r for r in seen.records):
        return [
            "# Times as “Oct 11 22:14:15” state neither year nor zone: say which.",
            "time: {from: timestamp, format: bsd, year: 2026, zone: UTC}",
        ]
    if name is None:
        return ["# time: {from: NAME, format: auto, zone: UTC}"]
    return [f"time: {{from: {_place(name)}, format: auto, zone: UTC}}"]


def _part(part: str, name: Name | None) -> str:
    return f"# {part}: not found" if name is None else f"{part}: {_place(name)}"


def _outcome(fields: EventFields) -> list[str]:
    if fields.outcome is None:
        return ["# outcome: not found"]
    if fields.absent_is_success:
        return [
            f"outcome: {{from: {_place(fields.outcome)}, absent: success, other: failure}}",
        ]
    return [
        "# other: words  takes common words and HTTP statuses; or name them:",
        "# outcome: {from: NAME, success: [done], failure: [refused], absent: unknown}",
        f"outcome: {_place(fields.outcome)}",
    ]


def _hints(container: LogContainer) -> list[str]:
    if container in {LogContainer.LINES, LogContainer.SYSLOG, LogContainer.KEY_VALUE}:
        place = "message" if container is LogContainer.SYSLOG else "line"
        return [
            "# Named groups of a regular expression (RE2) become members:",
            "# extract:",
            f"#   - {{from: {place}, pattern: '^(?P<who>\\S+) (?P<what>\\S+)'}}",
            *(["action: line"] if container is LogContainer.LINES else []),
        ]
    return []


def _place(name: Name) -> str:
    lone = len(name) == 1 and not name[0].startswith(("/", "=")) and "{" not in name[0]
    return _quoted(name[0] if lone else pointer_to(name))


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back: plain where it can be, else as JSON writes it."""
    return text if re.fullmatch(r"[A-Za-z_][\w./ -]*", text, re.ASCII) else json.dumps(text)
