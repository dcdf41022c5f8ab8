"""What to look at first: at most seven matters, by how grave they are and how far they reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui.judged import Judged, subjects
from workbench.gui.parts.mark import Mark, mark_of
from workbench.gui.places import DiagnosisAt, FindingAt, SourceAt
from workbench.gui.text import tr
from workbench.model.case import ControlTotalState, Finding, FindingState, Severity
from workbench.model.case_source import Presence
from workbench.model.verdict import Diagnosis, Dimension, Indication
from workbench.report.glossary import headline, meaning_of
from workbench.report.phrases import indication_of, plural

if TYPE_CHECKING:
    from workbench.model.case import JournalBreak
    from workbench.services.cases import Standing

MOST = 7
_BROKEN, _CHANGED, _GRAVE, _DIFFERS, _OPEN = 5, 4, 3, 2, 1
#: Time is required by nobody unless he says so: it comes after the other questions.
_OF_DIMENSION = {which: n for n, which in enumerate(reversed(Dimension))}


_LOST = "Its bytes cannot be shown or verified again until it is found."
_OTHER = "It is not what was taken in. Put that file back, or hand this one in as a new version."


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to look at, and the one thing to do about it.

    Attributes:
        mark: what it did, or None where it is no verdict.
        title: what it is.
        detail: why it matters, or what would decide it.
        action: what to do, verb and noun.
        page: where that is done; a command where it begins with ``>``.
        place: what of the page.
        severity: how grave; the greatest first.
        reach: how much it concerns; the greatest first.
    """

    mark: Mark
    title: str
    detail: str
    action: str
    page: str
    place: object
    severity: int
    reach: int


def matters(standing: "Standing", findings: Sequence[Finding]) -> list[Matter]:
    """Return what to look at first."""
    found = subjects(standing)
    everything = [
        *_journal(standing),
        *(m for each in found for m in _diagnoses(each)),
        *_gone(standing),
        *_unreadable(standing),
        *_totals(standing),
        *_undecided(found),
        *_findings(findings),
    ]
    everything.sort(key=lambda each: (-each.severity, -each.reach, each.title))
    return everything[:MOST]


def _diagnoses(each: Judged) -> Iterator[Matter]:
    for number, diagnosis in enumerate(each.verdict.diagnoses if each.verdict else ()):
        if each.verdict is None:
            return
        indication = indication_of(diagnosis, each.verdict)
        yield Matter(
            mark=mark_of(indication),
            title=f"{headline(diagnosis)}: {each.name}",
            detail=_rests(diagnosis, each),
            action=tr("Open diagnosis"),
            page="verification",
            place=DiagnosisAt(each.source.id, number),
            severity=_BROKEN if indication is Indication.FAILED else _OPEN,
            reach=(diagnosis.count or 1) + len(diagnosis.blast_radius),
        )


def _rests(diagnosis: Diagnosis, each: Judged) -> str:
    if diagnosis.blast_radius:
        return tr("{} rest on it").format(", ".join(diagnosis.blast_radius[:3]))
    left = (
        sum(p.last - p.first + 1 for p in each.verdict.assurance if p.level) if each.verdict else 0
    )
    unit = each.unit
    return tr("{} still hold").format(plural(left, unit)) if left else tr("See what still holds")


def _gone(standing: "Standing") -> Iterator[Matter]:
    for source in standing.sources:
        state = standing.presence.get(source.id, Presence.HERE)
        if state is Presence.HERE:
            continue
        moved = state is Presence.MISSING
        said = tr("{} is not where it was") if moved else tr("{} has another size than at intake")
        yield Matter(
            mark=Mark.INDETERMINATE if moved else Mark.FAILED,
            title=said.format(source.display),
            detail=tr(_LOST if moved else _OTHER),
            action=tr("Show source"),
            page="evidence",
            place=SourceAt(source.id),
            severity=_CHANGED,
            reach=source.files,
        )


def _unreadable(standing: "Standing") -> Iterator[Matter]:
    for source in standing.sources:
        for problem in source.problems[:1]:
            more = len(source.problems) - 1
            rest = tr(" and {} more").format(f"{more:,}") if more else ""
            yield Matter(
                mark=Mark.INDETERMINATE,
                title=f"{source.display}: {problem.code}{rest}",
                detail=problem.message,
                action=tr("Show source"),
                page="evidence",
                place=SourceAt(source.id),
                severity=_GRAVE,
                reach=len(source.problems),
            )


def _totals(standing: "Standing") -> Iterator[Matter]:
    for source in standing.sources:
        for total in source.totals:
            if total.state is ControlTotalState.DIFFERS and total.counted is not None:
                by = total.counted - total.stated
                yield Matter(
                    mark=Mark.INDETERMINATE,
                    title=tr("{}: {} differ by {}").format(source.display, total.name, f"{by:+,}"),
                    detail=tr("{} stated, {} counted here. Ask the sender which is right.").format(
                        f"{total.stated:,}", f"{total.counted:,}"
                    ),
                    action=tr("Show source"),
                    page="evidence",
                    place=SourceAt(source.id),
                    severity=_DIFFERS,
                    reach=abs(by),
                )


def _undecided(found: Sequence[Judged]) -> Iterator[Matter]:
    """Yield what could not be decided: each reason once, with the subjects that it is about."""
    for which in Dimension:
        reasons: dict[str, list[Judged]] = {}
        for each in found:
            answer = each.verdict.dimension(which) if each.verdict else None
            if answer is not None and answer.indication is Indication.INDETERMINATE and answer.code:
                reasons.setdefault(answer.code, []).append(each)
        for concerned in reasons.values():
            yield _reason(which, concerned)


def _reason(which: Dimension, concerned: Sequence[Judged]) -> Matter:
    first = concerned[0]
    assert first.verdict is not None  # noqa: S101 - only what was judged has a reason
    word = meaning_of(first.verdict.dimension(which))
    whom = first.name if len(concerned) == 1 else plural(len(concerned), "subject")
    return Matter(
        mark=Mark.INDETERMINATE,
        title=f"{which.value.capitalize()}, {whom}: {word.short or word.name}",
        detail=tr("Would decide it: {}").format(word.decides) if word.decides else word.meaning,
        action=tr("Show verdicts"),
        page="verification",
        place=SourceAt(first.source.id),
        severity=_OPEN,
        reach=len(concerned) + 100 * _OF_DIMENSION[which],
    )


def _findings(findings: Sequence[Finding]) -> Iterator[Matter]:
    grave = {Severity.CRITICAL, Severity.HIGH}
    for finding in findings:
        if finding.severity in grave and finding.state is not FindingState.CLOSED:
            yield Matter(
                mark=Mark.NONE,
                title=f"{finding.id}: {finding.title}",
                detail=tr("Finding, {}, {}").format(finding.severity.value, finding.state.value),
                action=tr("Open finding"),
                page="findings",
                place=FindingAt(finding.id),
                severity=_GRAVE,
                reach=1,
            )


def _broken(broken: "JournalBreak") -> str:
    if broken.tables:
        said = tr("What this case holds is not what its journal recorded: {}")
        return said.format(broken.tables)
    return tr("The journal of this case does not hold from entry {} on").format(
        f"{broken.number:,}"
    )


def _journal(standing: "Standing") -> Iterator[Matter]:
    broken = standing.journal.broken
    if broken is not None:
        yield Matter(
            mark=Mark.FAILED,
            title=_broken(broken),
            detail=tr("The case was changed by other means than this program."),
            action=tr("Open journal"),
            page="journal",
            place=broken,
            severity=_BROKEN,
            reach=1_000_000,
        )
