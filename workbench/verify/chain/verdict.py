"""Judge a hash-chained log: choose its recipe, go over it once, compare claims, say what broke."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.evidence.file import EvidenceFile, sha256_of
from workbench.evidence.strict_json import JsonError
from workbench.evidence.subject import Subject
from workbench.model.profile import ChainProfile, GenesisKind, Manifest, get
from workbench.model.recipe import JsonObject, Name, SealKind
from workbench.model.trust import Trust
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    SignatureVerdict,
    Step,
    SubjectVerdict,
    indeterminate,
    worst,
)
from workbench.verify.by_hand import of_subject
from workbench.verify.chain import outcome, trail
from workbench.verify.chain.assurance import assurance
from workbench.verify.chain.breaks import MOST_LISTED, Break, in_order, to_diagnosis
from workbench.verify.chain.choose import Choice, choose, with_idle_secret
from workbench.verify.chain.claims import (
    Claim,
    UnreadableHead,
    heads_of,
    marks_of,
    stated_by_auditor,
    trusted_heads,
)
from workbench.verify.chain.compare import compare, own_at, stated_numbers
from workbench.verify.chain.contradict import Contradictions
from workbench.verify.chain.covered import covered, finer_times
from workbench.verify.chain.diagnose import Diagnostician
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.grown import NotGrownError, beginnings, is_shorter, old_part
from workbench.verify.chain.head_line import Heads
from workbench.verify.chain.implicit import find_links, read_anew
from workbench.verify.chain.library import shipped
from workbench.verify.chain.nodes import nodes_of
from workbench.verify.chain.partitions import (
    Partition,
    assurance_of_parts,
    breaks_of,
    is_parted,
    part,
)
from workbench.verify.chain.period import Coverage, coverage_of
from workbench.verify.chain.survey import Log, Survey, find, survey
from workbench.verify.timestamp.stamps import trust_over
from workbench.verify.verifier import Bench

D = DiagnosisClass
MOST_WANTED = 4096
#: What a list of the top names leaves out when JSON is written.
_NESTED = "members within members, unless they are called as one of the record itself"


#: Judges a log that no profile describes: subject, how its records lie, bench.
Otherwise = Callable[[Subject, str, Bench], SubjectVerdict]


def judge_log(subject: Subject, bench: Bench, otherwise: Otherwise) -> SubjectVerdict:
    """Return the verdict on one log; ``otherwise`` judges it where no profile describes it.

    Raises:
        SourceError: the file cannot be read.
        Cancelled: the user stopped it.
    """
    file, container = subject.files[0], subject.container or "jsonl"
    try:
        heads = trusted_heads(subject, bench)
        vouched = frozenset(head.profile[1] for head in heads if head.profile is not None)
        choice = choose(file, container, bench, vouched=vouched)
        if choice is None:
            return otherwise(subject, container, bench)
        return judged(subject, container, choice, bench)
    except JsonError as error:
        from workbench.verify.chain.unknown import nothing

        digest = sha256_of(file, cancel=bench.cancel)
        by_hand = of_subject(subject, digest)
        step = Step("RFC 8259", f"Read {file.display} as JSON.", error.message, *by_hand)
        verdict = nothing(Code.MALFORMED_SOURCE)
        return replace(verdict, sha256=digest, steps=(step,), notes=(error.message,))


def judged(subject: Subject, container: str, choice: Choice, bench: Bench) -> SubjectVerdict:
    """Return the verdict on a log by a recipe.

    Raises:
        JsonError: a JSON document cannot be read.
        SourceError: the file cannot be read.
        Cancelled: the user stopped it.
    """
    file, profile = subject.files[0], choice.profile
    choice = with_idle_secret(choice, bench.trust.secrets)
    trust = trust_over(file, subject, bench)
    log = Log(file, container, profile, choice.secrets, choice.path, bench.limits.record)
    heads = list(heads_of(subject, profile, bench))
    outside = [head for head in heads if isinstance(head, Claim)]
    seen, parts = _gone_over(log, bench, marks_of(outside), choice, alone=not subject.anchors)
    if container != "json-array":  # a list ends otherwise once it grows
        seen.beginnings = beginnings(bench.expectation.earlier, file, bench.cancel)
    useless = _useless_secret(seen)
    if useless is not None:
        return judged(subject, container, _without_secret(choice, useless), bench)
    engine = Engine(profile, choice.secrets)
    if not parts:
        find_links(seen, engine, bench.beside)
    claims = [*outside, *stated_by_auditor(bench, profile), *_of_document(seen, engine, trust)]
    places = _places(seen, engine, claims, bench)
    claims = compare(claims, seen, engine, places)
    stated = stated_numbers(claims, seen, places)
    found = [] if parts else Diagnostician(seen, engine, places, stated).walk()
    breaks = breaks_of(parts) if parts else read_anew(found, seen, engine)
    against = Contradictions(claims, breaks, seen, places, recomputed=engine.recomputable)
    breaks = [*breaks, *against.breaks()]
    breaks = sorted((b for b in breaks if not _is_cut_off(b, file)), key=in_order)
    facts = outcome.Facts(
        profile,
        seen.records,
        breaks,
        claims,
        recomputable=engine.recomputable and not seen.lacking,
        seals=_seals(seen, choice),
        diagnosed=seen.stretches[-1].last if seen.overflow else None,
    )
    facts = replace(facts, signatures=_signatures(seen, trust, breaks))
    facts = replace(facts, coverage=_coverage(facts, seen, engine, bench))
    unreadable = [head for head in heads if isinstance(head, UnreadableHead)]
    told = Heads(subject.anchors, bench.trust)
    departs = _departs(seen, bench)
    verdict = _assembled(facts, seen, engine, choice, unreadable, told, departs=departs)
    return _of_parts(verdict, parts, facts) if parts else verdict


def _gone_over(
    log: Log, bench: Bench, marks: Sequence[int], choice: Choice, *, alone: bool
) -> tuple[Survey, list[Partition]]:
    """Return what one pass found, and the chains in the file where there are several."""
    if is_parted(log.profile):
        return part(log, bench, marks=marks)
    return _surveyed(log, bench, marks, choice, alone=alone), []


def _of_parts(
    verdict: SubjectVerdict, parts: Sequence[Partition], facts: outcome.Facts
) -> SubjectVerdict:
    """Return the verdict with the assurance of each chain in the file."""
    signed = max((c.size or 0 for c in facts.claims if c.covers and c.signatures), default=0)
    ranges = assurance_of_parts(parts, facts, signed)
    names = [one.name for one in parts if one.name]
    note = f"The file holds {len(names):,} chains, each judged by itself: {', '.join(names[:20])}"
    note += ", …." if len(names) > 20 else "."
    notes = (*verdict.notes, note) if names else verdict.notes
    return replace(verdict, assurance=ranges, notes=notes)


def _surveyed(
    log: Log, bench: Bench, marks: Sequence[int], choice: Choice, *, alone: bool
) -> Survey:
    """Go over a log; of what an earlier verdict judged only the bytes are hashed again.

    All is walked where anything is asked of the old records that the verdict does not say.
    """
    stated = bench.expectation
    asked = marks or not alone or stated.period or bench.tap or any(choice.given)
    profile = log.profile
    usual = profile.fields.previous is not None and not (profile.versions or profile.sections)
    if asked or not usual or log.container != "jsonl" or profile not in shipped():
        return survey(log, bench, marks=marks)
    old = old_part(stated.earlier, log.file, log.profile.id)
    try:
        return survey(log, bench, marks=marks, old=old)
    except NotGrownError as reason:
        return replace(survey(log, bench, marks=marks), old=old, not_grown=reason)


def _is_cut_off(found: Break, file: EvidenceFile) -> bool:
    """Tell whether a delivery that was cut off explains a tail that is not there."""
    return found.kind is D.TAIL_TRUNCATED and file.cut_off


def _useless_secret(seen: Survey) -> int | None:
    """Return which secret reproduces nothing: -1 the digest's, else the number of a seal."""
    profile, secrets = seen.log.profile, seen.log.secrets
    stretches = seen.stretches
    keyed = profile.digest.key is not None and secrets.any
    bad = sum(s.count for s in stretches if s.problem)
    if keyed and stretches and bad == seen.records:
        return -1
    for n, right in enumerate(seen.sealed):
        if profile.seals[n].signer is not None:
            continue  # it names its key: whether that is a trusted one is known
        if secrets.seals[n] is not None and not right and seen.unsealed[n] < seen.records:
            return n
    return None


