"""The verification procedure of OMS 1.0 section 8, and its verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.subject import Subject
from workbench.model.trust import Trust
from workbench.model.verdict import (
    Code,
    Indication,
    SignatureVerdict,
    Step,
    SubjectVerdict,
)
from workbench.verify.keys.public import keys_in
from workbench.verify.listing import digest_of_listing
from workbench.verify.oms import commands, trail
from workbench.verify.oms.compare import Comparison, compare, recipe_of
from workbench.verify.oms.hashing import Hashed, hash_files
from workbench.verify.oms.inventory import relative_name, take_inventory
from workbench.verify.oms.proof import Proof, read_proof
from workbench.verify.oms.signatures import judge_signatures
from workbench.verify.oms.verdict import (
    Signed,
    assurance,
    authenticity,
    completeness,
    integrity,
    is_anchored,
    time,
)
from workbench.verify.timestamp.stamps import dated, judged_stamps, trust_over
from workbench.verify.trust.anchors import mark_self_supplied
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class OmsVerifier:
    """Judges a model's folder or file by the signatures paired with it."""

    id: str = "oms"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on a model.

        Steps: 1 read each signature file; 2 judge its signatures; 3 let the trusted ones decide,
        or, where there is none, all; 4 hash every file once; 5 compare with each manifest that
        decides.
        """
        proofs = [read_proof(file, bench) for file in subject.signatures]
        stamps = {proof.file: judged_stamps(subject, bench, over=(proof.file,)) for proof in proofs}
        signed = [_signed(p, _trust(p, subject, bench), bench, n) for n, p in enumerate(proofs, 1)]
        deciding = [item for item in signed if item.passed] or signed
        manifests = [item.proof.manifest for item in deciding if item.proof.manifest is not None]
        files = (*subject.files, *subject.linked)
        hashed = hash_files(files, [recipe_of(manifest) for manifest in manifests], bench)
        allow_links = bench.expectation.allow_symlinks
        comparisons = [
            compare(one, take_inventory(subject, one, allow_links=allow_links), hashed, bench)
            for one in manifests
        ]
        over = [s for item in signed if item.passed for s in stamps[item.proof.file]]
        return dated(_verdict(subject, bench, signed, comparisons, hashed), over)


def _trust(proof: Proof, subject: Subject, bench: Bench) -> Trust:
    """Return the auditor's trust, where keys that the bundle brings along prove nothing."""
    embedded = proof.signature.embedded_keys if proof.signature else ()
    trust = trust_over(proof.file, subject, bench)
    own = (fingerprint for key in embedded for _, fingerprint, _ in keys_in(key))
    return mark_self_supplied(trust, dict.fromkeys(own, proof.file.display))


def _signed(proof: Proof, trust: Trust, bench: Bench, number: int) -> Signed:
    """Judge the signatures of a file; without a manifest nothing says what they cover."""
    if proof.signature is None or proof.manifest is None:
        return Signed(proof, ())
    covers = f"manifest of {trail.files(len(proof.manifest.paths))} in {proof.file.display}"
    legacy = proof.manifest.legacy
    judged = judge_signatures(
        proof.signature,
        trust,
        bench.expectation.origin,
        legacy=legacy,
        covers=covers,
        scratch=commands.scratch(number),
    )
    return Signed(proof, judged)


def _verdict(
    subject: Subject,
    bench: Bench,
    signed: Sequence[Signed],
    comparisons: Sequence[Comparison],
    hashed: Hashed,
) -> SubjectVerdict:
    anchored = is_anchored(signed, bench.trust)
    digest = _digest(subject, hashed)
    return SubjectVerdict(
        integrity=integrity(signed, comparisons, anchored=anchored),
        authenticity=authenticity(signed, bench.trust),
        completeness=completeness(comparisons, anchored=anchored),
        time=time(signed),
        records=sum(len(one.manifest.paths) for one in comparisons) or None,
        not_covered=_not_covered(comparisons),
        assurance=assurance(comparisons, anchored=anchored),
        diagnoses=tuple(d for one in comparisons for d in one.diagnoses),
        signatures=tuple(_signatures(signed)),
        steps=tuple(_steps(signed, comparisons, subject, bench.trust, digest)),
        sha256=digest,
        notes=tuple(_notes(signed, comparisons)),
    )


def _not_covered(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """Return what no manifest that decides covers, though one of them speaks of it."""
    covered = {path for one in comparisons for path in one.manifest.paths}
    left = (
        name
        for one in comparisons
        for name in (*one.inventory.ignored, *one.inventory.unsaid, *one.uncovered)
    )
    return tuple(name for name in dict.fromkeys(left) if name not in covered)


def _signatures(signed: Sequence[Signed]) -> Iterator[SignatureVerdict]:
    for item in signed:
        yield from (one.verdict for one in item.judged)
        if item.proof.manifest is None:
            code = item.proof.code or Code.FORMAT_FAILURE
            bad = code == Code.FORMAT_FAILURE
            indication = Indication.FAILED if bad else Indication.INDETERMINATE
            yield SignatureVerdict(indication, code, covers=item.proof.file.display)


def _steps(
    signed: Sequence[Signed],
    comparisons: Sequence[Comparison],
    subject: Subject,
    trust: Trust,
    digest: str | None,
) -> Iterator[Step]:
    numbers = {id(item.proof.manifest): number for number, item in enumerate(signed, 1)}
    for number, item in enumerate(signed, 1):
        yield from trail.proof_steps(item.proof, item.judged, trust, number=number)
    for one in comparisons:
        yield from trail.comparison_steps(one, subject, number=numbers[id(one.manifest)])
    if digest is not None:
        yield trail.digest_step(subject, digest)


def _digest(subject: Subject, hashed: Hashed) -> str | None:
    """Return the SHA-256 of the only file or of the listing; None when a file was not read."""
    digests: list[tuple[str, str]] = []
    for file in subject.files:
        outcome = hashed[file]
        if isinstance(outcome, SourceError):
            return None
        digests.append((relative_name(file, subject), outcome.sha256))
    if not subject.base and len(digests) == 1:
        return digests[0][1]
    return digest_of_listing(digests)


def _notes(signed: Sequence[Signed], comparisons: Sequence[Comparison]) -> Iterator[str]:
    for item in signed:
        if item.proof.message:
            yield item.proof.message
        yield from (one.why for one in item.judged)
        yield from (note for one in item.judged if one.sealed for note in one.sealed.notes)
        if item.proof.manifest is not None and item.proof.manifest.legacy:
            yield (
                f"{item.proof.file.display} has the form of model_signing 0.2: it does not say "
                "which files were left out, and whether links were followed."
            )
    left = set(_not_covered(comparisons))
    for one in comparisons:
        ignored = tuple(name for name in one.inventory.ignored if name in left)
        weights = tuple(name for name in one.inventory.ignored_weights if name in left)
        if ignored:
            count = trail.files(len(ignored))
            yield f"{count} left out, protected by nothing: {trail.names(ignored)}."
        if weights:
            yield f"Among them, by their names, model weights: {trail.names(weights)}."
        if one.inventory.unsaid:
            yield (
                "The manifest says nothing of links to folders, as the reference signer leaves it: "
                f"since when they are there is not shown: {trail.names(one.inventory.unsaid)}."
            )
        if one.inventory.beyond:
            yield f"Links that lead out of the model's folder: {trail.names(one.inventory.beyond)}."
        if one.uncovered:
            yield f"Files without bytes are not covered by shards: {trail.names(one.uncovered)}."
        yield from (f"{name} could not be read: {code}." for name, code in one.unread)


VERIFIER = OmsVerifier()
