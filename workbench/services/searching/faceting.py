"""Facets: what rows that were found have in common, and the term that narrows a query to it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.model.moment import DAY, text_of
from workbench.model.query import quoted
from workbench.model.query_fields import FIELDS, Area
from workbench.model.search import Facet, FacetValue
from workbench.model.verdict import Indication
from workbench.store.event_tally import EventTally
from workbench.store.tally_sql import DAYS, FACETS, Tally

_TITLES = {"integrity": "Integrity of its source", "source": "Source"}
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the sources of a case.

    Attributes:
        names: what each is called, by id.
        integrity: what the newest verdict says of it, by id.
        values: how many values of a facet are wanted.
    """

    names: Mapping[int, str]
    integrity: Mapping[int, Indication]
    values: int


def of_list(area: Area, tally: Tally, facts: Facts) -> tuple[Facet, ...]:
    """Return the facets of rows of the case file."""
    found: dict[str, list[FacetValue]] = {}
    for name in FACETS[area]:
        of_day = name in DAYS
        counts = tally.most(name, facts.values)
        found[name] = [_of_day(name, v, n) if of_day else _plain(name, v, n) for v, n in counts]
    found |= _by_source(tally.sources.items(), facts, area)
    return tuple(_facets(found, area))


def of_events(tally: EventTally, facts: Facts) -> tuple[Facet, ...]:
    """Return the facets of events."""
    found = {
        name: [_plain(name, value, n) for value, n in counts]
        for name, counts in tally.counts.items()
    }
    found["time"] = [_of_day("time", day, n) for day, n in tally.days]
    return tuple(_facets(found | _by_source(tally.sources, facts, Area.EVENTS), Area.EVENTS))


def _facets(found: Mapping[str, list[FacetValue]], area: Area) -> Iterator[Facet]:
    for name, values in found.items():
        if values:
            known = FIELDS[area].find(name)
            title = _TITLES.get(name) or (f"Day, {known.title}" if name in DAYS and known else name)
            yield Facet(name, title[:1].upper() + title[1:], tuple(values))


def _by_source(
    counts: Iterable[tuple[int, int]], facts: Facts, area: Area
) -> dict[str, list[FacetValue]]:
    """Return how many are of each source, and how many are of sources with each verdict."""
    if FIELDS[area].find("source") is None and FIELDS[area].find("integrity") is None:
        return {}
    names: Counter[str] = Counter()
    judged: Counter[str | None] = Counter()
    for source, count in counts:
        names[facts.names.get(source, str(source))] += count
        said = facts.integrity.get(source)
        judged[said.value if said else None] += count
    found: dict[str, list[FacetValue]] = {}
    if FIELDS[area].find("source") is not None:
        found["source"] = [_plain("source", name, n) for name, n in names.most_common(facts.values)]
    if FIELDS[area].find("integrity") is not None:
        found["integrity"] = [_plain("integrity", word, n) for word, n in judged.most_common()]
    return found


def _plain(name: str, value: Value, count: int) -> FacetValue:
    if value is None or value == "":
        return FacetValue("not stated", count, f"-{name}:*")
    return FacetValue(str(value), count, f"{name}={_written(str(value))}")


def _written(value: str) -> str:
    """Return a value as a query writes it, in quotes where that is needed."""
    return value if value.replace("_", "").replace("-", "").isalnum() else quoted(value)


def _of_day(name: str, day: Value, count: int) -> FacetValue:
    if not isinstance(day, int):
        return FacetValue("not stated", count, f"-{name}:*")
    text = text_of(day * DAY)[:10]
    return FacetValue(text, count, f"{name}:{text}")
