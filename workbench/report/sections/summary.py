"""The outcome in words: what is proven, what cannot be, what does not agree."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from workbench.model.verdict import (
    Code,
    Dimension,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.context import Page, Section
from workbench.report.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Run,
    Table,
    Text,
    mono,
    strong,
)
from workbench.report.glossary import headline, meaning_of
from workbench.report.phrases import (
    WEAK,
    indication_of,
    listed,
    plural,
    short_name_of,
)
from workbench.report.sentences import proven, undecided
from workbench.report.short_words import unit_of

_MOST = 14
_LEGEND = (
    "I integrity, A authenticity, C completeness, T time. Disc with a tick: PASSED. Half disc: "
    "PASSED, but not against an anchor that the auditor trusts. Diamond: INDETERMINATE. "
    "Square with a cross: FAILED."
)


def _build(page: Page) -> Iterator[Block]:
    verification = page.context.verification
    if not verification.subjects:
        yield Paragraph("Nothing was found that could be judged, so nothing is proven.")
    else:
        yield _glance(verification)
    yield from _part("What does not agree", failed(""), _broken(verification))
    yield from _part("What is proven", passed(), _proven(verification, weak=False))
    weak = passed(Code.SELF_CONSISTENT)
    yield from _part("What holds, but rests on no anchor", weak, _proven(verification, weak=True))
    yield from _part("What cannot be decided", indeterminate(""), _open(verification))
    yield from _not_judged(verification)


def _glance(verification: Verification) -> Table:
    rows = tuple(_glance_row(s, s.verdict) for s in verification.subjects if s.verdict)
    marks = tuple(Column(letter, 0.06, Align.CENTRE) for letter in "IACT")
    columns = (
        Column("Subject", 0.44),
        Column("Format", 0.14),
        Column("Extent", 0.18, Align.RIGHT),
        *marks,
    )
    return Table(columns, rows, caption=_LEGEND)


def _glance_row(source: SourceVerdict, verdict: SubjectVerdict) -> tuple[Cell, ...]:
    extent = "–" if verdict.records is None else plural(verdict.records, unit_of(source))
    marks = (verdict.dimension(which) for which in Dimension)
    return (short_name_of(source), source.format, extent, *marks)


def _part(title: str, verdict: DimensionVerdict, items: Iterable[Text]) -> Iterator[Block]:
    every = iter(items)
    shown = tuple(islice(every, _MOST))
    if not shown:
        return
    yield Heading(2, title, f"summary-{verdict.indication}-{verdict.code}")
    yield Bullets(shown, verdict)
    if more := sum(1 for _ in every):
        yield Paragraph(f"and {more:,} more: “Results” and manifest.json have them.", quiet=True)


def _broken(verification: Verification) -> Iterator[Text]:
    """Yield a line for each diagnosis that failed a dimension, and for each failure without."""
    for source in verification.subjects:
        if (verdict := source.verdict) is None:
            continue
        name = strong(short_name_of(source))
        for diagnosis in verdict.diagnoses:
            if indication_of(diagnosis, verdict) is Indication.FAILED:
                yield (f"{headline(diagnosis)}, in ", name, ". ", mono(diagnosis.kind))
        explained = {diagnosis.kind.value for diagnosis in verdict.diagnoses}
        for answer in map(verdict.dimension, Dimension):
            if answer.indication is Indication.FAILED and not explained & set(answer.codes):
                yield _failure(answer, name)


def _failure(answer: DimensionVerdict, name: Run) -> Text:
    return (name, f": {meaning_of(answer).meaning} ", mono(answer.code or ""))


def _proven(verification: Verification, *, weak: bool) -> list[Text]:
    return [
        (_title(which), " of ", *listed(map(short_name_of, sources)), f": {proven(which, code)}")
        for (which, code), sources in _by_code(verification, Indication.PASSED).items()
        if (code in WEAK) is weak
    ]


def _open(verification: Verification) -> list[Text]:
    return [
        (
            _title(which),
            " of ",
            *listed(map(short_name_of, sources)),
            f": {_why(code)} ",
            mono(code),
        )
        for (which, code), sources in _by_code(verification, Indication.INDETERMINATE).items()
    ]


def _why(code: str) -> str:
    return undecided(DimensionVerdict(Indication.INDETERMINATE, code or None))


def _title(which: Dimension) -> str:
    return which.value.capitalize()


def _by_code(
    verification: Verification, indication: Indication
) -> Mapping[tuple[Dimension, str], list[SourceVerdict]]:
    """Group subjects by dimension and code; signers' names are no reason to part them."""
    groups: dict[tuple[Dimension, str], list[SourceVerdict]] = {}
    for which in Dimension:
        for source in verification.subjects:
            answer = source.verdict.dimension(which) if source.verdict else None
            if answer and answer.indication is indication:
                signed = which is Dimension.AUTHENTICITY and indication is Indication.PASSED
                code = "" if signed else answer.code or ""
                groups.setdefault((which, code), []).append(source)
    return groups


def _not_judged(verification: Verification) -> Iterator[Block]:
    texts: list[Text] = []
    if verification.context:
        count = plural(len(verification.context), "file")
        texts.append(f"{count} of what was handed over were not judged; the register names them.")
    problems = sum(len(s.problems) for s in verification.sources) + len(verification.problems)
    if problems:
        texts.append(f"The register lists {plural(problems, 'problem')} with the evidence itself.")
    if texts:
        yield Heading(2, "What was not judged", "summary-rest")
        yield Bullets(tuple(texts))


SECTION = Section("summary", "Summary", 20, _build)
