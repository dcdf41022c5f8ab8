"""A hash-chained log, read record by record and recomputed one at a time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import LIMITS, Limits
from workbench.model.profile import ChainProfile, ContainerKind, GenesisKind
from workbench.model.progress import Cancel
from workbench.verify.recheck import recipe
from workbench.verify.recheck.opinion import NoOpinionError
from workbench.verify.recheck.strict import BadJsonError, read

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class LogOpinion:
    """What is so of a log.

    Attributes:
        sha256: of the file.
        records: how many.
        bad: numbers of records whose digest is not reproduced, or that are none.
        unlinked: numbers of records that do not point at the one before them.
    """

    sha256: str = ""
    records: int = 0
    bad: list[int] = field(default_factory=list)
    unlinked: list[int] = field(default_factory=list)


def log_opinion(
    file: EvidenceFile,
    container: str,
    profile: ChainProfile,
    *,
    limits: Limits = LIMITS,
    cancel: Cancel,
) -> LogOpinion:
    """Return what is so of a log.

    Raises:
        NoOpinionError: it is not judged here.
        SourceError: it cannot be read.
        Cancelled: the user stopped it.
    """
    recipe.require_known(profile)
    if profile.container.kind not in {ContainerKind.JSONL, ContainerKind.JSON_ARRAY}:
        raise NoOpinionError(f"of records in {profile.container.kind}")
    if file.cut_off:
        raise NoOpinionError("of a delivery that was cut off")
    if profile.genesis.restarts and profile.genesis.kind is not GenesisKind.TEXT:
        raise NoOpinionError(f"of profile {profile.id}: its logs may begin again")
    found, digest = LogOpinion(), hashlib.sha256()
    if container == "jsonl":
        values = _of_lines(file, profile, digest, limits, cancel)
    elif container == "json-array":
        values = _of_document(file, profile, digest, limits)
    else:
        raise NoOpinionError(f"of records in {container}")
    _judge(values, profile, found, cancel)
    found.sha256 = digest.hexdigest()
    return found


#: A record as it was read and its bytes, or None where it cannot be read.
_Read = tuple[recipe.Record, bytes | None] | None


def _judge(
    values: Iterator[_Read], profile: ChainProfile, found: LogOpinion, cancel: Cancel
) -> None:
    before: str | None = None
    for number, value in enumerate(values, 1):
        cancel.check()
        found.records = number
        if value is None or not _belongs(value[0], profile):
            found.bad.append(number)
            before = None
            continue
        record, raw = value
        own = recipe.text_at(record, profile.fields.own)
        previous = recipe.text_at(record, profile.fields.previous)
        if not _reproduced(record, raw, own, profile):
            found.bad.append(number)
        restarts = profile.genesis.restarts and previous == profile.genesis.value
        if number > 1 and (before is None or previous != before) and not restarts:
            found.unlinked.append(number)
        before = own


def _belongs(record: recipe.Record, profile: ChainProfile) -> bool:
    """Tell whether a record has anything of the chain."""
    fields = profile.fields.own, profile.fields.previous
    return any(recipe.text_at(record, name) is not None for name in fields)


def _reproduced(
    record: recipe.Record, raw: bytes | None, own: str | None, profile: ChainProfile
) -> bool:
    try:
        line = recipe.canonical(record, profile)
        right = own is not None and recipe.digest_of(record, profile) == own
    except recipe.NoBytesError:
        return False
    return right and (line is None or raw is None or line == raw)


def _of_lines(
    file: EvidenceFile,
    profile: ChainProfile,
    digest: "hashlib._Hash",
    limits: Limits,
    cancel: Cancel,
) -> Iterator[_Read]:
    spelled = recipe.is_spelled(profile)
    for n, line in enumerate(_lines(file, digest, limits, cancel)):
        raw = None if line is None else line.removesuffix(b"\r")
        if n == 0 and raw is not None:
            raw = raw.removeprefix(_BOM)
        if raw is None:
            yield None
        elif raw.strip(b" \t\r\n\v\f"):
            yield _read(raw, spelled=spelled)


def _lines(
    file: EvidenceFile, digest: "hashlib._Hash", limits: Limits, cancel: Cancel
) -> Iterator[bytes | None]:
    """Yield each line without its end; None for one over the limit."""
    held, too_long = b"", False
    for block in blocks(file, cancel=cancel):
        digest.update(block)
        first, *rest = block.split(b"\n")
        held += b"" if too_long else first
        for part in rest:
            yield None if too_long or len(held.removesuffix(b"\r")) > limits.record else held
            held, too_long = part, False
        if len(held) > limits.record + 1:
            held, too_long = b"", True
    if held or too_long:
        yield None if too_long or len(held.removesuffix(b"\r")) > limits.record else held


def _read(raw: bytes, *, spelled: bool) -> _Read:
    try:
        value = read(raw, spelled=spelled)
    except BadJsonError:
        return None
    return (value, raw) if isinstance(value, dict) else None


def _of_document(
    file: EvidenceFile, profile: ChainProfile, digest: "hashlib._Hash", limits: Limits
) -> Iterator[_Read]:
    data = read_whole(file, limits=limits)
    digest.update(data)
    try:
        value = read(data.removeprefix(_BOM), spelled=recipe.is_spelled(profile))
    except BadJsonError as error:
        raise NoOpinionError("of a document that is no JSON") from error
    rows = recipe.at(value, profile.container.path) if isinstance(value, dict) else value
    if recipe.canonical({}, profile) is not None or not isinstance(rows, list):
        raise NoOpinionError("of records that lie in a document in this way")
    for row in rows:
        yield (row, None) if isinstance(row, dict) else None
