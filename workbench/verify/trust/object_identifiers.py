"""A bound on object identifiers, where asn1crypto reads them out of evidence.

It takes the square of their length: one of a megabyte, in a time stamp or a PDF, keeps it busy for
minutes. No registered one has more than some forty bytes; ``cryptography`` takes 63.
"""

from asn1crypto import core  # type: ignore[import-untyped]  # it ships no types

LONGEST = 128


def bound_object_identifiers() -> None:
    """Have the library refuse longer ones with ValueError, as it does what it cannot read."""
    if core.ObjectIdentifier.dotted is not _BOUNDED:
        core.ObjectIdentifier.dotted = _BOUNDED


def _dotted(self: core.ObjectIdentifier) -> str:
    if len(self.contents or b"") > LONGEST:
        raise ValueError(f"an object identifier has more than {LONGEST} bytes")
    return str(_UNBOUNDED.fget(self))


_UNBOUNDED = core.ObjectIdentifier.dotted
_BOUNDED = property(_dotted)
