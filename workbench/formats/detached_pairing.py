"""Which file each detached signature is about (VERDICTS 1): as said, else ``x`` for ``x.sig``.

A signature makes a subject of the file that it is about, whatever that is: somebody signed it, so
somebody means it to be relied on. A file that is only called like a signature is one if the file
that it would be about lies there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.formats.detached_signature import DETACHED, meant_as
from workbench.formats.model_folder import is_model_name
from workbench.formats.reader import Recognition
from workbench.model.source import Role


@dataclass(frozen=True, slots=True)
class Signed:
    """Files with the signatures that are about them.

    Attributes:
        by_file: each file with its signatures, in the order of their names.
    """

    by_file: Mapping[EvidenceFile, tuple[EvidenceFile, ...]] = field(default_factory=dict)

    def signature_of(self, subject: Subject) -> Subject:
        """Return a subject with the detached signatures of its files."""
        if subject.base and subject.format != "bagit":
            return subject
        pairs = [(one, f) for f in subject.files for one in self.by_file.get(f, ())]
        return replace(subject, detached=tuple(pairs)) if pairs else subject

    def seen_as(self, file: EvidenceFile, seen: Recognition) -> Recognition:
        """Return what a file is recognised as, now that it may be signed."""
        if file not in self.by_file or seen.role is not Role.CONTEXT:
            return seen
        form = "model" if is_model_name(file.name) else "file"
        return replace(seen, format=form, role=Role.SUBJECT)

    @property
    def abouts(self) -> dict[EvidenceFile, str]:
        """Return the path of what each signature is about."""
        return {one: file.path for file, mine in self.by_file.items() for one in mine}


def pair(
    seen: Iterable[tuple[EvidenceFile, Recognition]],
    drop: Drop,
    *,
    said: Mapping[EvidenceFile, str],
) -> Signed:
    """Return which files of ``drop`` detached signatures are about.

    Args:
        seen: every file with what it was recognised as.
        drop: where they lie.
        said: signatures of which the auditor says what they are about, a path each.
    """
    by_place = {file.place: file for file in (*drop.files, *drop.containers)}
    by_path = {file.path: file for file in (*drop.files, *drop.containers) if file.member is None}
    found: dict[EvidenceFile, list[EvidenceFile]] = {}
    for file, what in seen:
        if not _may_sign(file, what):
            continue
        about = by_path.get(said[file]) if file in said else by_place.get(_stem(file.place))
        if about is not None and about != file:
            found.setdefault(about, []).append(file)
    return Signed({file: tuple(sorted(mine, key=_place)) for file, mine in found.items()})


def archives(signed: Signed, drop: Drop) -> list[Subject]:
    """Return a subject for each archive that is signed as it was delivered."""
    return [
        Subject(file.path, file.member, "archive", (file,))
        for file in drop.containers
        if file in signed.by_file
    ]


def _may_sign(file: EvidenceFile, what: Recognition) -> bool:
    by_name = what.role is Role.CONTEXT and meant_as(file.name) is not None
    return what.format in DETACHED or by_name


def _stem(place: str) -> str:
    return place.rpartition(".")[0]


def _place(file: EvidenceFile) -> str:
    return file.place
