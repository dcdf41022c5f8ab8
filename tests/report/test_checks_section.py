"""What paper says of checks: how rows are protected, rates of what was tested, texts with dates."""

from tests.report.case import case
from workbench.model.case import JournalState
from workbench.model.policy import CheckOutcome, CheckResult, Footing, Row, Undecided, mapped
from workbench.policy import library
from workbench.report.context import CaseContent, Page
from workbench.report.sections.checks import SECTION

PACK = library.shipped()[0]
KNOWN = mapped(PACK.checks, library.frameworks())


def blocks(result: CheckResult) -> str:
    content = CaseContent("c", JournalState(1, "0" * 64), (), PACK, (result,), frameworks=KNOWN)
    page = Page(case(case=content), "0" * 64, "1")
    return repr(list(SECTION.build(page)))


def test_paper_says_how_rows_are_protected_and_of_what_the_rate_is() -> None:
    rows = (Row("a", {}), Row("b", {}))
    result = CheckResult(
        PACK.checks[0], CheckOutcome.NOT_SATISFIED, 133, 59, rows[:1],
        (Undecided(rows[1], "why"),), "1 of 59 tested are exceptions.",
        ((Footing.UNPROTECTED, 130), (Footing.SIGNED, 3)), ("x has the bytes of y.",),
    )  # fmt: skip
    said = blocks(result)
    assert "1 of 59 tested are exceptions." in said
    assert "1 of 133" not in said
    assert "Rests on rows that are: 130 unprotected, 3 signed." in said
    assert "x has the bytes of y." in said


def test_paper_never_prints_satisfied_alone_on_bare_claims() -> None:
    basis = ((Footing.UNPROTECTED, 3),)
    result = CheckResult(PACK.checks[0], CheckOutcome.SATISFIED, 3, 3, basis=basis)
    assert "SATISFIED on unprotected claims" in blocks(result)


def test_paper_names_each_text_with_its_dates_and_each_clause_with_its_checks() -> None:
    said = blocks(CheckResult(PACK.checks[0], CheckOutcome.SATISFIED, 3, 3))
    assert {framework.dates for framework in KNOWN} >= {"from 2024-08-01", "from 2018-05-25"}
    for framework in KNOWN:
        assert framework.title in said
        assert framework.dates in said
    for check in PACK.checks:
        for clause in check.mappings:
            assert f"{clause.framework} {clause.clause}" in said
