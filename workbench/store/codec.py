"""Words of the model that are kept as JSON in a column, and back; reading trusts no case file."""

from collections.abc import Mapping

from workbench.evidence.strict_json import JsonValue
from workbench.model.case_source import CaseSource
from workbench.model.event import EventFields
from workbench.model.inspection import Count
from workbench.model.locator import Locator
from workbench.model.recipe import Name
from workbench.model.source import Problem


def reading_to_json(source: CaseSource) -> JsonValue:
    """Return how the events of a source are read as JSON: a mapping, or where fields stand."""
    return {"mapping": source.mapping} if source.mapping else fields_to_json(source.fields)


def mapping_of_json(value: JsonValue) -> str:
    """Return the text of the mapping in a column, or ""."""
    return _text(value.get("mapping")) if isinstance(value, dict) else ""


def fields_to_json(fields: EventFields | None) -> JsonValue:
    """Return a mapping of event fields as JSON."""
    if fields is None:
        return None
    names = {name: getattr(fields, name) for name in _ROLES}
    mapped: dict[str, JsonValue] = {n: list(v) for n, v in names.items() if v is not None}
    if fields.absent_is_success:
        mapped["absent_is_success"] = True
    return mapped


def fields_of_json(value: JsonValue) -> EventFields | None:
    """Return the mapping in a column."""
    if not isinstance(value, dict) or mapping_of_json(value):
        return None
    names = {role: _name(value.get(role)) for role in _ROLES}
    return EventFields(**names, absent_is_success=value.get("absent_is_success") is True)


_ROLES = ("time", "actor", "action", "object", "outcome")


def _name(value: JsonValue) -> Name | None:
    return tuple(map(str, value)) if isinstance(value, list) and value else None


def problems_to_json(problems: tuple[Problem, ...]) -> JsonValue:
    """Return problems as JSON."""
    return [
        {
            "code": problem.code,
            "message": problem.message,
            "path": problem.locator.path,
            "member": problem.locator.member,
            "record": problem.locator.record,
            "offset": problem.locator.offset,
            "pointer": problem.locator.pointer,
        }
        for problem in problems
    ]


def problems_of_json(value: JsonValue) -> tuple[Problem, ...]:
    """Return the problems in a column."""
    rows = value if isinstance(value, list) else []
    return tuple(
        Problem(_text(row.get("code")), _locator(row), _text(row.get("message")))
        for row in rows
        if isinstance(row, dict)
    )


def _locator(row: Mapping[str, JsonValue]) -> Locator:
    return Locator(
        path=_text(row.get("path")),
        member=_text_or_none(row.get("member")),
        record=_whole(row.get("record")),
        offset=_whole(row.get("offset")),
        pointer=_text_or_none(row.get("pointer")),
    )


def counts_to_json(counts: Mapping[str, Count]) -> JsonValue:
    """Return counts as JSON."""
    return {k: dict(v) if isinstance(v, Mapping) else v for k, v in counts.items()}


def counts_of_json(value: JsonValue) -> dict[str, Count]:
    """Return the counts in a column."""
    counts: dict[str, Count] = {}
    for name, count in value.items() if isinstance(value, dict) else ():
        if isinstance(count, int):
            counts[name] = count
        elif isinstance(count, dict):
            counts[name] = {k: v for k, v in count.items() if isinstance(v, int)}
    return counts


def texts_of_json(value: JsonValue) -> tuple[str, ...]:
    """Return the texts in a column."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _text_or_none(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: JsonValue) -> int | None:
    return value if isinstance(value, int) else None
