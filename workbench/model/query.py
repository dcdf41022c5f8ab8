"""The query language of VERDICTS section 9: text in, a tree with places in the text out.

::

    query = or ;  or = and, {"OR", and} ;  and = not, {["AND"], not} ;  not = ["NOT" | "-"], term ;
    term  = "(", query, ")" | field, op, value | word | '"' text '"' | "/" re2 "/" ;
    op    = ":" | "=" | "!=" | "<" | "<=" | ">" | ">=" | ":[" from ".." to "]" | ":*" ;

What holds here: every value is read for the kind of its field, so that whoever compiles the tree
needs to understand no text; every error says at which character; the tree is never deep.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from workbench.errors import NoFieldError, QueryError
from workbench.model.moment import day_of, moment_of
from workbench.model.query_fields import Field, FieldKind, FieldSet

MOST_NESTING = 40
MOST_TERMS = 500
MOST_TEXT = 10_000


class Op(StrEnum):
    """How a field is compared."""

    HAS = ":"
    EQUAL = "="
    DIFFERS = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Span:
    """Moments from ``first`` to ``last``, both included: one moment, or a whole UTC day."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for the linear engine, and where it stands in the query."""

    text: str
    offset: int


Scalar = str | int | float | Span
Value = Scalar | Pattern


@dataclass(frozen=True, slots=True)
class Compare:
    """A field compared with a value."""

    field: Field
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Between:
    """A field from one value to another, both included."""

    field: Field
    low: Scalar
    high: Scalar


@dataclass(frozen=True, slots=True)
class Present:
    """A field that is there, whatever its value."""

    field: Field


@dataclass(frozen=True, slots=True)
class Anywhere:
    """Text in any text field."""

    value: str | Pattern


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; a field that is missing satisfies neither."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any part."""

    parts: tuple["Node", ...]


Node = Compare | Between | Present | Anywhere | Not | And | Or

_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"([^\W\d][\w.@-]*)(:\[|:|!=|<=|>=|<|>|=)")
_WORD = re.compile(r'[^\s()"]+')
_KEYWORD = re.compile(r"(OR|AND|NOT)(?=[\s()\"]|$)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\\n]|\\.)*)/")
_STAR = re.compile(r"\*(?=[\s()]|$)")
_EDGE = re.compile(r"(?=[\s()\]]|$)")
_RANGE_END = re.compile(r'(?:(?!\.\.)[^\s"\]])+')
_ESCAPE = re.compile(r'\\(["\\])')


def parse(text: str, fields: FieldSet) -> Node | None:
    """Return what ``text`` asks for; None where it asks for everything.

    Raises:
        QueryError: with the place in the text.
    """
    if len(text) > MOST_TEXT:
        raise QueryError(f"A query has at most {MOST_TEXT} characters.", offset=MOST_TEXT)
    return _Parser(text, fields).whole()


