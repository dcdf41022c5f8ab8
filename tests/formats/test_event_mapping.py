"""A mapping reads what it says, refuses what it does not understand, and can be drafted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.leaves import leaves
from tests.formats.plain_logs import lines, mapping, read, written
from workbench.errors import ProfileError, UsageError
from workbench.formats.logs.clock import Clock
from workbench.formats.logs.explaining import explained
from workbench.formats.logs.kinds.mapped_log import OWN
from workbench.formats.logs.library import loads, require_apart, shipped
from workbench.formats.logs.mapper import Mapper, pointer_to
from workbench.formats.logs.reading import MADE_FROM_DOCUMENTATION
from workbench.model.event import Outcome
from workbench.model.event_mapping import Grounds, TimeRule
from workbench.model.moment import text_of
from workbench.services import mappings as service

HEAD = "id: mine\ntitle: Mine\n"
MINE = (
    HEAD
    + """\
recognise: {did: "", /who/name: ""}
time: {from: [when, at], format: auto, zone: Europe/Berlin}
actor: ["{/who/name} of {/who/team}", /who/name, =nobody]
action: did
object: [on, "{kind}/{/target/0}"]
outcome: {from: ok, success: ["true"], failure: ["false"], absent: unknown, other: failure}
key: n
extract:
  - {from: text, pattern: 'by (?P<on>\\w+)'}
