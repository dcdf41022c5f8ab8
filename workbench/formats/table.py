"""What lies on the table: every file gets one role, proof is paired with subjects (VERDICTS 1).

Pairing asks in this order, and the first answer counts:

1. what the auditor says (``Choice``);
2. what is stated inside the signature or anchor (file names of a manifest, name of its subject);
3. the naming convention (``model.sig`` in or beside the folder, a head beside or below its log).

Two answers to one question are ambiguous, which the verdict then says.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.formats import model_folder
from workbench.formats.model_folder import Claim, claim_of
from workbench.formats.reader import Recognition
from workbench.formats.sniff import recognise
from workbench.model.profile import ChainProfile
from workbench.model.source import Role

LOGS = {"chain", "log"}
_COMPANIONS = ("-wal", "-journal", "-shm")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the auditor says about pairing: paths as ``EvidenceFile.path`` has them.

    Attributes:
        signatures: files to take as signatures.
        anchors: files to take as anchors.
        artifact: file or folder that the signature is about, or None.
        logs: treat every readable log as a chain (a profile was named).
    """

    signatures: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    artifact: str | None = None
    logs: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One file on the table.

    Attributes:
        file: the file.
        seen: what it was recognised as.
        role: its one role.
        pairs_with: path of the subject it was paired with, or None.
    """

    file: EvidenceFile
    seen: Recognition
    role: Role
    pairs_with: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """All of a drop, sorted out.

    Attributes:
        subjects: what will be judged, by path.
        entries: every file that is not part of a subject, by path.
        seen: what each subject was recognised as, by its path and member.
    """

    subjects: tuple[Subject, ...]
    entries: tuple[Entry, ...]
    seen: dict[tuple[str, str | None], Recognition]


def sort_out(drop: Drop, profiles: tuple[ChainProfile, ...], choice: Choice | None = None) -> Table:
    """Give every file of ``drop`` its role and pair signatures and anchors with subjects."""
    chosen = choice or Choice()
    entries = [_entry(file, profiles, chosen) for file in drop.files]
    models, entries = _models(entries, drop, chosen)
    databases, entries = _databases(entries)
    singles = [entry for entry in entries if entry.role is Role.SUBJECT]
    rest = [entry for entry in entries if entry.role is not Role.SUBJECT]
    logs, rest = _logs(singles, rest, chosen)
    ambiguous = {name for log in logs for name in log.ambiguous}
    orphans, rest = _orphans(rest, ambiguous)
    everything = (*models, *databases, *logs, *orphans)
    subjects = sorted(everything, key=lambda s: (s.path, s.member or ""))
    seen = {(e.file.path, e.file.member): e.seen for e in singles}
    return Table(tuple(subjects), tuple(rest), seen)


def _entry(file: EvidenceFile, profiles: tuple[ChainProfile, ...], choice: Choice) -> Entry:
    seen = recognise(file, profiles)
    role = seen.role
    if file.path in choice.signatures:
        seen, role = replace(seen, format="oms"), Role.SIGNATURE
    elif file.path in choice.anchors:
        seen, role = replace(seen, format="head"), Role.ANCHOR
    elif choice.artifact == file.path and role is Role.CONTEXT:
        role = Role.SUBJECT
    return Entry(file, seen, role)


def _models(entries: list[Entry], drop: Drop, choice: Choice) -> tuple[list[Subject], list[Entry]]:
    """Take model folders off the table: signed ones first, then those without a signature."""
    signatures = [e for e in entries if e.seen.format == "oms" and e.role is Role.SIGNATURE]
    proof = {id(entry) for entry in signatures}
    files = [*(e.file for e in entries if id(e) not in proof), *drop.containers]
    claims = {id(entry): _claim(entry, files, choice) for entry in signatures}
    signed = model_folder.signed_subjects(claims.values(), drop)
    left = [
        replace(entry, pairs_with=claims[id(entry)].path) if id(entry) in claims else entry
        for entry in entries
        if id(entry) in proof or not _belongs(entry.file, signed)
    ]
    others = [e.file for e in left if e.role is Role.SUBJECT or e.seen.format in {"head", "oms"}]
    unsigned = model_folder.unsigned_subjects([e.file for e in left], others, drop)
    return [*signed, *unsigned], [e for e in left if not _belongs(e.file, unsigned)]


def _belongs(file: EvidenceFile, subjects: list[Subject]) -> bool:
    """Tell whether a file is part of one of ``subjects``, perhaps inside an archive of it."""
    return any(
        file.place.startswith(subject.base)
        if subject.base or subject.path == "."
        else file.place == subject.path or file in subject.files
        for subject in subjects
    )


def _claim(entry: Entry, files: list[EvidenceFile], choice: Choice) -> Claim:
    meant = not choice.signatures or entry.file.path in choice.signatures
    return claim_of(entry.file, files, said=choice.artifact if meant else None)


def _databases(entries: list[Entry]) -> tuple[list[Subject], list[Entry]]:
    """Put a database and a non-empty ``-wal`` or ``-journal`` beside it together as one source."""
    by_place = {entry.file.place: entry for entry in entries}
    taken: set[int] = set()
    subjects: list[Subject] = []
    for entry in entries:
        if entry.seen.format not in {"mlflow", "sqlite"}:
            continue
        beside = [by_place.get(entry.file.place + suffix) for suffix in _COMPANIONS]
        files = (entry, *(found for found in beside if found is not None))
        taken |= {id(part) for part in files[1:]}
        if len(files) > 1:
            taken.add(id(entry))
            subjects.append(_single(entry, files=tuple(part.file for part in files)))
    return subjects, [entry for entry in entries if id(entry) not in taken]


def _single(entry: Entry, *, files: tuple[EvidenceFile, ...] = ()) -> Subject:
    return Subject(
        path=entry.file.path,
        member=entry.file.member,
        format=entry.seen.format,
        files=files or (entry.file,),
        container=entry.seen.container,
    )


def _logs(
    singles: list[Entry], rest: list[Entry], choice: Choice
) -> tuple[list[Subject], list[Entry]]:
    """Make subjects of single files and give each anchor to the log it is about."""
    logs = [entry for entry in singles if entry.seen.format in LOGS]
    anchors = [entry for entry in rest if entry.role is Role.ANCHOR]
    owners = {id(anchor): _logs_of(anchor.file, logs) for anchor in anchors}
    subjects = [_with_anchors(entry, anchors, owners, choice) for entry in singles]
    single = {key: found[0].file.path for key, found in owners.items() if len(found) == 1}
    paired = [replace(e, pairs_with=single[id(e)]) if id(e) in single else e for e in rest]
    return subjects, paired


def _orphans(rest: list[Entry], ambiguous: set[str]) -> tuple[list[Subject], list[Entry]]:
    """Make a subject of each anchor whose log is not here: it must not be passed over."""
    alone = [
        entry
        for entry in rest
        if entry.role is Role.ANCHOR
        and entry.pairs_with is None
        and entry.file.display not in ambiguous
    ]
    kept = [entry for entry in rest if not any(entry is other for other in alone)]
    return [_single(entry) for entry in alone], kept


def _with_anchors(
    entry: Entry, anchors: list[Entry], owners: dict[int, list[Entry]], choice: Choice
) -> Subject:
    mine = [a for a in anchors if any(log is entry for log in owners[id(a)])]
    sure = tuple(a.file for a in mine if len(owners[id(a)]) == 1)
    unsure = tuple(a.file.display for a in mine if len(owners[id(a)]) > 1)
    subject = replace(_single(entry), anchors=sure, ambiguous=unsure)
    named = choice.logs and subject.format == "log"
    return replace(subject, format="chain") if sure or unsure or named else subject


def _logs_of(anchor: EvidenceFile, logs: list[Entry]) -> list[Entry]:
    """Return the logs nearest to an anchor: in its own folder, else in the closest one above."""
    folder = _folder(anchor)
    while True:
        here = [log for log in logs if _folder(log.file) == folder]
        if here:
            return _by_name(anchor, here)
        if not folder:
            return _by_name(anchor, logs) if len(logs) == 1 else []
        folder = folder.rpartition("/")[0]


def _by_name(anchor: EvidenceFile, logs: list[Entry]) -> list[Entry]:
    """Of several logs in a folder, prefer the one that the anchor's name starts with."""
    if len(logs) == 1:
        return logs
    named = [log for log in logs if anchor.name.startswith(_stem(log.file.name))]
    longest = max((len(_stem(log.file.name)) for log in named), default=0)
    return [log for log in named if len(_stem(log.file.name)) == longest] or logs


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _folder(file: EvidenceFile) -> str:
    return file.place.rpartition("/")[0]


def context_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the names of what nobody judges, sorted; folders of many files by their count."""
    names = sorted(e.file.display for e in entries if e.role is Role.CONTEXT)
    return tuple(Counter(names))
