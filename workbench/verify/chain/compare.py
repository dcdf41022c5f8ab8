"""Hold claims against a log: which it agrees with, and which are about another log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.model.verdict import Code
from workbench.verify.chain.breaks import Stated
from workbench.verify.chain.claims import Agreement, Claim, Edges, Standing
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.nodes import ends_of, nodes_of
from workbench.verify.chain.reading import MalformedError
from workbench.verify.chain.survey import Survey

Places = Mapping[str, tuple[int, ...]]


def own_at(seen: Survey, engine: Engine, number: int) -> str | None:
    """Return the stored digest of a record by its number; None where there is none."""
    found = seen.record(number)
    try:
        return None if found is None else engine.own(engine.parse(found[1]))
    except MalformedError:
        return None


def compare(claims: Iterable[Claim], seen: Survey, engine: Engine, places: Places) -> list[Claim]:
    """Return the claims with what the log says to each."""
    placed = [_placed(claim, seen, places) for claim in claims]
    sizes = {seen.records if c.size is None else c.size for c in placed}
    own_of = {size: own_at(seen, engine, size) for size in sizes}
    held = [_compared(claim, seen, own_of) for claim in placed]
    return list(_set_aside(held, seen, places))


def _placed(claim: Claim, seen: Survey, places: Places) -> Claim:
    """Return a claim about the last digest with the place where that digest stands."""
    if claim.size is not None or claim.head is None:
        return claim
    found = places.get(claim.head, ())
    return replace(claim, size=found[0]) if len(found) == 1 else claim


def _compared(claim: Claim, survey: Survey, own_of: Mapping[int, str | None]) -> Claim:
    """Return a claim with what the log says to it.

    Args:
        claim: the claim.
        survey: what one pass over the log found.
        own_of: stored digests of the records at the sizes of the claims, and of the last.
    """
    size = survey.records if claim.size is None else claim.size
    if size > survey.records:
        return replace(claim, agreement=Agreement.BEYOND)
    if not size and not claim.exact:
        return replace(claim, doubt="it is over no records", doubt_code=Code.PARTIAL_COVERAGE)
    same_root = claim.root is None or survey.roots.get(size) == claim.root
    in_place = claim.head is not None and own_of.get(size) == claim.head
    same_head = claim.head is None or in_place
    if claim.root is not None and same_root and not same_head:
        doubt = "its root is right and its chain head is not"
        return replace(claim, doubt=doubt, doubt_code=Code.HASH_FAILURE)
    short = claim.exact and size < survey.records
    miscounted = short or not _same_edges(claim.edges, survey)
    right = same_root and same_head and not miscounted
    return replace(
        claim,
        agreement=Agreement.AGREES if right else Agreement.DISAGREES,
        head_in_place=in_place,
        miscounted=miscounted,
    )


def _same_edges(edges: Edges, survey: Survey) -> bool:
    """Tell whether the log begins and ends as claimed."""
    if not survey.stretches:
        return edges == (None, None, None)
    head, tail = survey.stretches[0].head, survey.stretches[-1].tail
    found = (head.sequence, tail.sequence, head.previous)
    return all(said in {None, seen} for said, seen in zip(edges, found, strict=True))


def _set_aside(claims: Sequence[Claim], seen: Survey, places: Places) -> Iterator[Claim]:
    """Yield the claims; a head of another log than the one that the log agrees with is foreign.

    A head names its log in its origin. Once the log agrees with a trusted head of one origin, a
    head of another origin contradicts nothing, unless its last digest stands in this log. It is
    set aside without effect where the other head covers all that it could be about, else it
    leaves open which of them belongs here. Where the log agrees with none, it is of another log,
    as far as anybody can tell, unless something says that it is of this one (``Claim.fits``).
    """
    agreeing = [
        c for c in claims if c.standing is Standing.TRUSTED and c.agreement is Agreement.AGREES
    ]
    origins = {claim.origin for claim in agreeing if claim.origin}
    covered = max((claim.size or 0 for claim in agreeing), default=0)
    for claim in claims:
        apart = claim.agreement in {Agreement.DISAGREES, Agreement.BEYOND} and claim.origin
        here = claim.head is not None and known(claim.head, seen, places)
        ours = claim.origin in origins or (not origins and claim.fits)
        if not apart or ours or here or claim.standing is not Standing.TRUSTED:
            yield claim
        elif (claim.size or 0) <= covered:
            doubt = f"it is about another log, {claim.origin}"
            yield replace(claim, foreign=True, standing=Standing.LISTED, doubt=doubt)
        else:
            doubt = f"it names another log, {claim.origin}, and may be paired wrongly"
            code = Code.AMBIGUOUS_PAIRING
            yield replace(claim, foreign=True, doubt=doubt, doubt_code=code)


def known(digest: str, seen: Survey, places: Places) -> bool:
    """Tell whether a digest stands in the log, is pointed at, or is that of an altered record."""
    return digest in places or any(
        digest in {stretch.head.previous, *ends_of(stretch)} for stretch in seen.stretches
    )


def stated_numbers(claims: Iterable[Claim], seen: Survey, places: Places) -> Stated:
    """Return what binding claims say about how many records are missing, and before which."""
    totals, shifts = [], []
    pointed = {n.previous: n.first for n in nodes_of(seen.stretches) if n.previous is not None}
    for claim in claims:
        if not claim.binding or claim.size is None:
            continue
        if claim.exact or claim.agreement is Agreement.BEYOND:
            totals.append(claim.size)
        if claim.head_in_place:
            shifts.append((claim.size, 0))
        elif claim.head is not None and len(places.get(claim.head, ())) == 1:
            shifts.append((places[claim.head][0], claim.size - places[claim.head][0]))
        elif claim.head in pointed:
            first = pointed[claim.head]
            shifts.append((first, claim.size - (first - 1)))
    return Stated(max(totals, default=None), tuple(sorted(shifts)))
