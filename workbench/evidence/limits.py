"""How much of anything evidence may ask for (VERDICTS section 8)."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what comes in; settings may lower them, never silently raise.

    Attributes:
        record: bytes of one record of a log.
        document: bytes of a file that is read whole (signature, manifest, key, profile).
        json_depth: nesting of JSON arrays and objects.
        members: members of one archive, and files of one drop.
        ratio: bytes out of an archive per byte in.
        nesting: archives within archives.
        free_disk_share: part of the free disk that extraction may fill.
    """

    record: int = 64 * MIB
    document: int = 64 * MIB
    json_depth: int = 200
    members: int = 1_000_000
    ratio: int = 200
    nesting: int = 2
    free_disk_share: float = 0.5


LIMITS = Limits()
