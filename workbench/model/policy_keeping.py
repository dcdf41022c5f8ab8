"""What checks said, as JSON that gives the same results back; reading it trusts no case file."""

from collections.abc import Mapping, Sequence
from typing import cast

from workbench.model.case import EvidenceRef
from workbench.model.contract import Json
from workbench.model.locator import Locator
from workbench.model.policy import (
    CheckOutcome,
    CheckResult,
    Footing,
    Pack,
    Row,
    Undecided,
    Value,
)


def results_to_json(results: Sequence[CheckResult]) -> dict[str, Json]:
    """Return results with all that is known of each row."""
    return {result.check.id: _result(result) for result in results}


def results_of(document: Mapping[str, object], pack: Pack) -> tuple[CheckResult, ...] | None:
    """Return the results of a pack; None where the document is not that of all of its checks."""
    try:
        return tuple(_result_of(document[check.id], pack, n) for n, check in enumerate(pack.checks))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _result(result: CheckResult) -> Json:
    return {
        "outcome": result.outcome.value,
        "population": result.population,
        "tested": result.tested,
        "exceptions": [_row(row) for row in result.exceptions],
        "undecided": [{**_row(one.row), "reason": one.reason} for one in result.undecided],
        "reason": result.reason,
        "basis": [[footing.value, count] for footing, count in result.basis],
        "notes": list(result.notes),
    }


def _row(row: Row) -> dict[str, Json]:
    return {
        "label": row.label,
        "fields": {name: _value(value) for name, value in row.fields.items()},
        "evidence": [_place(place) for place in row.evidence],
        "footing": row.footing.value,
        "shaken": row.shaken,
    }


def _value(value: Value) -> Json:
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _value(one) for name, one in value.items()}
    return value


def _place(place: EvidenceRef) -> Json:
    at = place.locator
    return [place.sha256, at.path, at.member, at.record, at.offset, at.length, at.pointer]


def _result_of(node: object, pack: Pack, number: int) -> CheckResult:
    found = _mapping(node)
    undecided = (_mapping(one) for one in _list(found["undecided"]))
    return CheckResult(
        pack.checks[number],
        CheckOutcome(str(found["outcome"])),
        _whole(found["population"]),
        _whole(found["tested"]),
        tuple(_row_of(one) for one in _list(found["exceptions"])),
        tuple(Undecided(_row_of(one), str(one["reason"])) for one in undecided),
        str(found["reason"]),
        tuple((Footing(str(word)), _whole(n)) for word, n in map(_list, _list(found["basis"]))),
        tuple(map(str, _list(found["notes"]))),
    )


def _row_of(node: object) -> Row:
    found = _mapping(node)
    return Row(
        str(found["label"]),
        {name: _value_of(value) for name, value in _mapping(found["fields"]).items()},
        tuple(_place_of(place) for place in _list(found["evidence"])),
        footing=Footing(str(found["footing"])),
        shaken=str(found["shaken"]),
    )


def _value_of(value: object) -> Value:
    match value:
        case list():
            return tuple(_value_of(one) for one in value)
        case dict():
            return {str(name): _value_of(one) for name, one in value.items()}
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(type(value))


def _place_of(node: object) -> EvidenceRef:
    sha256, path, member, record, offset, length, pointer = _list(node)
    at = Locator(
        str(path),
        _maybe_text(member),
        _maybe_whole(record),
        _maybe_whole(offset),
        _maybe_whole(length),
        _maybe_text(pointer),
    )
    return EvidenceRef(str(sha256), at)


def _mapping(node: object) -> Mapping[str, object]:
    if not isinstance(node, dict):
        raise TypeError(type(node))
    return cast("Mapping[str, object]", node)


def _list(node: object) -> list[object]:
    if not isinstance(node, list):
        raise TypeError(type(node))
    return node


def _whole(node: object) -> int:
    if type(node) is not int or node < 0:
        raise TypeError(type(node))
    return node


def _maybe_whole(node: object) -> int | None:
    return None if node is None else _whole(node)


def _maybe_text(node: object) -> str | None:
    return None if node is None else str(node)