def _without_secret(choice: Choice, which: int) -> Choice:
    """Return the choice without a secret that is not this log's."""
    secrets = choice.secrets
    if which < 0:
        secrets = replace(secrets, digest=None, by=())
        what, all_of_them = "no record", "all records were altered"
    else:
        kept = (None if n == which else seal for n, seal in enumerate(secrets.seals))
        secrets = replace(secrets, seals=tuple(kept))
        seal = choice.profile.seals[which]
        field = ".".join(seal.field)
        what, all_of_them = f"no seal in {field}", "all seals were altered"
        if seal.kind is SealKind.ED25519:
            note = f"No key that is trusted for logs made a signature in {field}: it is another's."
            return replace(choice, secrets=secrets, notes=(*choice.notes, note))
    note = f"The secret reproduces {what}: it is not the secret of this log, or {all_of_them}."
    return replace(choice, secrets=secrets, notes=(*choice.notes, note))


def _seals(seen: Survey, choice: Choice) -> tuple[outcome.SealFacts, ...]:
    """Return how the seals fared that a secret was given for, whether it fits or not."""
    right, missing = (counts or [0] * len(choice.given) for counts in (seen.sealed, seen.unsealed))
    return tuple(
        outcome.SealFacts(".".join(seal.field), right[n], missing[n])
        for n, seal in enumerate(choice.profile.seals)
        if choice.given[n] and seal.kind is SealKind.HMAC
    )


