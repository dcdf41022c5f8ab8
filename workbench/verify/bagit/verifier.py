"""The verdict on a bag (RFC 8493 3): complete, and valid."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.subject import Subject
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    DiagnosisClass,
    DimensionVerdict,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify import by_hand
from workbench.verify.bagit.bag import Bag, open_bag
from workbench.verify.bagit.compare import Comparison, compare, hash_bag
from workbench.verify.bagit.tags import Manifest
from workbench.verify.listing import digest_of_listing
from workbench.verify.verifier import Bench

CLAUSE = "RFC 8493 3"
_MOST_NAMES = 20
_OF_COMPLETENESS = (DiagnosisClass.FILE_MISSING, DiagnosisClass.FILE_ADDED)
_TOOLS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}


@dataclass(frozen=True, slots=True)
class BagVerifier:
    """Judges a folder by the lists of digests in it."""

    id: str = "bagit"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on a bag.

        Steps: 1 read declaration, lists and information; 2 hash every file once; 3 compare.
        """
        bag = open_bag(subject)
        digests = hash_bag(bag, bench)
        found = compare(bag, digests)
        digest = _digest(found)
        return SubjectVerdict(
            integrity=_integrity(bag, found),
            authenticity=indeterminate(Code.NO_SIGNATURE),
            completeness=_completeness(found),
            time=indeterminate(Code.NO_TRUSTED_TIME),
            records=len(bag.payload) or None,
            not_covered=found.uncovered,
            assurance=_assurance(bag, found),
            diagnoses=found.diagnoses,
            steps=tuple(_steps(bag, found, subject, digest)),
            sha256=digest,
            notes=tuple(_notes(bag, found)),
        )


def _integrity(bag: Bag, found: Comparison) -> DimensionVerdict:
    kinds = {d.kind for d in found.diagnoses if d.kind not in _OF_COMPLETENESS}
    parts = [failed(kind) for kind in kinds]
    parts += [failed(Code.MALFORMED_SOURCE)] if bag.faults else []
    parts += [failed(Code.HASH_FAILURE)] if any(m.contradictions for m in bag.manifests) else []
    parts += [indeterminate(Code.UNKNOWN_PROFILE)] if bag.unknown else []
    parts += [indeterminate(error.code) for error in _unread(bag, found)]
    parts += [indeterminate(Code.NOT_RECOMPUTABLE)] if found.to_fetch else []
    if not parts and not found.agreeing:
        parts.append(indeterminate(Code.NO_RECORDS))
    return worst(parts or [passed(Code.SELF_CONSISTENT)])


def _completeness(found: Comparison) -> DimensionVerdict:
    kinds = {d.kind for d in found.diagnoses if d.kind in _OF_COMPLETENESS}
    parts = [failed(kind) for kind in sorted(kinds)]
    parts += [failed(Code.COUNT_MISMATCH)] if found.short else []
    parts += [indeterminate(Code.PARTIAL_COVERAGE)] if found.to_fetch else []
    return worst(parts or [indeterminate(Code.NO_ANCHOR)])


def _unread(bag: Bag, found: Comparison) -> list[SourceError]:
    errors = (one for one in found.digests.values() if isinstance(one, SourceError))
    return [*bag.unread.values(), *errors]


def _assurance(bag: Bag, found: Comparison) -> tuple[AssuranceRange, ...]:
    count = len(bag.payload)
    if not count:
        return ()
    intact = found.agreeing == count and not found.diagnoses and not bag.faults
    flags = {AssuranceFlag.CONSISTENT} if intact and not found.to_fetch else set()
    return (AssuranceRange(1, count, frozenset(flags)),)


def _digest(found: Comparison) -> str | None:
    """Return the SHA-256 of the listing of all files; None when one was not read."""
    digests: list[tuple[str, str]] = []
    for name, one in found.digests.items():
        if isinstance(one, SourceError):
            return None
        digests.append((name, one["sha256"]))
    return digest_of_listing(digests)


