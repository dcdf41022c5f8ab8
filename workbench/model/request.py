"""What a user asks to have verified, from the window or the command line alike."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.expectation import Expectation
from workbench.model.verdict import Dimension
from workbench.model.verification import REQUIRED_BY_DEFAULT

if TYPE_CHECKING:
    from workbench.model.event_mapping import EventMapping


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """One verification, as asked for.

    Attributes:
        paths: files, folders and archives to open.
        at: time for which trust is judged, aware UTC.
        trust: ``[ROLE=]FILE`` each.
        confirm: fingerprints that the auditor compared out of band, 64 hex digits each.
        secrets: ``[ID=]FILE`` each, for HMAC chains.
        threshold: how many trusted identities must have signed.
        signatures: files to take as signatures.
        anchors: files to take as anchors.
        artifact: file or folder that the signature is about, or None.
        expectation: what the auditor states about the subject.
        required: dimensions that decide the exit code.
        since: an earlier verdict (``verify --json``) on logs that may have grown, or None.
        recheck: whether a second, plain program judges again.
        names: what to call each path; () as a drop calls it.
        mappings: how events of logs are read that no format describes.
        leave_out: (path, member) of files that are not looked at: others were delivered in their
            place.
    """

    paths: tuple[Path, ...]
    at: datetime
    trust: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    threshold: int = 1
    signatures: tuple[Path, ...] = ()
    anchors: tuple[Path, ...] = ()
    artifact: Path | None = None
    expectation: Expectation = field(default_factory=Expectation)
    required: tuple[Dimension, ...] = REQUIRED_BY_DEFAULT
    since: Path | None = None
    recheck: bool = False
    names: tuple[str, ...] = ()
    mappings: "tuple[EventMapping, ...]" = ()
    leave_out: frozenset[tuple[str, str | None]] = frozenset()
