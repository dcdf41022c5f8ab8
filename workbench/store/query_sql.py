"""Turn a parsed query into SQL with parameters; never a text of the query into SQL.

What holds here, for both engines (VERDICTS section 9): a field that a row lacks is NULL, so what
asks for it is neither true nor false, and neither is its contrary (SQL's own three values). Only
``present`` and ``anywhere`` are always true or false.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

from workbench.errors import QueryError
from workbench.evidence.linear_regex import BadPatternError, pattern_of
from workbench.model.query import (
    And,
    Anywhere,
    Between,
    Compare,
    Node,
    Not,
    Op,
    Or,
    Pattern,
    Present,
    Scalar,
    Span,
    Value,
)
from workbench.model.query_fields import Field, FieldKind

#: A tuple stands for a list; being hashable, a condition can be remembered.
Parameter = str | int | float | bytes | tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition with its parameters, in the order of their question marks."""

    text: str
    parameters: tuple[Parameter, ...] = ()

    def within(self, before: str, after: str) -> "Sql":
        """Return it with fixed SQL around it."""
        return Sql(f"{before}{self.text}{after}", self.parameters)


TRUE, FALSE = Sql("(1 = 1)"), Sql("(1 = 0)")


class Target(Protocol):
    """What a query is asked of: a list with its fields."""

    def among(self) -> Self:
        """Return the target of what is asked of those rows alone that satisfy something else."""
        ...

    def compare(self, field: Field, op: Op, value: Value) -> Sql:
        """Return the condition that a field stands so to a value."""
        ...

    def between(self, field: Field, low: Scalar, high: Scalar) -> Sql:
        """Return the condition that a field lies between two values."""
        ...

    def present(self, field: Field) -> Sql:
        """Return the condition that a row has a field."""
        ...

    def anywhere(self, value: str | Pattern) -> Sql:
        """Return the condition that a text field of the row holds a text."""
        ...


def compile_query(node: Node | None, target: Target) -> Sql:
    """Return the condition of a query; of no query, one that everything satisfies.

    Raises:
        QueryError: a regular expression cannot be understood.
    """
    match node:
        case None:
            return TRUE
        case And(parts):
            first, *others = parts
            few = target.among()
            return joined(
                " AND ",
                [compile_query(first, target), *(compile_query(part, few) for part in others)],
            )
        case Or(parts):
            return joined(" OR ", [compile_query(part, target) for part in parts])
        case Not(part):
            return compile_query(part, target).within("(NOT ", ")")
        case Compare(field, op, value):
            _require_pattern(value)
            return target.compare(field, op, value)
        case Between(field, low, high):
            return target.between(field, low, high)
        case Present(field):
            return target.present(field)
        case Anywhere(value):
            _require_pattern(value)
            return target.anywhere(value)


def joined(word: str, parts: list[Sql]) -> Sql:
    """Return parts joined by AND or OR."""
    text = word.join(part.text for part in parts)
    return Sql(f"({text})", tuple(p for part in parts for p in part.parameters))