def quoted(text: str) -> str:
    """Return a text as a term or value of a query that is compared as it is."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Parser:
    """Reads a query from left to right, one method a rule of the grammar."""

    def __init__(self, text: str, fields: FieldSet) -> None:
        self._text = text
        self._fields = fields
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._lacking: dict[str, tuple[str, int]] = {}

    def whole(self) -> Node | None:
        """Return it; fields that the list does not have are looked for to the end, to name all."""
        node: Node | None = None
        try:
            node = self._all()
        except QueryError:
            if not self._lacking:
                raise
        if not self._lacking:
            return node
        names, places = zip(*self._lacking.values(), strict=True)
        message = f"There is no field {names[0]} here. To look for text, put it in quotes."
        raise NoFieldError(message, fields=names, offset=places[0])

    def _all(self) -> Node | None:
        self._skip()
        if self._ended():
            return None
        node = self._or()
        if not self._ended():
            self._fail("This closing parenthesis has no opening one.")
        return node

    def _or(self) -> Node:
        parts = [self._and()]
        while self._keyword("OR"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._keyword("AND") or not self._at_end_of_and():
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _at_end_of_and(self) -> bool:
        return self._ended() or self._text[self._at] == ")" or self._next_keyword() == "OR"

    def _not(self) -> Node:
        if self._keyword("NOT"):
            return Not(self._term())
        if self._text.startswith("-", self._at) and not self._ended(self._at + 1):
            self._at += 1
            return Not(self._term())
        return self._term()

    def _term(self) -> Node:
        self._terms += 1
        if self._terms > MOST_TERMS:
            self._fail(f"A query has at most {MOST_TERMS} terms.")
        if self._ended():
            self._fail("Something to look for is missing at the end.")
        if self._next_keyword():
            self._fail(f"{self._next_keyword()} stands where something to look for should be.")
        match self._text[self._at]:
            case "(":
                return self._group()
            case '"':
                return Anywhere(self._quoted())
            case "/":
                return Anywhere(self._regex())
            case ")":
                self._fail("Something to look for is missing before this parenthesis.")
            case _:
                pass
        found = _FIELD.match(self._text, self._at)
        return Anywhere(self._word()) if found is None else self._comparison(found)

    def _group(self) -> Node:
        start = self._at
        self._depth += 1
        if self._depth > MOST_NESTING:
            self._fail(f"Parentheses are nested deeper than {MOST_NESTING}.")
        self._move(start + 1)
        node = self._or()
        if self._ended():
            self._fail("This parenthesis is never closed.", start)
        self._depth -= 1
        self._move(self._at + 1)
        return node

    def _comparison(self, found: re.Match[str]) -> Node:
        name, sign = found.groups()
        field = self._fields.find(name)
        if field is None:
            self._lacking.setdefault(name.lower(), (name, self._at))
            field = Field(name, FieldKind.TEXT, name)
        self._at = found.end()
        if sign == ":[":
            return self._between(field)
        if sign == ":" and _STAR.match(self._text, self._at):
            self._move(self._at + 1)
            return Present(field)
        op = Op(sign)
        self._require_order(field, op, found.start(2))
        return Compare(field, op, self._value(field, op))

    def _require_order(self, field: Field, op: Op, at: int) -> None:
        unordered = {FieldKind.WORD, FieldKind.FLAGS}
        if field.kind in unordered and op not in {Op.HAS, Op.EQUAL, Op.DIFFERS}:
            self._fail(f"{field.name} has no order: use : or = or != with it.", at)

    def _between(self, field: Field) -> Between:
        if field.kind in {FieldKind.WORD, FieldKind.FLAGS}:
            self._fail(f"{field.name} has no order, so it has no range.", self._at - 2)
        low = self._bound(field)
        if not self._text.startswith("..", self._at):
            self._fail("A range is written [from..to].")
        self._move(self._at + 2)
        high = self._bound(field)
        if not self._text.startswith("]", self._at):
            self._fail("This range is never closed: it ends with ].")
        self._at += 1
        self._require_edge()
        return Between(field, low, high)

    def _bound(self, field: Field) -> Scalar:
        self._skip()
        start = self._at
        if self._text.startswith('"', start):
            text = self._quoted(edge=False)
        else:
            text = self._take(_RANGE_END, "A range is written [from..to].")
        self._skip()
        return self._typed(field, text, start)

    def _value(self, field: Field, op: Op) -> Value:
        start = self._at
        if self._text.startswith('"', start):
            return self._typed(field, self._quoted(), start)
        if self._text.startswith("/", start) and field.kind is FieldKind.TEXT:
            if op is not Op.HAS:
                self._fail("A regular expression follows a colon.", start)
            return self._regex()
        return self._typed(field, self._word(), start)

    def _typed(self, field: Field, text: str, start: int) -> Scalar:
        value = _READ[field.kind](text, field)
        if value is None:
            self._fail(_expected(field, text), start)
        return value

    def _word(self) -> str:
        return self._take(_WORD, "A value is missing here.", edge=True)

    def _quoted(self, *, edge: bool = True) -> str:
        text = self._take(_QUOTED, "This quotation mark is never closed.", edge=edge)
        return _ESCAPE.sub(r"\1", text[1:-1])

    def _regex(self) -> Pattern:
        start = self._at
        missing = "A regular expression begins here and has no end. To look for text, quote it."
        text = self._take(_REGEX, missing, edge=True)
        return Pattern(text[1:-1].replace(r"\/", "/"), start)

    def _take(self, pattern: re.Pattern[str], missing: str, *, edge: bool = False) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            self._fail(missing)
        self._at = found.end()
        if edge:
            self._require_edge()
        return found[0]

    def _require_edge(self) -> None:
        if not _EDGE.match(self._text, self._at):
            self._fail("A space is missing here. To look for this text as it is, quote it.")
        self._skip()

    def _next_keyword(self) -> str:
        found = _KEYWORD.match(self._text, self._at)
        return found[1] if found else ""

    def _keyword(self, word: str) -> bool:
        if self._next_keyword() != word:
            return False
        self._move(self._at + len(word))
        return True

    def _move(self, at: int) -> None:
        self._at = at
        self._skip()

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _ended(self, at: int | None = None) -> bool:
        return (self._at if at is None else at) >= len(self._text)

    def _fail(self, message: str, at: int | None = None) -> NoReturn:
        raise QueryError(message, offset=self._at if at is None else at)


def _number(text: str, _: Field) -> int | float | None:
    try:
        if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
            return int(text)
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _time(text: str, _: Field) -> Span | None:
    day = day_of(text)
    if day is not None:
        return Span(*day)
    moment = moment_of(text)
    return None if moment is None else Span(moment, moment)


def _one_of(text: str, field: Field) -> str | None:
    return text.lower() if text.lower() in field.words else None


_READ: dict[FieldKind, Callable[[str, Field], Scalar | None]] = {
    FieldKind.TEXT: lambda text, _: text,
    FieldKind.NUMBER: _number,
    FieldKind.TIME: _time,
    FieldKind.WORD: _one_of,
    FieldKind.FLAGS: _one_of,
}


def _expected(field: Field, text: str) -> str:
    match field.kind:
        case FieldKind.NUMBER:
            return f"{field.name} takes a number, not {text}."
        case FieldKind.TIME:
            return (
                f"{field.name} takes a date like 2026-06-30 or a time like 2026-06-30T12:00:00Z, "
                f"not {text}."
            )
        case _:
            return f"{field.name} is one of {', '.join(field.words)}; not {text}."
