"""A template orders and adds; it hides no failed or open verdict, exception, finding or limit."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.case import case
from tests.report.test_lineage_tiles import lineage_of
from workbench.errors import ProfileError, SourceError
from workbench.model.case import Finding, HandedOver, JournalState, Severity
from workbench.model.detection import (
    Hit,
    KeptRule,
    KeptRules,
    OtherRule,
    RuleOutcome,
    RuleResult,
    RuleRun,
)
from workbench.model.edition import Edition
from workbench.model.event import Event, IndexedEvent
from workbench.model.locator import Locator
from workbench.model.policy import Check, CheckOutcome, CheckResult, Pack, Population, Row
from workbench.model.template import PLAIN, REQUIRED
from workbench.model.verdict import Indication
from workbench.model.verification import Verification
from workbench.policy import rules
from workbench.report import templates
from workbench.report.build import blocks, build_report, sections
from workbench.report.context import CaseContent, Page, ReportContext
from workbench.report.document import Block, Heading
from workbench.report.manifest import manifest
from workbench.report.stated import standing

SHIPPED = templates.shipped()
OWN = """
id: own
title: Own
kind: Our report
sections: [cover, card, mine, {required}]
statements:
  - key: mine
    title: Mine
    text: ["Of {{client}} to {{prepared_for}}."]
    asks: [{{key: goal, label: Goal}}]
