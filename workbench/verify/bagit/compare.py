"""Compare what lies in a bag with its lists of digests."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from workbench.errors import SourceError
from workbench.evidence.file import BLOCK, EvidenceFile, blocks
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.bagit.bag import Bag
from workbench.verify.bagit.tags import HASHLIB, Manifest, lies_in_bag
from workbench.verify.content import innocent_variants
from workbench.verify.verifier import Bench

#: So many diagnoses of a class are written out; the rest is counted in the last of them.
MOST_OF_A_CLASS = 1000
_ALWAYS = "sha256"

#: Path to its digests by algorithm, or why it could not be read.
Digests = Mapping[str, Mapping[str, str] | SourceError]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a bag and its lists say of each other.

    Attributes:
        digests: what was computed of each file.
        agreeing: payload files whose bytes are those that the lists name.
        diagnoses: what differs.
        to_fetch: listed files that are to be fetched and are not here.
        uncovered: tag files that no list covers.
        remarks: what is odd and does no harm.
        short: whether files or bytes of the payload are not as many as stated.
    """

    digests: Digests
    agreeing: int
    diagnoses: tuple[Diagnosis, ...]
    to_fetch: tuple[str, ...]
    uncovered: tuple[str, ...]
    remarks: tuple[str, ...]
    short: str = ""


def hash_bag(bag: Bag, bench: Bench) -> Digests:
    """Return the digests of every file of a bag, each read once."""
    wanted: dict[str, set[str]] = {name: {_ALWAYS} for name in bag.files}
    for manifest in bag.manifests:
        for name in bag.files:
            if name.startswith("data/") is not manifest.of_tags:
                wanted[name].add(manifest.algorithm)
    total, done = sum(file.size for file in bag.files.values()), 0
    found: dict[str, Mapping[str, str] | SourceError] = {}
    for name, file in bag.files.items():
        found[name] = _hashed(file, wanted[name], bench)
        done += file.size
        bench.progress.advance(done, total, file.display)
    return found


def _hashed(
    file: EvidenceFile, algorithms: Iterable[str], bench: Bench
) -> Mapping[str, str] | SourceError:
    states = {name: hashlib.new(HASHLIB.get(name, name)) for name in algorithms}
    try:
        for block in blocks(file, cancel=bench.cancel, size=4 * BLOCK):
            for state in states.values():
                state.update(block)
    except SourceError as error:
        return error
    return {name: state.hexdigest() for name, state in states.items()}


def compare(bag: Bag, digests: Digests) -> Comparison:
    """Compare every file that a list names with every file that is there (RFC 8493 3)."""
    listed = listed_in(bag)
    twins = _twins(bag, listed)
    gone = [n for n in listed if n not in bag.files and n not in twins]
    to_fetch = tuple(name for name in gone if name in bag.fetch)
    missing = [name for name in gone if name not in bag.fetch]
    extra = list(_added(bag, listed, twins))
    renamed = _renamed(missing, extra, listed, digests)
    lost = [name for name in missing if name not in renamed]
    new = [name for name in extra if name not in renamed.values()]
    altered = [name for name in listed if _differs(name, listed[name], digests)]
    outside = [path for manifest in bag.manifests for path in manifest.outside]
    intact = not (missing or extra or altered or to_fetch)
    return Comparison(
        digests=digests,
        agreeing=sum(_agrees(n, listed, digests) for n in bag.payload),
        diagnoses=(
            *_many(altered, lambda name: _altered(name, bag.files[name], listed, digests)),
            *_many(list(renamed), lambda name: _moved(name, renamed[name])),
            *_many([*bag.missing, *lost], _missing),
            *_many(outside, _nowhere),
            *_many(new, _extra),
        ),
        to_fetch=to_fetch,
        uncovered=tuple(_uncovered(bag)),
        remarks=tuple(_remarks(bag, twins)),
        short=_short(bag) if intact else "",
    )


def listed_in(bag: Bag) -> dict[str, list[tuple[Manifest, str]]]:
    """Return what each list says of each path."""
    listed: dict[str, list[tuple[Manifest, str]]] = {}
    for manifest in bag.manifests:
        for path, digest in manifest.digests.items():
            name = path if path in bag.files else _as_stored(path, bag)
            listed.setdefault(name, []).append((manifest, digest))
    return listed


def _as_stored(path: str, bag: Bag) -> str:
    """Return the name that a path with line ends has where these are stored as their escapes."""
    escaped = path.replace("\r", "%0D").replace("\n", "%0A")
    return escaped if escaped in bag.files else path


def _twins(bag: Bag, listed: Mapping[str, list[tuple[Manifest, str]]]) -> dict[str, str]:
    """Return listed names that are another listed name in another Unicode form, with that.

    RFC 8493 6.1.2: names may change form as a bag is copied, and a list made on both sides then
    has both. They name one file if both lines have its digest.
    """
    there = {normalize("NFC", name): name for name in listed if name in bag.files}
    found = {}
    for name, lines in listed.items():
        other = there.get(normalize("NFC", name))
        if name not in bag.files and other and set(_said(lines)) <= set(_said(listed[other])):
            found[name] = other
    return found


def _said(lines: Iterable[tuple[Manifest, str]]) -> list[tuple[str, str]]:
    return [(manifest.name, digest) for manifest, digest in lines]


