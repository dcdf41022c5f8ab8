"""``workbench check``: ask a case the checks of a pack."""

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import Folder, Who, opened
from workbench.errors import UsageError
from workbench.model.policy import CheckOutcome

if TYPE_CHECKING:
    from workbench.model.policy import CheckResult, Pack

#: Exceptions that are printed of each check; all of them stand in ``--json``.
_MOST = 10


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help="Ask a case the checks of a pack.")(check)


def check(
    folder: Folder,
    pack: Annotated[
        str, typer.Option("--pack", metavar="ID|FILE", help="Pack of checks.")
    ] = "ml-baseline",
    finding: Annotated[
        list[str] | None,
        typer.Option("--finding", metavar="ID", help="Make a finding of this check's exceptions."),
    ] = None,
    as_json: o.AsJson = False,
    who: Who = None,
) -> int:
    """Print each check; exit 1 for an exception, 2 for what could not be decided, else 0."""
    from workbench.model.policy_contract import checks_to_json
    from workbench.services import cases, checking, findings

    write = True if finding else None
    with work() as (progress, cancel), opened(folder, who=who, write=write) as case:
        ask = checking.run if case.writable else checking.answers
        chosen, results = ask(case, pack, progress=progress, cancel=cancel)
        unwritten = case.why_read_only
        stale = cases.standing(case).stale
        wanted = [_asked(results, number) for number in finding or []]
        made = [findings.add(case, checking.finding_of(result)) for result in wanted]
    if as_json:
        known = checking.frameworks()
        say_json(checks_to_json(chosen, results, exit_code(results), known))
    else:
        _show(chosen, results)
        if stale:
            say(f"Out of date: {stale} Verify the case again.")
        if unwritten:
            say(f"Not put on record: {unwritten}")
        _show_frameworks(chosen)
        for one in made:
            say(f"Finding {one.id}: {one.title}.")
    return exit_code(results)


def exit_code(results: "tuple[CheckResult, ...]") -> int:
    """Return 1, 2 or 0 as for a verdict (VERDICTS section 7)."""
    outcomes = {result.outcome for result in results}
    if CheckOutcome.NOT_SATISFIED in outcomes:
        return 1
    return 2 if CheckOutcome.INDETERMINATE in outcomes else 0


def _asked(results: "tuple[CheckResult, ...]", number: str) -> "CheckResult":
    for result in results:
        if result.check.id == number:
            if not result.exceptions:
                raise UsageError(f"{number} has no exceptions to make a finding of.")
            return result
    raise UsageError(f"The pack has no check {number}.")


def _show(pack: "Pack", results: "tuple[CheckResult, ...]") -> None:
    say(f"{pack.title} ({pack.id}, version {pack.version}, SHA-256 {pack.sha256})")
    for note in results[0].notes if results else ():
        say(note)
    for result in results:
        _show_result(result)
    counts = {o: sum(r.outcome is o for r in results) for o in CheckOutcome}
    say()
    say(", ".join(f"{n} {outcome.value}" for outcome, n in counts.items() if n) + ".")


def _show_frameworks(pack: "Pack") -> None:
    from workbench.model.policy import mapped
    from workbench.services import checking

    say()
    for framework in mapped(pack.checks, checking.frameworks()):
        say(f"{framework.id}: {framework.title}, {framework.dates}. {framework.status}")


def _show_result(result: "CheckResult") -> None:
    check = result.check
    tested = f"{result.tested:,} of {result.population:,} tested"
    say()
    say(f"{check.id}  {result.said}  {check.title}")
    say(f"  {tested}. {result.reason}".rstrip())
    if result.protection:
        say(f"  {result.protection}")
    if check.mappings:
        say(f"  maps to: {'; '.join(f'{m.framework} {m.clause}' for m in check.mappings)}")
    for row in result.exceptions[:_MOST]:
        say(f"  exception: {row.label}{_where(row.evidence)}")
    if len(result.exceptions) > _MOST:
        say(f"  and {len(result.exceptions) - _MOST:,} more (--json has all)")
    for reason in dict.fromkeys(one.reason for one in result.undecided[:_MOST]):
        say(f"  undecided: {reason}")


def _where(places: tuple[object, ...]) -> str:
    place = next(iter(places), None)
    return f" [{place.locator}]" if place is not None else ""  # type: ignore[attr-defined]
