"""A recipe that was found, with what it explains."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.verify.infer.refine import Refined
from workbench.verify.infer.roles import Roles


@dataclass(frozen=True, slots=True)
class Found:
    """A recipe that was found.

    Attributes:
        roles: what plays which part.
        refined: the preimage, the digest, and which records they reproduce.
        secret: which of the secrets given is the key, or None.
        key: that secret, decoded.
        older: the recipe of records from before it was changed, or None.
        unusual: what all unexplained records have and no explained one: the recipe may be
            incomplete there; empty where they are all explained or nothing sets them apart.
        restarts: whether chains begin anew that do not store their links.
    """

    roles: Roles
    refined: Refined
    secret: int | None = None
    key: bytes | None = field(default=None, repr=False)
    older: Refined | None = None
    unusual: frozenset[str] = frozenset()
    restarts: bool = False

    @property
    def right(self) -> tuple[bool, ...]:
        """Return for each record whether one of the recipes reproduces its digest."""
        if self.older is None:
            return self.refined.right
        return tuple(map(any, zip(self.refined.right, self.older.right, strict=True)))

    @property
    def by_older(self) -> tuple[bool, ...]:
        """Return for each record whether only the older recipe reproduces its digest."""
        return tuple(mine and not theirs for mine, theirs in self._of_both())

    @property
    def by_newer(self) -> tuple[bool, ...]:
        """Return for each record whether only the newer recipe reproduces its digest."""
        return tuple(theirs and not mine for mine, theirs in self._of_both())

    def _of_both(self) -> Iterator[tuple[bool, bool]]:
        """Yield for each record whether the older and the newer recipe reproduce its digest.

        What both do tells neither, as the first record of a chain where they differ in the link.
        """
        older = (False,) * len(self.refined.right) if self.older is None else self.older.right
        return zip(older, self.refined.right, strict=True)
