"""One search over everything of a case: what is found, where it matches, what was not asked."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from casework import added, again, lines, new_case, plain_log, verified, written
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from workbench import resources
from workbench.errors import NoFieldError, QueryError
from workbench.model.case import Finding, Severity
from workbench.model.catalog import Attribute, AttributeGroup, Thing, ThingKind
from workbench.model.locator import Locator
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.model.remark import Place, RemarkKind
from workbench.model.search import AreaFound, narrowed, search_to_json
from workbench.services import findings, remarks, searching, trusting
from workbench.services.searching.matching import match_in, sought
from workbench.sign.keys import public_pem
from workbench.store import catalog, event_tally, tally_sql
from workbench.store.case_store import CaseStore

_FACETED = (Area.THINGS, Area.EVENTS, Area.SOURCES, Area.NOTES, Area.SIGNATURES, Area.JOURNAL)
DIGEST = "c0ffee" + "0" * 58
PLAIN, CHAIN = 1, 2


def thing(key: str, name: str, *values: Attribute, **more: str) -> Thing:
    """Return a model version."""
    place = Locator("plain.jsonl", record=1)
    return Thing(ThingKind.ARTIFACT, "model_version", key, name, place, attributes=values, **more)


THINGS = [
    thing("m/2", "my credit model", owner="ann"),
    thing("m/1", "credit", Attribute(AttributeGroup.DIGEST, "sha256", DIGEST), owner="Ünal"),
    thing("m/3", "credit-scoring", uri="s3://x/100%_sure"),
    thing("m/4", "fraud", Attribute(AttributeGroup.TAG, "use", "feeds \u212aredit"), owner="ann"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a case with a plain log, a signed one, things, a finding and remarks."""
    place = tmp_path_factory.mktemp("searched")
    builder = LogBuilder("workbench", 12)
    written(place, "evidence/chain.jsonl", builder.data())
    written(place, "evidence/chain.head", builder.head())
    written(place, "evidence/plain.jsonl", lines(plain_log()))
    key = written(place, "log.pem", public_pem(KEY.public_key()))
    with new_case(place) as case:
        trusting.add(case, [f"log={key}"])
        added(case, place / "evidence/plain.jsonl")
        added(case, place / "evidence/chain.jsonl", place / "evidence/chain.head")
        with case.acting("test.catalog") as act:
            catalog.put(act.session, PLAIN, THINGS)
        verified(case)
        title = "Credit approvals lack a second pair of eyes"
        findings.add(case, Finding("", title, severity=Severity.HIGH, cause="Nobody asked"))
        remarks.add(case, RemarkKind.TAG, Place(PLAIN, "m/1"), "champion")
        remarks.add(case, RemarkKind.NOTE, Place(PLAIN, record=4), "credit desk was closed")
        remarks.add(case, RemarkKind.TAG, Place(PLAIN), "late delivery")
        return case.folder.parent


@pytest.fixture
def case(place: Path) -> Iterator[CaseStore]:
    """Yield that case."""
    from workbench.services import cases

    with cases.open_case(place / "audit.case", who="ann", write=False) as case:
        yield case


def found(case: CaseStore, query: str, area: Area, **more: int) -> AreaFound:
    """Return what one list gives."""
    every = searching.search(case, query, **more)
    return next(each for each in every.areas if each.area is area)


def titles(found: AreaFound) -> list[str]:
    """Return the titles of hits."""
    return [hit.title for hit in found.hits]


def test_word_finds_names_texts_of_findings_and_notes_with_counts(case: CaseStore) -> None:
    every = searching.search(case, "credit")
    counts = {each.area: each.total for each in every.areas}
    assert counts[Area.EVENTS] == found(case, "object:credit", Area.EVENTS).total >= 20
    assert (counts[Area.THINGS], counts[Area.FINDINGS], counts[Area.NOTES]) == (3, 1, 1)
    assert every.total == sum(counts.values())
    assert not any(each.not_asked for each in every.areas)


