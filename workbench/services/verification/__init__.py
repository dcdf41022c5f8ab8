"""Verify what a user names: open it, sort it out, judge every subject.

For a large log workers come first: what opens and judges (``judging``) is loaded while they make
themselves ready.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verification import Verification
from workbench.verify.pool import workers
from workbench.verify.trust.anchors import load_trust

if TYPE_CHECKING:
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
    """Return the verdict on everything below ``request.paths``, with trust that is at hand."""
    from workbench.services.verification import judging

    return judging.verified(request, trust, progress, cancel, executor, tap)


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