cannot_show: ["what happened on Sundays"]
"""
)
RECORD: dict[str, Any] = {
    "when": "2026-03-12 11:00:00",
    "who": {"name": "ann", "team": "ml"},
    "did": "model.approve",
    "on": "credit:7",
    "ok": True,
    "n": 1,
    "more": {"a": [1, {"b": None}]},
}


def test_a_mapping_of_the_user_reads_the_parts_where_it_says(tmp_path: Path) -> None:
    found = read(written(tmp_path, lines([RECORD])), mappings=[mapping(MINE)])
    event = found.only
    assert (event.actor, event.action, event.object) == ("ann of ml", "model.approve", "credit:7")
    assert (event.outcome, event.key) == (Outcome.SUCCESS, "1")
    assert text_of(event.time_ns or 0) == "2026-03-12T10:00:00Z"
    assert (found.format, found.account.version) == ("log", "mine")
    assert found.account.control_totals["read as"] == "Mine, brought by you"
    assert "what happened on Sundays" in found.account.cannot_show
    assert any("Europe/Berlin was taken" in s for s in found.account.cannot_show)


def test_the_next_alternative_counts_where_the_first_is_not_there() -> None:
    mapper = Mapper(mapping(MINE))
    assert mapper.map({**RECORD, "who": {"name": "ann"}}).actor == "ann"
    assert mapper.map({**RECORD, "who": {}}).actor == "nobody"
    found = mapper.map({**RECORD, "on": "", "kind": "model", "target": ["x", "y"]})
    assert found.object == "model/x"
    assert mapper.map({**RECORD, "when": None, "at": 1773309600}).time_ns == 1773309600 * 10**9


@pytest.mark.parametrize(
    ("ok", "outcome"),
    [(True, "success"), (False, "failure"), ("maybe", "failure"), (None, "unknown")],
)
def test_an_outcome_means_what_the_mapping_says(ok: object, outcome: str) -> None:
    assert Mapper(mapping(MINE)).map({**RECORD, "ok": ok}).outcome == outcome


def test_a_group_of_a_pattern_is_a_member_and_hides_none() -> None:
    mapper = Mapper(mapping(MINE))
    without = {name: value for name, value in RECORD.items() if name != "on"}
    assert mapper.map({**without, "text": "done by zoe"}).object == "zoe"
    assert mapper.map({**RECORD, "text": "done by zoe"}).object == "credit:7"


def test_what_is_not_mapped_is_there_verbatim_with_its_place() -> None:
    mapper = Mapper(mapping(MINE))
    kept = {a.pointer: a.value for a in mapper.unmapped(RECORD)}
    assert kept == {"/more/a/0": "1", "/more/a/1/b": "null"}
    taken = {pointer_to(place) for place in mapper.places(RECORD).values()}
    assert taken | kept.keys() == {pointer for pointer, _ in leaves(RECORD)}


@pytest.mark.parametrize(
    ("rule", "value", "utc"),
    [
        (TimeRule("auto"), 1773309600.5, "2026-03-12T10:00:00.5Z"),
        (TimeRule("auto"), "1773309600123", "2026-03-12T10:00:00.123Z"),
        (TimeRule("ns"), 1773309600123456789, "2026-03-12T10:00:00.123456789Z"),
        (TimeRule("s"), "1773309600.123456789", "2026-03-12T10:00:00.123456789Z"),
        (
            TimeRule("auto"),
            "2026-03-12T10:00:00.1234567891+02:00",
            "2026-03-12T08:00:00.123456789Z",
        ),
        (TimeRule("auto", "+05:30"), "2026-03-12 10:00:00", "2026-03-12T04:30:00Z"),
        (TimeRule("%d/%b/%Y:%H:%M:%S %z"), "12/Mar/2026:10:00:00 -0100", "2026-03-12T11:00:00Z"),
        (TimeRule("%d.%m.%Y %H:%M", "Europe/Berlin"), "12.07.2026 10:00", "2026-07-12T08:00:00Z"),
        (TimeRule("bsd", year=2026), "Mar 12 10:00:00", "2026-03-12T10:00:00Z"),
        (TimeRule("auto"), "2026-03-12 10:00:00 -0800", "2026-03-12T18:00:00Z"),
        (TimeRule("bsd"), "Mar 12 10:00:00", None),
        (TimeRule("ms"), "9" * 40, None),
        (TimeRule("auto"), True, None),
        (TimeRule("auto"), "soon", None),
        (TimeRule("iso"), 1773309600, None),
        (TimeRule("auto"), ["2026-03-12"], None),
    ],
)
def test_times_are_read_as_the_rule_says(rule: TimeRule, value: Any, utc: str | None) -> None:
    moment = Clock(rule, what="x").read(value)
    assert (None if moment.ns is None else text_of(moment.ns)) == utc


@pytest.mark.parametrize(
    ("text", "is_odd"),
    [
        ("2026-10-25 02:30:00", True),
        ("2026-03-29 02:30:00", True),
        ("2026-07-01 02:30:00", False),
        ("2026-10-25 02:30:00+02:00", False),
    ],
)
def test_a_time_that_is_there_twice_or_never_is_told(text: str, is_odd: bool) -> None:
    assert Clock(TimeRule("auto", "Europe/Berlin"), what="x").read(text).is_odd is is_odd


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\naction: a\n", "id is missing"),
        ("id: X Y\ntitle: x\naction: a\n", "small letters"),
        (HEAD, "at least where the time or the action"),
        (HEAD + "action: a\nactoin: b\n", "actoin is not known here"),
        (HEAD + "action: []\n", "must be a text or a list"),
        (HEAD + 'action: "{}"\n', "has a brace"),
        (HEAD + "action: /a//b\n", "is no place"),
        (HEAD + "action: a\ncontainers: [xml]\n", "names xml"),
        (HEAD + "time: {from: t, format: later}\n", "format is later"),
        (HEAD + "time: {from: t, zone: Nowhere/None}\n", "is no zone"),
        (HEAD + "time: {from: t, zone: +25:00}\n", "is no zone"),
        (HEAD + "time: {from: t, year: 1}\n", "must be a year"),
        (HEAD + "action: a\noutcome: {absent: success}\n", "must say where it stands"),
        (HEAD + "action: a\noutcome: {from: o, other: perhaps}\n", "perhaps"),
        (HEAD + "action: a\nextract:\n  - {from: a, pattern: '(x'}\n", "no regular expression"),
        (HEAD + "action: a\nextract:\n  - {from: a, pattern: '(?=x)'}\n", "no regular expression"),
        (HEAD + "action: a\naction: b\n", "twice"),
        (HEAD + "action: &a b\nactor: *a\n", "anchors"),
    ],
)
def test_a_mapping_that_is_not_understood_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(ProfileError, match=said.replace("(", "\\(")):
        loads(text.encode(), what="mine.yaml")


def test_two_mappings_of_one_id_are_refused() -> None:
    with pytest.raises(UsageError, match="two mappings with the id cef"):
        require_apart([mapping("id: cef\ntitle: x\naction: a\n")])


def test_what_ships_says_what_it_was_made_from() -> None:
    made = {m.id: m.grounds for m in shipped()}
    assert {m for m, grounds in made.items() if grounds is Grounds.EVIDENCE} == {
        *("auditd", "cloudtrail-events", "kubernetes-audit"),
    }
    assert Grounds.USER not in made.values()
    assert made.keys() >= OWN
    for one in shipped():
        words = " ".join(explained(one))
        assert ("made from documentation only" in words) is (made[one.id] is Grounds.DOCUMENTATION)


#: Records as the documentation of each system shows them.
DOCUMENTED: dict[str, tuple[str, tuple[str, str, str, str]]] = {
    "syslog-rfc5424": (
        (
            "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 "
            '[exampleSDID@32473 iut="3" eventSource="App \\"x\\" [1\\]"][b@1] \ufeffAn entry\n'
        ),
        ("evntslog@mymachine.example.com", "ID47", "An entry", "2003-10-11T22:14:15.003Z"),
    ),
    "cef": (
        (
            "Sep 19 08:26:10 h CEF:0|Security|threatmanager|1.0|100|worm stopped|10|src=10.0.0.1 "
            "suser=ann dst=2.1.2.2 rt=1773309600000 outcome=failure\n"
        ),
        ("ann", "worm stopped", "2.1.2.2", "2026-03-12T10:00:00Z"),
    ),
    "databricks-audit": (
        json.dumps(
            {
                "version": "2.0",
                "timestamp": 1773309600000,
                "workspaceId": "1",
                "serviceName": "modelRegistry",
                "actionName": "transitionModelVersionStage",
                "userIdentity": {"email": "ann@example.com"},
                "requestParams": {"name": "credit"},
                "response": {"statusCode": 200},
                "requestId": "r-1",
            }
        ),
        (
            *("ann@example.com", "modelRegistry.transitionModelVersionStage", "credit"),
            "2026-03-12T10:00:00Z",
        ),
    ),
    "databricks-audit-table": (
        (
            "event_time,workspace_id,service_name,action_name,user_identity,request_params,event_id\n"
            '2026-03-12T10:00:00.000+00:00,1,unityCatalog,getTable,"{""email"":""a""}","{}",e-1\n'
        ),
        ('{"email":"a"}', "unityCatalog.getTable", "{}", "2026-03-12T10:00:00Z"),
    ),
    "gcp-audit": (
        json.dumps(
            {
                "protoPayload": {
                    "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
                    "authenticationInfo": {"principalEmail": "ann@example.com"},
                    "methodName": "google.cloud.aiplatform.v1.ModelService.DeleteModel",
                    "resourceName": "projects/p/models/7",
                    "status": {},
                },
                "insertId": "i-1",
                "timestamp": "2026-03-12T10:00:00Z",
            }
        ),
        (
            *("ann@example.com", "google.cloud.aiplatform.v1.ModelService.DeleteModel"),
            *("projects/p/models/7", "2026-03-12T10:00:00Z"),
        ),
    ),
    "azure-activity": (
        json.dumps(
            {
                "records": [
                    {
                        "time": "2026-03-12T10:00:00Z",
                        "resourceId": "/subscriptions/1/x",
                        "operationName": "MICROSOFT.ML/WORKSPACES/DELETE",
                        "resultType": "Success",
                        "correlationId": "c",
                        "callerIpAddress": "1.2.3.4",
                        "identity": {"claims": {"appid": "app-1"}},
                    }
                ]
            }
        ),
        ("app-1", "MICROSOFT.ML/WORKSPACES/DELETE", "/subscriptions/1/x", "2026-03-12T10:00:00Z"),
    ),
}


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_a_mapping_that_ships_reads_what_its_documentation_shows(tmp_path: Path, kind: str) -> None:
    text, said = DOCUMENTED[kind]
    found = read(written(tmp_path, text))
    event = found.only
    assert (found.format, found.account.version) == ("log", kind)
    assert (event.actor, event.action, event.object, text_of(event.time_ns or 0)) == said
    assert MADE_FROM_DOCUMENTATION in found.account.cannot_show
    assert "made from documentation only" in str(found.account.control_totals["read as"])


def test_every_mapping_that_ships_was_tried() -> None:
    assert {m.id for m in shipped()} == OWN | DOCUMENTED.keys()


LOGS = {
    "json": lines([{"time": "2026-01-01T00:00:00Z", "user": "ann", "action": "login", "x": 1}] * 3),
    "list": json.dumps({"items": [{"ts": 1773309600, "actor": {"id": "a"}, "event": "x"}] * 2}),
    "table": "time,user,action,result\n2026-01-01T00:00:00Z,ann,login,ok\n",
    "pairs": 'time=2026-01-01T00:00:00Z user=ann action=login msg="a \\"b\\"" rest\n' * 2,
    "cef": DOCUMENTED["cef"][0],
    "syslog": "Oct 11 22:14:15 host su[7]: root failed\n" * 2,
    "words": "something happened\nand again\n",
}


@pytest.mark.parametrize("name", LOGS)
def test_a_draft_reads_the_log_that_it_was_made_of(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, LOGS[name], f"{name}.txt")
    found = mapping(service.draft(path).text)
    records = read(path, mappings=[found])
    assert records.events
    assert records.account.version == found.id == f"my-{name}"
    assert records.codes.count("MALFORMED_RECORD") == 0
    if name in {"json", "table", "pairs"}:
        assert (records.events[0].actor, records.events[0].action) == ("ann", "login")
    if name in {"json", "list", "table", "pairs", "cef", "syslog"}:
        assert records.events[0].time_ns is not None


def test_nothing_is_proposed_for_what_holds_no_records(tmp_path: Path) -> None:
    for data in (b"", b"\x00\xff" * 50):
        with pytest.raises(UsageError, match="no records"):
            service.draft(written(tmp_path, data))


def test_a_row_that_does_not_fit_is_told_and_cells_may_hold_lines(tmp_path: Path) -> None:
    text = 'time,user,action\n2026-01-01T00:00:00Z,"a\nb",x\nshort,row\n2026-01-02T00:00:00Z,c,y\n'
    path = written(tmp_path, text)
    mine = mapping(HEAD + "containers: [csv]\ntime: time\nactor: user\naction: action\n")
    found = read(path, mappings=[mine])
    assert [e.actor for e in found.events] == ["a\nb", None, "c"]
    assert found.codes == ["MALFORMED_RECORD"]
    assert (found.problems[0].locator.record, found.problems[0].locator.offset) == (2, 46)
    data, first = path.read_bytes(), found.events[0]
    assert data[first.offset : first.offset + first.length].endswith(b'"a\nb",x')


def test_columns_of_one_name_hide_no_cell(tmp_path: Path) -> None:
    mine = mapping(HEAD + 'containers: [csv]\naction: a\nactor: "a#2"\nobject: column 3\n')
    found = read(written(tmp_path, "a,a,\nx,y,z\n"), mappings=[mine])
    assert (found.only.action, found.only.actor, found.only.object) == ("x", "y", "z")
