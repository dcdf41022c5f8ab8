"""A report in German: its own words are, evidence never is, and what is not says it is English."""

import ast
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.report.case import case
from tests.report.test_templates import SHIPPED, full
from workbench import report as package
from workbench.errors import UsageError
from workbench.model.case import Finding
from workbench.model.edition import Edition
from workbench.model.verdict import Dimension
from workbench.report.build import blocks, build_report
from workbench.report.context import Page, ReportContext
from workbench.report.document import (
    Bullets,
    Callout,
    Column,
    Heading,
    KeyValues,
    Paragraph,
    Run,
    Said,
    Table,
    VerdictCard,
)
from workbench.report.translation import _NAMES, _blanks, tongue, tongues, translated

GERMAN = tongue("de")
#: Labels and heads that templates bring, in the language that they are written in.
_OURS = {ask.label for template in SHIPPED for ask in template.asks}
_OURS |= {statement.title for template in SHIPPED for statement in template.statements}


def built(context: ReportContext):
    return blocks(Page(context, "00" * 32, "AW-1"))


def every_fixed_text(context: ReportContext) -> set[str]:
    """Return headings, labels, heads and titles that are words of the program."""
    found: set[str] = set()
    for block in built(context):
        match block:
            case Heading() if not _NAMES.fullmatch(block.key):
                found.add(re.sub(r"^[\d.]+  ", "", block.text))
            case KeyValues():
                found |= {label for label, _ in block.rows}
            case Table():
                found |= {column.title for column in block.columns}
            case Callout():
                found.add(block.title)
    return found - _OURS - {""}


@pytest.mark.parametrize("template", SHIPPED, ids=lambda each: each.id)
def test_every_heading_label_and_head_has_a_translation(template):
    wanted = every_fixed_text(full(template=template))
    wanted |= every_fixed_text(case(signer="", signer_root=""))
    assert not {text for text in wanted if not isinstance(GERMAN.say(text), Said)}


def test_no_translation_is_of_a_text_that_the_program_no_longer_has():
    source = "\n".join(
        node.value
        for file in Path(package.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    source += "\n".join(f"{t.title}\n{t.kind}\n{t.titles}" for t in SHIPPED)
    gone = {text for text in GERMAN.texts if text not in source and text not in _COMPOSED}
    assert not gone


_ONLY = (
    "The case is as good as its only subject. Integrity, authenticity, completeness and time are "
    "answered apart and never added up."
)
#: Said by more than one piece of the program together.
_COMPOSED = {
    _ONLY,
    "Files",
    "Digests",
    "Records",
}


def test_a_translation_fills_in_what_the_text_fills_in():
    for pattern, said in GERMAN.patterns:
        assert set(_blanks(said)) <= set(pattern.groupindex)


def test_numbers_are_filled_in_and_nothing_else_is():
    said = GERMAN.say("1,204 of 3 subjects passed: see the summary.")
    assert said == "1,204 von 3 Gegenständen haben bestanden: siehe die Zusammenfassung."
    assert not isinstance(GERMAN.say("evil of 3 subjects passed: see the summary."), Said)


def test_evidence_that_reads_like_a_word_of_ours_stays_as_it_is():
    (table,) = translated((Table((Column("Finding", 1),), (("Summary",), ("Failed",))),), GERMAN)
    assert table.rows == (("Summary",), ("Failed",))
    assert table.columns[0].title == "Feststellung"
    (bullets,) = translated((Bullets(("Summary",)),), GERMAN)
    assert bullets.items == ("Summary",)
    (rows,) = translated((KeyValues((("Scope", "Summary"),)),), GERMAN)
    assert rows.rows == (("Umfang", "Summary"),)
    for key in ("subject-1", "finding-F-0001", "proof-2", "check-X-01", "lineage-1"):
        (heading,) = translated((Heading(2, "2.1  Summary", key),), GERMAN)
        assert heading.text == "2.1  Summary"
    (heading,) = translated((Heading(1, "2  Summary", "summary"),), GERMAN)
    assert (heading.text, type(heading.text)) == ("2  Zusammenfassung", Said)


def test_a_sentence_that_holds_evidence_stays_english_as_a_whole():
    text = ("These limits hold for every verdict in this report, PASSED ones included.", Run("x"))
    assert translated((Paragraph(text),), GERMAN) == (Paragraph(text),)


def test_a_verdict_keeps_the_word_by_which_standards_know_it():
    cards = [b for b in translated(built(case()), GERMAN) if isinstance(b, VerdictCard)]
    assert cards[0].rows[0].title == "Integrität"
    assert cards[0].rows[0].word == "NICHT BESTANDEN (FAILED)"
    assert cards[0].rows[0].verdict == case().verification.dimension(Dimension.INTEGRITY)


def in_german(context: ReportContext) -> bytes:
    return build_report(replace(context, edition=Edition(language="de"))).pdf


def languages(pdf: bytes) -> tuple[str, set[str], set[str]]:
    """Return the language of a document, and roles that say another one, and their languages."""
    with pikepdf.open(BytesIO(pdf)) as document:
        marked = [
            (str(each.S), str(each.Lang))
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and "/Lang" in each and "/S" in each
        ]
        meta = document.Root.Metadata.read_bytes().decode()
        assert f"<rdf:li>{document.Root.Lang}</rdf:li>" in meta
        return str(document.Root.Lang), {role for role, _ in marked}, {lang for _, lang in marked}


def test_the_document_says_its_language_and_of_each_english_text_that_it_is():
    lang, roles, marked = languages(in_german(case(())))
    assert (lang, marked) == ("de-DE", {"en-GB"})
    assert {"/P", "/TD", "/Figure"} <= roles
    assert "/H1" not in roles


def test_a_report_in_english_says_so_once():
    assert languages(build_report(case(())).pdf) == ("en-GB", set(), set())


def test_what_the_auditor_wrote_stays_as_it_is_and_is_in_the_language_of_the_report():
    finding = Finding("F-0001", "Summary", condition="Failed")
    context = full()
    content = replace(context.case, findings=(finding,))
    said = str(translated(built(replace(context, case=content)), GERMAN))
    assert "'F-0001', 'Summary'" in said
    assert "('Feststellung', 'Failed')" in said
    shown = [b for b in built(replace(context, case=content)) if isinstance(b, KeyValues)]
    assert any(isinstance(v, Said) and v == "Failed" for b in shown for _, v in b.rows)


def test_the_same_report_in_german_has_the_same_bytes_again():
    assert in_german(case(())) == in_german(case(()))


def test_english_comes_first_and_other_languages_are_refused():
    assert next(iter(tongues())) == "en"
    with pytest.raises(UsageError, match="en, de"):
        tongue("tlh")
