"""Sign a report, countersign it, stamp it: and look at what was made before it is handed over.

What ``verify-report`` would not accept is not written: after each signature the file is verified as
a stranger would, who trusts the root that lay beside the key.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import SigningError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.model.report_signature import (
    DOCUMENT_PURPOSES,
    LEAD_AUDITOR_FIELD,
    REVIEWER_FIELD,
    Level,
    Person,
)
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication
from workbench.output import require_apart
from workbench.report.signature_box import Manifestation, drawn
from workbench.sign.keys import Passphrase, SigningKey, load_signing_key
from workbench.sign.pdf import Proof, query_for, sign_report, stamp_report, with_answer
from workbench.sign.revision import Material
from workbench.sign.time_stamp import OwnStamper, Stamper
from workbench.sign.token import load_token_key, means_token
from workbench.sign.tsa_server import server_name, server_stamper, to_nobody
from workbench.verify.report import ReportVerdict, verify_report
from workbench.verify.trust.anchors import load_trust
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import validate_path

REPORT_BYTES = 512 * 1024 * 1024
REASON = "I performed this verification and answer for this report."
REVIEWED = "I reviewed this report and the work behind it, and agree with it."

_LATE = (
    "A time stamp was awaited for the signature before: into this file it cannot be put any more. "
    "Should it come, put it into the report as it was, and countersign that."
)

_ROLES = {LEAD_AUDITOR_FIELD: "lead auditor", REVIEWER_FIELD: "reviewer"}


@dataclass(frozen=True, slots=True)
class Lasting:
    """What makes a signature last, as the user asks for it.

    Attributes:
        level: baseline level to reach.
        own_stamper: a time-stamping key of one's own, which proves an order and no time, or None.
        server: URL of a time-stamping server, or "".
        network: the user allows the network for it.
        query: write a query for a time stamp to this file, for a machine with a network, or None.
        lists: CRLs, OCSP responses and certificates, from files.
        trust: whom the user trusts beside the root that lay beside the key: ``[ROLE=]FILE``.
        told: told the server before it is asked: it was asked, whatever comes of it.
    """

    level: Level = Level.B
    own_stamper: SigningKey | None = None
    server: str = ""
    network: bool = False
    query: Path | None = None
    lists: tuple[Path, ...] = ()
    trust: tuple[str, ...] = ()
    told: Callable[[str], None] = to_nobody


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed report, with what to say of it.

    Attributes:
        data: the PDF.
        level: baseline level of the newest signature, as a reader of its root finds it.
        query: what to have stamped elsewhere, or b"".
        network: servers that were asked.
        remarks: what the signer should know, in sentences.
        said: name, time and meaning of the signature (21 CFR 11.50), or None.
        note: what cannot be done any more with this file, or "".
    """

    data: bytes
    level: str
    query: bytes = b""
    network: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    said: Manifestation | None = None
    note: str = ""


def signing_key(source: Path, passphrase: Passphrase) -> SigningKey:
    """Return a key: from a file, or for ``pkcs11:…`` in a token.

    Raises:
        SigningError: no key, wrong passphrase or PIN, weak key, no certificate.
    """
    if means_token(str(source)):
        return load_token_key(str(source), passphrase)
    return load_signing_key(source, passphrase)


def signed(
    pdf: bytes,
    key: SigningKey,
    lasting: Lasting,
    *,
    field: str = LEAD_AUDITOR_FIELD,
    reason: str = REASON,
    location: str | None = None,
    now: datetime | None = None,
) -> Signed:
    """Return a report with a signature of a person.

    Raises:
        SigningError: the key may not or cannot sign, or the level asked for was not reached.
        UsageError: what was asked for contradicts itself.
    """
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    brought = _brought(lasting, at)
    _require_standing(key, brought, at)
    stamper = _stamper(lasting, at, brought)
    material = _material(brought, key, lasting.own_stamper) if lasting.level.rank >= 2 else None
    said = Manifestation(_ROLES[field], key.name, at, reason, key.fingerprint)
    proof = Proof(material or Material(), stamper, room=lasting.query is not None)
    data = sign_report(
        pdf, key, reason=reason, location=location, at=at, field=field, proof=proof,
        drawing=drawn(said),
    )  # fmt: skip
    if lasting.level is Level.LTA and stamper is not None:
        data = stamp_report(data, stamper, material=material or Material())
    found = _looked_at(data, key, brought, max(at, datetime.now(UTC)) if now is None else at)
    level = next(row.level for row in found.signatures if row.field == field)
    _require_reached(level, lasting)
    query = query_for(data, archive=False) if lasting.query is not None else b""
    network = (server_name(lasting.server),) if lasting.server else ()
    return Signed(data, level, query, network, found.reasons, said)


