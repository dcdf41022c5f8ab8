"""What is handed over names nobody, is counted, and can be read again with the mapping."""

import json
import stat
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from casework import AT, added, lines, new_case, verified, written
from commands import require_one_sentence, workbench

from workbench.analysis.personal import Kind, found_in
from workbench.analysis.pseudonyms import Pseudonyms
from workbench.errors import StoreError, UsageError
from workbench.model.case import Finding
from workbench.model.progress import Cancel, Silent
from workbench.model.query_fields import Area
from workbench.services import cases, findings, subset
from workbench.store.case_store import CaseStore

#: Whoever stands in the evidence, in whatever form; none of it may be handed over.
PEOPLE = (
    "did:mesh:jonas.weber", "jonas.weber", "Priya Raman", "priya.raman@aldermoor.example",
    "10.1.2.3", "2001:db8::17", "+49 30 1234567", "Żółć Łukasz", "O'Brien \"Bo\"", "a.b+c(d)[e]",
    "li", "Müller",
)  # fmt: skip
EVERYTHING = {Area.EVENTS: "", Area.THINGS: "", Area.FINDINGS: ""}


def _events() -> list[dict[str, object]]:
    texts = (
        "models:/credit/1 approved by JONAS.WEBER", "mail of priya.raman@aldermoor.example",
        "login from 10.1.2.3 and 2001:db8::17", "call +49 30 1234567", "plain",
        "Żółć Łukasz, for O'Brien \"Bo\"", "by a.b+c(d)[e]", "a list of li", "see Müller",
    )  # fmt: skip
    actors = (*PEOPLE[:1], "Priya Raman", *PEOPLE[7:])
    return [
        {
            "time": f"2026-04-01T00:00:{n:02}Z",
            "actor": actors[n % len(actors)],
            "action": "approve",
            "object": text,
            "outcome": "success",
        }
        for n, text in enumerate(texts)
    ]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    written(tmp_path, "drop/jonas.weber/log.jsonl", lines(_events()))
    with new_case(tmp_path) as made:
        added(made, tmp_path / "drop")
        findings.add(
            made,
            Finding("", "Approved by jonas.weber alone", owner="Priya Raman", condition="Müller"),
        )
        findings.add(made, Finding("", "Another"))
        yield made


def hand_over(case: CaseStore, name: str = "part", **more: object) -> tuple[Path, subset.Subset]:
    folder = case.folder.parent
    asked = subset.Asked(**{"queries": EVERYTHING, **more})  # type: ignore[arg-type]
    out, mapping = folder / name, folder / "names.json"
    found = subset.write(case, out, mapping, asked, progress=Silent(), cancel=Cancel())
    return out, found


