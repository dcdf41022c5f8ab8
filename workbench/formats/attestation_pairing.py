"""Which files attestations are about (VERDICTS 1): as said, by digest, by name.

1. What the auditor says (``--signature`` with ``--artifact``).
2. Every file whose digest is among what is signed; copies of an artifact are that artifact.
3. Where no file has it: the file beside it that is called as the subject, else the one that is
   called as the attestation without its suffix. Such a file is not what was signed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of
from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.strict_json import parse
from workbench.formats.attestation import stem_of
from workbench.model.progress import Cancel

if TYPE_CHECKING:
    from workbench.model.statement import Claimed

ATTESTATION_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class Sealed:
    """Files with the attestations that are about them.

    Attributes:
        by_file: each file with its attestations, in the order of their names.
    """

    by_file: Mapping[EvidenceFile, tuple[EvidenceFile, ...]] = field(default_factory=dict)

    def about(self, seal: EvidenceFile) -> list[EvidenceFile]:
        """Return what a file of attestations is about."""
        return [file for file, seals in self.by_file.items() if seal in seals]


def pair(
    seals: Sequence[EvidenceFile],
    files: Sequence[EvidenceFile],
    *,
    said: Mapping[EvidenceFile, str],
    cancel: Cancel,
) -> Sealed:
    """Return which files attestations are about.

    Args:
        seals: files of attestations.
        files: what they may be about; each is hashed once, if anything is claimed by digest.
        said: attestations of which the auditor says what they are about, a path each.
        cancel: checked once a block.
    """
    claims = {seal: _claims(seal) for seal in seals if seal not in said}
    wanted = {v for mine in claims.values() for c in mine for _, v in c.binding}
    names = {name for mine in claims.values() for c in mine for name, _ in c.binding}
    known = _Digests(names, wanted, files if wanted else (), cancel)
    found: dict[EvidenceFile, list[EvidenceFile]] = {}
    for seal in seals:
        meant = said.get(seal)
        about = _about(seal, claims[seal], files, known) if meant is None else _at(meant, files)
        for file in about:
            found.setdefault(file, []).append(seal)
    return Sealed({file: tuple(sorted(mine, key=_place)) for file, mine in found.items()})


class _Digests:
    """Which files have which of the wanted digests."""

    def __init__(
        self, names: set[str], wanted: set[str], files: Sequence[EvidenceFile], cancel: Cancel
    ) -> None:
        self._by_digest: dict[str, list[EvidenceFile]] = {}
        for file in files:
            for digest in _digests_of(file, names, cancel) & wanted:
                self._by_digest.setdefault(digest, []).append(file)

    def with_digest(self, claimed: "Claimed") -> list[EvidenceFile]:
        """Return the files that have every digest that is claimed."""
        found = [self._by_digest.get(value, []) for _, value in claimed.binding]
        return [f for f in found[0] if all(f in other for other in found)] if found else []


def _digests_of(file: EvidenceFile, names: set[str], cancel: Cancel) -> set[str]:
    running = [hashlib.new(name) for name in names]
    try:
        for block in blocks(file, cancel=cancel, size=MIB):
            for digest in running:
                digest.update(block)
    except SourceError:  # told by whoever judges the file
        return set()
    return {digest.hexdigest() for digest in running}


def _claims(seal: EvidenceFile) -> "list[Claimed]":
    from workbench.model.attestation import attestations_in

    try:
        data = read_whole(seal, limit=ATTESTATION_BYTES)
    except SourceError:
        return []
    found = attestations_in(data, partial(parse, what=seal.display))
    return [claimed for one in found for claimed in one.claimed]


def _at(place: str, files: Sequence[EvidenceFile]) -> list[EvidenceFile]:
    return [file for file in files if file.place == place]


def _about(
    seal: EvidenceFile, claims: "Sequence[Claimed]", files: Sequence[EvidenceFile], known: _Digests
) -> list[EvidenceFile]:
    found: dict[EvidenceFile, None] = {}
    beside = [file for file in files if folder_of(file) == folder_of(seal)]
    for claimed in claims:
        same = known.with_digest(claimed) or list(_called(claimed.name, beside))
        found.update(dict.fromkeys(same))
    if not found:
        found.update(dict.fromkeys(_called(stem_of(seal.name), beside)))
    return list(found)


def _called(name: str, files: Sequence[EvidenceFile]) -> Iterator[EvidenceFile]:
    """Yield the files that are called as the last part of a name."""
    last = name.rstrip("/").rpartition("/")[2]
    return (file for file in files if last and file.name == last)


def products_of(links: Sequence[EvidenceFile]) -> set[str]:
    """Return the names of all products in links."""
    return {claimed.name for link in links for claimed in _claims(link) if claimed.name}


def _place(file: EvidenceFile) -> str:
    return file.place
