"""What lies on the table: every file gets one role, proof is paired with subjects (VERDICTS 1).

Pairing asks in this order, and the first answer counts:

1. what the auditor says (``Choice``);
2. what is stated inside the signature or anchor (file names of a manifest, name of its subject;
   last digest, origin and profile of a head);
3. the naming convention (``model.sig`` in or beside the folder, a head beside or below its log).

Two answers to one question are ambiguous, which the verdict then says.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.evidence.archive_kind import is_packed_in
from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.links import Link
from workbench.evidence.subject import Stamp, Subject
from workbench.formats import detached_pairing, model_folder, sealing
from workbench.formats.atlas import ATLAS
from workbench.formats.attestation import ATTESTATION, IN_TOTO
from workbench.formats.bag_folder import bag_around
from workbench.formats.detached_signature import DETACHED
from workbench.formats.entry import Choice, Entry
from workbench.formats.gathering import exports
from workbench.formats.huggingface import CARD
from workbench.formats.huggingface_config import CONFIG
from workbench.formats.model_folder import Claim, claim_of
from workbench.formats.pairing import Log, logs_of_heads
from workbench.formats.reader import Recognition
from workbench.formats.signed_head import Stated, stated_in
from workbench.formats.sniff import LINK, recognise
from workbench.formats.taking import bags, detached, tile_logs, trails
from workbench.formats.timestamp import Stamped
from workbench.model.progress import Cancel
from workbench.model.source import CLOSED_ARCHIVE, Role

if TYPE_CHECKING:
    from workbench.model.profile import ChainProfile

#: What a signed head can be over: its records are lines, whatever they mean.
PLAIN = {"log", "auditd", "kubernetes-audit", "ocsf", "github-audit", "cloudtrail-events"}
LOGS = {"chain", *PLAIN}
#: So many heads of one origin and size with other roots are held against one: the first would do.
MOST_ROOTS = 20
#: A root of a log that is kept elsewhere, published by its service.
ROOT = "pangea-root"
TIMESTAMP = "timestamp"
#: Each anchor with the files that it may be about.
Owners = dict[EvidenceFile, tuple[EvidenceFile, ...]]
#: Files of a model's folder that are read as catalogs too; they do not part the folder.
_READ_TOO = {CARD, CONFIG}
_COMPANIONS = ("-wal", "-journal", "-shm")


@dataclass(frozen=True, slots=True)
class Table:
    """All of a drop, sorted out.

    Attributes:
        subjects: what will be judged, by path.
        entries: every file that is not part of a subject, by path.
        seen: what each subject was recognised as, by its path and member.
        links: links that lead to something of the drop and are part of no subject.
        containers: archives that are no subject themselves: their members are what counts.
    """

    subjects: tuple[Subject, ...]
    entries: tuple[Entry, ...]
    seen: dict[tuple[str, str | None], Recognition]
    links: tuple[Link, ...] = ()
    containers: tuple[EvidenceFile, ...] = ()


def sort_out(
    drop: Drop,
    profiles: "Sequence[ChainProfile]",
    choice: Choice | None = None,
    *,
    cancel: Cancel | None = None,
) -> Table:
    """Give every file of ``drop`` its role and pair signatures and anchors with subjects.

    Raises:
        Cancelled: the user stopped it.
    """
    chosen = choice or Choice()
    entries = [_entry(file, profiles, chosen) for file in drop.files]
    signed, entries = detached(entries, drop, chosen)
    entries += [_lost(link) for link in drop.links if not link.leads.inside]
    stamps, stamped, entries = _stamps(entries, drop, chosen, cancel or Cancel())
    packed, entries = bags(entries, drop)
    tiled, entries = tile_logs(entries, drop)
    delivered, trail_seen, entries = trails(entries)
    layouts, entries = sealing.layouts(entries, drop)
    said = {e.file: chosen.artifact or "" for e in entries if chosen.binds(e.file)}
    sealed, entries = sealing.sealed(entries, drop, packed, said=said, cancel=cancel or Cancel())
    exported, entries = exports(entries, drop)
    models, entries = _models(entries, drop, chosen)
    databases, entries = _databases(entries)
    singles = [entry for entry in entries if entry.role is Role.SUBJECT]
    rest = [entry for entry in entries if entry.role is not Role.SUBJECT]
    logs, rest = _logs(singles, rest, chosen, cancel or Cancel())
    ambiguous = {name for log in logs for name in log.ambiguous}
    orphans, rest = _orphans(rest, ambiguous)
    folders = (*packed, *tiled, *delivered, *exported, *models, *layouts, *databases)
    whole = detached_pairing.archives(signed, drop)
    own = [*folders, *logs, *orphans, *whole]
    found = sealing.with_seals(own, sealed, drop)
    judged = {subject.files[0] for subject in found if subject.format == ATTESTATION}
    rest = [entry for entry in rest if entry.file not in judged]
    alone, rest = _stamped_alone(found, rest, stamps, drop)
    alone = [subject for subject in alone if subject.files[0] not in signed.by_file]
    rest += stamped
    everything = _in_bags(
        [_with_stamps(signed.signature_of(subject), stamps) for subject in (*found, *alone)]
    )
    archived = {sealing.ARCHIVE, IN_TOTO, ATLAS}
    archives = {file for s in everything if s.format in archived for file in s.files}
    subjects = sorted(everything, key=lambda s: (s.path, s.member or ""))
    seen = {(e.file.path, e.file.member): e.seen for e in (*singles, *trail_seen)}
    taken = {link for subject in subjects for link in subject.links}
    links = tuple(link for link in drop.links if link.leads.inside and link not in taken)
    kept = tuple(file for file in drop.containers if file not in archives)
    return Table(tuple(subjects), tuple(rest), seen, links, kept)


def _in_bags(subjects: list[Subject]) -> list[Subject]:
    """Return subjects, each with the bag in whose payload it lies, if somebody vouches for that."""
    vouched = [s for s in subjects if s.format == "bagit" and (s.lists or s.detached)]
    return [replace(s, within=bag_around(s, vouched)) for s in subjects]


def _lost(link: Link) -> Entry:
    """Return a link that leads to nothing that was handed over: it must not be passed over."""
    return Entry(link.as_file(), LINK, LINK.role)


def _entry(file: EvidenceFile, profiles: "Sequence[ChainProfile]", choice: Choice) -> Entry:
    seen = recognise(file, profiles, choice.mappings)
    role = seen.role
    if file.path in choice.signatures and seen.format not in {ATTESTATION, IN_TOTO, *DETACHED}:
        seen, role = replace(seen, format="oms"), Role.SIGNATURE
    elif file.path in choice.anchors:
        known = seen.format in {"head", TIMESTAMP, ROOT}
        seen, role = seen if known else replace(seen, format="head"), Role.ANCHOR
    elif choice.artifact == file.path and role is Role.CONTEXT:
        role = Role.SUBJECT
    return Entry(file, seen, role)


def _stamps(
    entries: list[Entry], drop: Drop, choice: Choice, cancel: Cancel
) -> tuple[list[Stamp], list[Entry], list[Entry]]:
    """Take time stamps off the table that are over something here; the rest stays there."""
    tokens = [entry for entry in entries if entry.seen.format == TIMESTAMP]
    if not tokens:
        return [], [], entries
    others = [entry.file for entry in entries if entry.seen.format != TIMESTAMP]
    files = [*others, *drop.containers]
    meant = next((file for file in files if file.place == choice.artifact), None)
    beside = Stamped(files, cancel=cancel)
    found: list[Stamp] = []
    for entry in tokens:
        bound = Stamp(entry.file, meant) if choice.binds(entry.file) and meant else None
        stamp = bound or beside.by(entry.file)
        found += [] if stamp is None else [stamp]
    places = {stamp.token: stamp.over.place for stamp in found}
    stamped = [replace(e, pairs_with=places[e.file]) for e in tokens if e.file in places]
    return found, stamped, [entry for entry in entries if entry.file not in places]


def _stamped_alone(
    found: Sequence[Subject], rest: list[Entry], stamps: list[Stamp], drop: Drop
) -> tuple[list[Subject], list[Entry]]:
    """Make a subject of what nothing but a time stamp protects: context, or a whole archive.

    An archive in which something is judged is none: its stamp speaks for what is in it.
    """
    over = {stamp.over for stamp in stamps}
    alone = [entry for entry in rest if entry.role is Role.CONTEXT and entry.file in over]
    inside = [e.file for e in alone] + [f for subject in found for f in subject.files]
    stamped = (file for file in drop.containers if file in over and file not in inside)
    packed = [c for c in stamped if not any(is_packed_in(file, c) for file in inside)]
    subjects = [_single(entry) for entry in alone]
    subjects += [Subject(file.path, file.member, "archive", (file,)) for file in packed]
    return subjects, [entry for entry in rest if entry not in alone]


def _with_stamps(subject: Subject, stamps: list[Stamp]) -> Subject:
    """Return a subject with the time stamps over its file, its archive, and its proof.

    A token that lies in a model's folder is no part of the model, as its signature is none.
    """
    # A layout of in-toto comes before the products that it is about.
    own = subject.files[:1] if subject.format == IN_TOTO or not subject.files[1:] else ()
    beside = {signature for signature, _ in subject.detached}
    covered = {*own, *beside, *subject.signatures, *subject.seals, *subject.anchors}
    mine = tuple(
        stamp
        for stamp in stamps
        if stamp.over in covered or all(is_packed_in(f, stamp.over) for f in subject.files)
    )
    tokens = {stamp.token for stamp in mine}
    files = tuple(file for file in subject.files if file not in tokens)
    return replace(subject, stamps=mine, files=files) if mine else subject


def _models(entries: list[Entry], drop: Drop, choice: Choice) -> tuple[list[Subject], list[Entry]]:
    """Take model folders off the table: signed ones first, then those without a signature."""
    signatures = [e.file for e in entries if e.seen.format == "oms" and e.role is Role.SIGNATURE]
    proof = set(signatures)
    files = [*(e.file for e in entries if e.file not in proof), *drop.containers]
    claims = _claims(signatures, files, choice)
    signed = model_folder.signed_subjects(claims.values(), drop)
    left = [
        replace(entry, pairs_with=claims[entry.file].path) if entry.file in claims else entry
        for entry in entries
        if entry.file in claims or not _belongs(entry.file, signed)
    ]
    others = [e.file for e in left if _stands_alone(e)]
    unsigned = model_folder.unsigned_subjects([e.file for e in left], others, drop)
    kept = [e for e in left if e.seen.format in _READ_TOO or not _belongs(e.file, unsigned)]
    return [*signed, *unsigned], kept


def _stands_alone(entry: Entry) -> bool:
    """Tell whether a file is judged, or is proof, by itself, whatever folder it lies in."""
    judged = entry.role is Role.SUBJECT and entry.seen is not LINK
    judged = judged and entry.seen.format not in {*_READ_TOO, CLOSED_ARCHIVE}
    return judged or entry.seen.format in {"head", "oms", ATTESTATION, IN_TOTO, *DETACHED}


def _belongs(file: EvidenceFile, subjects: list[Subject]) -> bool:
    """Tell whether a file is part of one of ``subjects``, perhaps inside an archive of it."""
    return any(
        file.place.startswith(subject.base)
        if subject.base or subject.path == "."
        else file.place == subject.path or file in subject.files
        for subject in subjects
    )


def _claims(
    signatures: list[EvidenceFile], files: list[EvidenceFile], choice: Choice
) -> dict[EvidenceFile, Claim]:
    """Return what each signature is about; one that the auditor did not mean is about nothing."""
    said = {s: claim_of(s, files, said=choice.artifact) for s in signatures if choice.binds(s)}
    own = {s: claim_of(s, files) for s in signatures if s not in said}
    if choice.named:
        return said | {s: claim for s, claim in own.items() if claim.path != choice.artifact}
    fitting = [s for s, claim in own.items() if choice.artifact in {claim.path, *claim.rivals}]
    meant = fitting or signatures if choice.artifact is not None else ()
    return own | {s: claim_of(s, files, said=choice.artifact) for s in meant}


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
        mapping=entry.seen.mapping,
    )


def _logs(
    singles: list[Entry], rest: list[Entry], choice: Choice, cancel: Cancel
) -> tuple[list[Subject], list[Entry]]:
    """Make subjects of single files and give each anchor to the log it is about."""
    roots = [entry for entry in rest if entry.seen.format == ROOT]
    others = {TIMESTAMP, ROOT}
    anchors = [e for e in rest if e.role is Role.ANCHOR and not e.pairs_with]
    anchors = [e for e in anchors if e.seen.format not in others]
    owners = _owners(singles, anchors, choice, cancel)
    subjects = [_with_roots(_with_anchors(e, owners, choice), roots, choice) for e in singles]
    exports = [subject.path for subject in subjects if subject.format == "pangea"]
    sure = {anchor: found[0].path for anchor, found in owners.items() if len(found) == 1}
    sure |= {entry.file: exports[0] for entry in roots if exports}
    return subjects, [replace(e, pairs_with=sure.get(e.file, e.pairs_with)) for e in rest]


def _with_roots(subject: Subject, roots: Sequence[Entry], choice: Choice) -> Subject:
    """Return an export of events with the published roots; the verifier knows whose they are."""
    if subject.format != "pangea" or not roots:
        return subject
    files = tuple(entry.file for entry in roots)
    said = tuple(file for file in files if file.path in choice.anchors)
    return replace(subject, anchors=files, said=said)


def _owners(singles: list[Entry], anchors: list[Entry], choice: Choice, cancel: Cancel) -> Owners:
    """Return what each anchor may be about: as said, else as stated inside it and by its name."""
    logs = [_as_log(entry) for entry in singles if entry.seen.format in LOGS]
    said = [entry.file for entry in anchors if choice.binds(entry.file)]
    heads = [entry.file for entry in anchors if entry.file not in said]
    owners: Owners = {
        head: tuple(log.file for log in found)
        for head, found in logs_of_heads(heads, logs, cancel=cancel).items()
    }
    meant = [_as_log(entry) for entry in singles if choice.is_about(entry.file.place)]
    for head, found in logs_of_heads(said, meant, cancel=cancel).items():
        owners[head] = tuple(log.file for log in found or meant)
    if choice.artifact is not None and not choice.named:
        about = {h: [f for f in found if choice.is_about(f.place)] for h, found in owners.items()}
        owners |= {head: tuple(found) for head, found in about.items() if found}
    return owners


def _as_log(entry: Entry) -> Log:
    return Log(entry.file, entry.seen.format == "chain", entry.seen.version)


def _orphans(rest: list[Entry], ambiguous: set[str]) -> tuple[list[Subject], list[Entry]]:
    """Make a subject of each anchor, attestation or signature that is about nothing here.

    It must not be passed over. A head is held against those of its origin and size with another
    root.
    """
    alone = [
        entry
        for entry in rest
        if (entry.role is Role.ANCHOR or entry.seen.format in {ATTESTATION, IN_TOTO, *DETACHED})
        and entry.pairs_with is None
        and entry.file.display not in ambiguous
    ]
    kept = [entry for entry in rest if not any(entry is other for other in alone)]
    stated = {e.file: stated_in(e.file) for e in rest if e.seen.format == "head"}
    alike: dict[tuple[str, str], dict[str, EvidenceFile]] = {}
    for file, said in stated.items():
        alike.setdefault((said.origin, said.size), {}).setdefault(said.root, file)
    subjects = []
    for entry in alone:
        said = stated.get(entry.file, Stated())
        roots = alike.get((said.origin, said.size), {}) if said.origin else {}
        others = [file for root, file in roots.items() if root != said.root]
        subjects.append(replace(_single(entry), elsewhere=tuple(others[:MOST_ROOTS])))
    return subjects, kept


def _with_anchors(entry: Entry, owners: Owners, choice: Choice) -> Subject:
    mine = {anchor: found for anchor, found in owners.items() if entry.file in found}
    sure = tuple(anchor for anchor, found in mine.items() if len(found) == 1)
    unsure = tuple(anchor.display for anchor, found in mine.items() if len(found) > 1)
    about = choice.is_about(entry.file.place) and not choice.named
    said = tuple(anchor for anchor in sure if about or anchor.path in choice.anchors)
    subject = replace(_single(entry), anchors=sure, said=said, ambiguous=unsure)
    named = choice.logs and subject.format in PLAIN
    if not (sure or unsure or named):
        return subject
    from workbench.model.event_mapping import TEXT

    lines = subject.container in set(TEXT)
    return replace(
        subject, format="chain", container="jsonl" if lines else subject.container, mapping=None
    )


def context_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the names of what nobody judges, sorted; folders of many files by their count."""
    names = sorted(e.file.display for e in entries if e.role is Role.CONTEXT)
    return tuple(Counter(names))