def countersigned(
    pdf: bytes,
    key: SigningKey,
    lasting: Lasting,
    *,
    reason: str = REVIEWED,
    location: str | None = None,
    now: datetime | None = None,
) -> Signed:
    """Return a report with the reviewer's signature after the auditor's.

    Raises:
        SigningError: it does not verify, it is by the same person, or the key cannot sign it.
    """
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    found = verify_report(pdf, _trust(key, _brought(lasting, at)), display="the report")
    if found.indication is not Indication.PASSED:
        raise SigningError(
            f"The report does not verify ({found.code}): {found.reasons[0]} Nobody countersigns "
            "what they could not check; name whom you trust with --trust."
        )
    own = Person(key.name, key.fingerprint, key.key_fingerprint)
    for row in found.signatures:
        if own.is_same(Person(row.signer, row.fingerprint, row.key_fingerprint)):
            raise SigningError(
                f"{row.signer} signed that report already: a review is by somebody else."
            )
    made = signed(
        pdf, key, lasting, field=REVIEWER_FIELD, reason=reason, location=location, now=now
    )
    return replace(made, note=_LATE) if _awaits(pdf) else made


def _awaits(pdf: bytes) -> bool:
    """Tell whether the last signature kept room for a time stamp that has not come."""
    try:
        query_for(pdf, archive=False)
    except SigningError:
        return False
    return True


def query_of(pdf: bytes, lasting: Lasting, *, archive: bool, now: datetime) -> bytes:
    """Return a query for a time stamp, to be taken to a machine with a network.

    Raises:
        SigningError: nobody signed the report, or there is no room in its last signature.
    """
    material = _material(_brought(lasting, now), lasting.own_stamper)
    return query_for(pdf, archive=archive, material=material)


def stamped(
    pdf: bytes, lasting: Lasting, *, answer: bytes | None = None, now: datetime | None = None
) -> Signed:
    """Return a report with the answer to a query put in, or with a time stamp over all of it.

    With fresh lists this renews it: the new time stamp vouches for the older ones.

    Raises:
        SigningError: the answer is about something else, or nobody stamps it.
    """
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    brought = _brought(lasting, at)
    material = _material(brought, lasting.own_stamper)
    if answer is not None:
        data = with_answer(pdf, answer, material=material, more=_certificates(brought))
    elif (stamper := _stamper(lasting, at, brought)) is not None:
        data = stamp_report(pdf, stamper, material=material)
    else:
        raise UsageError("Say who stamps it: --reply FILE, --tsa URL or --own-tsa KEY.")
    found = verify_report(data, brought, display="the report")
    _require_sound(found)
    level = min((r.level for r in found.signatures), key=_rank, default="")
    network = (server_name(lasting.server),) if lasting.server else ()
    return Signed(data, level, network=network, remarks=found.reasons)


def to_write(out: Path, made: Signed, lasting: Lasting) -> dict[Path, bytes]:
    """Return what is written for a signed report: the report, and the query where one is asked.

    Raises:
        UsageError: both would be one file.
    """
    if lasting.query is None:
        return {out: made.data}
    require_apart(out, lasting.query)
    return {out: made.data, lasting.query: made.query}


def report_at(path: Path) -> bytes:
    """Return the bytes of a report.

    Raises:
        SourceError: it cannot be read.
    """
    return read_whole(single(path), limit=REPORT_BYTES)


def answer_at(path: Path) -> bytes:
    """Return the answer of a time-stamping authority.

    Raises:
        SourceError: it cannot be read.
    """
    return read_whole(single(path), limit=MIB)


def _brought(lasting: Lasting, at: datetime) -> Trust:
    """Read lists, certificates, and whom the user trusts.

    Certificates beside the lists vouch for nobody.
    """
    trust = load_trust(lasting.trust, at=at)
    lists = load_trust([str(path) for path in lasting.lists], at=at)
    return replace(
        trust, revocations=(*trust.revocations, *lists.revocations), between=lists.anchors
    )


def _certificates(brought: Trust) -> tuple[bytes, ...]:
    found = (*brought.between, *brought.anchors)
    return tuple(a.der for a in found if a.kind is AnchorKind.CERTIFICATE)


