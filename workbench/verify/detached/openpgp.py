"""OpenPGP detached signatures (RFC 9580 5.2, 10.4).

A signature may be by a subkey: the certificate that the auditor trusts has to bind it, for
signing, and neither may be revoked or have expired. A signature file may hold several signatures.
"""

from workbench.errors import LimitError
from workbench.evidence.file import lent_path
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict, Step
from workbench.verify import by_hand
from workbench.verify.content import Content, FileContent
from workbench.verify.detached.checked import (
    Checked,
    Question,
    Worth,
    best_of,
    covers,
    identity_of,
    malformed,
    reasons,
    verdict_by,
    worth_of,
)
from workbench.verify.keys.life import Limit
from workbench.verify.keys.openpgp import (
    PgpCertificate,
    PgpSignature,
    digest_begins,
    read_certificate_packets,
    read_signatures,
    verifies,
)

CLAUSE = "RFC 9580 5.2.4"


def judge_openpgp(question: Question) -> list[Checked]:
    """Return what each signature of a file is worth."""
    found = read_signatures(question.data)
    if not found:
        return [malformed(question, "OpenPGP", "it holds something else than signatures.")]
    known = [
        (anchor, read_certificate_packets(anchor.der))
        for anchor in question.trust.anchors
        if anchor.kind is AnchorKind.OPENPGP_CERTIFICATE
    ]
    return [_judge(question, one, known) for one in found]


def _judge(
    question: Question,
    found: PgpSignature,
    known: list[tuple[TrustAnchor, PgpCertificate]],
) -> Checked:
    named = [(a, c) for a, c in known if found.issuers & names_of(c)]
    covered = covers(question, f"OpenPGP with {found.hash or 'an unknown hash'}")
    try:
        asked = [(a, c, _holds(found, c, question.content)) for a, c in named]
    except LimitError as error:
        verdict = SignatureVerdict(Indication.INDETERMINATE, Code.LIMIT_EXCEEDED, covers=covered)
        return Checked(question.over, verdict, notes=(error.message,))
    begins = digest_begins(found, question.content.digest)
    worth = best_of(
        worth_by(found, a, c, question.role, question.trust, holds=holds, begins=begins)
        for a, c, holds in asked
    )
    issuer = max(found.issuers, key=len, default="an unnamed key")
    good = [c for _, c, holds in asked if holds]
    return Checked(
        over=question.over,
        verdict=verdict_by(
            worth, unknown=f"OpenPGP key {issuer}", covered=covered, proven=question.trust.proven
        ),
        identity=identity_of(worth),
        holds=None if not asked else bool(good) or (None if begins else False),
        again=(lambda c: _holds(found, asked[0][1], c)) if asked else None,
        notes=reasons([worth]),
        steps=(_step(question, found, worth, good),),
    )


def names_of(certificate: PgpCertificate) -> set[str]:
    """Return fingerprint and key id of every key of a certificate."""
    return {name for key in certificate.keys for name in (key.fingerprint, key.id)}


def _holds(found: PgpSignature, certificate: PgpCertificate, content: Content) -> bool:
    """Tell whether a signature verifies by a certificate; a large file is read where it lies."""
    if isinstance(content, FileContent):
        with lent_path(content.file) as path:
            if path is not None:
                return verifies(found, certificate, path=path)
    return verifies(found, certificate, data=content.whole())


def worth_by(
    found: PgpSignature,
    anchor: TrustAnchor,
    certificate: PgpCertificate,
    role: TrustRole,
    trust: Trust,
    *,
    holds: bool,
    begins: bool | None = None,
) -> Worth:
    """Return what a signature is worth by one certificate.

    Why the library refuses a signature it does not say. So what makes it refuse a good one is
    looked for first; where there is nothing, or the digest is another, the bytes are to blame.
    """
    limit = _limit(found, certificate, trust)
    if not holds and limit is not None and begins is not False:
        return Worth(anchor, *limit)
    return worth_of(anchor, role, trust, holds=holds, limit=limit)


def _limit(found: PgpSignature, certificate: PgpCertificate, trust: Trust) -> Limit | None:
    """Return why a signature by a certificate does not count, though its bytes may be right."""
    owner = certificate.owner
    key = next((k for k in certificate.keys if found.issuers & {k.fingerprint, k.id}), None)
    if not found.strong:
        which = found.hash.upper() or "a hash that is not known here"
        return Code.CRYPTO_CONSTRAINTS_FAILURE, f"It hashes with {which}: too weak to rely on."
    if not found.over_bytes:
        why = "It is over the text, so that line ends may change, and not over these bytes."
        return Code.SIG_CONSTRAINTS_FAILURE, why
    moment, at = trust.moment, trust.at
    for revoked in (certificate.revoked, key.revoked if key else None):
        if revoked is not None and revoked.counts_at(moment):
            return Code.REVOKED_NO_POE, f"The key of {owner} {revoked.shown}."
    for last in (certificate.last, key.last if key else None):
        if last is not None and last <= moment:
            why = f"The key of {owner} expired on {last:%Y-%m-%d}; that the signature is older "
            return Code.OUT_OF_BOUNDS_NO_POE, why + "is not shown by anything trusted."
    # Until when a signature wants to count its signer says, whenever it was made.
    if found.expires is not None and found.expires <= at:
        return (
            Code.OUT_OF_BOUNDS_NO_POE,
            f"The signature itself expired on {found.expires:%Y-%m-%d}.",
        )
    if found.created is not None and found.created > at:
        return Code.NOT_YET_VALID, f"It says that it was made on {found.created:%Y-%m-%d}, later."
    return None


def _step(
    question: Question, found: PgpSignature, worth: Worth | None, good: list[PgpCertificate]
) -> Step:
    issuer = max(found.issuers, key=len, default="an unnamed key")
    made = f", made on {found.created:%Y-%m-%d} as it says" if found.created else ""
    did = (
        f"Read {question.file.display}: a signature by {issuer} with {found.hash}{made}; looked "
        "for its key among the certificates that the auditor trusts, checked that they bind it, "
        f"and verified the signature over {question.over.display}."
    )
    if worth is None:
        result = "Not verified: the auditor trusts no certificate with this key."
        return Step(CLAUSE, did, result, by_hand.because("No command: the key is not here."))
    if not good:
        result = worth.why or "It does not verify over these bytes."
        why = by_hand.because("No command: gpgv refuses it, or accepts it by older rules.")
        return Step(CLAUSE, did, result, why)
    return Step(CLAUSE, did, worth.why or "It verifies.", *_by_hand(question, good[0], found))


def _by_hand(
    question: Question, certificate: PgpCertificate, found: PgpSignature
) -> tuple[str, str]:
    """Return the commands of GnuPG, and what they print."""
    n = question.number
    full = next(k.fingerprint for k in certificate.keys if found.issuers & {k.fingerprint, k.id})
    check = (
        f'gpgv --keyring "$S/{n}.pgp" --status-fd 1 "$G" "$F"',
        "2> /dev/null | grep -oE",
        "'VALIDSIG [0-9A-F]+'",
    )
    commands = (
        by_hand.SCRATCH,
        by_hand.file_at(question.over, "F"),
        by_hand.file_at(question.file, "G"),
        by_hand.write(certificate.data, f"{n}.pgp"),
        by_hand.command(*check),
    )
    return "\n".join(commands), f"VALIDSIG {full.upper()}"
