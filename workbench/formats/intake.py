"""Open what a request names and sort it out: the same for verifying, inspecting and reporting."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.evidence.drop import Drop, open_drop
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest

if TYPE_CHECKING:
    from workbench.formats.entry import Choice
    from workbench.formats.table import Table
    from workbench.model.profile import ChainProfile


@contextmanager
def opened(request: VerifyRequest, *, progress: Progress, cancel: Cancel) -> Iterator[Drop]:
    """Yield what lies at the paths of a request; it is gone afterwards.

    Raises:
        SourceError: a named path cannot be read.
    """
    paths, names = _everything(request), request.names
    with open_drop(paths, names=names, cancel=cancel, progress=progress) as whole:
        yield _without(whole, request.leave_out)


def sorted_out(
    drop: Drop, request: VerifyRequest, profiles: "Sequence[ChainProfile]", cancel: Cancel
) -> "Table":
    """Return what lies on the table; what tells files apart is loaded here.

    Raises:
        UsageError: a named signature, anchor or artifact is not there.
        Cancelled: the user stopped it.
    """
    from workbench.formats.table import sort_out

    return sort_out(drop, profiles, _choice(request, drop), cancel=cancel)


def _without(drop: Drop, left_out: frozenset[tuple[str, str | None]]) -> Drop:
    if not left_out:
        return drop
    kept = (file for file in drop.files if (file.path, file.member) not in left_out)
    whole = (file for file in drop.containers if (file.path, file.member) not in left_out)
    return replace(drop, files=tuple(kept), containers=tuple(whole))


def _everything(request: VerifyRequest) -> list[Path]:
    """Return the paths to open: what was named, and proof that lies elsewhere, each once."""
    paths = list(request.paths)
    named = (*request.signatures, *request.anchors, *filter(None, [request.artifact]))
    for extra in named:
        if not any(extra.resolve().is_relative_to(path.resolve()) for path in paths):
            paths.append(extra)
    return paths


def _choice(request: VerifyRequest, drop: Drop) -> "Choice":
    from workbench.formats.entry import Choice

    artifact = request.artifact
    return Choice(
        signatures=frozenset(_named(drop, path) for path in request.signatures),
        anchors=frozenset(_named(drop, path) for path in request.anchors),
        artifact=None if artifact is None else _named(drop, artifact),
        logs=request.expectation.profile is not None,
        mappings=request.mappings,
    )


def _named(drop: Drop, path: Path) -> str:
    """Return what the drop calls a path that the user named."""
    target = path.resolve()
    for file in (*drop.files, *drop.containers):
        real = Path(file.root, *file.parts)
        if file.member is None and real == target:
            return file.path
        if file.member is None and real.is_relative_to(target):
            below = len(real.relative_to(target).parts)
            return "/".join(file.path.split("/")[:-below])
    raise UsageError(f"{path} holds nothing that could be used.", path=str(path))