def _stamper(lasting: Lasting, at: datetime, brought: Trust) -> Stamper | None:
    asked = [bool(lasting.own_stamper), bool(lasting.server), bool(lasting.query)]
    if sum(asked) > 1:
        raise UsageError("One stamps it: a server, a key of your own, or a query by file.")
    if lasting.level is not Level.B and not any(asked):
        raise UsageError(f"{lasting.level} needs a time stamp: say who gives it.")
    if lasting.server:
        if not lasting.network:
            raise UsageError(
                f"To ask {server_name(lasting.server)} the network is needed, and was not "
                "allowed: say --allow-network."
            )
        return server_stamper(lasting.server, more=_certificates(brought), told=lasting.told)
    return OwnStamper(lasting.own_stamper, lambda: at) if lasting.own_stamper else None


def _require_standing(key: SigningKey, brought: Trust, at: datetime) -> None:
    """Refuse a signer whose path is broken, above all one who was revoked."""
    trust = _trust(key, brought)
    anchors = trust.serving(TrustRole.REPORT)
    if not key.ders or not anchors:
        return
    path = validate_path(
        key.ders[0],
        (*key.ders[1:], *_certificates(brought)),
        anchors,
        at=at,
        eku=DOCUMENT_PURPOSES,
        revocation=Revocation(brought.revocations),
    )
    if path.indication is not Indication.PASSED and path.code != Code.NO_CERTIFICATE_CHAIN_FOUND:
        raise SigningError(f"The signer would not be accepted ({path.code}): {path.reason}")


def _material(brought: Trust, *keys: SigningKey | None) -> Material:
    """Put together what a report is to hold: certificates, lists, responses.

    The root too, though nobody trusts it for being there: programs look for the certificate of
    whoever signed a list among what the report holds.
    """
    ders = [der for key in keys if key is not None for der in key.ders]
    ders += [a.der for a in brought.between if a.kind is AnchorKind.CERTIFICATE]
    by_kind = {
        kind: tuple(a.der for a in brought.revocations if a.kind is kind)
        for kind in (AnchorKind.REVOCATION_LIST, AnchorKind.OCSP_RESPONSE)
    }
    lists, responses = by_kind.values()
    if not lists and not responses:
        return Material()
    return Material(tuple(dict.fromkeys(ders)), lists, responses)


def _trust(key: SigningKey, brought: Trust) -> Trust:
    """Return whom a reader would trust who has the root that lay beside the key."""
    own = (key.root_der,) if key.root_der else ()
    return replace(brought, anchors=(*brought.anchors, *map(_anchor, own)))


def _anchor(der: bytes) -> TrustAnchor:
    from workbench.verify.keys.public import keys_in

    (kind, fingerprint, der), (_, key, _) = keys_in(der)
    return TrustAnchor("the root beside the key", kind, None, fingerprint, key, der)


def _looked_at(data: bytes, key: SigningKey, brought: Trust, at: datetime) -> ReportVerdict:
    """Verify what was made; a root that nobody has keeps it open, and nothing else may."""
    found = verify_report(data, replace(_trust(key, brought), at=at), display="the report")
    ours = next(row for row in found.signatures if row.fingerprint == key.fingerprint)
    rootless = ours.code == Code.NO_CERTIFICATE_CHAIN_FOUND
    if ours.indication is not Indication.PASSED and not rootless:
        raise SigningError(f"The signature would not be accepted ({ours.code}): {ours.reason}")
    _require_sound(found)
    return found


def _require_sound(found: ReportVerdict) -> None:
    """Refuse what is wrong, and clocks that contradict each other: one of them has to be set."""
    clocks = found.code == Code.TIMESTAMP_ORDER_FAILURE
    if found.indication is Indication.FAILED or clocks:
        raise SigningError(f"The report would not verify ({found.code}): {found.reasons[0]}")


def _require_reached(level: str, lasting: Lasting) -> None:
    asked = Level.B if lasting.query is not None else lasting.level
    if _rank(level) >= asked.rank:
        return
    needs = {
        Level.T: "a time stamp by an authority that you trust (--trust tsa=FILE)",
        Level.LT: "lists that say of every certificate, the authority's too, that it was not "
        "withdrawn (--crl FILE…), and a time stamp by whom you trust",
    }
    needs[Level.LTA] = f"{needs[Level.LT]}; then a time stamp over the whole report"
    raise SigningError(f"{asked} was not reached, only {level or 'none'}: it needs {needs[asked]}.")


def _rank(level: str) -> int:
    return Level(level).rank if level else -1
