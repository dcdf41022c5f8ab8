"""The proof trail of a tiled log, with the commands that do each step by hand."""

import base64
from collections.abc import Iterator, Sequence

from workbench.evidence.subject import Subject
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, Step
from workbench.verify.by_hand import (
    SCRATCH,
    because,
    file_at,
    folder_at,
    of_subject,
    python,
    word,
)
from workbench.verify.heads.note_line import NO_SIGNATURE, SPLIT_NOTE, signature_by_hand
from workbench.verify.tlog.heads import SeenHead
from workbench.verify.tlog.survey import Survey
from workbench.verify.tlog.tiles import Tiles

#: So many heads are written out with commands; the others are named.
MOST_HEADS = 20
MOST_BUNDLES = 40

#: RFC 6962 2.1: 0x00 before a leaf, 0x01 before a node, cut at the largest power of two.
_ROOT = (
    "import base64, hashlib, sys; h = lambda b: hashlib.sha256(b).digest(); "
    "c = lambda n: 1 << (n - 1).bit_length() - 1; "
    "m = lambda l: h(b'\\x01' + m(l[:c(len(l))]) + m(l[c(len(l)):])) if len(l) > 1 "
    "else h(b'\\x00' + l[0]) if l else h(b''); "
    "e = lambda b: [b[2:2 + (b[0] << 8 | b[1])]] + e(b[2 + (b[0] << 8 | b[1]):]) if b else []; "
    "l = sum((e(open(p, 'rb').read()) for p in sys.argv[2:]), []); "
    "print(base64.b64encode(m(l[:int(sys.argv[1])])).decode())"
)


def steps(
    subject: Subject,
    tiles: Tiles,
    found: Survey,
    heads: Sequence[SeenHead],
    trust: Trust,
    digest: str,
) -> Iterator[Step]:
    """Yield the steps that were done."""
    place = folder_at(subject)
    yield _leaves(tiles, found, place)
    for number, one in enumerate(heads[:MOST_HEADS], 1):
        yield _head(one, tiles, found, trust, number, place)
    if rest := heads[MOST_HEADS:]:
        names = ", ".join(one.file.name for one in rest)
        why = because("No command: they are checked as the heads above.")
        yield Step("C2SP tlog-checkpoint", f"Checked in the same way: {names}.", "See notes.", why)
    did = "Hashed every file of the log's folder, and the listing of them all."
    yield Step("FIPS 180-4", did, f"SHA-256 {digest}.", *of_subject(subject, digest))


def _leaves(tiles: Tiles, found: Survey, place: str) -> Step:
    did = (
        f"Hashed {found.entries:,} entries, held them against the leaf hashes of the tiles, and "
        f"the tiles of {max(len(tiles.levels) - 1, 0)} higher levels against those below."
    )
    wrong = found.differing_count + len(found.files)
    result = f"{found.size:,} records; {wrong:,} differences."
    if not place or found.size == 0:
        return Step("RFC 6962 2.1", did, result, because("No command: see the files."))
    return Step("RFC 6962 2.1", did, result, f"{SCRATCH}\n{place}")


def _head(
    one: SeenHead, tiles: Tiles, found: Survey, trust: Trust, number: int, place: str
) -> Step:
    if one.head is None:
        did = f"Read {one.file.display}."
        return Step("C2SP tlog-checkpoint", did, one.problem, because("No command: it is no head."))
    good = sum(s.indication is Indication.PASSED and not s.witness for s in one.signatures)
    did = (
        f"Read {one.file.display}: {one.size:,} records of {one.head.origin}; verified its "
        f"{len(one.signatures)} signatures and compared its root with that over the leaves."
    )
    witnessed = f", {len(one.witnesses)} by witnesses" if one.witnesses else ""
    result = f"{good} by the log as the auditor trusts it{witnessed}; the log {one.agreement}."
    if not place:
        return Step("C2SP tlog-checkpoint", did, result, because("No command: it lies too deep."))
    pairs = [*_signature(one, trust, number), *_root(one, tiles, found)]
    commands, said = zip(*pairs, strict=True)
    prints = "\n".join(filter(None, said))
    return Step("C2SP tlog-checkpoint", did, result, "\n".join(commands), prints)


def _signature(one: SeenHead, trust: Trust, number: int) -> Iterator[tuple[str, str]]:
    lines = [
        (n, s)
        for n, s in enumerate(one.signatures)
        if s.indication is Indication.PASSED and not s.witness
    ]
    at = lines[0][0] if lines else 0
    yield file_at(one.file, "H"), ""
    given = (f'"$S/{number}.note"', f'"$S/{number}.sig"', str(at))
    yield python(SPLIT_NOTE, '"$H"', *given), ""
    if not lines:
        yield NO_SIGNATURE
        return
    give, check = signature_by_hand(lines[0][1], trust, number)
    if give is not None:
        yield give[1], give[2]
    yield check


def _root(one: SeenHead, tiles: Tiles, found: Survey) -> Iterator[tuple[str, str]]:
    root = found.roots.get(one.size)
    bundles = [versions[0] for _, versions in sorted(tiles.entries.items())]
    short = len(bundles) <= MOST_BUNDLES and not tiles.of_certificates
    if root is None or not short or found.unhashed or found.differing_count or found.files:
        yield because("No command for its root: too many records, or not all of them are here."), ""
        return
    names = [f'"$D"/{word(bundle.name)}' for bundle in bundles]
    yield python(_ROOT, str(one.size), *names), base64.b64encode(root).decode()
