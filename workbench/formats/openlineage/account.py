"""What a file of events states of itself, and what it cannot show."""

import re
from collections.abc import Iterator

from workbench.formats.openlineage.scan import Scan
from workbench.formats.reader import Account
from workbench.model.catalog import CatalogProblem
from workbench.model.locator import Locator
from workbench.model.source import Problem

_SPECIFICATION = re.compile(r"/spec/(\d+-\d+-\d+)/")
_MOST_NAMED = 5
_NEVER = (
    "events that were never emitted, were not received or were left out of this file",
    "what a job read or wrote beyond what its producer reported",
    "who acted: events name producers and owners, not the person who started or approved a run",
    "which datasets are models, unless a facet, a namespace or the kind of job tells",
    "whether an event was changed: events carry no digest",
)


def account_of(scan: Scan, stated: dict[str, int | str]) -> Account:
    """Return the account of the events."""
    return Account(
        version=_version(scan),
        events=len(scan.events),
        cannot_show=_NEVER,
        control_totals={**stated, **_window(scan)},
    )


def _version(scan: Scan) -> str | None:
    """Return the versions of the specification that events say they follow."""
    found = {match[1] for url in scan.specifications if (match := _SPECIFICATION.search(url))}
    ordered = sorted(found, key=lambda version: [int(part) for part in version.split("-")])
    more = len(ordered) - _MOST_NAMED
    names = ordered[:_MOST_NAMED] + ([f"{more} more"] if more > 0 else [])
    return ", ".join(names) or None


def _window(scan: Scan) -> dict[str, str]:
    span = scan.events.span()
    if span is None:
        return {}
    first, last = (time.isoformat().replace("+00:00", "Z") for time in span)
    return {"first event": first, "last event": last}


def disagreeing(scan: Scan, stated: dict[str, int | str]) -> Iterator[Problem]:
    """Yield that there are more or fewer events than the file states."""
    total, found = stated.get("totalCount"), len(scan.events)
    if total is not None and total != found:
        name = scan.file.display
        message = f"{name} states {total} events and holds {found}: a page of a longer answer?"
        place = Locator(scan.file.path, scan.file.member, pointer="/totalCount")
        yield Problem(CatalogProblem.TOTALS_DISAGREE, place, message)
