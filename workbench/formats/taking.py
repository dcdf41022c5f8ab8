"""Take off the table what lies there as a whole: bags, tiled logs, deliveries, signed files."""

from dataclasses import replace

from workbench.evidence.drop import Drop
from workbench.evidence.subject import Subject
from workbench.formats import bag_folder, cloudtrail, detached_pairing, tile_log
from workbench.formats.detached_pairing import Signed
from workbench.formats.detached_signature import DETACHED, meant_as
from workbench.formats.entry import Choice, Entry
from workbench.model.source import Role


def detached(entries: list[Entry], drop: Drop, choice: Choice) -> tuple[Signed, list[Entry]]:
    """Pair signatures that lie beside a file with it; what is signed is a subject."""
    seen = [(entry.file, entry.seen) for entry in entries]
    binding = choice.artifact is not None
    said = {e.file: choice.artifact or "" for e in entries if binding and choice.binds(e.file)}
    signed = detached_pairing.pair(seen, drop, said=said)
    about = signed.abouts
    return signed, [_with_pairing(entry, signed, about.get(entry.file)) for entry in entries]


def _with_pairing(entry: Entry, signed: Signed, about: str | None) -> Entry:
    if about is None:
        seen = signed.seen_as(entry.file, entry.seen)
        role = entry.role if seen is entry.seen else seen.role
        return replace(entry, seen=seen, role=role)
    form = entry.seen.format if entry.seen.format in DETACHED else meant_as(entry.file.name)
    seen = replace(entry.seen, format=form or "signature", role=Role.SIGNATURE)
    return Entry(entry.file, seen, Role.SIGNATURE, about)


def bags(entries: list[Entry], drop: Drop) -> tuple[list[Subject], list[Entry]]:
    """Take bags off the table, with all that is nothing but a part of them."""
    found = bag_folder.bags(drop)
    bases = {bag.base for bag in found}
    kept = [
        entry
        for entry in entries
        if not bag_folder.is_tag_file(entry.file, bases)
        and not (entry.role is Role.CONTEXT and bag_folder.holds(entry.file, bases))
    ]
    return found, kept


def tile_logs(entries: list[Entry], drop: Drop) -> tuple[list[Subject], list[Entry]]:
    """Take tiled logs off the table, with their heads."""
    heads = [entry.file for entry in entries if entry.seen.format == "head"]
    found = tile_log.tile_logs(drop, heads)
    about = {head: subject.path for subject in found for head in subject.anchors}
    is_part = tile_log.parts_of(found)
    kept = [
        replace(entry, role=Role.ANCHOR, pairs_with=about[entry.file])
        if entry.file in about
        else entry
        for entry in entries
        if entry.file in about or not is_part(entry.file)
    ]
    return found, kept


def trails(entries: list[Entry]) -> tuple[list[Subject], list[Entry], list[Entry]]:
    """Take what CloudTrail delivered off the table; the signatures of digests stay on it."""
    parts = {kind: [e for e in entries if e.seen.format == kind] for kind in cloudtrail.FORMATS}
    files = {kind: [entry.file for entry in found] for kind, found in parts.items()}
    kinds = (cloudtrail.DIGEST, cloudtrail.LOG, cloudtrail.SIGNATURE)
    subjects = list(cloudtrail.deliveries(*(files[kind] for kind in kinds)))
    owners = [subject.path for subject in subjects if subject.signatures]
    owner = owners[0] if len(owners) == 1 else None
    left = [
        replace(entry, pairs_with=owner) if entry.seen.format == cloudtrail.SIGNATURE else entry
        for entry in entries
        if entry.seen.format not in {cloudtrail.DIGEST, cloudtrail.LOG}
    ]
    return subjects, parts[cloudtrail.LOG], left