def text_of(folder: Path) -> str:
    """Return all that was handed over, names of files too."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path.name}\n{path.read_text('utf-8')}" for path in files)


def test_nothing_that_was_handed_over_names_anybody(case: CaseStore) -> None:
    out, found = hand_over(case)
    said = text_of(out)
    for person in PEOPLE:
        for spelling in (person, json.dumps(person)[1:-1], person.replace('"', '\\"')):
            if len(person) > 3:
                assert spelling.casefold() not in said.casefold(), person
    assert '"actor": "li"' not in said
    assert "a list of ~" in said
    assert found.rows == {Area.EVENTS: 9, Area.THINGS: 0, Area.FINDINGS: 2}


def test_the_same_person_is_called_the_same_throughout(case: CaseStore) -> None:
    out, _ = hand_over(case)
    rows = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
    finding = json.loads((out / "findings.jsonl").read_text().splitlines()[0])
    who = finding["title"].removeprefix("Approved by ").removesuffix(" alone")
    assert rows[0]["object"] == f"models:/credit/1 approved by {who}"
    assert f"drop/{who}/log.jsonl" == rows[0]["path"]
    assert rows[1]["actor"] == finding["owner"]


def test_the_mapping_leads_back_and_only_its_keeper_reads_it(case: CaseStore) -> None:
    out, _ = hand_over(case)
    mapping = case.folder.parent / "names.json"
    assert stat.S_IMODE(mapping.stat().st_mode) == 0o600
    known = json.loads(mapping.read_text())["pseudonyms"]
    rows = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
    assert [known[row["actor"]] for row in rows[:2]] == ["did:mesh:jonas.weber", "Priya Raman"]
    assert json.loads(mapping.read_text())["key"] not in text_of(out)


def test_a_second_subset_goes_on_with_the_same_names(case: CaseStore) -> None:
    first, _ = hand_over(case)
    second, _ = hand_over(case, "more", queries={Area.EVENTS: ""})
    name = "events.jsonl"
    assert (first / name).read_bytes() == (second / name).read_bytes()
    (case.folder.parent / "names.json").unlink()
    third, _ = hand_over(case, "other", queries={Area.EVENTS: ""})
    assert (first / name).read_bytes() != (third / name).read_bytes()


def test_what_is_withheld_is_counted_there_and_in_the_journal(case: CaseStore) -> None:
    queries = {Area.EVENTS: "object:call", Area.FINDINGS: None}
    out, found = hand_over(case, queries=queries)
    told = json.loads((out / "manifest.json").read_text())
    assert told["rows"] == {"events": 1}
    assert told["withheld"] == {"events": 8, "things": 0, "findings": 2}
    last = cases.journal_entries(case)[-1]
    assert (last.act, json.loads(last.detail)["withheld"]["events"]) == ("subset.write", 8)
    assert found.withheld[Area.FINDINGS] == 2


def test_what_looks_like_a_person_is_said_before_and_must_be_accepted(
    case: CaseStore, tmp_path: Path
) -> None:
    findings.add(case, Finding("", "Ask Maria Schmidt about it"))
    found = subset.survey(case, subset.Asked(EVERYTHING), cancel=Cancel())
    assert found.counts[Kind.EMAIL] == 1
    assert found.counts[Kind.IP] == 2
    assert "findings 3, title" in found.places[Kind.NAME]
    with pytest.raises(UsageError, match=r"findings 3, title"):
        hand_over(case)
    assert not (tmp_path / "part").exists()
    assert not (tmp_path / "names.json").exists()
    out, made = hand_over(case, also=("maria schmidt",))
    assert "Schmidt" not in text_of(out)
    assert made.after.counts == {}
    _, left = hand_over(case, "accepted", accept=True)
    assert left.after.counts == {Kind.NAME: 1}


def test_the_mapping_never_lies_in_what_is_handed_over(case: CaseStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not handed over"):
        subset.write(
            case, tmp_path / "part", tmp_path / "part" / "names.json", subset.Asked(EVERYTHING),
            progress=Silent(), cancel=Cancel(),
        )  # fmt: skip
    (tmp_path / "part").mkdir()
    with pytest.raises(UsageError, match="exists already"):
        hand_over(case)


def test_another_file_is_not_taken_for_a_mapping(case: CaseStore, tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('{"schema": "other"}')
    with pytest.raises(StoreError, match="no file of pseudonyms"):
        hand_over(case)
    assert (tmp_path / "names.json").read_text() == '{"schema": "other"}'


def test_a_name_that_is_left_stops_it(case: CaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pseudonyms, "replaced", lambda _, text: text)
    with pytest.raises(StoreError, match="A name is left in events"):
        hand_over(case, accept=True)
    assert sorted(p.name for p in case.folder.parent.iterdir()) == ["audit.case", "drop"]


def test_what_is_kept_in_one_column_is_looked_for_in_the_others(
    case: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = hand_over(case, keep=frozenset({"owner"}), accept=True)
    first = json.loads((out / "findings.jsonl").read_text().splitlines()[0])
    assert first["owner"] == "Priya Raman"
    assert "jonas.weber" not in first["title"]
    monkeypatch.setattr(Pseudonyms, "replaced", lambda _, text: text)
    with pytest.raises(StoreError, match="A name is left"):
        hand_over(case, "again", keep=frozenset({"owner"}), accept=True)


@pytest.mark.parametrize("name", ["success", "model", "draft", "cafe", "2026"])
def test_who_is_called_like_a_word_of_ours_stops_nothing(tmp_path: Path, name: str) -> None:
    rows = [{"time": f"{name} was here", "actor": name, "action": "approve", "outcome": "success"}]
    written(tmp_path, "drop/log.jsonl", lines(rows * 2))
    with new_case(tmp_path) as made:
        added(made, tmp_path / "drop")
        findings.add(made, Finding("", f"Seen: {name}"))
        out, _ = hand_over(made)
    (event, _), (finding,) = (
        [json.loads(line) for line in (out / f"{each}.jsonl").read_text().splitlines()]
        for each in ("events", "findings")
    )
    assert (event["outcome"], finding["state"]) == ("success", "draft")
    assert name not in event["actor"] + event["time"].removesuffix("was here") + finding["title"]


def test_pseudonyms_tell_nothing_without_the_key() -> None:
    one, other = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)
    assert one.of("Ada") != other.of("Ada")
    assert one.of("Ada") == one.of("ADA")


def test_names_in_names_are_replaced_once() -> None:
    known = Pseudonyms(b"k" * 32)
    known.know(["Ann", "Annabel Lee", "lee"])
    assert known.replaced("Annabel Lee, ann, Lee; channel") == (
        f"{known.of('Annabel Lee')}, {known.of('Ann')}, {known.of('lee')}; channel"
    )


_SPELLINGS = {
    "another Unicode form": ("José Ñandú", normalize("NFD", "José Ñandú")),
    "the first form, where the log has the second": (normalize("NFD", "José Ñandú"), "José Ñandú"),
    "capitals": ("Weiß", "WEISS"),
    "compatible signs": ("jane.doe", "ｊａｎｅ．ｄｏｅ"),
    "invisible signs": ("jane.doe", "jane\u200b.doe"),
    "in an address": ("José Ñandú", "/users?who=Jos%C3%A9%20%C3%91and%C3%BA"),
    "in a form": ("Jane Doe", "who=Jane+Doe"),
    "in JSON": ("José Ñandú", json.dumps({"who": "José Ñandú"})),
    "as an account": ("CORP\\jane.doe", "login of jane.doe"),
    "as a distinguished name": ("CN=Jane Doe,OU=Risk,O=Bank", "seen: Jane Doe"),
    "as a mailbox": ("Jane Doe <jane.doe@bank.example>", "Jane Doe, or jane.doe"),
    "as a provider's": ("auth0|jane.doe", "jane.doe"),
    "short": ("user:bob", "approved by bob"),
    "in base64 of UTF-16": (
        "jane.doe@bank.example",
        b64encode("jane.doe".encode("utf-16")).decode(),
    ),
    "in base64": ("jane.doe@bank.example", b64encode(b"who: jane.doe@bank.example!").decode()),
}


@pytest.mark.parametrize(("name", "text"), _SPELLINGS.values(), ids=_SPELLINGS)
def test_a_name_is_found_however_it_is_spelled(name: str, text: str) -> None:
    known = Pseudonyms(b"k" * 32)
    known.know([name])
    assert known.left_in(text)
    said = known.replaced(text)
    assert said != text
    assert known.left_in(said) == ""


def test_text_with_our_own_marks_is_no_name() -> None:
    known = Pseudonyms(b"k" * 32)
    known.know(["Ada"])
    assert known.replaced("\ue000\ue010\ue001 Ada") == f"\ufffd\ufffd\ufffd {known.of('Ada')}"


@pytest.mark.parametrize(
    "text",
    ["12:30:45", "2026-04-01T00:00:00Z", "sha256:abcd", "version 1.2.3", "Model Card2", "::"],
)
def test_what_is_no_person_is_not_taken_for_one(text: str) -> None:
    assert [kind for kind, _ in found_in(text) if kind is not Kind.NAME] == []


def test_from_the_command_line(case: CaseStore, tmp_path: Path) -> None:
    case.close()
    look = workbench("case", "subset", case.folder, "--events", "", "--look")
    assert look.returncode == 0, look.stderr
    assert "1 x e-mail address: events 2, object" in look.stdout
    arguments = ("case", "subset", case.folder, "--events", "object:call", "--findings", "")
    done = workbench(*arguments, "-o", tmp_path / "part", "--mapping", tmp_path / "names.json")
    assert done.returncode == 0, done.stderr
    assert "Withheld      events: 8" in done.stdout
    require_one_sentence(workbench(*arguments), "--mapping FILE")
    require_one_sentence(workbench("case", "subset", case.folder), "Say what to hand over")


def test_the_report_of_the_case_says_what_was_handed_over_and_withheld(case: CaseStore) -> None:
    from workbench.model.selftest import SelfTestResult
    from workbench.report.context import Page
    from workbench.report.sections.handed_over import SECTION
    from workbench.services import reports
    from workbench.services.reports.of_case import case_context

    verified(case)
    hand_over(case, queries={Area.EVENTS: "object:call"})
    details = reports.case_details(case, AT)
    context = case_context(case, reports.Asked(SelfTestResult(())), details, key=None)
    (part,) = context.case.handed_over if context.case else ()
    assert (part.name, dict(part.withheld)) == ("part", {"events": 8, "things": 0, "findings": 2})
    told = repr(list(SECTION.build(Page(context, "0" * 64, "1"))))
    assert "8 events, 2 findings, 0 things" in told


@pytest.mark.parametrize(("out", "names"), [("drop/part", "n.json"), ("part", "drop/n.json")])
def test_nothing_of_a_part_is_written_into_the_evidence(
    tmp_path: Path, case: CaseStore, out: str, names: str
) -> None:
    asked = subset.Asked(EVERYTHING, accept=True)
    with pytest.raises(UsageError, match="never written to"):
        subset.write(
            case, tmp_path / out, tmp_path / names, asked, progress=Silent(), cancel=Cancel()
        )
    assert not (tmp_path / out).exists()
    assert not (tmp_path / names).exists()