def _notes(bag: Bag, found: Comparison) -> Iterator[str]:
    yield from (*bag.faults, *bag.unknown)
    for manifest in bag.manifests:
        if manifest.contradictions:
            yield f"{manifest.name} gives two digests of {_names(manifest.contradictions)}."
    if found.short:
        yield found.short
    if found.to_fetch:
        yield f"To be fetched from elsewhere, not here, not judged: {_names(found.to_fetch)}."
    strong = [m for m in bag.over(tags=False) if not m.weak]
    if bag.over(tags=False) and not strong:
        yield (
            "Its lists hold MD5 or SHA-1 digests only. They show damage; somebody who may choose "
            "the bytes can make two files with one such digest."
        )
    yield from found.remarks
    yield from (f"{error.message}" for error in _unread(bag, found))


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return shown + (f", … ({len(names):,} in all)" if names[_MOST_NAMES:] else "")


def _steps(bag: Bag, found: Comparison, subject: Subject, digest: str | None) -> Iterator[Step]:
    place = by_hand.folder_at(subject)
    lists = ", ".join(m.name for m in bag.manifests) or "no list"
    did = f"Read bagit.txt and the lists of digests: {lists}."
    said = f"BagIt {bag.declaration.shown}, tag files in {bag.declaration.encoding}."
    result = " ".join(bag.faults) or said
    yield Step("RFC 8493 2", did, result, *_declaration(bag, place))
    for manifest in bag.manifests:
        many = len(manifest.digests)
        wrong = sum(_differs_from(manifest, found))
        did = f"Hashed each of the {many:,} files that {manifest.name} names and compared."
        result = f"{wrong:,} differ from this list." if wrong else "No digest differs."
        yield Step(CLAUSE, did, result, *_by_list(bag, manifest, place, found))
    did = "Compared the names that the lists hold with the files that are there, and their number."
    count = found.short or "The stated size of the payload agrees, or none is stated."
    result = f"{len(found.diagnoses):,} differences. {count}"
    yield Step(CLAUSE, did, result, by_hand.because("No command: the lists above name the files."))
    if digest is not None:
        did = "Hashed every file, and the listing of them all."
        yield Step("FIPS 180-4", did, f"SHA-256 {digest}.", *by_hand.of_subject(subject, digest))


def _declaration(bag: Bag, place: str) -> tuple[str, str]:
    if bag.faults or not place or "bagit.txt" not in bag.files:
        why = by_hand.because("No command: see what is said of the files.")
        # The lists after this one are checked where it leads to.
        return "\n".join((by_hand.SCRATCH, place, why)) if place else why, ""
    show = 'head -n 1 "$D/bagit.txt" | tr -d "\\r"'
    return f"{by_hand.SCRATCH}\n{place}\n{show}", f"BagIt-Version: {bag.declaration.shown}"


def _differs_from(manifest: Manifest, found: Comparison) -> Iterator[bool]:
    """Yield of each file that a list names, and that was read, whether it is another one."""
    for path, digest in manifest.digests.items():
        one = found.digests.get(path)
        if one is not None and not isinstance(one, SourceError):
            yield one[manifest.algorithm] != digest


def _by_list(bag: Bag, manifest: Manifest, place: str, found: Comparison) -> tuple[str, str]:
    """Return the command that checks a list; only where its lines are as the tool writes them."""
    name = manifest.name
    plain = bag.declaration.encoding.upper() == "UTF-8" and not manifest.outside
    odd = any(set(path) & set("\\\r\n%") for path in manifest.digests) or manifest.remarks
    compared = list(_differs_from(manifest, found))
    read = bool(compared) and len(compared) == len(manifest.digests)
    if not (plain and place and read and manifest.algorithm in _TOOLS) or odd or bag.faults:
        return by_hand.because("No command: names or lines of this list are not as tools want."), ""
    change = "'s/\\r$//; s/^([0-9A-Fa-f]+)[ \\t]+/\\1 */'"
    check = f"{manifest.algorithm}sum -c --status --strict - && echo agree || echo differ; }})"
    words = ('(cd "$D" && { sed -E', change, by_hand.word(name), "|", check)
    differs = any(compared) or manifest.contradictions
    return by_hand.command(*words), "differ" if differs else "agree"


VERIFIER = BagVerifier()
