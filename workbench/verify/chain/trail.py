"""The proof trail of a log: what was done, with what outcome, and how to do it by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.model.contract import time_to_json
from workbench.model.earlier import Earlier
from workbench.model.recipe import SealKind
from workbench.model.verdict import SignatureVerdict, Step
from workbench.verify import by_hand
from workbench.verify.chain.breaks import MOST_LISTED, Break
from workbench.verify.chain.choose import Choice
from workbench.verify.chain.claims import Agreement, Claim, UnreadableHead
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.explain import part_in_words
from workbench.verify.chain.facts import Guard, Stretch
from workbench.verify.chain.grown import Beginning
from workbench.verify.chain.head_line import Heads
from workbench.verify.chain.outcome import Facts
from workbench.verify.chain.recipe_line import one_record, whole_chain
from workbench.verify.chain.survey import Survey


def steps(
    facts: Facts,
    seen: Survey,
    engine: Engine,
    choice: Choice,
    unreadable: Sequence[UnreadableHead],
    heads: Heads,
) -> Iterator[Step]:
    """Yield the numbered steps."""
    file = seen.log.file
    yield Step(
        "FIPS 180-4",
        f"Read {file.display} once: {file.size:,} bytes, {seen.records:,} records.",
        f"SHA-256 {seen.sha256}",
        f"{by_hand.SCRATCH}\n{by_hand.file_at(file)}\n{by_hand.hashed('$F')}",
        seen.sha256,
    )
    if seen.old is not None:
        yield _old_part(seen, seen.old.earlier)
    yield from (_beginning(one) for one in seen.beginnings)
    yield _recipe_chosen(facts, choice)
    yield _recomputed(facts, seen, engine)
    for found in facts.breaks[:1]:
        yield _first_break(found, seen, engine)
    for number, claim in enumerate(facts.claims, 1):
        yield _claim_step(claim, seen, heads, number)
    for head in unreadable:
        why = by_hand.because("No command: what was read is no signed head.")
        yield Step("C2SP tlog-checkpoint", f"Read {head.source}.", f"Not done: {head.reason}", why)


def _old_part(seen: Survey, earlier: Earlier) -> Step:
    """Return what was done with the part of a log that was judged before."""
    did = (
        f"Hashed the first {earlier.size:,} bytes: an earlier verdict, brought by the auditor, "
        f"says that their {earlier.records:,} records agree ({time_to_json(earlier.at)})."
    )
    if seen.not_grown is not None:
        result = f"All records were judged anew: {seen.not_grown.reason}."
        return Step("FIPS 180-4", did, result, by_hand.because("No command: nothing rests on it."))
    result = (
        f"SHA-256 {earlier.sha256}: these very bytes were judged then. Of their digests and links "
        "only those of the first and the last record were recomputed again."
    )
    recipe = f'head -c {earlier.size} "$F" | sha256sum | cut -c-64'
    return Step("FIPS 180-4", did, result, recipe, earlier.sha256)


def _beginning(one: Beginning) -> Step:
    """Return the comparison of a log with what it was delivered in place of."""
    earlier = one.earlier
    did = (
        f"Hashed the first {earlier.size:,} bytes. What it was delivered in place of had so many, "
        f"with {earlier.records:,} records, when it was verified ({time_to_json(earlier.at)})."
    )
    if not one.sha256:
        why = by_hand.because("No command: the file has fewer bytes.")
        return Step("FIPS 180-4", did, "There are fewer now: it did not only grow.", why)
    said = "the same bytes" if one.same else f"other bytes than then ({earlier.sha256})"
    recipe = f'head -c {earlier.size} "$F" | sha256sum | cut -c-64'
    return Step("FIPS 180-4", did, f"SHA-256 {one.sha256}: {said}.", recipe, one.sha256)


def _recipe_chosen(facts: Facts, choice: Choice) -> Step:
    profile = facts.profile
    how = "the auditor, or a head that the auditor trusts, named it"
    how = how if choice.named else "it was found by trying the known ones"
    did = f"Took the recipe {profile.id} (profile file SHA-256 {profile.sha256}): {how}."
    where = "records that were tried further on" if choice.later else "first"
    of = f"{choice.tried:,} {where}" if choice.later else f"the {where} {choice.tried:,} records"
    result = f"It reproduces {choice.reproduced:,} of {of}."
    why = "No command: this step is a choice. The next one follows the recipe that was chosen."
    return Step("", did, result, by_hand.because(why))


def _recomputed(facts: Facts, seen: Survey, engine: Engine) -> Step:
    parts = "; ".join(part_in_words(part) for part in facts.profile.preimage)
    digest = facts.profile.digest
    what = f"{'HMAC-' if digest.key else ''}{digest.algorithm.value} over {parts}"
    if not facts.profile.preimage:
        result = "Not done: how the digest is made is not known. Links were compared as stored."
        why = by_hand.because("No command: the recipe of the digest is not published.")
        return Step("", "Compared every link.", result, why)
    if not facts.recomputable:
        result = "Not done: no secret was given that fits. Links were compared as stored."
        why = by_hand.because("No command: the secret of the log was not given.")
        return Step("", f"Recomputed every digest: {what}.", result, why)
    bad = sum(stretch.count for stretch in seen.stretches if _unlike(stretch))
    old = 0 if seen.old is None or seen.not_grown is not None else seen.old.earlier.records
    judged = seen.records - old
    result = f"{judged - bad:,} of {judged:,} digests reproduced."
    if seen.overflow:
        whole = f"{judged:,} digests"
        result = f"At least {bad:,} of {whole} are not reproduced; counting stopped."
    which = f"every digest after record {old:,}" if old else "every digest"
    did = f"Recomputed {which} and compared every link: {what}."
    return Step("", did, result, *whole_chain(seen, engine))


def _unlike(stretch: Stretch) -> bool:
    """Tell whether the digest of a record is not reproduced."""
    return bool(stretch.problem) and stretch.head.guard is Guard.DIGEST


def _first_break(found: Break, seen: Survey, engine: Engine) -> Step:
    """Return the step that shows the first break: its place, and the value that does not hold."""
    kind, last = found.kind.value, found.last or found.record
    below = by_hand.because("No command: the next steps show what is stated and what is here.")
    if found.record is None:
        return Step("", "Compared the claims with each other.", kind, below)
    where = f"record {found.record:,}"
    if last is not None and last != found.record:
        where = f"records {found.record:,} to {last:,}"
    if found.guard in {Guard.ROOT, Guard.COUNT} or found.against is not None:
        values = f": stated {found.stored}, computed {found.recomputed or 'nothing'}"
        result = kind + (values if found.stored else "")
        return Step("", f"Compared what is stated with {where}.", result, below)
    recipe = by_hand.because("No command: the seal of this record is checked with a secret."), ""
    if found.guard is not Guard.SEAL:
        recipe = one_record(seen, engine, found.record)
    result = f"{kind}: stored {found.stored or 'nothing'}"
    return Step("", f"Looked at {where}.", result, *recipe)


def _claim_step(claim: Claim, seen: Survey, heads: Heads, number: int) -> Step:
    size = "the last record" if claim.size is None else f"{claim.size:,} records"
    root = seen.roots.get(claim.size or 0)
    computed = "" if root is None else f" Root computed here: {root.hex()}."
    clause = "RFC 6962 2.1" if claim.root is not None else ""
    doubt = f" But {claim.doubt}." if claim.doubt else ""
    result = f"The log {claim.agreement.value}.{computed}{doubt}"
    if claim.agreement in {Agreement.BEYOND, Agreement.UNUSABLE}:
        result = f"It {claim.agreement.value}.{doubt}"
    did = f"Compared what {claim.source} states (over {size}; {claim.standing.value}) with the log."
    return Step(clause, did, result, *heads.by_hand(claim, seen, number))


def signatures_of(claim: Claim) -> Iterator[SignatureVerdict]:
    """Yield the signatures of a claim, each saying whether the log is what it is over.

    A signature may be genuine and yet be over another log than the one that lies here.
    """
    doubt = f"; but {claim.doubt}" if claim.doubt else ""
    about = {
        Agreement.AGREES: f"; the log here agrees{doubt}",
        Agreement.DISAGREES: "; not over these bytes: the log here does not agree with it",
        Agreement.BEYOND: "; not over these bytes: it is over more records than are here",
        Agreement.UNUSABLE: f"; not compared with the log{doubt}",
    }[claim.agreement]
    for signature in claim.signatures:
        yield replace(signature, covers=f"{signature.covers}{about}")


def notes(
    facts: Facts, seen: Survey, choice: Choice, unreadable: Sequence[UnreadableHead]
) -> Iterator[str]:
    """Yield what the auditor must know beside the verdict."""
    yield from choice.notes
    yield from _about_old_part(seen)
    if seen.crlf:
        yield f"{seen.crlf:,} lines end in CRLF; the line end is no part of a record."
    if seen.bom:
        yield "The file begins with a byte order mark, which is no part of a record."
    if not seen.newline_at_end and seen.records:
        yield "The last line has no line end: the export may have been taken while it was written."
    if len(facts.breaks) > MOST_LISTED:
        yield f"{len(facts.breaks):,} diagnoses were made; the first {MOST_LISTED:,} are listed."
    if seen.overflow:
        yield "There are more breaks than are listed; after the listed ones nothing was diagnosed."
    if seen.lacking:
        names = ", ".join(sorted(seen.lacking)[:20])
        yield f"Records may need secrets that were not given, so they were not recomputed: {names}."
    yield from _about_seals(facts, seen)
    if facts.profile.digest.key is not None:
        yield "Whoever can check an HMAC can forge it: it shows no third party who wrote the log."
    for head in unreadable:
        yield f"{head.source} is no signed head: {head.reason}"


def _about_old_part(seen: Survey) -> Iterator[str]:
    for one in seen.beginnings:
        many = f"{one.earlier.records:,} records that the case was verified with before"
        yield (
            f"It begins with the very bytes of the {many}."
            if one.same
            else (f"It does not begin with the {many}, and so did not only grow.")
        )
    if seen.old is None:
        return
    if seen.not_grown is not None:
        yield f"It does not go on from the earlier verdict, since {seen.not_grown.reason}."
    else:
        many = f"{seen.old.earlier.records:,}"
        yield f"Its first {many} records are the very bytes that an earlier verdict was about."


def _about_seals(facts: Facts, seen: Survey) -> Iterator[str]:
    given = {seal.field: seal for seal in facts.seals}
    tags = (seal for seal in facts.profile.seals if seal.kind is SealKind.HMAC)
    for field in (".".join(seal.field) for seal in tags):
        seal = given.get(field)
        if seal is not None and seal.right:
            yield f"The seal in {field} was checked with the secret: {seal.right:,} right."
        elif seal is None and field in seen.names:
            yield f"The seal in {field} was not checked: no secret was given for it."
        if seal is not None and seal.missing:
            yield f"{seal.missing:,} of {seen.records:,} records carry no seal in {field}."
