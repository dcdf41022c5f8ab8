"""What the steps of the procedure find, and what they are given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.model.expectation import Origin
from workbench.model.trust import Trust, TrustAnchor
from workbench.model.verdict import DimensionVerdict, Step

if TYPE_CHECKING:
    from workbench.model.bundle import Bundle
    from workbench.model.trusted_root import TrustedRoot
    from workbench.verify.keys.signable import Signable

#: Gives a command that runs code with ``m`` (the verification material), ``c`` (base64), ``w``.
Run = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where commands of a recipe find the bundle and leave their files.

    Attributes:
        run: see ``Run``.
        prefix: begins the names of files, as ``$S/1.1``.
    """

    run: Run
    prefix: str


@dataclass(frozen=True, slots=True)
class Case:
    """What one bundle is judged with.

    Attributes:
        bundle: the bundle.
        signables: what its signature may be over.
        trust: whom the auditor trusts, and for what time.
        origin: what the auditor states of the signer.
        root: one trusted root.
        anchor: the same, as the auditor brought it.
        scratch: where commands find things.
    """

    bundle: "Bundle"
    signables: "Sequence[Signable]"
    trust: Trust
    origin: Origin
    root: "TrustedRoot"
    anchor: TrustAnchor
    scratch: Scratch


@dataclass(slots=True)
class Found:
    """What was found so far.

    Attributes:
        who: what keeps the signer from being known and trusted; a failure, or open.
        protection: proofs of logs, each as what it says of the bytes.
        times: each trusted time with its source.
        bad_times: what is wrong with times of somebody trusted.
        logged: an entry is shown to be in a log.
        reached: the certificate leads to an authority of the root.
        steps: of the proof trail.
        notes: sentences for the auditor.
    """

    who: list[tuple[DimensionVerdict, str]] = field(default_factory=list)
    protection: list[DimensionVerdict] = field(default_factory=list)
    times: list[tuple[datetime, str]] = field(default_factory=list)
    bad_times: list[DimensionVerdict] = field(default_factory=list)
    logged: bool = False
    reached: bool = False
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
