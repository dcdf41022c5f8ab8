"""The parts of an event are found by name and content, in logs as they are written."""

import json
from collections.abc import Iterable, Mapping

import pytest
from builders import KINDS, LogBuilder

from workbench.formats.event_fields import guess_fields
from workbench.model.event import EventFields

CLOUDTRAIL = {
    "eventTime": "2024-07-31T14:23:46Z",
    "eventName": "DeleteTrail",
    "eventSource": "cloudtrail.amazonaws.com",
    "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:x"},
    "errorCode": "AccessDenied",
    "requestParameters": {"name": "t"},
}
KUBERNETES = {
    "timestamp": "2017-01-01T00:00:00Z",
    "verb": "get",
    "user": {"username": "alice", "groups": ["a"]},
    "requestURI": "/api",
    "responseStatus": {"code": 403},
}
OURS = {"at": "2026-07-01T00:00:00Z", "who": "ann", "act": "case.new", "subject": "Q2", "number": 1}

KNOWN: list[tuple[Mapping[str, object], EventFields]] = [
    (
        CLOUDTRAIL,
        EventFields(
            ("eventTime",),
            ("userIdentity", "arn"),
            ("eventName",),
            ("eventSource",),
            ("errorCode",),
            absent_is_success=True,
        ),
    ),
    (
        KUBERNETES,
        EventFields(
            ("timestamp",),
            ("user", "username"),
            ("verb",),
            ("requestURI",),
            ("responseStatus", "code"),
        ),
    ),
    (OURS, EventFields(("at",), ("who",), ("act",), ("subject",))),
    ({"ts": 1795409723.5, "user": "a", "event": "b"}, EventFields(("ts",), ("user",), ("event",))),
    ({"n": 1795409723, "x": "2026-01-01T00:00:00Z"}, EventFields(("x",))),
    ({"n": 1795409723}, EventFields()),
    ({"time": "soon", "actor": ["a"], "action": {"x": None}}, EventFields()),
    ({}, EventFields()),
]


@pytest.mark.parametrize(("record", "fields"), KNOWN, ids=lambda v: str(v)[:30])
def test_fields_are_found(record: Mapping[str, object], fields: EventFields) -> None:
    assert guess_fields([record]) == fields


def test_no_record_says_nothing() -> None:
    assert guess_fields([]) == EventFields()


@pytest.mark.parametrize("kind", KINDS)
def test_logs_of_every_profile_have_a_time_or_say_none(kind: str) -> None:
    builder = LogBuilder(kind)
    records: Iterable[Mapping[str, object]] = map(json.loads, builder.lines())
    taken = [(builder.kind.own,), (builder.kind.previous,)]
    fields = guess_fields(list(records), taken=taken)
    named = {"comptext": None, "hashchainalgo": ("ts",), "certmate": ("entry", "timestamp")}
    usual = {"workbench": "time", "earcrawler": "ts", "cmcp": "timestamp_utc"}
    expected = named.get(kind, (usual.get(kind, "timestamp"),))
    assert fields.time == expected
    assert not {fields.actor, fields.action, fields.object, fields.outcome} & set(taken)


def test_what_the_profile_says_of_the_time_comes_first() -> None:
    record = {"time": "2026-01-01T00:00:00Z", "seen": "2026-01-02T00:00:00Z"}
    assert guess_fields([record], time=("seen",)).time == ("seen",)
    assert guess_fields([record], time=("gone",)).time == ("time",)