"""


def own(text: str = "", **more: str) -> str:
    required = ", ".join(each for each in REQUIRED if each not in {"cover", "card"})
    return (text or OWN).format(required=required, **more)


def written(folder: Path, text: str) -> Path:
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def rules_said() -> KeptRules:
    """Return what one rule said, with a hit, of a case that changed since."""
    rule = rules.shipped()[0]
    event = Event(Locator("log.jsonl", record=7), action="hit-action", actor="eve")
    hit = Hit(1, None, None, (IndexedEvent(1, "ab" * 32, event),))
    said = RuleResult(rule, RuleOutcome.HITS, 30, 1, (hit,), ("b.jsonl: no record states action.",))
    run = RuleRun(case().verification.at, "ann", 2, "", ("", ""))
    gone = OtherRule("gone-rule", "3", "cd" * 32, RuleOutcome.HITS, 30, 4, run)
    return KeptRules((KeptRule(said, run, is_stale=True),), (gone,))


def full(template=PLAIN, statements=()) -> ReportContext:
    """Return a case with failed and open verdicts, exceptions, a finding, limits and lineage."""
    check = Check("X-01", "Must hold", "Policy", Severity.HIGH, Population.SOURCE)
    result = CheckResult(check, CheckOutcome.NOT_SATISFIED, 3, 3, exceptions=(Row("bad-row", {}),))
    content = CaseContent(
        "c",
        JournalState(1, "00" * 32),
        findings=(Finding("F-0001", "A finding"),),
        pack=Pack("p", "1", "Pack", "", "ab" * 32, (check,)),
        checks=(result,),
        rules=rules_said(),
        lineage=(lineage_of(runs=2),),
        handed_over=(HandedOver(case().verification.at, "part", {"events": 2}, {"events": 7}, 3),),
    )
    edition = Edition(template, statements)
    return replace(case(case=content), limitations=("Only June was looked at.",), edition=edition)


def built(context: ReportContext) -> tuple[Block, ...]:
    return blocks(Page(context, "00" * 32, "AW-1"))


def test_four_templates_ship_beside_the_plain_one():
    assert [each.id for each in SHIPPED] == [
        "verification", "external-assurance", "internal-audit", "investigation",
        "regulator-submission",
    ]  # fmt: skip
    assert SHIPPED[0] is PLAIN


@pytest.mark.parametrize("template", SHIPPED, ids=lambda each: each.id)
def test_no_template_hides_what_speaks_against(template):
    said = str(built(full(template=template)))
    for needed in (
        "RECORD_ALTERED", "Record 1,742", "NO_SIGNATURE", "NO_ANCHOR", "UNPROTECTED",
        "What does not agree", "What cannot be decided", "bad-row", "F-0001",
        "Only June was looked at.", "7 events", "hit-action", "gone-rule",
        "b.jsonl: no record states action",
        "the case changed after that", "It cannot show that an event was logged",
    ):  # fmt: skip
        assert needed in said.replace("' \"", "").replace('" "', ""), needed


@pytest.mark.parametrize("template", SHIPPED, ids=lambda each: each.id)
def test_every_section_and_statement_is_there_once_and_links_lead_somewhere(template):
    found = built(full(template=template))
    keys = [block.key for block in found if isinstance(block, Heading)]
    assert len(keys) == len(set(keys))
    wanted = {each.id for each in sections()} | {each.key for each in template.statements}
    assert wanted - {"cover"} <= set(keys)
    assert build_report(full(template=template)).pdf.startswith(b"%PDF")


@pytest.mark.parametrize("template", SHIPPED[1:], ids=lambda each: each.id)
def test_a_conclusion_stands_beside_the_verdicts_that_it_is_about(template):
    said = str(built(full(template=template)))
    assert "As this program found it: integrity FAILED, authenticity INDETERMINATE" in said
    assert "1 exception to checks; 1 finding" in said


@pytest.mark.parametrize("template", SHIPPED[1:], ids=lambda each: each.id)
def test_a_conclusion_is_chosen_by_how_the_case_stands(template):
    (texts,) = [dict(s.conclusion) for s in template.statements if s.conclusion]
    said = str(built(full(template=template)))
    assert texts[Indication.FAILED][:60] in said
    assert texts[Indication.PASSED][:60] not in said


def test_nothing_judged_is_never_a_pass():
    assert standing(Verification(case().verification.at, ())) is not Indication.PASSED


def test_what_the_auditor_did_not_state_is_printed_as_not_stated():
    template = templates.chosen("external-assurance")
    without = str(built(full(template=template)))
    with_it = str(built(full(template=template, statements=(("level", "Limited assurance"),))))
    assert "Limited assurance" in with_it
    assert with_it.count("not stated") == without.count("not stated") - 1


def test_a_template_of_ones_own_is_read(tmp_path):
    template = templates.chosen(str(written(tmp_path, own())))
    said = str(built(full(template=template)))
    assert "Of Northwind Lending plc to (not stated)." in said
    assert "Our report" in said
    assert "5.1  F-0001" not in said.split("Mine")[0]


def test_a_template_may_leave_out_lineage_and_proof_trails_only(tmp_path):
    template = templates.chosen(str(written(tmp_path, own())))
    found = {block.key for block in built(full(template=template)) if isinstance(block, Heading)}
    assert not found & {"lineage", "proof"}
    assert set(templates.OPTIONAL) == {each.id for each in sections()} - set(REQUIRED)


@pytest.mark.parametrize("section", [each for each in REQUIRED if each not in {"cover", "card"}])
def test_a_template_that_leaves_out_a_section_is_refused_with_its_place(section, tmp_path):
    text = own().replace(f", {section}", "", 1)
    with pytest.raises(ProfileError, match=f"sections must also name {section}") as error:
        templates.chosen(str(written(tmp_path, text)))
    assert error.value.place == "sections"


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("mine, summary", "mine, summary, nowhere", "sections"),
        ("cover, card, mine", "card, cover, mine", "sections"),
        ("{client}", "{secret}", "statements[0].text"),
        ("id: own", "id: verification", "id"),
        ("id: own", "id: own\ncolour: red", "colour"),
        ("id: own", "id: own\ntitles: {cover: Mine}", "titles"),
        ("key: mine", "key: limits", "sections"),
        ("key: goal", "key: Goal", "statements[0].asks[0].key"),
        ("title: Mine", "conclusion: {passed: Good.}\n    title: Mine",
         "statements[0].conclusion.indeterminate"),
        ("title: Mine", "points: [{clause: a, asks: b, sections: [x]}]\n    title: Mine",
         "statements[0].points[0].sections"),
        ("title: Own", "title: Own\ntitle: Twice", "line"),
    ],
)  # fmt: skip
def test_what_a_template_cannot_say_is_refused_with_its_place(before, after, place, tmp_path):
    assert before in own()
    with pytest.raises(ProfileError) as error:
        templates.chosen(str(written(tmp_path, own().replace(before, after))))
    assert str(error.value.place).startswith(place)


def test_a_template_that_is_nowhere_is_told():
    with pytest.raises(SourceError):
        templates.chosen("no-such-template")


def test_the_manifest_lists_the_rules_that_were_asked_with_file_and_hits():
    known, gone = manifest(full())["case"]["rules"]
    rule = rules.shipped()[0]
    assert (known["id"], known["version"], known["sha256"]) == (rule.id, rule.version, rule.sha256)
    assert (known["hits"], known["looked"], known["outcome"]) == (1, 30, "HITS")
    assert (known["asked_by"], known["leavers"], known["out_of_date"]) == ("ann", 2, True)
    assert [event["place"] for event in known["first_events"]] == ["log.jsonl, record 7"]
    assert (gone["id"], gone["version"], gone["sha256"], gone["hits"]) == (
        "gone-rule",
        "3",
        "cd" * 32,
        4,
    )
    assert manifest(replace(full(), case=replace(full().case, rules=None)))["case"]["rules"] == []


def test_rules_that_were_asked_at_different_times_each_say_when():
    content = full()
    (told,) = content.case.rules.rules
    run = replace(told.run, at=told.run.at.replace(year=2031), who="ben")
    both = replace(content.case.rules, rules=(told, replace(told, run=run, is_stale=False)))
    said = str(built(replace(content, case=replace(content.case, rules=both))))
    assert said.count("by ann.") == 2, "one known, one not"
    assert said.count("by ben.") == 1


def test_the_report_says_which_template_it_was_made_with():
    template = templates.chosen("investigation")
    manifest = build_report(full(template=template)).manifest.decode()
    assert f'"sha256": "{template.sha256}"' in manifest
    assert '"id": "investigation"' in manifest
