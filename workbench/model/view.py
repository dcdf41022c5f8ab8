"""A saved view: a question with a name, kept by the journal of the case."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from workbench.errors import UsageError
from workbench.model.query_fields import Area
from workbench.model.remark import writable

MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question that is asked again.

    Attributes:
        name: what it is called; no two are called the same.
        area: the list that is asked.
        query: VERDICTS section 9.
        who: who saved it, or changed it last.
        at: when, aware UTC.
    """

    name: str
    area: Area
    query: str
    who: str
    at: datetime


def named(name: str) -> str:
    """Return a name as it is kept: one line, composed, without space around it.

    Raises:
        UsageError: nothing is left, or it is too long.
    """
    clean = " ".join(unicodedata.normalize("NFC", writable(name)).split())
    if not clean or len(clean) > MOST_NAME:
        raise UsageError(f"The name of a view has 1 to {MOST_NAME} characters, not {len(clean):,}.")
    return clean
