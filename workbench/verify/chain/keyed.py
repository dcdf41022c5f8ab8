"""The secrets and keys that keyed values of a log are checked with."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Secrets:
    """What keyed values of a profile are checked with; None: not given.

    Attributes:
        digest: decoded secret of the digest.
        seals: for each seal its decoded secret, or the keys of those who may have signed, 32
            bytes each.
        by: secrets of the digest by the value of the field that names them.
        older: decoded secrets of the digests of older recipes, one each; (): all have ``digest``.
    """

    digest: bytes | None = field(default=None, repr=False)
    seals: tuple[bytes | None, ...] = field(default=(), repr=False)
    by: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    older: tuple[bytes | None, ...] = field(default=(), repr=False)

    @property
    def any(self) -> bool:
        """Tell whether a digest can be computed with them."""
        return self.digest is not None or bool(self.by)

    def of_older(self, n: int) -> "Secrets":
        """Return those of an older recipe."""
        return replace(self, digest=self.older[n], older=()) if self.older else self
