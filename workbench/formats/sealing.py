"""Give attestations to the subjects that they are about, and links to their layouts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.evidence.archive_kind import folder_of
from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.formats import bag_folder
from workbench.formats.attestation import ATTESTATION, IN_TOTO, LAYOUT_FORM, LINK_FORM
from workbench.formats.attestation_pairing import Sealed, pair, products_of
from workbench.formats.entry import Entry
from workbench.model.progress import Cancel
from workbench.model.source import CLOSED_ARCHIVE, Role

_FILE = "file"
ARCHIVE = "archive"


def layouts(entries: list[Entry], drop: Drop) -> tuple[list[Subject], list[Entry]]:
    """Make a subject of each layout, with the links below it and the products beside it."""
    subjects: list[Subject] = []
    pairs: dict[EvidenceFile, str] = {}
    taken: set[EvidenceFile] = set()
    for layout in (e for e in entries if e.seen.format == IN_TOTO and e.role is Role.SUBJECT):
        folder = folder_of(layout.file)
        prefix = f"{folder}/" if folder else ""
        links = [e.file for e in entries if _is_link(e) and e.file.place.startswith(prefix)]
        names = products_of(links)
        loose = [entry.file for entry in entries if _is_loose(entry)]
        found = [f for f in (*loose, *drop.containers) if f.place.removeprefix(prefix) in names]
        products = [file for file in found if file.place.startswith(prefix)]
        subject = Subject(layout.file.path, layout.file.member, IN_TOTO, (layout.file, *products))
        subjects.append(replace(subject, signatures=tuple(links)))
        pairs |= dict.fromkeys(links, layout.file.path)
        taken |= {layout.file, *products}
    kept = [entry for entry in entries if entry.file not in taken]
    return subjects, [replace(e, pairs_with=pairs.get(e.file, e.pairs_with)) for e in kept]


def _is_loose(entry: Entry) -> bool:
    """Tell whether a file is nothing by itself, so that it may be a product."""
    return entry.role is Role.CONTEXT or entry.seen.format == CLOSED_ARCHIVE


def _is_link(entry: Entry) -> bool:
    return entry.role is Role.SIGNATURE and entry.seen.version in {LINK_FORM, LAYOUT_FORM}


def sealed(
    entries: list[Entry],
    drop: Drop,
    bags: Sequence[Subject],
    *,
    said: Mapping[EvidenceFile, str],
    cancel: Cancel,
) -> tuple[Sealed, list[Entry]]:
    """Pair attestations with what they are about; that is a subject, whatever else it is.

    Of a bag they are about its lists, which are no entries any more.
    """
    seals = [
        entry.file
        for entry in entries
        if entry.seen.format == ATTESTATION and entry.pairs_with is None
    ]
    if not seals:
        return Sealed(), entries
    proof = {ATTESTATION, IN_TOTO}
    others = [entry.file for entry in entries if entry.seen.format not in proof]
    bases = {bag.base for bag in bags}
    lists = [file for file in drop.files if bag_folder.is_list(file, bases)]
    files = [file for file in (*others, *lists, *drop.containers) if file.parts]
    found = pair(seals, files, said=said, cancel=cancel)
    return found, [_with_seal(entry, found) for entry in entries]


def _with_seal(entry: Entry, sealed: Sealed) -> Entry:
    if entry.seen.format == ATTESTATION:
        about = sealed.about(entry.file)
        return replace(entry, pairs_with=about[0].path) if about else entry
    if entry.file in sealed.by_file and entry.role is not Role.SUBJECT:
        seen = replace(entry.seen, format=_FILE) if entry.seen.format == "unknown" else entry.seen
        return replace(entry, seen=seen, role=Role.SUBJECT)
    return entry


def _sealed_bag(bag: Subject, left: dict[EvidenceFile, tuple[EvidenceFile, ...]]) -> Subject:
    """Return a bag with the attestations about its lists, which are taken from ``left``."""
    lists = [file for file in bag.files if bag_folder.is_list(file, {bag.base}) and file in left]
    seals = dict.fromkeys(seal for one in lists for seal in left.pop(one))
    return replace(bag, seals=tuple(seals), lists=tuple(lists)) if lists else bag


def with_seals(subjects: list[Subject], sealed: Sealed, drop: Drop) -> list[Subject]:
    """Give each file's attestations to its subject; those of other files are judged alone.

    An archive that is attested as it was delivered is a subject. A file that is a part of
    something larger, as of a model, is none: then the attestation is one, with that file.
    """
    found: list[Subject] = []
    left = dict(sealed.by_file)
    for subject in subjects:
        if subject.format == "bagit":
            found.append(_sealed_bag(subject, left))
            continue
        single = subject.files[0] if len(subject.files) == 1 and not subject.base else None
        seals = left.pop(single, ()) if single is not None else ()
        found.append(replace(subject, seals=seals) if seals else subject)
    parted = {file for subject in subjects for file in subject.files}
    for file in [file for file in left if file in drop.containers and file not in parted]:
        seals = left.pop(file)
        found.append(Subject(file.path, file.member, ARCHIVE, (file,), seals=seals))
    parts: dict[EvidenceFile, tuple[EvidenceFile, ...]] = {}
    for file, seals in left.items():
        for seal in seals:
            parts[seal] = (*parts.get(seal, ()), file)
    for seal, files in parts.items():
        found.append(Subject(seal.path, seal.member, ATTESTATION, (seal,), linked=files))
    return found
