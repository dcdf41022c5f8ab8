"""Verify what a user names: open it, sort it out, judge every subject.

What takes long comes first: workers for a large log, the search through large files. What judges
(``judging``) is loaded while they are at it.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verification import Verification
from workbench.verify.pool import workers
from workbench.verify.trust.anchors import load_trust

if TYPE_CHECKING:
    from workbench.evidence.drop import Drop
    from workbench.verify.evidence_keys import KeySearch
    from workbench.verify.verifier import Tap


def verify(request: VerifyRequest, *, progress: Progress, cancel: Cancel) -> Verification:
    """Return the verdict on everything below ``request.paths``.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        SourceError: a named path or trust file cannot be read.
        Cancelled: the user stopped it.
    """
    with workers() as executor:
        if executor is not None and any(path.is_file() for path in request.paths):
            _warm_up(executor, request.paths)
        return verified(request, _trust(request), progress, cancel, executor)


def warnings(request: VerifyRequest) -> tuple[str, ...]:
    """Return what to know of the trust that a request names before its work starts.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        SourceError: a trust file cannot be read.
    """
    return _trust(request).warnings


def verified(
    request: VerifyRequest,
    trust: Trust,
    progress: Progress,
    cancel: Cancel,
    executor: Executor | None,
    tap: "Tap | None" = None,
) -> Verification:
    """Return the verdict on everything below ``request.paths``, with trust that is at hand.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        SourceError: a named path cannot be read.
        Cancelled: the user stopped it.
    """
    from workbench.formats.intake import opened
    from workbench.verify.chain.library import chosen

    request = _with_earlier(request)
    profiles = chosen(request.expectation.profile)
    with (
        opened(request, progress=progress, cancel=cancel) as drop,
        _searching(drop, trust, progress, cancel) as search,
    ):
        from workbench.services.verification.judging import judged
        from workbench.verify.verifier import Bench

        bench = Bench(
            trust=trust,
            expectation=request.expectation,
            profiles=profiles,
            progress=progress,
            cancel=cancel,
            executor=executor,
            tap=tap,
        )
        return judged(request, drop, bench, search)


@contextmanager
def _searching(
    drop: "Drop", trust: Trust, progress: Progress, cancel: Cancel
) -> "Iterator[KeySearch | None]":
    """Yield a search for the trusted keys that has begun; None: there are none."""
    if not trust.anchors:
        yield None
        return
    from workbench.verify.evidence_keys import key_search

    with key_search(trust.anchors, progress=progress, cancel=cancel) as search:
        search.begin(drop.files)
        yield search


def _with_earlier(request: VerifyRequest) -> VerifyRequest:
    if request.since is None:
        return request
    from workbench.services.verification.since import with_earlier

    return with_earlier(request)


def _warm_up(executor: Executor, paths: Sequence[Path]) -> None:
    """Make workers ready where one of the files is so large that they are sure to be wanted."""
    from workbench.verify.chain.ahead import LARGE, warm_up

    if any(path.is_file() and path.stat().st_size >= LARGE for path in paths):
        warm_up(executor)


def _trust(request: VerifyRequest) -> Trust:
    return load_trust(
        request.trust,
        confirm=request.confirm,
        secrets=request.secrets,
        at=request.at,
        threshold=request.threshold,
    )