def _signatures(
    seen: Survey, trust: Trust, breaks: Sequence[Break]
) -> tuple[SignatureVerdict, ...]:
    """Return what the signatures that records carry are worth."""
    if not seen.log.profile.seals:
        return ()
    from workbench.verify.chain.record_signatures import signatures_in

    return tuple(signatures_in(seen, trust, breaks))


def _of_document(seen: Survey, engine: Engine, trust: Trust) -> Iterator[Claim]:
    if seen.document is not None and seen.document.value is not None:
        from workbench.verify.chain.manifest import manifest_claim, text_root

        document, manifest = seen.document.value, engine.profile.manifest
        claim = manifest_claim(document, engine.profile, trust)
        if claim is None or manifest is None:
            return
        counted = claim.size is None or claim.size == seen.records
        if manifest.text_root is not None and counted:
            stated = get(document, (*manifest.value, *manifest.text_root))
            owns = (own_at(seen, engine, n) or "" for n in range(1, seen.records + 1))
            if stated != text_root(owns):
                claim = replace(claim, broken=Code.HASH_FAILURE)
        yield claim


def _places(
    seen: Survey, engine: Engine, claims: Iterable[Claim], bench: Bench
) -> dict[str, tuple[int, ...]]:
    """Return where digests of interest are stored; a second pass, only after a break."""
    wanted: set[str] = set()
    nodes = nodes_of(seen.stretches)
    if len(nodes) > 1:
        ends = [d for n in nodes[:MOST_WANTED] for d in (n.previous, n.own, *n.ends)]
        wanted |= {digest for digest in ends if digest is not None}
    wanted |= {c.head for c in claims if c.head is not None and not _at_its_place(c, seen, engine)}
    return find(seen.log, bench, frozenset(wanted)) if wanted else {}


def _at_its_place(claim: Claim, seen: Survey, engine: Engine) -> bool:
    return own_at(seen, engine, claim.size or seen.records) == claim.head


def _coverage(facts: outcome.Facts, seen: Survey, engine: Engine, bench: Bench) -> Coverage | None:
    if is_parted(facts.profile):
        period = bench.expectation.period
        return None if period is None else Coverage(begins=False, edge=None, records=seen.records)
    return coverage_of(
        bench.expectation.period,
        seen,
        engine,
        rooted=facts.rooted,
        whole_start=not facts.has({D.HEAD_TRUNCATED}) and _starts_known(facts.profile),
    )


def _starts_known(profile: ChainProfile) -> bool:
    """Tell whether a first record shows that it is the first one ever."""
    return profile.genesis.kind is not GenesisKind.ANY


