"""Plain logs are told by their records, read one by one, and nothing that was read is lost."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.bounded import seconds
from tests.formats.leaves import leaves
from tests.formats.plain_logs import (
    CLOUDTRAIL,
    GITHUB,
    KUBERNETES,
    OCSF,
    Read,
    format_of,
    lines,
    read,
    written,
)
from workbench.evidence.limits import Limits
from workbench.formats.logs.library import named
from workbench.formats.logs.mapper import Mapper, pointer_to
from workbench.model.event import Outcome

SAMPLES = {
    "cloudtrail-events": CLOUDTRAIL,
    "kubernetes-audit": KUBERNETES,
    "ocsf": OCSF,
    "github-audit": GITHUB,
}
LISTS = {"cloudtrail-events": "Records", "kubernetes-audit": "items", "ocsf": "events"}
SAID = {
    "cloudtrail-events": ("arn:aws:iam::123456789012:user/ann", "GetObject", "models/credit/7"),
    "kubernetes-audit": ("system:admin", "delete", "ml/pods/scorer"),
    "ocsf": ("ann", "CreateModel", "arn:model/7"),
    "github-audit": ("octocat", "repo.destroy", "octo-org/models"),
}


def story(found: Read, at: int = 0) -> tuple[str | None, str | None, str | None]:
    event = found.events[at]
    return event.actor, event.action, event.object


@pytest.mark.parametrize("name", ["log", "x.json", "x.jsonl", "x.csv", "y.log"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_log_is_told_by_its_records_and_not_by_its_name(
    tmp_path: Path, kind: str, name: str
) -> None:
    found = read(written(tmp_path, lines([SAMPLES[kind]] * 2), name))
    assert (found.format, found.container) == (kind, "jsonl")
    assert story(found) == SAID[kind]


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("indent", [None, 2])
def test_records_are_found_in_lists_and_one_after_the_other(
    tmp_path: Path, kind: str, indent: int | None
) -> None:
    sample = SAMPLES[kind]
    listed = read(written(tmp_path, json.dumps([sample, sample], indent=indent), "a"))
    assert (listed.container, len(listed.events)) == ("json-array", 2)
    each = "\n".join(json.dumps(sample, indent=2) for _ in range(3))
    apart = read(written(tmp_path, each, "b"))
    assert (apart.container, len(apart.events)) == ("json", 3)
    assert story(listed) == story(apart) == SAID[kind]


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_in_a_document_is_read_and_what_stands_around_it_is_told(
    tmp_path: Path, kind: str
) -> None:
    document = {"from": "here", LISTS[kind]: [SAMPLES[kind]] * 2, "count": 2}
    if kind == "cloudtrail-events":
        document = {LISTS[kind]: [SAMPLES[kind]] * 2, "from": "here", "count": 2}
    found = read(written(tmp_path, json.dumps(document)))
    assert len(found.events) == 2
    if found.format != "cloudtrail":  # a delivery is many documents
        assert found.account.control_totals["count"] == 2
        assert found.account.control_totals["from"] == "here"


@pytest.mark.parametrize("kind", ["kubernetes-audit", "cloudtrail-events"])
def test_lists_of_events_one_a_line_are_unpacked_at_their_places(tmp_path: Path, kind: str) -> None:
    sample = SAMPLES[kind]
    batch = {LISTS[kind]: [{**sample, "n": n} for n in range(3)]}
    path = written(tmp_path, lines([batch, batch]))
    found = read(path)
    assert (found.container, len(found.events)) == ("jsonl", 6)
    data = path.read_bytes()
    at = [json.loads(data[e.offset : e.offset + e.length])["n"] for e in found.events]
    assert at == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_place_of_an_event_holds_its_bytes(tmp_path: Path, kind: str) -> None:
    records = [{**SAMPLES[kind], "mark": f"é {n}"} for n in range(5)]
    for text in (lines(records), json.dumps(records, indent=1, ensure_ascii=False)):
        path = written(tmp_path, "\ufeff" + text)
        data, found = path.read_bytes(), read(path)
        assert [json.loads(data[e.offset : e.offset + e.length]) for e in found.events] == records
        assert [e.number for e in found.events] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_leaf_of_a_record_is_mapped_or_kept_verbatim(kind: str) -> None:
    record = {**SAMPLES[kind], "odd": {"a/b": [1, {"~": None}, [], {}], "": "x"}, "é": 1.50}
    mapping = named(kind)
    assert mapping is not None
    mapper = Mapper(mapping)
    taken = {pointer_to(place) for place in mapper.places(record).values()}
    kept = {a.pointer: a.value for a in mapper.unmapped(record)}
    assert taken | kept.keys() == {pointer for pointer, _ in leaves(record)}
    assert kept.items() <= set(leaves(record))


def test_a_malformed_record_has_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    text = lines([KUBERNETES, {**KUBERNETES, "auditID": "b"}]).splitlines()
    path = written(tmp_path, "\n".join([text[0], '{"kind": oops}', '["x"]', text[1]]))
    found = read(path)
    assert [e.is_malformed for e in found.events] == [False, True, True, False]
    first, second = found.problems
    bad = len(text[0]) + 1
    assert (first.code, first.locator.record, first.locator.offset) == (
        *("MALFORMED_RECORD", 2),
        bad + len('{"kind": '),
    )
    assert (second.locator.record, second.locator.length) == (3, len('["x"]'))
    assert found.account.control_totals["records that cannot be read"] == 2


def test_a_malformed_element_spoils_no_other(tmp_path: Path) -> None:
    one = json.dumps(CLOUDTRAIL)
    two = json.dumps({**CLOUDTRAIL, "eventID": "e-2"})
    found = read(written(tmp_path, f'[{one},\n{{"a": nope}},\n{two}]'))
    assert [e.key for e in found.events] == ["e-1", "", "e-2"]
    assert found.codes == ["MALFORMED_RECORD"]


def test_a_document_that_was_cut_off_is_told_and_read_up_to_there(tmp_path: Path) -> None:
    whole = json.dumps([{**CLOUDTRAIL, "eventID": f"e-{n}"} for n in range(5)])
    found = read(written(tmp_path, whole[:-30]))
    assert [e.key for e in found.events] == ["e-0", "e-1", "e-2", "e-3"]
    assert found.codes[0] == "TRUNCATED"
    assert found.problems[0].locator.record == 5


@pytest.mark.parametrize("deep", ["[" * 1_000_000, '{"a":' * 300_000])
def test_what_is_nested_without_end_is_a_problem_and_costs_little(
    tmp_path: Path, deep: str
) -> None:
    one = json.dumps(CLOUDTRAIL)
    with seconds(20):
        found = read(written(tmp_path, f"{one}\n{deep}\n{one}\n"))
        closed = deep + deep.replace("[", "]") if deep[0] == "[" else "{}"
        listed = read(written(tmp_path, f"[{one},{closed},{one}]"))
    assert [e.is_malformed for e in found.events] == [False, True, False]
    assert "nested deeper" in found.problems[0].message
    assert len(listed.events) == 3


def test_a_record_over_the_limit_is_told_by_its_place(tmp_path: Path) -> None:
    long = {**CLOUDTRAIL, "userAgent": "x" * 5000}
    records = [CLOUDTRAIL, long, {**CLOUDTRAIL, "eventID": "e-3"}]
    for text in (lines(records), json.dumps(records)):
        found = read(written(tmp_path, text), limits=Limits(record=2000))
        assert [e.key for e in found.events] == ["e-1", "", "e-3"]
        assert found.codes == ["LIMIT_EXCEEDED"]
        assert found.problems[0].locator.record == 2


def test_an_event_that_is_there_twice_is_told_at_its_second_place(tmp_path: Path) -> None:
    found = read(written(tmp_path, lines([CLOUDTRAIL, {**CLOUDTRAIL, "eventID": "x"}, CLOUDTRAIL])))
    assert found.codes == ["DUPLICATE_EVENT"]
    assert found.problems[0].locator.record == 3
    assert found.account.control_totals["ids that stand twice"] == 1


def test_two_stages_of_one_request_are_no_duplicates(tmp_path: Path) -> None:
    received = {**KUBERNETES, "stage": "RequestReceived"}
    found = read(written(tmp_path, lines([received, KUBERNETES])))
    assert found.problems == ()
    assert found.account.control_totals["stage RequestReceived"] == 1


def at(minute: int) -> dict[str, Any]:
    return {
        **KUBERNETES,
        "auditID": str(minute),
        "stageTimestamp": f"2026-03-12T10:{minute:02}:00Z",
    }


def test_a_time_that_goes_back_is_told_where_it_does(tmp_path: Path) -> None:
    found = read(written(tmp_path, lines([at(1), at(5), at(3), at(6), at(7)])))
    assert found.codes == ["TIME_GOES_BACK"]
    assert found.problems[0].locator.record == 3
    assert "10:05:00Z" in found.problems[0].message


def test_a_log_from_new_to_old_is_in_order(tmp_path: Path) -> None:
    assert read(written(tmp_path, lines(map(at, (9, 8, 7, 5, 4))))).problems == ()
    found = read(written(tmp_path, lines(map(at, (9, 8, 7, 10, 5, 4)))))
    assert [p.locator.record for p in found.problems] == [4]


def test_events_of_cloudtrail_are_in_no_order(tmp_path: Path) -> None:
    later = {**CLOUDTRAIL, "eventID": "z", "eventTime": "2026-03-12T11:00:00Z"}
    assert read(written(tmp_path, lines([later, CLOUDTRAIL]))).problems == ()


def test_an_event_after_the_file_that_it_was_delivered_in_is_doubtful(tmp_path: Path) -> None:
    name = "123456789012_CloudTrail_eu-west-1_20260312T1000Z_abcdefghijklmnop.json"
    late = {**CLOUDTRAIL, "eventID": "z", "eventTime": "2026-03-12T10:01:01Z"}
    found = read(written(tmp_path, json.dumps({"Records": [CLOUDTRAIL, late]}), name))
    assert found.codes == ["TIME_OUTSIDE"]
    assert found.problems[0].locator.record == 2


def test_a_clock_that_was_not_set_and_a_time_that_is_none_are_told(tmp_path: Path) -> None:
    unset = {**KUBERNETES, "auditID": "u", "stageTimestamp": "1970-01-01T00:00:07Z"}
    none = {**KUBERNETES, "auditID": "n", "stageTimestamp": "yesterday"}
    found = read(written(tmp_path, lines([KUBERNETES, unset, none])))
    assert found.codes == ["TIME_OUTSIDE", "NO_EVENT_TIME"]
    assert found.events[2].time_text == "yesterday"
    assert any(s.startswith("when 1 of its records were") for s in found.account.cannot_show)


def test_an_unknown_version_of_the_schema_is_told_once(tmp_path: Path) -> None:
    new = {**OCSF, "metadata": {"version": "9.0.0", "uid": "x"}}
    newer = {**OCSF, "metadata": {"version": "9.0.0", "uid": "y"}}
    found = read(written(tmp_path, lines([OCSF, new, newer])))
    assert found.codes == ["UNKNOWN_VERSION"]
    assert found.account.version == "1.3.0, 9.0.0"


def test_stopping_the_trail_is_told(tmp_path: Path) -> None:
    stop = {**CLOUDTRAIL, "eventName": "StopLogging", "eventID": "s"}
    found = read(written(tmp_path, lines([CLOUDTRAIL, stop])))
    assert found.codes == ["LOGGING_CHANGED"]


def test_a_failed_login_to_the_console_is_a_failure(tmp_path: Path) -> None:
    login = {**CLOUDTRAIL, "responseElements": {"ConsoleLogin": "Failure"}, "eventID": "l"}
    denied = {**CLOUDTRAIL, "errorCode": "AccessDenied", "eventID": "d"}
    found = read(written(tmp_path, lines([CLOUDTRAIL, login, denied])))
    outcomes = [event.outcome for event in found.events]
    assert outcomes == [Outcome.SUCCESS, Outcome.FAILURE, Outcome.FAILURE]


def test_who_acts_for_another_is_that_other(tmp_path: Path) -> None:
    found = read(
        written(tmp_path, lines([{**KUBERNETES, "impersonatedUser": {"username": "bob"}}]))
    )
    assert found.only.actor == "bob"
    assert found.account.control_totals["impersonated"] == 1


def test_a_github_export_as_a_table_reads_as_its_json(tmp_path: Path) -> None:
    text = (
        "action,actor,org,repo,created_at,_document_id\n"
        "repo.destroy,octocat,octo-org,octo-org/models,2026-03-12 10:00:00 +0000,d-1\n"
        '"git.clone",octocat,octo-org,"octo-org/a,b",2026-03-12 02:00:05 -0800,d-2\n'
    )
    found = read(written(tmp_path, text))
    assert (found.format, found.container) == ("github-audit", "csv")
    assert story(found) == SAID["github-audit"]
    assert [e.time_ns for e in found.events] == [1773309600 * 10**9, 1773309605 * 10**9]
    assert found.events[1].object == "octo-org/a,b"
    assert found.account.control_totals["git events"] == 1


def test_git_events_that_are_not_there_are_said(tmp_path: Path) -> None:
    found = read(written(tmp_path, lines([GITHUB])))
    assert any("no git event" in sentence for sentence in found.account.cannot_show)


def test_a_folder_of_delivered_files_is_read_as_one_without_digests(tmp_path: Path) -> None:
    below = tmp_path / "AWSLogs" / "123456789012" / "CloudTrail" / "eu-west-1"
    below.mkdir(parents=True)
    for n in range(3):
        name = f"123456789012_CloudTrail_eu-west-1_20260312T10{n:02}Z_abcdefghijklmno{n}.json.gz"
        record = {**CLOUDTRAIL, "eventID": f"e-{n}"}
        (below / name).write_bytes(gzip.compress(json.dumps({"Records": [record]}).encode()))
    found = read(tmp_path)
    assert found.format == "cloudtrail"
    assert [(e.file, e.key) for e in found.events] == [(0, "e-0"), (1, "e-1"), (2, "e-2")]


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_log_whose_records_are_chained_stays_a_chain(tmp_path: Path, kind: str) -> None:
    records = [
        {**SAMPLES[kind], "n": n, "hash": f"{n + 1:064x}", "prev_hash": f"{n:064x}"}
        for n in range(4)
    ]
    assert format_of(written(tmp_path, lines(records), "x.jsonl")) == "chain"


@pytest.mark.parametrize(
    "record",
    [
        {"action": "login", "created_at": "2026-01-01", "org": "x"},
        {"eventName": "x", "eventSource": "y"},
        {"apiVersion": "v1", "kind": "Event", "verb": "x", "auditID": "y"},
        {"class_uid": 1, "metadata": {}},
    ],
)
def test_what_only_looks_like_a_format_is_not_taken_for_it(tmp_path: Path, record: object) -> None:
    assert format_of(written(tmp_path, lines([record] * 3), "x.jsonl")) == "log"


def test_a_log_of_which_nothing_is_known_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, lines([{"when": "2026-01-01T00:00:00Z", "a": 1}] * 2), "x.jsonl")
    with pytest.raises(AssertionError, match="nothing reads"):
        read(path)
