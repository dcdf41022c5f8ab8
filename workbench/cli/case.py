"""``workbench case``: make a case, add evidence, verify it, hand out its journal."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import case_backup, case_registers, case_show, case_subset
from workbench.cli import options as o
from workbench.cli.console import say, say_json, warn, work
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.show import show as show_verification
from workbench.errors import UsageError
from workbench.model.contract import time_to_json, verification_to_json
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.model.verification import Verification
    from workbench.services.cases import Added
    from workbench.store.case_store import CaseStore

Text = Annotated[str, typer.Option(metavar="TEXT")]
Totals = Annotated[
    list[str] | None,
    typer.Option(
        "--total", metavar="[PATH:]NAME=N", help="Control total that was stated, as events=41200."
    ),
]
AndVerify = Annotated[bool, typer.Option("--verify", help="Verify the case when it is added.")]


#: Digits of a control total: more do not fit where numbers of a case are kept.
_MOST_DIGITS = 18


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Keep evidence, verdicts, findings and the journal of a case.")
    group.command("new", help="Make a new case.")(new)
    group.command("add", help="Add evidence to a case; it stays where it is.")(add)
    group.command("list", help="List the cases in a folder.")(case_show.list_cases)
    group.command("show", help="Show how a case stands.")(case_show.show)
    group.command("verify", help="Verify all evidence of a case, with whom it trusts.")(verify)
    group.command("journal", help="Print or export the journal of a case.")(journal)
    group.command("locate", help="Say where a delivery lies now.")(locate)
    group.command("index", help="Make the index of events anew from the evidence.")(index)
    group.command("backup", help="Write a case into one file, with its digests.")(
        case_backup.backup
    )
    group.command("key", help="Make a key that backups can be encrypted for.")(case_backup.keys)
    group.command("erase", help="Erase a case, and leave a record that it happened.")(
        case_backup.erase
    )
    group.command("restore", help="Make a case of a backup.")(case_backup.restore)
    group.command("subset", help="Hand over a part of a case, with pseudonyms for names.")(
        case_subset.subset
    )
    group.command("registers", help="Write what its report lists as CSV, JSON and a workbook.")(
        case_registers.registers
    )
    app.add_typer(group, name="case")


def new(
    folder: Folder,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Name of the case.")] = "",
    number: Text = "",
    client: Text = "",
    period: o.PeriodText = None,
    cut_off: Annotated[str | None, typer.Option("--cut-off", metavar="TIME")] = None,
    team: Annotated[list[str] | None, typer.Option("--team", metavar="NAME")] = None,
    scope: Text = "",
    criteria: Text = "",
    who: Who = None,
) -> int:
    """Make a new case."""
    from workbench.model.case import Engagement
    from workbench.services import cases

    engagement = Engagement(
        title=title or folder.stem,
        number=number,
        client=client,
        period=None if period is None else o.period_of(period),
        cut_off=None if cut_off is None else o.time_of(cut_off),
        team=tuple(team or ()),
        scope=scope,
        criteria=criteria,
    )
    with cases.create(folder, engagement, who=who or cases.login()) as case:
        say(f"{case.folder}: a new case, {engagement.title}.")
        say("Add evidence:")
        say(f"  workbench case add {case.folder} PATH…")
    return 0


def add(
    folder: Folder,
    paths: o.Paths,
    received_from: Annotated[str, typer.Option("--from", metavar="NAME")] = "",
    received_at: Annotated[str | None, typer.Option("--received", metavar="TIME")] = None,
    received_how: Annotated[str, typer.Option("--how", metavar="TEXT")] = "",
    note: Text = "",
    supersedes: Annotated[
        str,
        typer.Option(
            "--supersedes", metavar="PATH", help="Source or delivery that this takes the place of."
        ),
    ] = "",
    total: Totals = None,
    mapping: o.Mappings = None,
    and_verify: AndVerify = False,
    who: Who = None,
) -> int:
    """Add evidence, and verify the case where that was asked for."""
    from workbench.model.case import Custody
    from workbench.services import cases, mappings
    from workbench.verify.pool import workers

    at = None if received_at is None else o.time_of(received_at)
    custody = Custody(received_from, at, received_how, note)
    brought = mappings.brought(mapping or ())
    stated = cases.Stated(custody, supersedes, totals_of(total or []), brought)
    with (
        work() as (progress, cancel),
        opened(folder, who=who, write=True) as case,
        workers() as executor,
    ):
        added = cases.add_evidence(
            case,
            paths,
            stated=stated,
            chains_later=and_verify,
            progress=progress,
            cancel=cancel,
            executor=executor,
        )
        verification = _verified(case, o.Stated(), progress, cancel) if and_verify else None
    _show_added(added)
    if verification is None:
        return 0
    show_verification(verification)
    return verification.exit_code


def totals_of(texts: list[str]) -> dict[str, dict[str, int]]:
    """Return control totals by path and name.

    Raises:
        UsageError: one is not ``[PATH:]NAME=N``.
    """
    totals: dict[str, dict[str, int]] = {}
    for text in texts:
        place, _, number = text.rpartition("=")
        path, _, name = place.rpartition(":")
        if not name or not number.isascii() or not number.isdigit():
            raise UsageError(f"--total takes [PATH:]NAME=N, as events=41200; not {text}.")
        if len(number) > _MOST_DIGITS:
            raise UsageError(f"--total {name} has {len(number):,} digits; at most {_MOST_DIGITS}.")
        totals.setdefault(path, {})[name] = int(number)
    return totals


def _show_added(added: "Added") -> None:
    for source in added.added:
        events = "" if source.events is None else f", {source.events:,} events"
        facts = f"{source.role.value}, {source.format}, {source.size:,} bytes{events}"
        say(f"{source.display}  ({facts})")
        say(f"  SHA-256 {source.sha256 or 'not computed'}")
        for total in source.totals:
            say(f"  {total.name}: stated {total.stated:,}, {total.state.value}")
        for problem in source.problems:
            say(f"  problem: {problem.message} [{problem.code}]")
    for source in added.superseded:
        say(f"{source.display} (source {source.id}) is superseded; it stays on record.")
    if added.unchanged:
        say(f"Unchanged: {len(added.unchanged)} of what was delivered is in the case already.")


def verify(
    folder: Folder,
    secret: o.Secret = None,
    threshold: o.Threshold = 1,
    period: o.PeriodText = None,
    require: o.Require = None,
    profile: o.Profile = None,
    expect_count: o.ExpectCount = None,
    expect_head: o.ExpectHead = None,
    at: o.At = None,
    identity: o.Identity = None,
    issuer: o.Issuer = None,
    builder: o.Builder = None,
    source_uri: o.SourceUri = None,
    subject_digest: o.SubjectDigest = None,
    recheck: o.Recheck = False,
    as_json: o.AsJson = False,
    who: Who = None,
) -> int:
    """Verify and print; the exit code is the verdict."""
    stated = o.Stated(
        secret=secret,
        threshold=threshold,
        period=period,
        require=require,
        profile=profile,
        expect_count=expect_count,
        expect_head=expect_head,
        at=at,
        identity=identity,
        issuer=issuer,
        builder=builder,
        source_uri=source_uri,
        subject_digest=subject_digest,
        recheck=recheck,
    )
    with work() as (progress, cancel), opened(folder, who=who, write=True) as case:
        verification = _verified(case, stated, progress, cancel)
    if as_json:
        say_json(verification_to_json(verification))
    else:
        show_verification(verification)
    return verification.exit_code


def _verified(
    case: "CaseStore", stated: o.Stated, progress: Progress, cancel: Cancel
) -> "Verification":
    """Verify a case; logs that are not indexed yet are on the way, or after it."""
    from workbench.services import cases, trusting
    from workbench.services.verification.case import verify_case, with_blast_radius

    request = o.request_of([], stated)
    for warning in trusting.warnings(case, at=request.at):
        warn(warning)
    judge = partial(verify_case, case, request, progress=progress, cancel=cancel)
    found = cases.with_index(
        case,
        lambda tap, executor: judge(executor=executor, tap=tap),
        progress=progress,
        cancel=cancel,
    )
    return with_blast_radius(case, found, cancel=cancel)


def journal(
    folder: Folder,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write it as a log to be verified."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> int:
    """Print the journal, or export it."""
    from workbench.services import cases

    with opened(folder, write=False) as case:
        if export is not None:
            state = cases.export_journal(case, export, force=force)
            say(f"{export}: {state.entries} acts, head {state.head}.")
            say(f"  workbench verify {export} --expect-head {state.head}")
            return 0
        for entry in cases.journal_entries(case):
            at = time_to_json(entry.at)
            say(f"{entry.number:>5}  {at}  {entry.who}  {entry.act}  {entry.subject}")
        say(f"Head {case.journal_state().head}")
    return 0


def locate(
    folder: Folder,
    label: Annotated[str, typer.Argument(help="What the case calls the delivery.")],
    place: Annotated[Path, typer.Argument(help="Where it lies now.", metavar="PATH")],
    who: Who = None,
) -> int:
    """State where a delivery lies now, if it is the same to the byte."""
    from workbench.services import cases

    with work() as (progress, cancel), opened(folder, who=who, write=True) as case:
        cases.locate(case, label, place, progress=progress, cancel=cancel)
    say(f"{label} lies at {place}: every digest is that of the intake.")
    return 0


def index(folder: Folder, who: Who = None) -> int:
    """Make the index anew."""
    from workbench.services import cases

    with work() as (progress, cancel), opened(folder, who=who, write=True) as case:
        report = cases.rebuild_index(case, progress=progress, cancel=cancel)
    logs = [source for source in report.indexed if source.events is not None]
    say(f"Indexed {sum(log.events or 0 for log in logs):,} events of {len(logs)} logs.")
    for source, reason in report.unread:
        say(f"Not indexed: {source.display}: {reason}")
    return 0
