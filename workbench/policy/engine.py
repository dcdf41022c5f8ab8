"""Run a pack of checks over a case. Fail closed: what is not known is never satisfied.

For each check, in this order:

1. the population is narrowed by ``where``; an empty one is INDETERMINATE, not SATISFIED;
2. a row that lacks a needed field is undecided before the rule is asked;
3. the rule is asked; anything but true or false is undecided, with what went wrong;
4. one exception makes it NOT_SATISFIED; else one undecided row makes it INDETERMINATE.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import ProfileError
from workbench.model.policy import (
    Check,
    CheckOutcome,
    CheckResult,
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

#: Every row of a population, or None where no source of the case can have any.
Rows = Callable[[Population], Sequence[Row] | None]
#: How many events there are, and those that a query finds, as rows.
Events = Callable[[str], tuple[int, Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class _Rule:
    check: Check
    where: "Program | None"
    rule: "Program | None"


def run_pack(
    pack: Pack, *, rows: Rows, events: Events, progress: Progress, cancel: Cancel
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
        results.append(_run(rule, rows, events, cancel))
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


def _run(rule: _Rule, rows: Rows, events: Events, cancel: Cancel) -> CheckResult:
    check = rule.check
    if check.population is Population.EVENT:
        return _of_events(check, events)
    found = rows(check.population)
    if found is None:
        reason = f"No source of this case shows any {_words(check.population)}."
        return CheckResult(check, CheckOutcome.INDETERMINATE, 0, 0, reason=reason)
    return _of_rows(rule, found, cancel)


def _of_events(check: Check, events: Events) -> CheckResult:
    population, exceptions = events(check.exceptions)
    if not population:
        reason = "The case holds no events."
        return CheckResult(check, CheckOutcome.INDETERMINATE, 0, 0, reason=reason)
    outcome = CheckOutcome.NOT_SATISFIED if exceptions else CheckOutcome.SATISFIED
    reason = f"{len(exceptions):,} of {population:,} are exceptions." if exceptions else ""
    return CheckResult(check, outcome, population, population, tuple(exceptions), reason=reason)


def _of_rows(rule: _Rule, rows: Sequence[Row], cancel: Cancel) -> CheckResult:
    exceptions: list[Row] = []
    undecided: list[Undecided] = []
    population = 0
    for number, row in enumerate(rows):
        if not number % 256:
            cancel.check()
        belongs = _ask(rule.where, row) if rule.where is not None else True
        if belongs is False:
            continue
        population += 1
        answer = belongs if isinstance(belongs, str) else _answer(rule, row)
        if isinstance(answer, str):
            undecided.append(Undecided(row, answer))
        elif not answer:
            exceptions.append(row)
    return _result(rule.check, population, exceptions, undecided)


def _answer(rule: _Rule, row: Row) -> bool | str:
    missing = [name for name in rule.check.needs if row.fields.get(name) is None]
    if missing:
        return f"The evidence does not say {', '.join(missing)}."
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
        return f"The rule could not be answered: {error}."
    return said if isinstance(said, bool) else "The rule answers neither true nor false."


def _is_large(value: Value) -> bool:
    return isinstance(value, tuple | Mapping) and len(value) > MOST_ITEMS


def _result(
    check: Check, population: int, exceptions: Sequence[Row], undecided: Sequence[Undecided]
) -> CheckResult:
    if not population:
        outcome, reason = CheckOutcome.INDETERMINATE, "Nothing in this case is of that kind."
    elif exceptions:
        outcome = CheckOutcome.NOT_SATISFIED
        reason = f"{len(exceptions):,} of {population:,} are exceptions."
    elif undecided:
        outcome = CheckOutcome.INDETERMINATE
        reason = f"{len(undecided):,} of {population:,} could not be decided."
    else:
        outcome, reason = CheckOutcome.SATISFIED, ""
    tested = population - len(undecided)
    return CheckResult(
        check, outcome, population, tested, tuple(exceptions), tuple(undecided), reason
    )


def _words(population: Population) -> str:
    return population.value.replace("_", " ")
