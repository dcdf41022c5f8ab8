"""Make cases and evidence for tests, with a clock that goes on by a second an act."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from workbench.model.case import Engagement
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verification import Verification
from workbench.services import cases
from workbench.store.case_store import CaseStore

START = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
AT = datetime(2026, 7, 2, tzinfo=UTC)


def clock() -> Callable[[], datetime]:
    """Return a clock that goes on by a second each time it is asked."""
    asked = iter(range(10**9))
    return lambda: START + timedelta(seconds=next(asked))


def new_case(folder: Path, title: str = "Second quarter") -> CaseStore:
    """Make a case and open it."""
    made = cases.create(folder / "audit.case", Engagement(title), who="ann", clock=clock())
    _opened.append(made)
    return made


def again(case: CaseStore, *, write: bool = True) -> CaseStore:
    """Close a case and open it again."""
    case.close()
    _opened.append(cases.open_case(case.folder, who="ann", write=write, clock=clock()))
    return _opened[-1]


@contextmanager
def closing_cases() -> Iterator[None]:
    """Close what is opened here meanwhile and left open."""
    before = len(_opened)
    yield
    while len(_opened) > before:
        _opened.pop().close()


_opened: list[CaseStore] = []


def added(case: CaseStore, *paths: Path, **more: Any) -> cases.Added:
    """Add evidence."""
    return cases.add_evidence(case, paths, progress=Silent(), cancel=Cancel(), **more)


def verified(case: CaseStore, **more: Any) -> Verification:
    """Verify a case."""
    from workbench.services.verification.case import verify_case

    request = VerifyRequest((), AT, **more)
    return verify_case(case, request, progress=Silent(), cancel=Cancel())


def lines(records: Sequence[object]) -> bytes:
    """Return records as JSONL."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def plain_log(count: int = 20) -> list[dict[str, object]]:
    """Return records of a log without protection."""
    return [
        {
            "time": f"2026-04-{1 + n // 24:02}T{n % 24:02}:00:00Z",
            "actor": ("ann", "Bob", "ci-runner")[n % 3],
            "action": ("train", "deploy")[n % 2],
            "object": f"models:/credit/{n % 5}",
            "outcome": ("success", "denied")[n % 4 == 3],
        }
        for n in range(count)
    ]


def written(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
