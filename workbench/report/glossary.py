"""The words of a verdict, explained once (``resources/help/words.yaml``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from workbench import resources
from workbench.evidence.strict_yaml import load_yaml
from workbench.model.verdict import Diagnosis, DimensionVerdict
from workbench.report.shorten import NAME, elide

_FILE = ("help", "words.yaml")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or code.

    Attributes:
        name: the word itself, as verdicts print it.
        group: ``indications``, ``dimensions``, ``codes``, ``diagnoses``, ``assurance``, ``terms``.
        meaning: what it means, one or two sentences.
        short: it in a few words, or "".
        decides: what would settle it, or "".
        headline: for a diagnosis, its name with ``{record}`` and ``{path}`` to fill in, or "".
        somewhere: the same where only a range is known, with ``{last}`` and ``{count}``, or "".
    """

    name: str
    group: str
    meaning: str
    short: str = ""
    decides: str = ""
    headline: str = ""
    somewhere: str = ""


@cache
def words() -> Mapping[str, Word]:
    """Return every word by its name, in the order of the file."""
    tree = load_yaml(resources.path(*_FILE).read_bytes(), what="/".join(_FILE))
    return {word.name: word for word in _read(tree)}


def _read(tree: object) -> list[Word]:
    found: list[Word] = []
    for group, entries in _mapping(tree).items():
        for name, entry in _mapping(entries).items():
            texts = {key: str(value) for key, value in _mapping(entry).items()}
            found.append(Word(name=name, group=group, **texts))
    return found


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{'/'.join(_FILE)}: a mapping is needed, not {value!r}")
    return value


def explain(code: str) -> Word | None:
    """Return the entry of a code; None for what has none, such as a signer's name."""
    return words().get(code)


def meaning_of(answer: DimensionVerdict) -> Word:
    """Return the entry of a verdict's code, or of its indication where the code has none."""
    return explain(answer.code or "") or words()[answer.indication]


def headline(diagnosis: Diagnosis) -> str:
    """Return what a diagnosis says, in one line: ``Record 1,742 was altered``."""
    word = words()[diagnosis.kind]
    line = word.headline if diagnosis.last is None else word.somewhere or word.headline
    for name, number in (
        ("{record}", diagnosis.record),
        ("{last}", diagnosis.last),
        ("{count}", diagnosis.count),
    ):
        line = line.replace(name, "(not located)" if number is None else f"{number:,}")
    return line.replace("{path}", elide(diagnosis.path or "A file", NAME))
