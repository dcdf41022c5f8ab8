"""The words of a report in another language: what has no translation stays English, and says so.

Only words of this program are translated, never evidence: labels, heads, titles wherever they
stand; sentences only where they are whole and long enough not to be somebody's name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from workbench import resources
from workbench.errors import UsageError
from workbench.evidence.strict_yaml import load_yaml
from workbench.model.profile_node import Node
from workbench.model.verdict import DimensionVerdict
from workbench.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Heading,
    KeyValues,
    Paragraph,
    Passage,
    QrCode,
    Said,
    SignaturePlaces,
    Table,
    Text,
    Title,
    VerdictCard,
)

ENGLISH = "en"
#: Characters from which on a whole text of a cell is a sentence of ours.
_SENTENCE = 40
_NUMBERED = re.compile(r"(?:[\d.]+  )?")
#: Labels whose values are words of ours.
_OWN = frozenset({"Status"})
#: Keys of headings that are names of evidence, of findings, of checks, of rules.
_NAMES = re.compile(
    r"(?:subject|proof|recipe|lineage)-\d+|(?:finding|rule|statement)-.*|check-(?!mappings).*"
)


@dataclass(frozen=True)
class Tongue:
    """A language of reports.

    Attributes:
        id: as it is chosen, as ``de``.
        lang: as a PDF names it (RFC 3066), as ``de-DE``.
        name: what it calls itself.
        page: number of a page, with ``{page}`` and ``{total}``.
        draft: the word across a draft.
        words: dimensions and indications, by their own words.
        texts: translations, by the English text.
        patterns: the same, of texts with something to fill in.
    """

    id: str
    lang: str
    name: str
    page: str
    draft: str
    words: Mapping[str, str]
    texts: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def say(self, text: str) -> str:
        """Return a text in this language; where there is no translation, as it is."""
        if text in self.texts:
            return Said(self.texts[text])
        for pattern, said in self.patterns:
            if found := pattern.fullmatch(text):
                return Said(said.format(**found.groupdict()))
        return text


_IN_ENGLISH = Tongue(ENGLISH, "en-GB", "English", "Page {page} of {total}", "DRAFT", {}, {}, ())


@cache
def tongues() -> Mapping[str, Tongue]:
    """Return the languages that there are, English first."""
    files = sorted(resources.path("languages").glob("*.yaml"))
    found = (_load(file.read_bytes(), file.name) for file in files)
    return {tongue.id: tongue for tongue in (_IN_ENGLISH, *found)}


def tongue(name: str) -> Tongue:
    """Return a language.

    Raises:
        UsageError: reports are not written in it.
    """
    if name not in tongues():
        raise UsageError(f"Reports are written in {', '.join(tongues())}; not in {name}.")
    return tongues()[name]


def translated(blocks: Iterable[Block], into: Tongue) -> tuple[Block, ...]:
    """Return blocks with the words of this program in a language."""
    if into.id == ENGLISH:
        return tuple(blocks)
    return tuple(_block(block, into) for block in blocks)


def _block(block: Block, into: Tongue) -> Block:
    match block:
        case Heading():
            return (
                block
                if _NAMES.fullmatch(block.key)
                else replace(block, text=_heading(block.text, into))
            )
        case Title():
            return replace(block, kind=into.say(block.kind), text=Said(block.text))
        case Paragraph():
            return replace(block, text=_text(block.text, into, least=0))
        case Passage():
            return replace(block, label=into.say(block.label))
        case QrCode():
            return replace(block, beside=into.say(block.beside))
        case Callout():
            lines = tuple(_text(line, into, least=0) for line in block.lines)
            return replace(block, title=into.say(block.title), lines=lines)
        case Bullets():
            return replace(block, items=tuple(_text(item, into) for item in block.items))
        case SignaturePlaces():
            fields = tuple((into.say(label), field) for label, field in block.fields)
            return replace(block, fields=fields)
        case _:
            return _table(block, into)


def _table(block: Block, into: Tongue) -> Block:
    match block:
        case KeyValues():
            rows = tuple(
                (into.say(label), _text(value, into, least=0 if label in _OWN else _SENTENCE))
                for label, value in block.rows
            )
            return replace(block, rows=rows)
        case Table():
            columns = tuple(replace(each, title=into.say(each.title)) for each in block.columns)
            least = 0 if block.own else _SENTENCE
            cells = tuple(tuple(_cell(cell, into, least) for cell in row) for row in block.rows)
            return replace(block, columns=columns, rows=cells, caption=into.say(block.caption))
        case VerdictCard():
            rows_of_card = tuple(
                replace(
                    row,
                    title=_word(row.dimension, into),
                    word=_verdict(row.verdict.indication, into),
                    sentence=_text(row.sentence, into),
                )
                for row in block.rows
            )
            return replace(block, rows=rows_of_card)
        case _:
            return block


def _heading(text: str, into: Tongue) -> str:
    """Return a heading in a language, its number before it."""
    number = _NUMBERED.match(text)
    before = number[0] if number else ""
    said = into.say(text[len(before) :])
    return Said(f"{before}{said}") if isinstance(said, Said) else text


def _text(text: Text, into: Tongue, *, least: int = _SENTENCE) -> Text:
    """Return a text in a language where all of it has a translation."""
    if isinstance(text, str):
        return into.say(text) if len(text) >= least else text
    return text


def _cell(cell: Cell, into: Tongue, least: int) -> Cell:
    return cell if isinstance(cell, DimensionVerdict) else _text(cell, into, least=least)


def _word(word: str, into: Tongue) -> str:
    return Said(into.words.get(word, word.capitalize()))


def _verdict(word: str, into: Tongue) -> str:
    """Return a verdict in a language with the word by which programs and standards know it."""
    return Said(f"{into.words[word]} ({word})") if word in into.words else word


def _load(data: bytes, what: str) -> Tongue:
    top = Node(load_yaml(data, what=what), "", what)
    texts = dict(top.pairs("texts"))
    loaded = Tongue(
        id=top.text("id"),
        lang=top.text("lang"),
        name=top.text("name"),
        page=top.text("page"),
        draft=top.text("draft"),
        words=dict((*top.pairs("verdicts"), *top.pairs("dimensions"))),
        texts={key: said for key, said in texts.items() if not _blanks(key)},
        patterns=tuple((_pattern(key), said) for key, said in texts.items() if _blanks(key)),
    )
    top.done()
    return loaded


def _blanks(text: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", text)


def _pattern(text: str) -> re.Pattern[str]:
    """Return what a text with blanks matches: numbers, nothing else, stand in them."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[\\d,]+)", re.escape(text)))
