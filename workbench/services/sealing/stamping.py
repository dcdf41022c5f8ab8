"""Time stamps over a seal that come by file."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.model.statement import SEALED_STATEMENT
from workbench.output import write_whole
from workbench.sign.time_stamp import query, taken_in
from workbench.store.handing import require_outside

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def query_over(folder: Path) -> bytes:
    """Return a query for a time stamp over the statement of a sealed folder (``.tsq``)."""
    return query(_imprint(folder))


def stamped(folder: Path, reply: Path, *, case: "CaseStore | None" = None) -> Path:
    """Put the answer of an authority (``.tsr``) into a sealed folder; return its place.

    Raises:
        SigningError: it is over something else, or cannot be read.
        UsageError: the folder is not sealed, has a time stamp, or is evidence of ``case``.
    """
    place = folder / f"{SEALED_STATEMENT}.tsr"
    imprint = _imprint(folder)
    if place.exists() or place.is_symlink():
        raise UsageError(f"{folder} has a time stamp already.", path=str(place))
    require_outside(case, place)
    token = taken_in(read_whole(single(reply), limit=MIB), imprint)
    write_whole(place, token)
    return place


def _imprint(folder: Path) -> bytes:
    statement = folder / SEALED_STATEMENT
    if not statement.is_file():
        raise UsageError(f"{folder} is not sealed: it has no {SEALED_STATEMENT}.", path=str(folder))
    return hashlib.sha256(read_whole(single(statement), limit=MIB)).digest()
