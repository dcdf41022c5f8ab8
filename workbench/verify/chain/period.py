"""How an audit period lies to a log and its anchors."""

from dataclasses import dataclass

from workbench.model.expectation import Period
from workbench.model.profile import get
from workbench.verify.chain.engine import Engine, MalformedError
from workbench.verify.chain.survey import Survey
from workbench.verify.chain.times import moment


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether the log spans the period, and whether the period ends inside the anchored range."""

    covered: bool
    ends_inside: bool


def coverage_of(
    period: Period | None, survey: Survey, engine: Engine, *, anchored: int, whole_start: bool
) -> Coverage | None:
    """Return how the period lies to the log; None without period.

    A log that starts at genesis lacks nothing before its first record. The end of the period is
    covered only by a record at or after it: silence at the end is no proof.

    Args:
        period: what the auditor asked for.
        survey: the log.
        engine: reads the times.
        anchored: records that an anchor covers.
        whole_start: whether the log starts at genesis.
    """
    if period is None:
        return None
    first, last = _time(survey, engine, 1), _time(survey, engine, survey.records)
    edge = _time(survey, engine, anchored)
    begins = whole_start or (first is not None and first <= period.first.timestamp())
    ends = last is not None and last >= period.last.timestamp()
    inside = edge is not None and edge >= period.last.timestamp()
    return Coverage(begins and ends, inside)


def _time(survey: Survey, engine: Engine, number: int) -> float | None:
    found, name = survey.record(number), engine.profile.fields.time
    if found is None or name is None:
        return None
    try:
        return moment(get(engine.parse(found[1]), name))
    except MalformedError:
        return None
