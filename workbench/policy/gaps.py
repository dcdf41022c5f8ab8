"""What of the evidence was not read whole, and which checks that leaves open.

A row that could not be read is in no population: a check over the rest alone would be a false
green (VERDICTS section 8). So every problem of a source bears on all that the source could feed,
but for those that are known to hide nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

from workbench.formats.sniff import catalog_reader
from workbench.model.case_source import CaseSource
from workbench.model.catalog import DOUBTS, CatalogProblem
from workbench.model.log_event import READ_ALL_THE_SAME
from workbench.model.policy import Check, Population
from workbench.model.source import NAME_ONLY, Problem, Role
from workbench.policy.facts import CaseFacts

#: A write-ahead log is read, and said; what is doubtful was read; the rest is about names.
HARMLESS = frozenset({CatalogProblem.WAL_PRESENT, *DOUBTS, *READ_ALL_THE_SAME, *NAME_ONLY})
_BY_CATALOG = {
    Population.RUN,
    Population.MODEL,
    Population.MODEL_VERSION,
    Population.DATASET,
    Population.EDGE,
}
_BY_LOG = {Population.APPROVAL, Population.DEPLOYMENT, Population.EVENT, Population.EDGE}
_LOGS = {"chain", "log"}
#: What only logs say of rows of catalogs.
_LOG_FIELDS = {"log_approvers", "rests_on_withdrawn"}


def gaps_of(facts: CaseFacts, check: Check) -> Sequence[str]:
    """Return what of the sources that could feed a check was not read, in sentences."""
    return tuple(_gaps(facts, check))


def _gaps(facts: CaseFacts, check: Check) -> Iterator[str]:
    if check.population is Population.SOURCE:
        return  # each source is a row of its own, and its verdict knows its problems
    fed_by_logs = check.population in _BY_LOG or bool(_LOG_FIELDS & set(check.needs))
    for number, source in facts.sources.items():
        if source.role is Role.SUBJECT and _feeds(source, check, by_logs=fed_by_logs):
            yield from _of_source(facts, number, source, by_logs=fed_by_logs)
    if facts.is_cut and fed_by_logs:
        yield "The logs hold more decisions than are read."


def _feeds(source: CaseSource, check: Check, *, by_logs: bool) -> bool:
    """Tell whether a source could have rows of a check; one that nobody can read, any."""
    is_log = source.format in _LOGS or source.events is not None
    is_catalog = catalog_reader(source.format) is not None
    if is_log or is_catalog:
        return (is_log and by_logs) or (is_catalog and check.population in _BY_CATALOG)
    return bool(source.problems)


def _of_source(
    facts: CaseFacts, number: int, source: CaseSource, *, by_logs: bool
) -> Iterator[str]:
    verdict = facts.verdicts.get(number)
    problems = (*source.problems, *(verdict.problems if verdict else ()))
    for code, problem in _first_of_each(problems).items():
        yield f"{source.display} was not read whole ({code}): {problem.message}"
    if source.format in _LOGS and by_logs:
        if source.events is None:
            yield f"The events of {source.display} are not indexed."
        if source.format == "chain" and verdict is not None and verdict.verdict is None:
            yield f"{source.display} carries protection data that was not verified yet."


def _first_of_each(problems: Sequence[Problem]) -> Mapping[str, Problem]:
    found: dict[str, Problem] = {}
    for problem in problems:
        if problem.code not in HARMLESS:
            found.setdefault(problem.code, problem)
    return found
