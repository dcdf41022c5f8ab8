"""What is claimed about a log from outside its records, and whether the log agrees.

A claim is a signed head, the manifest of a bundle, or what the auditor states. It says how many
records there are, which RFC 6962 root they have, which digest the last of them has.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.model.profile import ChainProfile, Manifest, get
from workbench.model.recipe import Name
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.chain.engine import encode
from workbench.verify.chain.render import UnrenderableError, render
from workbench.verify.chain.survey import Survey
from workbench.verify.head import Head, HeadProblem, judge_head, read_head
from workbench.verify.keys import keys_in, public_key_of, verify_signature
from workbench.verify.verifier import Bench

HEAD_BYTES = MIB

#: Number of the first record, number of the last one, previous digest of the first.
Edges = tuple[int | None, int | None, str | None]


class Standing(StrEnum):
    """What a claim is worth."""

    TRUSTED = "signed by whom the auditor trusts"
    STATED = "stated by the auditor"
    INTERNAL = "stated by the evidence itself"
    LISTED = "without effect"


class Agreement(StrEnum):
    """Whether the log agrees with a claim."""

    AGREES = "agrees"
    DISAGREES = "does not agree"
    BEYOND = "speaks of more records than there are"
    UNUSABLE = "cannot be used"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Attributes:
        source: where it comes from, for people.
        standing: what it is worth.
        size: how many records, or None.
        root: RFC 6962 root over them, or None.
        head: digest of record ``size`` (None: of the last one) as the log writes it, or None.
        signatures: what its signatures are worth.
        doubt: why it covers nothing although it may be signed, or "".
        doubt_code: the code for that.
        agreement: set once the log is known.
        broken: code where its own protection fails, as a manifest whose signature is wrong.
        exact: whether ``size`` is the whole log, not only the log up to there.
        head_in_place: whether the record at ``size`` stores ``head``.
        miscounted: whether numbers that it states are not those of the log.
        edges: numbers of the first and last record, and the previous digest of the first, as far
            as they are claimed.
    """

    source: str
    standing: Standing
    size: int | None = None
    root: bytes | None = None
    head: str | None = None
    signatures: tuple[SignatureVerdict, ...] = ()
    doubt: str = ""
    doubt_code: str = ""
    agreement: Agreement = Agreement.UNUSABLE
    broken: str = ""
    exact: bool = False
    head_in_place: bool = False
    miscounted: bool = False
    edges: Edges = (None, None, None)

    @property
    def binding(self) -> bool:
        """Tell whether a disagreement with it counts."""
        return self.standing is not Standing.LISTED and not self.broken

    @property
    def covers(self) -> bool:
        """Tell whether it is by someone other than the evidence, and the log agrees."""
        outside = self.standing in {Standing.TRUSTED, Standing.STATED}
        return outside and self.agreement is Agreement.AGREES and not self.doubt


@dataclass(frozen=True, slots=True)
class UnreadableHead:
    """A paired anchor that is no head, and why."""

    source: str
    reason: str


def heads_of(
    files: Iterable[EvidenceFile], profile: ChainProfile, bench: Bench
) -> Iterator[Claim | UnreadableHead]:
    """Yield what each paired anchor claims."""
    for file in files:
        try:
            head = read_head(read_whole(file, limit=HEAD_BYTES))
        except SourceError as error:
            yield UnreadableHead(file.display, error.message)
            continue
        if isinstance(head, HeadProblem):
            yield UnreadableHead(file.display, head.message)
            continue
        signatures = judge_head(head, bench.trust)
        other = head.profile is not None and head.profile[1] != profile.sha256
        yield Claim(
            file.display,
            _standing(signatures, bench.trust.threshold),
            head.size,
            head.root,
            None if head.chain_head is None else encode(head.chain_head[1], profile.digest),
            signatures,
            "it names another profile file than the one used here" if other else "",
            Code.UNKNOWN_PROFILE if other else "",
        )


def trusted_heads(files: Iterable[EvidenceFile], bench: Bench) -> list[Head]:
    """Return the heads among anchors that are signed by whom the auditor trusts."""
    found = []
    for file in files:
        try:
            head = read_head(read_whole(file, limit=HEAD_BYTES))
        except SourceError:
            continue  # told by ``heads_of``
        if isinstance(head, HeadProblem):
            continue
        if _standing(judge_head(head, bench.trust), bench.trust.threshold) is Standing.TRUSTED:
            found.append(head)
    return found


def _standing(signatures: Iterable[SignatureVerdict], threshold: int) -> Standing:
    """Return TRUSTED for at least ``threshold`` different trusted keys, whatever their names."""
    good = {s.fingerprint for s in signatures if _passed(s)}
    return Standing.TRUSTED if len(good) >= max(threshold, 1) else Standing.LISTED


def _passed(signature: SignatureVerdict) -> bool:
    return signature.indication is Indication.PASSED


