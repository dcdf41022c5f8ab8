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
        yaml: bytes of a YAML document.
        yaml_depth: nesting of YAML lists and mappings.
        members: files of one drop, members of its archives among them.
        folders: folders within folders.
        archive_header: bytes of one extended header of a tar archive.
        ratio: bytes out of an archive per byte in.
        ratio_slack: bytes that may come out before the ratio counts.
        nesting: archives within archives.
        free_disk_share: part of the free disk that extraction may fill.
        database_seconds: time that one step of reading a database may take.
    """

    record: int = 64 * MIB
    document: int = 64 * MIB
    json_depth: int = 200
    yaml: int = 256 * KIB
    yaml_depth: int = 50
    members: int = 1_000_000
    folders: int = 256
    archive_header: int = MIB
    ratio: int = 200
    ratio_slack: int = MIB
    nesting: int = 2
    free_disk_share: float = 0.5
    database_seconds: float = 120.0


LIMITS = Limits()
