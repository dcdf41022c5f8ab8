"""Hash evidence that lies at hand, as it was hashed when it was verified."""

from collections.abc import Callable

from workbench.evidence.subject import Subject
from workbench.formats.intake import opened, sorted_out
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.verify.chain.library import chosen
from workbench.verify.listing import listing_digest
from workbench.verify.report import Manifest
from workbench.verify.report.evidence import tail_of
from workbench.verify.report.verdict import Held, ReportEvidence
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

#: Path and, in an archive, member.
Place = tuple[str, str | None]


def hashed(
    request: VerifyRequest, wanted: Callable[[Place], bool], *, progress: Progress, cancel: Cancel
) -> tuple[dict[Place, str], frozenset[Place]]:
    """Return the digest of each wanted place of a drop, and the places of its subjects.

    Raises:
        SourceError: a named path cannot be read.
    """
    bench = Bench(load_trust((), at=request.at), progress=progress, cancel=cancel)
    profiles = chosen(request.expectation.profile)
    with opened(request, progress=progress, cancel=cancel) as drop:
        table = sorted_out(drop, request, profiles, cancel)
        files = [*(entry.file for entry in table.entries), *table.containers]
        subjects = [*table.subjects, *(Subject(f.path, f.member, "", (f,)) for f in files)]
        held = [s for s in subjects if wanted((s.path, s.member))]
        found = {(s.path, s.member): listing_digest(s, bench) for s in held}
        return found, frozenset((s.path, s.member) for s in table.subjects)


def compared(
    manifest: Manifest,
    request: VerifyRequest,
    *,
    progress: Progress,
    cancel: Cancel,
) -> tuple[ReportEvidence, ...]:
    """Hold evidence at hand against what the manifest of a report states of it.

    What lay in a folder of another name is found by its place below that folder.

    Raises:
        SourceError: a path cannot be read.
    """
    stated = tuple(each for each in manifest.evidence if each.sha256)  # else it was not read then
    tails = {tail_of(each.path, each.member) for each in stated}
    found, subjects = hashed(
        request, lambda place: tail_of(*place) in tails, progress=progress, cancel=cancel
    )
    rows = []
    for each in stated:
        here = (each.path, each.member)
        tail = tail_of(*here)
        near = {p: d for p, d in found.items() if p == here or tail_of(*p) == tail}
        exact = {here: found[here]} if here in found else near
        digests = set(exact.values())
        digest = each.sha256 if each.sha256 in digests else next(iter(sorted(digests)), "")
        held = Held.MISSING if not digest else Held.SAME if digest == each.sha256 else Held.CHANGED
        rows.append(ReportEvidence(each.path, each.member, each.sha256, digest, held))
    stray = sorted(p for p in subjects if tail_of(*p) not in tails)
    rows += [ReportEvidence(path, member, "", "", Held.NOT_LISTED) for path, member in stray]
    return tuple(rows)
