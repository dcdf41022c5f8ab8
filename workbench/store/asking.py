"""That a server was asked stands in the journal, whatever came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbench.errors import StoreError, WorkbenchError
from workbench.model.contract import time_to_json

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


@contextmanager
def asking(
    case: "CaseStore | None",
    act: str,
    told: Callable[[str], None],
    *,
    recorded: bool = False,
) -> Iterator[Callable[[str], None]]:
    """Yield who has to be told of a server before it is asked.

    Args:
        case: the case that is open or named, or None.
        act: for what the server is asked.
        told: who else is told.
        recorded: whether the act puts that on record itself, where it succeeds.

    Raises:
        StoreError: it was asked, and that could not be recorded; or it was not asked, because the
            case is open for reading only and could not record it.
    """
    asked: dict[str, str] = {}

    def tell(server: str) -> None:
        if case is not None:
            _require_recording(case, server)
            asked.setdefault(server, time_to_json(case.clock()) or "")
        told(server)

    try:
        yield tell
    except BaseException as error:  # stopped or crashed: asked is asked
        why = error.message if isinstance(error, WorkbenchError) else type(error).__name__
        try:
            _record(case, act, asked, outcome="failed", why=why)
        except StoreError as lost:
            raise StoreError(f"{why} That a server was asked: {lost.message}") from error
        raise
    if not recorded:
        _record(case, act, asked, outcome="answered")


def _require_recording(case: "CaseStore", server: str) -> None:
    if not case.writable:
        raise StoreError(
            f"{server} was not asked: {case.folder} is open for reading only, and its journal "
            "could not say so. Open it for writing, or close it.",
            path=str(case.folder),
        )


def _record(
    case: "CaseStore | None", act: str, asked: Mapping[str, str], *, outcome: str, why: str = ""
) -> None:
    if case is None or not asked:
        return
    from workbench.store.journal import ASKED

    for server, at in asked.items():
        with case.acting(ASKED, subject=server) as entry:
            entry.detail = {
                "for": act,
                "network": [server],
                "asked": at,
                "outcome": outcome,
                "why": why,
            }