def _require_pattern(value: Value) -> None:
    if isinstance(value, Pattern):
        try:
            pattern_of(value.text)
        except BadPatternError as error:
            message = f"This regular expression cannot be understood: {error}."
            raise QueryError(message, offset=value.offset) from error


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine asks a text: an expression goes in for ``{}``; and its unit of time.

    Attributes:
        holds: whether a text holds another, which is in lower case already.
        matches: whether RE2 finds a pattern.
        nanoseconds: of one unit in which it keeps moments.
    """

    holds: Callable[[str, str], Sql]
    matches: str
    nanoseconds: int


def _duck_holds(expression: str, folded: str) -> Sql:
    return Sql(f"contains(lower({expression}), lower(?))", (folded,))


#: What LIKE does not do as we do, by the letter in a text that is looked for: a capital that is no
#: ASCII has an ASCII letter for its lower case; and it does not look behind a NUL.
_RARE = (("", 0), ("i", 0x130), ("k", 0x212A))
Rare = Callable[[int], bool]


def always(_: int) -> bool:
    """Tell that a character may be in some text."""
    return True


def _sqlite_holds(rare: Rare, expression: str, folded: str) -> Sql:
    """Return the condition by SQLite's own LIKE, which is quick and folds ASCII alone.

    Where that may not be enough for a text, ours is asked; ``rare`` says of a character whether any
    text has it.
    """
    if not folded.isascii() or "\0" in folded:
        return Sql(f"holds({expression}, ?)", (folded,))
    points = [point for letter, point in _RARE if letter in folded and rare(point)]
    pattern = re.sub(r"([\\%_])", r"\\\1", folded)
    like = Sql(f"({expression} LIKE ? ESCAPE '\\')", (f"%{pattern}%",))
    if not points:
        return like
    unlike = " OR ".join(f"instr({expression}, char({point}))" for point in points)
    return joined(" OR ", [like, Sql(f"(({unlike}) AND holds({expression}, ?))", (folded,))])


DUCK = Engine(_duck_holds, "regexp_matches({}, ?)", 1)


def sqlite(rare: Rare = always) -> Engine:
    """Return SQLite as an engine over texts of which ``rare`` says which characters are in them."""
    return Engine(partial(_sqlite_holds, rare), "matches({}, ?)", 1000)


SQLITE = sqlite()


def of_text(engine: Engine, expression: str, op: Op, value: Value) -> Sql:
    """Return the condition that a text stands so to a value."""
    if isinstance(value, Pattern):
        return Sql(engine.matches.format(expression), (value.text,))
    if op is Op.HAS:
        return engine.holds(expression, str(value).lower())
    return Sql(f"({expression} {_SIGNS[op]} ?)", (str(value),))


_SIGNS: Mapping[Op, str] = {
    Op.HAS: "=",
    Op.EQUAL: "=",
    Op.DIFFERS: "<>",
    Op.LESS: "<",
    Op.AT_MOST: "<=",
    Op.MORE: ">",
    Op.AT_LEAST: ">=",
}


def of_number(expression: str, op: Op, value: Value) -> Sql:
    """Return the condition that a number stands so to a value."""
    number = value if isinstance(value, int | float) else 0
    return Sql(f"({expression} {_SIGNS[op]} ?)", (number,))


def of_time(engine: Engine, expression: str, op: Op, value: Value) -> Sql:
    """Return the condition that a moment stands so to a moment or a whole day."""
    if not isinstance(value, Span):
        return FALSE
    first, last = value.first // engine.nanoseconds, value.last // engine.nanoseconds
    match op:
        case Op.HAS | Op.EQUAL:
            return Sql(f"({expression} BETWEEN ? AND ?)", (first, last))
        case Op.DIFFERS:
            return Sql(f"({expression} NOT BETWEEN ? AND ?)", (first, last))
        case Op.LESS | Op.AT_LEAST:
            return Sql(f"({expression} {_SIGNS[op]} ?)", (first,))
        case Op.MORE | Op.AT_MOST:
            return Sql(f"({expression} {_SIGNS[op]} ?)", (last,))


def of_word(expression: str, op: Op, value: Value) -> Sql:
    """Return the condition that a word is, or is not, another."""
    sign = "<>" if op is Op.DIFFERS else "="
    return Sql(f"(lower({expression}) {sign} ?)", (str(value),))


def of_kind(engine: Engine, kind: FieldKind, expression: str, op: Op, value: Value) -> Sql:
    """Return the condition for an expression of a kind."""
    match kind:
        case FieldKind.TEXT:
            return of_text(engine, expression, op, value)
        case FieldKind.NUMBER:
            return of_number(expression, op, value)
        case FieldKind.TIME:
            return of_time(engine, expression, op, value)
        case FieldKind.WORD | FieldKind.FLAGS:
            return of_word(expression, op, value)


def of_range(compare: Callable[[Op, Scalar], Sql], low: Scalar, high: Scalar) -> Sql:
    """Return the condition that something lies between two values, both included."""
    return joined(" AND ", [compare(Op.AT_LEAST, low), compare(Op.AT_MOST, high)])


def test_of(op: Op, value: Value) -> Callable[[str], bool]:
    """Return the same question as ``of_text``, for texts that are at hand."""
    if isinstance(value, Pattern):
        return pattern_of(value.text).search
    wanted = str(value)
    tests: dict[Op, Callable[[str], bool]] = {
        Op.HAS: lambda text: wanted.lower() in text.lower(),
        Op.EQUAL: lambda text: text == wanted,
        Op.DIFFERS: lambda text: text != wanted,
        Op.LESS: lambda text: text < wanted,
        Op.AT_MOST: lambda text: text <= wanted,
        Op.MORE: lambda text: text > wanted,
        Op.AT_LEAST: lambda text: text >= wanted,
    }
    return tests[op]