def _assembled(
    facts: outcome.Facts,
    seen: Survey,
    engine: Engine,
    choice: Choice,
    unreadable: Sequence[UnreadableHead],
    heads: Heads,
    *,
    departs: bool,
) -> SubjectVerdict:
    integrity, authenticity = outcome.integrity(facts), outcome.authenticity(facts)
    if unreadable:
        authenticity = worst((indeterminate(Code.FORMAT_FAILURE), authenticity))
    if seen.old is not None and seen.not_grown is None:
        integrity = replace(integrity, codes=(*integrity.codes, Code.EARLIER_VERDICT))
    return SubjectVerdict(
        integrity=integrity,
        authenticity=authenticity,
        completeness=_completeness(facts, departs=departs),
        time=outcome.time(facts),
        profile=facts.profile.id,
        records=seen.records,
        not_covered=_not_covered(seen),
        assurance=assurance(facts),
        diagnoses=tuple(_told(facts.breaks, seen, engine)),
        signatures=(
            *facts.signatures,
            *(s for claim in facts.claims for s in trail.signatures_of(claim)),
        ),
        steps=tuple(trail.steps(facts, seen, engine, choice, unreadable, heads)),
        sha256=seen.sha256,
        notes=tuple(trail.notes(facts, seen, choice, unreadable)),
    )


def _departs(seen: Survey, bench: Bench) -> bool:
    """Tell whether the log is not the one, grown, that was judged before under its name."""
    earlier, file = bench.expectation.earlier, seen.log.file
    if is_shorter(earlier, file) or not all(one.same for one in seen.beginnings):
        return True
    old, reason = seen.old, seen.not_grown
    if old is None or reason is None or not reason.differs:
        return False
    return old.earlier.about is None and old.earlier.name == file.name


def _completeness(facts: outcome.Facts, *, departs: bool) -> DimensionVerdict:
    found = outcome.completeness(facts)
    return worst((indeterminate(Code.EARLIER_PART_DIFFERS), found)) if departs else found


def _not_covered(seen: Survey) -> tuple[str, ...]:
    profile = seen.log.profile
    known = {name for name in profile.not_covered if name in seen.names} | _beside(seen)
    if any(isinstance(part, JsonObject) and part.style.listed for part in profile.preimage):
        known.add(_NESTED)
    oldest = min((seen.oldest, *(stretch.head.version for stretch in seen.stretches)))
    older = profile.versions[oldest:] if oldest else ()
    loose = seen.names - covered(profile, seen.names, older)
    recipes = [profile.preimage, *(each.preimage for each in older)]
    finer = {name for parts in recipes for name in finer_times(parts)}
    return tuple(sorted(known | loose | finer))


def _beside(seen: Survey) -> set[str]:
    """Return the members of a JSON document that lie beside the records and no signature covers."""
    value = None if seen.document is None else seen.document.value
    if value is None:
        return set()
    manifest = seen.log.profile.manifest
    known = {name[0] for name in (seen.log.path, *_signed(manifest)) if name}
    return {f"/{name}" for name in value.keys() - known}


def _signed(manifest: Manifest | None) -> tuple[Name, ...]:
    """Return the members of a document that its signature is over, or is."""
    if manifest is None or manifest.signature is None:
        return ()
    return manifest.value, manifest.signature


def _told(breaks: Sequence[Break], seen: Survey, engine: Engine) -> Iterator[Diagnosis]:
    """Yield diagnoses, at most ``MOST_LISTED``, alterations with tested innocent causes."""
    tested = 0
    for found in breaks[:MOST_LISTED]:
        diagnosis = to_diagnosis(found, seen)
        if found.kind is D.RECORD_ALTERED and found.guard is not Guard.ROOT:
            from workbench.verify.chain.innocent import MOST_TESTED, NOT_TESTED, causes_of

            place = None if found.record is None else seen.record(found.record)
            raw = b"" if place is None else place[1]
            causes = causes_of(engine, raw, found) if tested < MOST_TESTED else iter((NOT_TESTED,))
            diagnosis = replace(diagnosis, explanations=(*diagnosis.explanations, *causes))
            tested += 1
        yield diagnosis
