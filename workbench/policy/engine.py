"""Run a pack of checks over a case. Fail closed: what is not known is never satisfied.

For each check, in this order:

1. a row of which nothing can be said is undecided, and stays in the population;
2. the population is narrowed by ``where``; an empty one is INDETERMINATE, not SATISFIED;
3. a row that lacks a needed field is undecided before the rule is asked;
4. the rule is asked; anything but true or false is undecided, with what went wrong;
5. a row that satisfies the rule but was read from a broken record is undecided;
6. one exception makes it NOT_SATISFIED; else one undecided row, one source that was not read
   whole, or one with Integrity FAILED behind a row makes it INDETERMINATE.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.errors import ProfileError
from workbench.model.policy import (
    Check,
    CheckOutcome,
    CheckResult,
    Footing,
    Pack,
    Population,
    Row,
    Undecided,
    Value,
)
from workbench.model.progress import Cancel, Progress
from workbench.policy.cost import MOST_ITEMS

if TYPE_CHECKING:
    from cel import Program

#: Causes that are named in a reason; more of them are counted.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """What a query finds among the events of a case.

    Attributes:
        population: how many events there are.
        found: how many of them the query finds.
        rows: the first of those.
        basis: how many events are protected how.
        shaken: sources with Integrity FAILED among those that the events are of.
    """

    population: int = 0
    found: int = 0
    rows: tuple[Row, ...] = ()
    basis: Mapping[Footing, int] = field(default_factory=dict)
    shaken: tuple[str, ...] = ()


#: Every row of a population, or None where no source of the case can have any.
Rows = Callable[[Population], Sequence[Row] | None]
#: What a query finds among the events.
Events = Callable[[str], FoundEvents]
#: What of the sources that a check is asked of was not read, in sentences.
Gaps = Callable[[Check], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Rule:
    check: Check
    where: "Program | None"
    rule: "Program | None"


def _no_gaps(_check: Check) -> Sequence[str]:
    return ()


def run_pack(
    pack: Pack,
    *,
    rows: Rows,
    events: Events,
    gaps: Gaps = _no_gaps,
    notes: tuple[str, ...] = (),
    progress: Progress,
    cancel: Cancel,
) -> tuple[CheckResult, ...]:
    """Return what each check of ``pack`` says, in its order.

    Raises:
        ProfileError: a rule is no CEL.
        Cancelled: the user stopped it.
    """
    rules = [_compiled(check) for check in pack.checks]
    results = []
    for done, rule in enumerate(rules):
        cancel.check()
        progress.advance(done, len(rules), f"check {rule.check.id}")
        tally = _asked(rule, rows, events, cancel)
        results.append(_result(rule.check, tally, gaps(rule.check), notes))
    return tuple(results)


def _compiled(check: Check) -> _Rule:
    return _Rule(check, _program(check.where, check), _program(check.rule, check))


def _program(expression: str, check: Check) -> "Program | None":
    from cel import compile as compile_cel

    if not expression:
        return None
    try:
        return compile_cel(expression)
    except ValueError as error:
        raise ProfileError(f"{check.id} is no CEL: {error}") from error


@dataclass(slots=True)
class _Tally:
    """What became of the rows of one check."""

    population: int = 0
    found: int = 0
    exceptions: list[Row] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    basis: Counter[Footing] = field(default_factory=Counter)
    shaken: dict[str, None] = field(default_factory=dict)
    nothing: str = "Nothing in this case is of that kind."


def _asked(rule: _Rule, rows: Rows, events: Events, cancel: Cancel) -> _Tally:
    check = rule.check
    if check.population is Population.EVENT:
        return _of_events(events(check.exceptions))
    found = rows(check.population)
    if found is None:
        kind = check.population.value.replace("_", " ")
        return _Tally(nothing=f"No source of this case shows any {kind}.")
    return _of_rows(rule, found, cancel)


def _of_events(found: FoundEvents) -> _Tally:
    return _Tally(
        found.population,
        found.found,
        list(found.rows),
        basis=Counter(found.basis),
        shaken=dict.fromkeys(found.shaken),
        nothing="The case holds no events.",
    )


def _of_rows(rule: _Rule, rows: Sequence[Row], cancel: Cancel) -> _Tally:
    tally = _Tally()
    for number, row in enumerate(rows):
        if not number % 256:
            cancel.check()
        answer = row.doubt or _belongs(rule, row)
        if answer is False:
            continue
        if answer is True:
            answer = _answer(rule, row)
        _count(tally, _resting(row, rule.check), answer)
    tally.found = len(tally.exceptions)
    return tally


def _resting(row: Row, check: Check) -> Row:
    """Return a row with what protects all that a check needs of it, wherever it was read."""
    used = [row.elsewhere[name] for name in check.needs if name in row.elsewhere]
    if not used:
        return row
    order = list(Footing)
    footing = min((row.footing, *(one for one, _ in used)), key=order.index)
    return replace(row, footing=footing, shaken=row.shaken or next((n for _, n in used if n), ""))


def _count(tally: _Tally, row: Row, answer: bool | str) -> None:
    tally.population += 1
    tally.basis[row.footing] += 1
    if row.shaken:
        tally.shaken[row.shaken] = None
    if answer is True and row.footing is Footing.BROKEN:
        answer = "It rests on a record that is broken."
    if isinstance(answer, str):
        tally.undecided.append(Undecided(row, answer))
    elif not answer:
        tally.exceptions.append(row)


def _belongs(rule: _Rule, row: Row) -> bool | str:
    return True if rule.where is None else _ask(rule.where, row)


def _answer(rule: _Rule, row: Row) -> bool | str:
    missing = [name for name in rule.check.needs if row.fields.get(name) is None]
    if missing:
        told = [row.silent[name] for name in missing if name in row.silent]
        return told[0] if told else f"The evidence does not say {', '.join(missing)}."
    return _ask(rule.rule, row) if rule.rule is not None else "There is no rule."


def _ask(program: "Program | None", row: Row) -> bool | str:
    """Return what a rule says of a row, or, in a sentence, why it says nothing."""
    if program is None:
        return "There is no rule."
    large = [name for name, value in row.fields.items() if _is_large(value)]
    if large:
        return f"{large[0]} has more than {MOST_ITEMS} entries, more than a rule is given."
    try:
        said = program.execute({"item": dict(row.fields)})
    except (ValueError, TypeError, KeyError, LookupError, ArithmeticError, RuntimeError) as error:
        told = next((why for name, why in row.silent.items() if f"'{name}'" in str(error)), "")
        return told or f"The rule could not be answered: {error}."
    return said if isinstance(said, bool) else "The rule answers neither true nor false."


def _is_large(value: Value) -> bool:
    return isinstance(value, tuple | Mapping) and len(value) > MOST_ITEMS


def _result(
    check: Check, tally: _Tally, gaps: Sequence[str], notes: tuple[str, ...]
) -> CheckResult:
    reasons = [*_reasons(tally), *_named(gaps, "more was not read whole")]
    if not tally.population:
        outcome = CheckOutcome.INDETERMINATE
    elif tally.found:
        outcome = CheckOutcome.NOT_SATISFIED
    else:
        outcome = CheckOutcome.INDETERMINATE if reasons else CheckOutcome.SATISFIED
    order = list(Footing)
    return CheckResult(
        check,
        outcome,
        tally.population,
        tally.population - len(tally.undecided),
        tuple(tally.exceptions),
        tuple(tally.undecided),
        " ".join(reasons),
        tuple(sorted(tally.basis.items(), key=lambda pair: order.index(pair[0]))),
        notes,
    )


def _reasons(tally: _Tally) -> Iterable[str]:
    """Yield what stands between a check and SATISFIED; rates are of what was tested."""
    if not tally.population:
        yield tally.nothing
    tested = tally.population - len(tally.undecided)
    if tally.found:
        yield f"{tally.found:,} of {tested:,} tested are exceptions."
    if len(tally.exceptions) < tally.found:
        yield f"The first {len(tally.exceptions):,} of them are listed."
    if tally.undecided:
        yield f"{len(tally.undecided):,} of {tally.population:,} could not be decided."
    if tally.basis[Footing.BROKEN]:
        yield f"Broken records behind it: {tally.basis[Footing.BROKEN]:,}."
    broken = [f"It rests on {name}, of which Integrity is FAILED." for name in tally.shaken]
    yield from _named(broken, "more with Integrity FAILED")


def _named(sentences: Sequence[str], more: str) -> Iterable[str]:
    yield from sentences[:_MOST_NAMED]
    if len(sentences) > _MOST_NAMED:
        yield f"And {len(sentences) - _MOST_NAMED:,} {more}."
