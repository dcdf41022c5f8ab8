"""Whether the pages of a list are all here: an answer names the next one, or is the last."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.strict_json import parse
from workbench.formats.part import Part
from workbench.model.catalog import CatalogProblem

TOKEN = "next_page_token"  # noqa: S105 - it names a page and opens nothing
_MOST_TOKEN = 4096


@dataclass(slots=True)
class Pages:
    """The pages of one kind of list.

    Attributes:
        name: what they list.
        going_on: pages that name a next one, each with how many things it lists.
        last: how many do not.
    """

    name: str
    going_on: list[tuple[Part, int]] = field(default_factory=list)
    last: int = 0

    def add(self, page: Part, count: int) -> None:
        """Take in a page."""
        if page.see(TOKEN):
            self.going_on.append((page, count))
        else:
            self.last += 1

    def gaps(self) -> Iterator[str]:
        """Yield what pages are missing, and note it where the first of them is named."""
        if not self.going_on:
            return
        plain = self.name.replace("_", " ")
        missing = self._missing()
        if not self.last:
            what = f"{plain} after the last page here: it names a next one, which is not here"
        elif missing > 0:
            what = f"{missing} or more {plain} of pages that are not here, as their tokens count"
        else:
            return
        page, _ = self.going_on[-1]
        note = "names a next page, and pages are missing"
        page.sheet.problem(CatalogProblem.TOTALS_DISAGREE, page.at(TOKEN), note)
        yield what

    def _missing(self) -> int:
        """Return how many things come before the last page beyond those on the pages here."""
        furthest = max(_offset(page.see(TOKEN)) for page, _ in self.going_on)
        return furthest - sum(count for _, count in self.going_on)


def _offset(token: str) -> int:
    """Return how many things come before the page that a token of MLflow names; 0: it is not told.

    The token is the base64 of ``{"offset": 100}``, in each store that keeps its own pages.
    """
    try:
        value = parse(base64.b64decode(token[:_MOST_TOKEN], validate=True), what="token")
    except (SourceError, binascii.Error, ValueError):
        return 0
    number = value.get("offset") if isinstance(value, dict) else None
    return number if type(number) is int else 0
