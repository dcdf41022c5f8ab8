"""What was found in an export: of each event, and of the roots."""

from dataclasses import dataclass

from workbench.model.verdict import SignatureVerdict
from workbench.verify.pangea.events import Event, Root


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about one event.

    Attributes:
        event: the event.
        stored: the hash that the export states, or None.
        made: the hash of what it says, or None where that cannot be hashed.
        rooted: whether there is a root that a proof of it would lead to.
        member: whether its proof leads to its root; None: that could not be asked.
        anchored: whether that root is one that the auditor gave.
        signature: what its signature is worth, or None where it has none.
        signed_as_is: whether its signature holds; None where it has none.
    """

    event: Event
    stored: bytes | None
    made: bytes | None
    rooted: bool = False
    member: bool | None = None
    anchored: bool = False
    signature: SignatureVerdict | None = None
    signed_as_is: bool | None = None

    @property
    def reproduced(self) -> bool:
        """Tell whether its hash is the one that is stated."""
        return self.made is not None and self.made == self.stored


@dataclass(frozen=True, slots=True)
class Roots:
    """The roots that are known.

    Attributes:
        given: those that the auditor named.
        lying: those that lie in the evidence, in files of their own.
        contradicted: roots of an export that one given by the auditor contradicts.
        proven: sizes of roots whose consistency proof leads to them.
        unproven: sizes of roots whose consistency proof does not.
    """

    given: tuple[Root, ...] = ()
    lying: tuple[Root, ...] = ()
    contradicted: tuple[Root, ...] = ()
    proven: tuple[int, ...] = ()
    unproven: tuple[int, ...] = ()

    def is_given(self, root: Root) -> bool:
        """Tell whether the auditor gave this very root."""
        return any(same_place(one, root) and one.hash == root.hash for one in self.given)


def same_place(one: Root, other: Root) -> bool:
    """Tell whether two roots are of one tree and one size."""
    return one.size == other.size and one.tree == other.tree
