"""What the auditor states about a subject, beside keys."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.model.earlier import Earlier


@dataclass(frozen=True, slots=True)
class Period:
    """The audit period, both ends aware UTC; ``last`` belongs to it."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """What the auditor states of who signed an attestation, and how its artifact was made.

    Attributes:
        identity: subject alternative name that a Sigstore certificate must have, or None.
        issuer: who must have vouched for that identity, or None.
        builder: id of the builder that provenance must name, or None.
        source: where provenance must say that the source came from, or None.
        digest: lower hex digest that must be among the subjects, or None.
    """

    identity: str | None = None
    issuer: str | None = None
    builder: str | None = None
    source: str | None = None
    digest: str | None = None

    @property
    def is_stated(self) -> bool:
        """Tell whether the auditor states anything of it."""
        return self != Origin()

    @property
    def names_signer(self) -> bool:
        """Tell whether the auditor states who must have signed."""
        return self.identity is not None or self.issuer is not None

    @property
    def has_policy(self) -> bool:
        """Tell whether the auditor asks for something that a statement must say."""
        return any(part is not None for part in (self.builder, self.source, self.digest))


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the auditor expects of a log, model or attestation.

    Attributes:
        period: audit period, or None.
        count: number of records stated by the auditor, or None.
        head: digest of the last record stated by the auditor, as text without prefix, or None.
        profile: id or file of the chain profile that the auditor chose, or None.
        allow_symlinks: False refuses a model folder with links whatever its manifest says.
        origin: who must have signed attestations, and what they must say.
        earlier: what an earlier verdict said of logs that may have grown since.
    """

    period: Period | None = None
    count: int | None = None
    head: str | None = None
    profile: str | None = None
    allow_symlinks: bool = True
    origin: Origin = field(default_factory=Origin)
    earlier: tuple["Earlier", ...] = ()
