"""Every word and code that occurs in this report, explained."""

import json
import re
from collections.abc import Iterator

from workbench.model.contract import verification_to_json
from workbench.report.context import Page, Section
from workbench.report.document import Block, Column, Heading, Table, Text, mono, quiet, strong
from workbench.report.glossary import Word, words

_COLUMNS = (Column("Word", 0.33), Column("What it means", 0.67))
_GROUPS = {
    "indications": "The three words of a verdict",
    "dimensions": "The four questions",
    "codes": "Codes",
    "diagnoses": "Diagnoses",
    "problems": "What can be odd about evidence",
    "assurance": "Levels of assurance",
    "terms": "Other terms",
}
_MONO = frozenset({"codes", "diagnoses", "problems"})
_TOKEN = re.compile(r"[A-Z][A-Z_]{3,}")
_ALWAYS = frozenset({"indications", "dimensions", "assurance", "terms"})


def _build(page: Page) -> Iterator[Block]:
    used = _used(page)
    for group, title in _GROUPS.items():
        rows = tuple(
            _row(word)
            for word in words().values()
            if word.group == group and (group in _ALWAYS or word.name in used)
        )
        if rows:
            yield Heading(2, title, f"words-{group}")
            yield Table(_COLUMNS, rows, own=True)


def _row(word: Word) -> tuple[Text, ...]:
    name = mono(word.name) if word.group in _MONO else strong(_title(word))
    if not word.decides:
        return (name, word.meaning)
    return (name, (f"{word.meaning} ", quiet(f"Decided by: {word.decides}")))


def _title(word: Word) -> str:
    return word.short if word.group in {"dimensions", "assurance"} else word.name


def _used(page: Page) -> set[str]:
    """Return every word in capitals that occurs in what the report says, wherever it occurs."""
    context = page.context
    texts = [json.dumps(verification_to_json(context.verification))]
    texts += [difference for case in context.selftest.cases for difference in case.differences]
    return {word for text in texts for word in _TOKEN.findall(text)}


SECTION = Section("words", "Words and codes", 90, _build)