def test_text_in_no_event_of_the_index_may_stand_in_a_record(case: CaseStore) -> None:
    assert "not in the index" in searching.search(case, "needle").notes[-1]
    for query in ("credit", "actor:nobody", "-needle"):
        assert searching.search(case, query).notes == ()
    assert searching.search(case, "needle", areas=(Area.THINGS,)).notes == ()


def test_best_hits_stand_first_whatever_the_order_of_the_source(case: CaseStore) -> None:
    things = found(case, "credit", Area.THINGS)
    assert titles(things) == ["credit", "credit-scoring", "my credit model"]
    assert titles(found(case, "credit", Area.THINGS, hits=1)) == ["credit"]
    assert found(case, "credit", Area.THINGS, hits=1).total == 3
    named = found(case, "DEPLOY", Area.EVENTS, hits=3)
    assert {hit.row.event.action for hit in named.hits} == {"deploy"}


@pytest.mark.parametrize(
    "query",
    ["", "credit", "edit", "credit model", "model m/2", "edit ann", "scor OR fraud", "nope"],
)
@pytest.mark.parametrize("parts", [2, 3, 7])
def test_long_list_asked_in_parts_gives_what_it_gives_in_one(
    case: CaseStore, query: str, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally_sql, "_FEW", 1)
    asked: list[Area] = []
    spy = partial(_told_apart, asked, tally_sql._tallied)
    monkeypatch.setattr(tally_sql, "_tallied", spy)
    monkeypatch.setattr(searching, "cores", lambda: 1)
    whole = found(case, query, Area.THINGS, hits=3, values=1)
    monkeypatch.setattr(searching, "cores", lambda: parts)
    asked.clear()
    assert found(case, query, Area.THINGS, hits=3, values=1) == whole
    assert len(asked) == min(parts, len(THINGS))


def _told_apart(
    asked: list[Area], tallied: Callable[..., tally_sql.Tally], session: Session, area: Area,
    *rest: object, **more: object,
) -> tally_sql.Tally:  # fmt: skip
    if area is Area.THINGS:
        asked.append(area)
    return tallied(session, area, *rest, **more)


def test_each_of_several_words_is_looked_for_in_all_of_a_thing(case: CaseStore) -> None:
    for words in (("c0ffee", "credit", "Ünal"), ("fraud", "feeds", "ann"), ("m/4", "edit")):
        for order in permutations(words):
            things = found(case, " ".join(order), Area.THINGS)
            assert things.total == 1, order
    assert found(case, "credit feeds", Area.THINGS).total == 0
    assert found(case, "feeds -fraud", Area.THINGS).total == 0


def test_events_named_so_stand_first_and_are_filled_up_with_others(case: CaseStore) -> None:
    every = found(case, "deploy OR chain.jsonl OR plain.jsonl OR e", Area.EVENTS, hits=50)
    named = [hit.row.event.action == "deploy" for hit in every.hits]
    assert len(every.hits) == every.total > sum(named) > 0
    assert named == sorted(named, reverse=True)
    places = [(hit.row.source, hit.row.event.locator.record) for hit in every.hits]
    assert places[: sum(named)] == sorted(places[: sum(named)])
    assert places[sum(named) :] == sorted(places[sum(named) :])


