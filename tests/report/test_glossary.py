"""Every word of a verdict has one explanation, and the report prints those that occur."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import chain

import pytest
from commands import CHECKOUT

from tests.report.case import INTACT_LOG, SOURCES, case, source
from workbench.model.locator import Locator
from workbench.model.source import Problem, ProblemCode
from workbench.model.verdict import (
    AssuranceFlag,
    Code,
    Diagnosis,
    DiagnosisClass,
    Dimension,
    Indication,
    SignatureVerdict,
)
from workbench.report.build import blocks, sections
from workbench.report.context import Page, ReportContext
from workbench.report.document import Heading, Table, runs
from workbench.report.glossary import explain, headline, words

_SETS: tuple[type[StrEnum], ...] = (
    *(Code, DiagnosisClass, ProblemCode),
    *(Indication, Dimension, AssuranceFlag),
)
_ALL = [member.value for member in chain.from_iterable(_SETS)]


@pytest.mark.parametrize("name", _ALL)
def test_every_word_and_code_is_explained(name):
    word = words()[name]
    assert word.short
    assert word.meaning.endswith((".", "?"))
    assert not word.decides or word.decides.endswith(".")


def test_no_entry_explains_a_code_that_does_not_exist():
    known = {"unprotected", *_ALL}
    assert {word.name for word in words().values() if word.group != "terms"} == known


@pytest.mark.parametrize("kind", DiagnosisClass)
def test_every_diagnosis_has_a_headline(kind):
    line = headline(Diagnosis(kind, record=1742, path="weights/a{record}.bin"))
    assert "{path}" not in line
    assert ("1,742" in line) or ("weights/a" in line) or kind is DiagnosisClass.HEAD_TRUNCATED
    assert explain(kind).headline


@pytest.mark.parametrize("kind", DiagnosisClass)
def test_a_diagnosis_that_is_known_to_a_range_does_not_name_one_record_for_certain(kind):
    line = headline(Diagnosis(kind, record=1742, count=3, last=1750))
    assert not set("{}") & set(line)
    if words()[kind].somewhere:
        assert line != headline(Diagnosis(kind, record=1742, count=3))


def test_a_path_that_looks_like_a_placeholder_stays_as_it_is():
    line = headline(Diagnosis(DiagnosisClass.FILE_ALTERED, record=3, path="{record}"))
    assert line.startswith("{record} does not")


def test_a_diagnosis_without_a_place_says_so():
    assert headline(Diagnosis(DiagnosisClass.FORK)).endswith("record (not located)")


def test_words_blame_nobody():
    prose = " ".join(
        f"{w.short} {w.meaning} {w.decides} {w.headline} {w.somewhere}" for w in words().values()
    )
    assert not re.search(r"hack|fraud|attack|criminal|successful", prose, re.IGNORECASE)


#: Errors that end in exit 3 and are no part of any verdict.
_ERRORS = {"BAD_PROFILE", "CANCELLED", "ERROR", "NOT_A_SIGNED_REPORT", "SIGNING", "USAGE"}
_JUDGING = ("evidence", "formats", "model", "services", "verify")


def _spelled(folder: str) -> Iterator[str]:
    """Yield each text that the source gives as a code: ``code="X"``, ``code = "X"``."""
    for path in (CHECKOUT / "workbench" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.keyword(arg="code", value=ast.Constant(value=str(text))):
                    yield text
                case ast.Assign(
                    targets=[ast.Name(id="code") | ast.Attribute(attr="code")],
                    value=ast.Constant(value=str(text)),
                ):
                    yield text


def test_every_code_that_is_spelled_out_in_the_source_is_explained():
    spelled = {text for folder in _JUDGING for text in _spelled(folder)}
    codes = {text for text in spelled if text.isupper()} - _ERRORS
    assert {"UNKNOWN_PROFILE", "MALFORMED_SOURCE"} <= codes
    assert {code for code in codes if explain(code) is None} == set()


def _glossary(context: ReportContext) -> set[str]:
    """Return the words that the glossary of a report explains."""
    printed = set()
    within = False
    for block in blocks(Page(context, "0" * 64, "1")):
        if isinstance(block, Heading) and block.level == 1:
            within = block.key == "words"
        if within and isinstance(block, Table):
            printed.update(runs(row[0])[0].text for row in block.rows)
    return printed


@pytest.mark.parametrize("name", ["subject", "anchor", "drop"])
def test_a_code_is_explained_wherever_it_occurs(name: str):
    """Also those of signatures and of problems with files that are no subject."""
    odd = Problem("TRAILING_DATA", Locator("x.zip"), "More bytes follow.")
    signature = SignatureVerdict(Indication.INDETERMINATE, "REVOKED_NO_POE")
    verdict = replace(INTACT_LOG, signatures=(signature,))
    problems = {part: ((odd,) if part == name else ()) for part in ("subject", "anchor", "drop")}
    context = case(
        (
            source("a.jsonl", verdict, problems=problems["subject"]),
            source("a.head", None, problems=problems["anchor"]),
        )
    )
    whole = replace(context.verification, problems=problems["drop"])
    printed = _glossary(replace(context, verification=whole))
    assert {"TRAILING_DATA", "REVOKED_NO_POE"} <= printed
    assert "NAME_COLLISION" not in printed


def test_every_code_of_a_case_is_in_the_printed_glossary():
    printed = _glossary(case())
    used = {
        code
        for source in SOURCES
        if source.verdict
        for which in Dimension
        for code in source.verdict.dimension(which).codes
        if explain(code)
    }
    assert used
    assert used <= printed
    assert "REVOKED_NO_POE" not in printed


def test_sections_have_their_own_place_and_key():
    found = sections()
    assert len({section.order for section in found}) == len(found)
    assert next(section.id for section in found) == "cover"


def test_no_two_headings_share_a_key():
    keys = [b.key for b in blocks(Page(case(), "0" * 64, "1")) if isinstance(b, Heading)]
    assert len(keys) == len(set(keys))


def test_links_lead_to_headings_that_exist():
    found = blocks(Page(case(), "0" * 64, "1"))
    keys = {b.key for b in found if isinstance(b, Heading)}
    texts = [line for b in found for line in getattr(b, "lines", ())]
    links = {run.link for text in texts for run in runs(text) if run.link}
    assert links
    assert links <= keys
