"""How an audit period lies to a log and its anchors (resources/help/verdicts.md).

Times are claims of the log. They are taken only where the chain's digest, or a signed root, covers
them, and the end of the period only from a record after which no record goes back into it.
"""

from dataclasses import dataclass

from workbench.model.expectation import Period
from workbench.model.profile import get
from workbench.verify.chain.covered import covered
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.piece import Edge
from workbench.verify.chain.reading import MalformedError
from workbench.verify.chain.survey import Survey
from workbench.verify.chain.times import moment


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a period lies to a log.

    Attributes:
        begins: whether nothing of it can lie before the first record.
        edge: how the records lie to its end; None where no time can be relied on.
        records: records of the log.
    """

    begins: bool
    edge: Edge | None
    records: int

    @property
    def covered(self) -> bool:
        """Tell whether the log spans the period."""
        return self.begins and self.ends_within(self.records)

    def ends_within(self, size: int) -> bool:
        """Tell whether the period ends within the first ``size`` records.

        One of them is at or after its end, no record after that one goes back before the end, and
        none after the first ``size`` belongs to the period. Silence at the end is no proof.
        """
        return self.edge is not None and self.edge.before < size and self.edge.within <= size


def coverage_of(
    period: Period | None, survey: Survey, engine: Engine, *, rooted: int, whole_start: bool
) -> Coverage | None:
    """Return how the period lies to the log; None without period.

    A log that starts at genesis within the period lacks nothing before its first record; one that
    starts after the period says nothing about it.

    Args:
        period: what the auditor asked for.
        survey: the log, surveyed for the period.
        engine: reads the times.
        rooted: records that a signed root covers, byte for byte.
        whole_start: whether the log starts at genesis.
    """
    if period is None:
        return None
    name = engine.profile.fields.time
    digested = name is not None and name[0] in covered(engine.profile, name[:1])
    if not (digested and engine.recomputable) and rooted < survey.records:
        return Coverage(begins=False, edge=None, records=survey.records)
    first, start, end = _first_time(survey, engine), period.first, period.last
    begins = first is not None and (
        first <= start.timestamp() or (whole_start and first <= end.timestamp())
    )
    return Coverage(begins, survey.edge, survey.records)


def _first_time(survey: Survey, engine: Engine) -> float | None:
    found, name = survey.record(1), engine.profile.fields.time
    if found is None or name is None or survey.stretches[0].problem:
        return None
    try:
        return moment(get(engine.parse(found[1]), name))
    except MalformedError:
        return None