def test_first_events_are_the_same_however_near_they_are(
    case: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [found(case, "e", Area.EVENTS, hits=n).hits for n in range(1, 12)]
    monkeypatch.setattr(event_tally, "_NEAR", 3)
    assert [found(case, "e", Area.EVENTS, hits=n).hits for n in range(1, 12)] == whole


def test_digest_is_found_by_its_first_digits_in_either_case(case: CaseStore) -> None:
    for typed in (DIGEST, "c0ffee", "C0FFEE00"):
        hit = found(case, typed, Area.THINGS).hits[0]
        assert (hit.place, hit.match.field) == (f"{PLAIN}/m/1", "digest.sha256")
    source = found(case, "", Area.SOURCES).hits[0].row
    by_digest = found(case, source.sha256[:8], Area.SOURCES)
    assert by_digest.hits[0].row.id == source.id


def test_match_says_field_and_place_of_what_was_looked_for(case: CaseStore) -> None:
    match = found(case, "NOBODY", Area.FINDINGS).hits[0].match
    assert (match.field, match.text[match.start : match.start + match.length]) == (
        "cause",
        "Nobody",
    )
    match = found(case, "object:credit actor:ann", Area.EVENTS).hits[0].match
    assert match.field in {"object", "actor"}
    assert found(case, "level>=0", Area.EVENTS).hits[0].match is None


def test_long_text_is_shown_around_its_match_alone(case: CaseStore) -> None:
    row = Finding("F-1", "x", condition="a" * 500 + " needle " + "b" * 5000)
    match = match_in(row, sought(parse("needle", FIELDS[Area.FINDINGS])))
    assert match is not None
    assert len(match.text) < 200
    assert match.text[match.start : match.start + match.length] == "needle"
    assert (match.text[0], match.text[-1]) == ("…", "…")


def test_what_is_kept_out_is_no_match(case: CaseStore) -> None:
    node = parse("-credit NOT name:x", FIELDS[Area.THINGS])
    assert sought(node) == ()


def test_list_without_a_field_says_so_and_is_never_passed_over(case: CaseStore) -> None:
    every = {each.area: each for each in searching.search(case, "actor:ann").areas}
    assert every[Area.EVENTS].total > 0
    assert every[Area.THINGS].not_asked == "no field actor"
    assert every[Area.FINDINGS].not_asked == "no field actor"


def test_fields_that_lists_do_not_have_are_all_named(case: CaseStore) -> None:
    query = "integrity:PASSED OR actor:ann outcome:success"
    every = {each.area: each.not_asked for each in searching.search(case, query).areas}
    assert every[Area.FINDINGS] == "no fields integrity, actor and outcome"
    with pytest.raises(NoFieldError) as raised:
        parse("x actor:ann colour=1 ACTOR:b shade<3", FIELDS[Area.THINGS])
    assert (raised.value.fields, raised.value.offset) == (("actor", "colour", "shade"), 2)
    with pytest.raises(QueryError, match="never closed"):
        parse("(name:x", FIELDS[Area.THINGS])


def test_word_that_one_list_does_not_know_is_told_by_that_list(case: CaseStore) -> None:
    every = {each.area: each for each in searching.search(case, "state:draft").areas}
    assert every[Area.FINDINGS].total == 1
    assert every[Area.THINGS].not_asked.startswith("state is one of")


def test_what_no_list_can_be_asked_is_an_error_with_its_reason(case: CaseStore) -> None:
    with pytest.raises(NoFieldError, match="no field colour"):
        searching.search(case, "colour:red")
    with pytest.raises(QueryError, match="never closed"):
        searching.search(case, "(credit")
    with pytest.raises(
        QueryError, match=r"No list has every field .*things: no fields actor and severity"
    ):
        searching.search(case, "actor:ann OR severity:high")
    with pytest.raises(QueryError, match="cannot be understood"):
        searching.search(case, "/(/")


def test_every_term_of_a_facet_narrows_to_as_many_as_it_says(case: CaseStore) -> None:
    for query, areas in (("", _FACETED), ("credit OR fraud", (Area.THINGS,))):
        for each in searching.search(case, query, areas=areas, values=2).areas:
            for facet in each.facets:
                assert sum(value.count for value in facet.values) >= 1
                for value in facet.values:
                    asked = narrowed(query, value.term)
                    less = searching.search(case, asked, areas=(each.area,)).areas[0]
                    assert less.total == value.count, (each.area, asked)


def test_facets_tell_kind_source_verdict_actor_action_and_day(case: CaseStore) -> None:
    names = {each.area: {f.field for f in each.facets} for each in searching.search(case, "").areas}
    assert names[Area.EVENTS] >= {"actor", "action", "outcome", "time", "source", "integrity"}
    assert names[Area.THINGS] >= {"kind", "type", "owner", "source", "integrity"}
    assert names[Area.SIGNATURES] >= {"indication", "signer", "source"}


def test_relations_and_journal_are_asked_by_their_names_only(case: CaseStore) -> None:
    assert {each.area for each in searching.search(case, "").areas}.isdisjoint(
        {Area.RELATIONS, Area.JOURNAL}
    )
    acts = searching.search(case, "act:evidence", areas=(Area.JOURNAL,)).areas[0]
    assert acts.total == 2


def test_signs_of_the_query_language_in_a_text_are_taken_as_they_are(case: CaseStore) -> None:
    assert titles(found(case, "100%_s", Area.THINGS)) == ["credit-scoring"]
    assert found(case, "100_", Area.THINGS).total == 0
    assert found(case, '"x\' OR 1=1 --"', Area.THINGS).total == 0


def test_letters_beyond_ascii_are_folded_as_before(case: CaseStore) -> None:
    assert titles(found(case, "üNAL", Area.THINGS)) == ["credit"]
    assert titles(found(case, '"feeds kredit"', Area.THINGS)) == ["fraud"]


def test_signature_is_found_by_its_key_and_worth_what_the_verdict_says(case: CaseStore) -> None:
    signed = found(case, "", Area.SIGNATURES)
    assert [hit.row.signature.indication.value for hit in signed.hits] == ["PASSED"]
    prefix = signed.hits[0].row.signature.fingerprint[:10]
    assert found(case, prefix, Area.SIGNATURES).total == 1
    assert found(case, "indication:failed", Area.SIGNATURES).total == 0


def test_source_is_found_by_a_file_within_it(tmp_path: Path) -> None:
    written(tmp_path, "model/weights.bin", b"weights")
    written(tmp_path, "model/config.json", b"{}")
    with new_case(tmp_path) as case:
        added(case, tmp_path / "model")
        with case.reading() as session:
            listed = session.connection().exec_driver_sql("SELECT path, sha256 FROM source_file")
            files = {path.rpartition("/")[2]: sha256 for path, sha256 in listed}
        assert found(case, files["weights.bin"][:12], Area.SOURCES).total >= 1


def test_document_follows_its_schema(case: CaseStore) -> None:
    schema = json.loads(resources.path("schemas", "search.schema.json").read_text())
    for query in ("", "credit", "actor:ann", "tag:*"):
        document = search_to_json(searching.search(case, query, areas=tuple(Area)))
        Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


def passed(case: CaseStore) -> tuple[int, int]:
    """Return how many events and signatures count as PASSED."""
    every = searching.search(case, "integrity:passed", areas=(Area.EVENTS,))
    signed = searching.search(case, "indication:passed", areas=(Area.SIGNATURES,))
    return every.total, signed.total


def test_nothing_counts_as_passed_on_verdicts_that_are_out_of_date(
    place: Path, tmp_path: Path
) -> None:
    from workbench.services import cases

    folder = shutil.copytree(place / "audit.case", tmp_path / "audit.case")
    with cases.open_case(folder, who="ann", write=True) as case:
        assert (passed(case), searching.search(case, "ann").notes) == ((12, 1), ())
        added(case, written(tmp_path, "b.jsonl", lines(plain_log(3))))
        assert passed(case) == (0, 0)
        assert "Evidence was added" in searching.search(case, "ann").notes[0]


def test_nothing_counts_as_passed_in_a_case_that_was_changed_by_other_means(
    place: Path, tmp_path: Path
) -> None:
    from workbench.services import cases

    folder = shutil.copytree(place / "audit.case", tmp_path / "audit.case")
    with closing(sqlite3.connect(folder / "case.sqlite")) as connection:
        connection.execute("UPDATE verdict SET records = 13")
        connection.commit()
    with cases.open_case(folder, who="ann", write=False) as case:
        assert passed(case) == (0, 0)


def test_case_without_events_and_things_is_searched(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        assert searching.search(case, "anything").total == 0
        assert again(case).writable
