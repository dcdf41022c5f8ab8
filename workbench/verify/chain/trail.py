"""The proof trail of a log: what was done, with what outcome, and how to do it by hand."""

import shlex
from collections.abc import Iterator, Sequence

from workbench.model.verdict import Step
from workbench.verify.chain.breaks import MOST_LISTED
from workbench.verify.chain.choose import Choice
from workbench.verify.chain.claims import Claim, UnreadableHead
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.library import part_in_words
from workbench.verify.chain.outcome import Facts
from workbench.verify.chain.recipe_line import by_hand
from workbench.verify.chain.survey import Survey


def steps(
    facts: Facts,
    seen: Survey,
    engine: Engine,
    choice: Choice,
    unreadable: Sequence[UnreadableHead],
) -> Iterator[Step]:
    """Yield the numbered steps."""
    name = seen.log.file.display
    yield Step(
        "FIPS 180-4",
        f"Read {name} once: {seen.log.file.size} bytes, {seen.records} records.",
        f"SHA-256 {seen.sha256}",
        f"sha256sum {shlex.quote(name)}" if seen.log.file.member is None else "",
    )
    yield _recipe_chosen(facts, choice)
    yield _recomputed(facts, seen, engine)
    for found in facts.breaks[:1]:
        recipe = by_hand(seen, engine, found.record)
        did = f"Looked at record {found.record}."
        yield Step("", did, f"{found.kind}: stored {found.stored or 'nothing'}", recipe)
    for claim in facts.claims:
        yield _claim_step(claim, seen)
    for head in unreadable:
        yield Step("C2SP tlog-checkpoint", f"Read {head.source}.", f"Not done: {head.reason}")


def _recipe_chosen(facts: Facts, choice: Choice) -> Step:
    profile = facts.profile
    how = "you or a head that you trust named it" if choice.named else "it was found by trying"
    did = f"Took the recipe {profile.id} (profile file SHA-256 {profile.sha256}): {how}."
    result = f"It reproduces {choice.reproduced} of the first {choice.tried} records."
    return Step("", did, result)


def _recomputed(facts: Facts, seen: Survey, engine: Engine) -> Step:
    parts = "; ".join(part_in_words(part) for part in facts.profile.preimage)
    digest = facts.profile.digest
    what = f"{'HMAC-' if digest.key else ''}{digest.algorithm.value} over {parts}"
    if not facts.recomputable:
        result = "Not done: no secret was given that fits. Links were compared as stored."
        return Step("", f"Recomputed every digest: {what}.", result)
    bad = sum(stretch.count for stretch in seen.stretches if stretch.problem)
    result = f"{seen.records - bad} of {seen.records} digests reproduced"
    more = " (stopped: too many breaks)" if seen.overflow else ""
    did = f"Recomputed every digest and compared every link: {what}."
    return Step("", did, result + more + ".", by_hand(seen, engine, 1))


def _claim_step(claim: Claim, seen: Survey) -> Step:
    size = "the last record" if claim.size is None else f"{claim.size} records"
    root = seen.roots.get(claim.size or 0)
    computed = "" if root is None else f" Root computed here: {root.hex()}."
    clause = "RFC 6962 2.1" if claim.root is not None else ""
    doubt = f" But {claim.doubt}." if claim.doubt else ""
    result = f"The log {claim.agreement.value}.{computed}{doubt}"
    if claim.agreement.value.startswith("speaks"):
        result = f"It {claim.agreement.value}.{doubt}"
    did = f"Compared {claim.source} (over {size}; {claim.standing.value}) with the log."
    return Step(clause, did, result)


def notes(
    facts: Facts, seen: Survey, choice: Choice, unreadable: Sequence[UnreadableHead]
) -> Iterator[str]:
    """Yield what the auditor must know beside the verdict."""
    yield from choice.notes
    if seen.crlf:
        yield f"{seen.crlf} lines end in CRLF; the line end is no part of a record."
    if seen.bom:
        yield "The file begins with a byte order mark, which is no part of a record."
    if not seen.newline_at_end and seen.records:
        yield "The last line has no line end: the export may have been taken while it was written."
    if len(facts.breaks) > MOST_LISTED:
        yield f"{len(facts.breaks)} diagnoses were made; the first {MOST_LISTED} are listed."
    if seen.overflow:
        yield "There are more breaks than are listed; after the listed ones nothing was diagnosed."
    yield from _about_seals(facts, seen)
    if facts.profile.digest.key is not None:
        yield "Whoever can check an HMAC can forge it: it shows no third party who wrote the log."
    for head in unreadable:
        yield f"{head.source} is no signed head: {head.reason}"


def _about_seals(facts: Facts, seen: Survey) -> Iterator[str]:
    for n, seal in enumerate(facts.profile.seals):
        field = ".".join(seal.field)
        if n < len(seen.sealed) and seen.sealed[n]:
            yield f"The seal in {field} was checked with the secret: {seen.sealed[n]} right."
        elif field in seen.names:
            yield f"The seal in {field} was not checked: no secret was given that fits."
