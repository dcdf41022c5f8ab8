"""``workbench finding``: write findings, change them, list them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import Folder, Who, opened
from workbench.errors import UsageError
from workbench.model.case import Finding, FindingState, Severity

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number, as F-0001.")]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="One line.")]
HowGrave = Annotated[
    Severity | None, typer.Option("--severity", case_sensitive=False, help="How much it matters.")
]
Criteria = Annotated[str | None, typer.Option("--criteria", metavar="TEXT", help="What should be.")]
Condition = Annotated[str | None, typer.Option("--condition", metavar="TEXT", help="What is.")]
Cause = Annotated[
    str | None, typer.Option("--cause", metavar="TEXT", help="Why; 'Not established' will do.")
]
Consequence = Annotated[
    str | None, typer.Option("--consequence", metavar="TEXT", help="What follows from it.")
]
Action = Annotated[
    str | None, typer.Option("--action", metavar="TEXT", help="What to do about it.")
]
Owner = Annotated[
    str | None, typer.Option("--owner", metavar="NAME", help="Who answers for the action.")
]
Due = Annotated[
    str | None, typer.Option("--due", metavar="DATE", help="By when; '' takes the date away.")
]
FromCheck = Annotated[
    str | None,
    typer.Option("--from-check", metavar="ID", help="Of the exceptions of this check."),
]
PackName = Annotated[
    str, typer.Option("--pack", metavar="ID|FILE", help="Pack in which that check is.")
]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Findings: write them, change them, list them.")
    group.command("list", help="List the findings of a case.")(list_findings)
    group.command("show", help="Show a finding in full.")(show)
    group.command("new", help="Write a finding, or make one of a check's exceptions.")(new)
    group.command("change", help="Change a finding; the journal keeps old and new.")(change)
    app.add_typer(group, name="finding")


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the options say; None is "not said"."""

    title: str | None = None
    severity: Severity | None = None
    state: FindingState | None = None
    criteria: str | None = None
    condition: str | None = None
    cause: str | None = None
    consequence: str | None = None
    corrective_action: str | None = None
    owner: str | None = None
    response: str | None = None
    retest: str | None = None
    due: str | None = None

    def put_into(self, finding: Finding) -> Finding:
        """Return a finding with what was said in it."""
        said = {name: getattr(self, name) for name in self.__slots__ if name != "due"}
        changed = replace(finding, **{k: v for k, v in said.items() if v is not None})
        if self.due is not None:
            changed = replace(changed, due=o.time_of(self.due) if self.due else None)
        if not changed.title.strip():
            raise UsageError("A finding needs a title: --title TEXT.")
        return changed


def list_findings(folder: Folder, as_json: o.AsJson = False) -> int:
    """Print one line a finding."""
    from workbench.services import findings

    with opened(folder, write=False) as case:
        found = findings.every(case)
    if as_json:
        return _as_json(found)
    for one in found:
        due = f", due {one.due:%Y-%m-%d}" if one.due else ""
        owner = f", {one.owner}" if one.owner else ""
        say(f"{one.id}  {one.severity.value:<8}  {one.state.value:<9}  {one.title}{owner}{due}")
    if not found:
        say("This case has no findings yet.")
    return 0


def show(folder: Folder, number: Number, as_json: o.AsJson = False) -> int:
    """Print a finding with the places it rests on."""
    from workbench.services import findings

    with opened(folder, write=False) as case:
        found = findings.get(case, number)
    return _as_json([found]) if as_json else _show(found)


def new(
    folder: Folder,
    title: Title = None,
    severity: HowGrave = None,
    criteria: Criteria = None,
    condition: Condition = None,
    cause: Cause = None,
    consequence: Consequence = None,
    action: Action = None,
    owner: Owner = None,
    due: Due = None,
    from_check: FromCheck = None,
    pack: PackName = "ml-baseline",
    as_json: o.AsJson = False,
    who: Who = None,
) -> int:
    """Keep a new finding; what is said goes before what the check says."""
    from workbench.services import findings

    stated = _Stated(
        title, severity, None, criteria, condition, cause, consequence, action, owner, due=due
    )
    if from_check is None:
        stated.put_into(Finding("", ""))  # what is wrong is said before the case is opened
    with opened(folder, who=who, write=True) as case:
        draft = Finding("", "") if from_check is None else _of_check(case, pack, from_check)
        kept = findings.add(case, stated.put_into(draft))
    return _as_json([kept]) if as_json else _show(kept)


def change(
    folder: Folder,
    number: Number,
    title: Title = None,
    severity: HowGrave = None,
    state: Annotated[
        FindingState | None, typer.Option("--state", case_sensitive=False, help="Where it is.")
    ] = None,
    criteria: Criteria = None,
    condition: Condition = None,
    cause: Cause = None,
    consequence: Consequence = None,
    action: Action = None,
    owner: Owner = None,
    due: Due = None,
    response: Annotated[
        str | None, typer.Option("--response", metavar="TEXT", help="What the audited side said.")
    ] = None,
    retest: Annotated[
        str | None, typer.Option("--retest", metavar="TEXT", help="What a later look showed.")
    ] = None,
    as_json: o.AsJson = False,
    who: Who = None,
) -> int:
    """Keep another state of a finding; what was not said stays as it was."""
    from workbench.services import findings

    stated = _Stated(
        title, severity, state, criteria, condition, cause, consequence, action, owner,
        response, retest, due,
    )  # fmt: skip
    if stated == _Stated():
        raise UsageError("Say what to change: workbench finding change --help lists it.")
    with opened(folder, who=who, write=True) as case:
        findings.change(case, stated.put_into(findings.get(case, number)))
        changed = findings.get(case, number)
    return _as_json([changed]) if as_json else _show(changed)


def _of_check(case: "CaseStore", pack: str, number: str) -> Finding:
    """Run a pack and return the draft that one of its checks gives."""
    from workbench.services import checking

    with work() as (progress, cancel):
        _, results = checking.run(case, pack, progress=progress, cancel=cancel)
    found = [result for result in results if result.check.id == number]
    if not found:
        raise UsageError(f"The pack has no check {number}.")
    if not found[0].exceptions:
        raise UsageError(f"{number} has no exceptions to make a finding of.")
    return checking.finding_of(found[0])


def _as_json(found: Sequence[Finding]) -> int:
    from workbench.model.finding_contract import findings_to_json

    say_json(findings_to_json(found, 0))
    return 0


def _show(one: Finding) -> int:
    say(f"{one.id}  {one.title}")
    due = f"{one.due:%Y-%m-%d}" if one.due else ""
    for name, text in (
        ("Severity", one.severity.value),
        ("State", one.state.value),
        ("Criteria", one.criteria),
        ("Condition", one.condition),
        ("Cause", one.cause),
        ("Consequence", one.consequence),
        ("Corrective action", one.corrective_action),
        ("Owner", one.owner),
        ("Due", due),
        ("Response", one.response),
        ("Retest", one.retest),
        ("Made from", one.origin),
    ):
        if text:
            say(f"  {name}: {text}")
    for ref in one.evidence:
        say(f"  Evidence: {ref.locator} [SHA-256 {ref.sha256}] {ref.note}".rstrip())
    return 0
