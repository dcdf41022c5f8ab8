"""Read an earlier verdict that the auditor brings, and nobody else."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench import __version__
from workbench.errors import StoreError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.strict_json import JsonError, parse
from workbench.model.contract_reading import verification_of
from workbench.model.earlier import Earlier, earlier_in
from workbench.model.request import VerifyRequest


def with_earlier(request: VerifyRequest) -> VerifyRequest:
    """Return a request that states what an earlier verdict said.

    Raises:
        UsageError: it lies in what is judged, or is no verdict of this program as it is now.
        SourceError: it cannot be read.
    """
    if request.since is None:
        return request
    expectation = replace(request.expectation, earlier=earlier_of(request.since, request.paths))
    return replace(request, expectation=expectation, since=None)


def earlier_of(file: Path, paths: Sequence[Path]) -> tuple[Earlier, ...]:
    """Return what an earlier verdict says of logs of which nothing was amiss.

    Raises:
        UsageError: it lies in what is judged, which may say of itself what it likes; it is no such
            document; or another version of the program wrote it, whose recipes may be others.
        SourceError: it cannot be read.
    """
    found = single(file)
    place = Path(found.root, *found.parts)
    if any(place.is_relative_to(path.resolve()) for path in paths):
        raise UsageError(f"{file} lies in what is to be judged: keep earlier verdicts elsewhere.")
    try:
        document = parse(read_whole(found), what=file.name)
        verification = verification_of(document, ())
    except (JsonError, StoreError) as error:
        message = f"{file} is no verdict of this program: keep what verify --json prints."
        raise UsageError(message) from error
    tool = document.get("tool") if isinstance(document, dict) else None
    if not isinstance(tool, dict) or tool.get("version") != __version__:
        raise UsageError(f"{file} is a verdict of another version: verify without it.")
    return earlier_in(verification)
