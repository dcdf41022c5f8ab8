"""Numbers of a case that are there to be counted; none is made up, each leads to its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.judged import Judged, subjects
from workbench.gui.places import Asked, Kept
from workbench.gui.text import tr
from workbench.model.case import ControlTotalState, Finding, FindingState
from workbench.model.query_fields import Area
from workbench.model.verdict import Indication

if TYPE_CHECKING:
    from workbench.services.cases import Standing
    from workbench.store.case_store import CaseStore

_SIGNED = 2


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number, of what, and the page with its rows."""

    name: str
    value: str
    detail: str
    page: str
    place: object = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted in the case file, off the thread of the window."""

    findings: tuple[Finding, ...]
    models: int
    datasets: int
    runs: int


def read_counts(case: "CaseStore") -> Counted:
    """Count things and findings."""
    from workbench.services import findings, investigation

    def things(query: str) -> int:
        return investigation.listed(case, Area.THINGS, query, count=0).total

    return Counted(
        findings=tuple(findings.every(case)),
        models=things("type=model_version"),
        datasets=things("type=dataset"),
        runs=things("kind=run"),
    )


def indicators(standing: "Standing", counted: Counted) -> list[Indicator]:
    """Return the numbers that this case has."""
    return [
        *_decided(subjects(standing)),
        *_signed(subjects(standing)),
        *_findings(counted.findings),
        *_totals(standing),
        *_things(counted),
    ]


def _decided(found: Sequence[Judged]) -> Iterator[Indicator]:
    judged = [each for each in found if each.verdict is not None]
    if judged:
        failed = sum(each.worst is Indication.FAILED for each in judged)
        decided = sum(each.worst is not Indication.INDETERMINATE for each in judged)
        detail = tr("of {} in all four; {} failed").format(f"{len(judged):,}", f"{failed:,}")
        yield Indicator(
            tr("Subjects decided"), f"{decided:,}", detail, "verification", Kept.DECIDED
        )


def _signed(found: Sequence[Judged]) -> Iterator[Indicator]:
    ranges = [p for each in found if each.is_log and each.verdict for p in each.verdict.assurance]
    whole = sum(part.last - part.first + 1 for part in ranges)
    if whole:
        signed = sum(p.last - p.first + 1 for p in ranges if p.level >= _SIGNED)
        share = f"{100 * signed / whole:.1f} %"
        detail = tr("{} of {} of all logs").format(f"{signed:,}", f"{whole:,}")
        yield Indicator(tr("Records signed for"), share, detail, "verification", Kept.LOGS)


def _findings(findings: Sequence[Finding]) -> Iterator[Indicator]:
    left = [finding for finding in findings if finding.state is not FindingState.CLOSED]
    grave = sum(finding.severity in {"critical", "high"} for finding in left)
    detail = tr("{} critical or high, of {}").format(f"{grave:,}", f"{len(findings):,}")
    yield Indicator(tr("Open findings"), f"{len(left):,}", detail, "findings")


def _totals(standing: "Standing") -> Iterator[Indicator]:
    stated = [total for source in standing.sources for total in source.totals]
    compared = [total for total in stated if total.state is not ControlTotalState.NOT_COUNTED]
    if compared:
        match = sum(total.state is ControlTotalState.MATCH for total in compared)
        detail = tr("of {} compared, {} stated").format(f"{len(compared):,}", f"{len(stated):,}")
        yield Indicator(tr("Control totals that match"), f"{match:,}", detail, "evidence")


def _things(counted: Counted) -> Iterator[Indicator]:
    for name, number, query in (
        (tr("Model versions"), counted.models, "type=model_version"),
        (tr("Datasets"), counted.datasets, "type=dataset"),
        (tr("Runs"), counted.runs, "kind=run"),
    ):
        if number:
            detail = tr("as the catalogs state them")
            yield Indicator(name, f"{number:,}", detail, "catalog", Asked(query))
