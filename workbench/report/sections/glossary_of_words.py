"""Every word and code that occurs in this report, explained."""

from collections.abc import Iterator

from workbench.model.verdict import Dimension, Indication, SubjectVerdict
from workbench.model.verification import Verification
from workbench.report.context import Page, Section
from workbench.report.document import Block, Column, Heading, Table, Text, mono, quiet, strong
from workbench.report.glossary import Word, words

_COLUMNS = (Column("Word", 0.33), Column("What it means", 0.67))
_GROUPS = {
    "indications": "The three words of a verdict",
    "dimensions": "The four questions",
    "codes": "Codes",
    "diagnoses": "Diagnoses",
    "assurance": "Levels of assurance",
    "terms": "Other terms",
}
_ALWAYS = frozenset({"indications", "dimensions", "assurance", "terms"})


def _build(page: Page) -> Iterator[Block]:
    used = _used(page.context.verification)
    for group, title in _GROUPS.items():
        rows = tuple(
            _row(word)
            for word in words().values()
            if word.group == group and (group in _ALWAYS or word.name in used)
        )
        if rows:
            yield Heading(2, title, f"words-{group}")
            yield Table(_COLUMNS, rows)


def _row(word: Word) -> tuple[Text, ...]:
    name = mono(word.name) if word.group in {"codes", "diagnoses"} else strong(_title(word))
    if not word.decides:
        return (name, word.meaning)
    return (name, (f"{word.meaning} ", quiet(f"Decided by: {word.decides}")))


def _title(word: Word) -> str:
    return word.short if word.group in {"dimensions", "assurance"} else word.name


def _used(verification: Verification) -> set[str]:
    used: set[str] = set()
    for which in Dimension:
        used.update(verification.dimension(which).codes)
    for source in verification.subjects:
        if source.verdict:
            used |= _codes(source.verdict)
        used.update(problem.code for problem in source.problems)
    return used


def _codes(verdict: SubjectVerdict) -> set[str]:
    used = {code for which in Dimension for code in verdict.dimension(which).codes}
    used.update(diagnosis.kind.value for diagnosis in verdict.diagnoses)
    used.update(s.code for s in verdict.signatures if s.code)
    return used | {Indication.PASSED.value}


SECTION = Section("words", "Words and codes", 90, _build)