def _added(
    bag: Bag, listed: Mapping[str, list[tuple[Manifest, str]]], twins: Mapping[str, str]
) -> Iterator[str]:
    """Yield payload files that are not listed as they must be.

    Up to 0.97 one list has to name a file, from 1.0 on every one (RFC 8493 3).
    """
    every = bag.over(tags=False)
    for name in bag.payload:
        lines = listed.get(name, ())
        lists = {manifest.name for manifest, _ in lines if not manifest.of_tags}
        enough = len(lists) == len(every) if bag.declaration.version >= (1, 0) else bool(lists)
        if every and not enough and name not in twins.values():
            yield name


def _differs(name: str, lines: Iterable[tuple[Manifest, str]], digests: Digests) -> bool:
    found = digests.get(name)
    if found is None or isinstance(found, SourceError):
        return False
    return any(found[manifest.algorithm] != digest for manifest, digest in lines)


def _agrees(name: str, listed: Mapping[str, list[tuple[Manifest, str]]], digests: Digests) -> bool:
    lines = listed.get(name, [])
    read = not isinstance(digests[name], SourceError)
    return bool(lines) and read and not _differs(name, lines, digests)


def _renamed(
    missing: Sequence[str],
    extra: Sequence[str],
    listed: Mapping[str, list[tuple[Manifest, str]]],
    digests: Digests,
) -> dict[str, str]:
    """Pair each missing file with an unlisted one that has its digests."""
    pairs: dict[str, str] = {}
    free = [name for name in extra if not isinstance(digests[name], SourceError)]
    by_digest: dict[tuple[str, str], list[str]] = {}
    for name in reversed(free):
        found = digests[name]
        if not isinstance(found, SourceError):
            for item in found.items():
                by_digest.setdefault(item, []).append(name)
    for old in missing:
        manifest, digest = listed[old][0]
        names = by_digest.get((manifest.algorithm, digest), [])
        while names and names[-1] in pairs.values():
            names.pop()
        if names and not _differs(names[-1], listed[old], digests):
            pairs[old] = names.pop()
    return pairs


def _uncovered(bag: Bag) -> Iterator[str]:
    """Yield the tag files that not every list of tag files names, those lists among them."""
    lists = bag.over(tags=True)
    for name in sorted(bag.files):
        covered = bool(lists) and all(name in one.digests for one in lists)
        if lies_in_bag(name, payload=False) and not covered:
            yield name


def _remarks(bag: Bag, twins: Mapping[str, str]) -> Iterator[str]:
    for manifest in bag.manifests:
        yield from manifest.remarks
    for name, other in twins.items():
        yield f"{name!a} and {other!a} are one name in two Unicode forms; one file is here."


def _short(bag: Bag) -> str:
    """Return how the payload is not as large as stated, or "" (RFC 8493 2.2.2, Payload-Oxum)."""
    if bag.oxum is None:
        return ""
    files = [bag.files[name] for name in bag.payload]
    found = (sum(file.size for file in files), len(files))
    if found == bag.oxum:
        return ""
    return (
        f"The bag states {bag.oxum[1]:,} files with {bag.oxum[0]:,} bytes (Payload-Oxum); here are "
        f"{found[1]:,} with {found[0]:,}."
    )


def _altered(
    name: str,
    file: EvidenceFile,
    listed: Mapping[str, list[tuple[Manifest, str]]],
    digests: Digests,
) -> Diagnosis:
    found = digests[name]
    if isinstance(found, SourceError):  # it was not compared
        raise found
    wrong = [(m, d) for m, d in listed[name] if found[m.algorithm] != d]
    manifest, stored = wrong[0]
    which = ", ".join(m.name for m, _ in wrong)
    algorithm = HASHLIB.get(manifest.algorithm, manifest.algorithm)
    before = (h for h, c in innocent_variants(file) if c.digest(algorithm).hex() == stored)
    how = next(before, None)
    told = (
        f"Tested: it is the listed file {how}; a tool converted it."
        if how
        else "Tested, and not the cause: line ends, byte-order mark, last newline."
    )
    return Diagnosis(
        DiagnosisClass.FILE_ALTERED,
        count=1,
        path=name,
        stored=stored,
        recomputed=found[manifest.algorithm],
        explanations=(f"It differs from what {which} says.", told),
    )


def _moved(name: str, now: str) -> Diagnosis:
    why = f"A file with its digests lies there as {now}, which no list names."
    return Diagnosis(DiagnosisClass.FILE_RENAMED, count=1, path=name, explanations=(why,))


def _missing(name: str) -> Diagnosis:
    return Diagnosis(DiagnosisClass.FILE_MISSING, count=1, path=name)


def _nowhere(name: str) -> Diagnosis:
    why = "This is no path within a bag, so it was not looked for, here or anywhere else."
    return Diagnosis(DiagnosisClass.FILE_MISSING, count=1, path=name, explanations=(why,))


def _extra(name: str) -> Diagnosis:
    why = "No list of digests names it, or, from BagIt 1.0 on, not every one."
    return Diagnosis(DiagnosisClass.FILE_ADDED, count=1, path=name, explanations=(why,))


def _many(names: Sequence[str], tell: Callable[[str], Diagnosis]) -> Iterator[Diagnosis]:
    """Yield a diagnosis of each of the first names, and one that counts the rest."""
    yield from map(tell, names[:MOST_OF_A_CLASS])
    if rest := names[MOST_OF_A_CLASS:]:
        why = f"This one and those after it, {len(rest)} in all, are counted but not written out."
        yield replace(tell(rest[0]), count=len(rest), explanations=(why,))