def stated_by_auditor(bench: Bench, profile: ChainProfile) -> Iterator[Claim]:
    """Yield what the auditor states: a count, the digest of the last record, or both."""
    stated = bench.expectation
    if stated.count is None and stated.head is None:
        return
    head = None
    if stated.head is not None:
        bare = stated.head.strip().removeprefix(profile.digest.prefix)
        hexadecimal = profile.digest.encoding != "base64"
        upper = profile.digest.encoding == "upper-hex"
        cased = (bare.upper() if upper else bare.lower()) if hexadecimal else bare
        head = profile.digest.prefix + cased
    yield Claim(
        "what the auditor states",
        Standing.STATED,
        stated.count,
        head=head,
        exact=stated.count is not None,
    )


def manifest_claim(
    document: Mapping[str, object], profile: ChainProfile, trust: Trust
) -> Claim | None:
    """Return what the manifest of a bundle claims, its signature judged; None without one."""
    manifest = profile.manifest
    if manifest is None:
        return None
    value = get(document, manifest.value)
    summary = value if isinstance(value, Mapping) else {}
    signature = _manifest_signature(document, manifest, summary, trust)
    trusted = _standing([signature], trust.threshold) is Standing.TRUSTED
    broken = signature.code or "" if signature.indication is Indication.FAILED else ""
    return Claim(
        "the manifest in the bundle",
        Standing.TRUSTED if trusted else Standing.INTERNAL,
        _whole(summary, manifest.count),
        None,
        _text(summary, manifest.head),
        (signature,),
        broken=broken,
        exact=True,
        edges=(
            _whole(summary, manifest.first),
            _whole(summary, manifest.last),
            _text(summary, manifest.anchor),
        ),
    )


def _text(summary: Mapping[str, object], name: Name | None) -> str | None:
    value = None if name is None else get(summary, name)
    return value if isinstance(value, str) else None


def _whole(summary: Mapping[str, object], name: Name | None) -> int | None:
    value = None if name is None else get(summary, name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _manifest_signature(
    document: Mapping[str, object],
    manifest: Manifest,
    summary: Mapping[str, object],
    trust: Trust,
) -> SignatureVerdict:
    """Judge the signature over a manifest: by a trusted key first, else by its own key."""
    try:
        signed = render(summary, manifest.style)
        signature = b64decode(str(get(document, manifest.signature)), validate=True)
    except (UnrenderableError, ValueError):
        return _manifest_verdict(Indication.FAILED, Code.FORMAT_FAILURE)
    embedded = keys_in((_text(summary, manifest.public_key) or "").encode())
    own = {fingerprint for _, fingerprint, _ in embedded}
    # As with heads: a bare key vouches, a certificate does not, since nothing judges its path.
    keys = (a for a in trust.serving(TrustRole.LOG) if a.kind is AnchorKind.PUBLIC_KEY)
    for anchor in keys:
        key = public_key_of(anchor)
        if isinstance(key, Ed25519PublicKey) and verify_signature(key, signature, signed):
            return _by_trusted(anchor, own)
    for _, fingerprint, der in embedded:
        own_key = load_der_public_key(der)
        if isinstance(own_key, Ed25519PublicKey):
            good = verify_signature(own_key, signature, signed)
            code = Code.SELF_SUPPLIED_KEY if good else Code.SIG_CRYPTO_FAILURE
            outcome = Indication.INDETERMINATE if good else Indication.FAILED
            return _manifest_verdict(outcome, code, fingerprint)
    if manifest.public_key is not None:
        return _manifest_verdict(Indication.FAILED, Code.FORMAT_FAILURE)
    return _manifest_verdict(Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR)


def _by_trusted(anchor: TrustAnchor, own: set[str]) -> SignatureVerdict:
    """Return the verdict for a trusted key; one that lies in the bundle must be confirmed."""
    supplied = anchor.key_fingerprint in own and not anchor.confirmed
    if supplied or not anchor.counts:
        code: str | None = Code.SELF_SUPPLIED_KEY
        outcome = Indication.INDETERMINATE
    else:
        code, outcome = None, Indication.PASSED
    verdict = _manifest_verdict(outcome, code, anchor.fingerprint)
    return replace(verdict, signer=anchor.name, trusted_by="" if code else anchor.name)


def _manifest_verdict(
    outcome: Indication, code: str | None, fingerprint: str = ""
) -> SignatureVerdict:
    signer = "the key in the manifest" if fingerprint else ""
    return SignatureVerdict(outcome, code, signer, fingerprint, covers="manifest of the bundle")


def marks_of(claims: Iterable[Claim]) -> tuple[int, ...]:
    """Return the sizes at which a root is needed."""
    return tuple(c.size for c in claims if c.root is not None and c.size is not None)


def compared(claim: Claim, survey: Survey, own_of: Mapping[int, str | None]) -> Claim:
    """Return a claim with what the log says to it.

    Args:
        claim: the claim.
        survey: what one pass over the log found.
        own_of: stored digests of the records at the sizes of the claims, and of the last.
    """
    size = survey.records if claim.size is None else claim.size
    if size > survey.records:
        return replace(claim, agreement=Agreement.BEYOND)
    if not size:
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
