"""``workbench case list`` and ``show``: how cases stand."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json
from workbench.cli.opening import Folder, opened
from workbench.cli.show import in_four_words
from workbench.model.case_contract import case_to_json
from workbench.model.contract import Json, time_to_json
from workbench.model.verdict import Dimension, Indication

if TYPE_CHECKING:
    from workbench.services.cases import Standing


def list_cases(
    folder: Annotated[Path, typer.Argument(help="Where to look.", metavar="[FOLDER]")] = Path(),
) -> int:
    """Print one line a case; one that cannot be opened has its reason."""
    from workbench.errors import StoreError
    from workbench.services import cases

    found = sorted(folder.glob("*.case"))
    for path in found:
        try:
            with cases.open_case(path, write=False) as case:
                say(f"{path}  {_in_one_line(cases.standing(case))}")
        except StoreError as error:
            say(f"{path}  {error.message}")
    if not found:
        say(f"There is no case in {folder}.")
    return 0


def _in_one_line(standing: "Standing") -> str:
    number = f" ({standing.engagement.number})" if standing.engagement.number else ""
    return (
        f"{standing.engagement.title}{number}: {len(standing.sources)} sources, "
        f"{standing.journal.entries} acts, {_verdict_words(standing)}"
    )


def _verdict_words(standing: "Standing") -> str:
    if standing.verification is None:
        return "not verified yet"
    why = f"{len(standing.unjudged)} not verified yet" if standing.unjudged else ""
    why = why or ("the verdicts are out of date" if standing.stale else "")
    if not why:
        return in_four_words(standing.verification)
    parts = {which: standing.verification.dimension(which) for which in Dimension}
    failed = [w.value.title() for w, p in parts.items() if p.indication is Indication.FAILED]
    but = f" but that {', '.join(failed)} FAILED" if failed else ""
    return f"{why}, so nothing is said of the whole case{but}"


def show(folder: Folder, as_json: o.AsJson = False) -> int:
    """Print how a case stands."""
    from workbench.services import cases

    with opened(folder, write=False) as case:
        standing = cases.standing(case)
    if as_json:
        say_json(_as_json(standing))
        return 0
    say(_in_one_line(standing))
    if standing.stale:
        say(f"Out of date: {standing.stale} Verify the case again.")
    for delivery in standing.deliveries:
        came = delivery.custody.received_from or "not stated"
        say(f"Delivered: {delivery.label}, from {came}, added {time_to_json(delivery.added)}")
        say(f"  {delivery.place}")
    for source in standing.sources:
        _show_source(standing, source.id)
    for source in standing.superseded:
        say(f"Superseded: {source.display}, SHA-256 {source.sha256} (source {source.id})")
    say(f"Journal: {standing.journal.entries} acts, head {standing.journal.head}")
    return 0


def _as_json(standing: "Standing") -> dict[str, Json]:
    return case_to_json(
        case_id=standing.case_id,
        engagement=standing.engagement,
        deliveries=standing.deliveries,
        sources=(*standing.sources, *standing.superseded),
        presence=standing.presence,
        verdicts=standing.verdicts,
        unjudged=standing.unjudged,
        stale=standing.stale,
        journal=standing.journal,
    )


def _show_source(standing: "Standing", number: int) -> None:
    source = next(s for s in standing.sources if s.id == number)
    here = standing.presence[number]
    events = "" if source.events is None else f", {source.events:,} events"
    say(f"{source.display}  ({source.role.value}, {source.format}, {here.value}{events})")
    say(f"  SHA-256 {source.sha256 or 'not computed'}")
    verdict = standing.verdicts.get(number)
    if verdict is not None:
        parts = (verdict.integrity, verdict.authenticity, verdict.completeness, verdict.time)
        said = ", ".join(f"{p.indication.value} {p.code or ''}".strip() for p in parts)
        say(f"  {said}{' (out of date)' if standing.stale else ''}")
    for total in source.totals:
        counted = "not counted" if total.counted is None else f"{total.counted:,}"
        say(f"  {total.name}: stated {total.stated:,}, counted {counted}: {total.state.value}")
