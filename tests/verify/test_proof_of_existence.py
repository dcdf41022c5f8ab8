"""A signature counts as old as it is proven to be: the table of ETSI EN 319 102-1, 5.6.2, here.

Each kind of signature, its key in one of four lives, with one of five time stamps. What is proven
to have existed before a key's life ended, or before it was revoked, counts; nothing else does.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, LogBuilder

from tests.verify import attestation_builder as a
from tests.verify import oms_builder as oms
from tests.verify import tokens
from tests.verify.certificates import Issued, Sheet, authority, issue
from tests.verify.oms_case import INTERMEDIATE, ROOT
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.keys.public import keys_in
from workbench.verify.trust.anchors import load_trust

AT = datetime(2026, 6, 30, tzinfo=UTC)
STAMPED = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)
ENDED = datetime(2026, 5, 1, tzinfo=UTC)
VECTORS = Path(__file__).parent / "detached/vectors"
CARD = (VECTORS / "model-card.txt").read_bytes()

#: What became of a key, and since when.
LIVES = {
    "valid": None,
    "expired": ENDED,
    "revoked before": datetime(2026, 2, 1, tzinfo=UTC),
    "revoked after": datetime(2026, 4, 1, tzinfo=UTC),
}
STAMPS = ("none", "signature", "something else", "untrusted", "later")


@dataclass(frozen=True)
class Case:
    """What is handed over, and whom the auditor trusts."""

    files: Mapping[str, bytes]
    signature: str
    other: str
    anchors: tuple[TrustAnchor, ...]
    subject: str
    revocations: tuple[TrustAnchor, ...] = field(default=())


def brought(*files: Path | str, **life: object) -> tuple[TrustAnchor, ...]:
    found = load_trust([str(file) for file in files], at=AT).anchors
    return tuple(replace(anchor, **life) for anchor in found)  # type: ignore[arg-type]


def key_list(name: str, since: datetime) -> TrustAnchor:
    """Return a list that revokes a key by its name."""
    entry = {"key_id": name, "revoked_at": since.isoformat(), "reason": "leaked"}
    der = json.dumps({"producer": "Test", "revocations": [entry]}).encode()
    digest = hashlib.sha256(der).hexdigest()
    return TrustAnchor("keys.json", AnchorKind.KEY_REVOCATIONS, None, digest, digest, der)


def with_life(case: Case, life: str) -> Case:
    """Return a case by a bare key with what became of that key."""
    since = LIVES[life]
    if since is None:
        return case
    if life == "expired":
        return replace(case, anchors=tuple(replace(k, valid_to=since) for k in case.anchors))
    lists = tuple(key_list(f"sha256:{k.key_fingerprint}", since) for k in case.anchors)
    return replace(case, revocations=lists)


def beside(signature: str, key: str, suffix: str, life: str) -> Case:
    files = {"model-card.txt": CARD, f"model-card.txt{suffix}": (VECTORS / signature).read_bytes()}
    anchors = brought(VECTORS / key)
    name = f"model-card.txt{suffix}"
    return with_life(Case(files, name, "model-card.txt", anchors, "model-card.txt"), life)


def by_ssh(life: str, _folder: Path) -> Case:
    return beside("ssh-ed25519.sig", "ssh-ed25519.pub", ".sig", life)


def by_ssh_signer(life: str, folder: Path) -> Case:
    """Return a case by a line of allowed signers, which states its window itself."""
    case = by_ssh("valid", folder)
    key = (VECTORS / "ssh-ed25519.pub").read_text().split()
    until = ' valid-before="20260501Z"' if life == "expired" else ""
    signers = folder / "signers"
    signers.write_text(f"dana@example.org{until} {key[0]} {key[1]}\n")
    case = replace(case, anchors=brought(signers))
    return case if life == "expired" else with_life(case, life)


def by_minisign(life: str, _folder: Path) -> Case:
    return beside("minisign-hashed.minisig", "minisign.pub", ".minisig", life)


def by_openpgp(life: str, _folder: Path) -> Case:
    """Return a case by an OpenPGP certificate that ended, or was retired, by its own word."""
    keys = {
        "expired": "pgp-life-ended.pub.asc",
        "revoked before": "pgp-life-retired-before.pub.asc",
        "revoked after": "pgp-life-retired-after.pub.asc",
    }
    return beside("pgp-life.asc", keys.get(life, "pgp-life.pub.asc"), ".asc", "valid")


def bare(der: bytes, role: TrustRole) -> TrustAnchor:
    digest = hashlib.sha256(der).hexdigest()
    return TrustAnchor("the key", AnchorKind.PUBLIC_KEY, role, digest, digest, der)


def by_dsse_key(life: str, _folder: Path) -> Case:
    key = a.p256("builder")
    data = a.to_bytes(a.envelope(a.provenance({"data.bin": CARD}), key))
    anchor = bare(a.spki_of(key), TrustRole.ATTESTATION)
    files = {"data.bin": CARD, "data.bin.att.json": data}
    return with_life(Case(files, "data.bin.att.json", "data.bin", (anchor,), "data.bin"), life)


AUTHORITY = issue(
    authority("Signing CA", years=(2020, 2040), usage=None, more=((tokens.MAY_ISSUE, True),))
)


def by_dsse_certificate(life: str, _folder: Path) -> Case:
    leaf = issue(Sheet("Builder", years=(2025, 2026 if life == "expired" else 2028)), AUTHORITY)
    return _sealed(leaf, life)


def _sealed(leaf: Issued, life: str) -> Case:
    envelope = a.envelope(a.provenance({"data.bin": CARD}), leaf.key)  # type: ignore[arg-type]
    bundle = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": a.b64(leaf.der)}},
        "dsseEnvelope": envelope,
    }
    name = "data.bin.sigstore.json"
    files = {"data.bin": CARD, name: a.to_bytes(bundle)}
    case = Case(files, name, "data.bin", (AUTHORITY.anchor(TrustRole.ATTESTATION),), "data.bin")
    return _with_crl(case, life, AUTHORITY, leaf)


def _with_crl(case: Case, life: str, issuer: Issued, leaf: Issued) -> Case:
    since = LIVES[life]
    if since is None or life == "expired":
        return case
    der = tokens.crl(issuer, [(leaf, since, None)])
    digest = hashlib.sha256(der).hexdigest()
    revoking = TrustAnchor("ca.crl", AnchorKind.REVOCATION_LIST, None, digest, digest, der)
    return replace(case, revocations=(revoking,))


def by_oms_key(life: str, folder: Path) -> Case:
    signed = oms.signed_by_key(oms.key("model"))
    case = Case({}, "model.sig", "model/config.json", (oms.key_anchor(oms.key("model")),), "model")
    signed.write(folder / "drop")
    return with_life(case, life)


def by_oms_certificate(life: str, folder: Path) -> Case:
    leaf = oms.issue("Signer", INTERMEDIATE, valid=(2020, 2026 if life == "expired" else 2030))
    oms.signed_by_certificate(leaf, INTERMEDIATE).write(folder / "drop")
    case = Case({}, "model.sig", "model/config.json", (oms.certificate_anchor(ROOT),), "model")
    issuer = Issued(INTERMEDIATE.certificate, INTERMEDIATE.private)
    return _with_crl(case, life, issuer, Issued(leaf.certificate, leaf.private))


def by_head(life: str, _folder: Path) -> Case:
    log = LogBuilder("workbench", 6)
    files = {"log.jsonl": log.data(), "log.head": log.head()}
    (_, _, der) = keys_in(a.pem_of(KEY))[0]
    anchors = (bare(der, TrustRole.LOG),)
    return with_life(Case(files, "log.head", "log.jsonl", anchors, "log.jsonl"), life)


def by_layout(life: str, _folder: Path) -> Case:
    owner, worker = a.edwards("owner"), a.edwards("worker")
    layout = a.layout([a.step("build", worker)], [worker])
    done = a.link("build", products={"data.bin": CARD})
    files = {
        "root.layout": a.to_bytes(a.metablock(layout, owner)),
        f"build.{a.sha256(a.spki_of(worker))[:8]}.link": a.to_bytes(a.metablock(done, worker)),
        "data.bin": CARD,
    }
    anchor = bare(a.spki_of(owner), TrustRole.ATTESTATION)
    return with_life(Case(files, "root.layout", "data.bin", (anchor,), "root.layout"), life)


KINDS: dict[str, Callable[[str, Path], Case]] = {
    "SSHSIG": by_ssh,
    "SSHSIG by an allowed signer": by_ssh_signer,
    "minisign": by_minisign,
    "OpenPGP": by_openpgp,
    "DSSE by key": by_dsse_key,
    "DSSE by certificate": by_dsse_certificate,
    "OMS by key": by_oms_key,
    "OMS by certificate": by_oms_certificate,
    "signed head": by_head,
    "layout": by_layout,
}
_STRANGER = issue(
    authority("Other TSA Root", years=(2020, 2040), usage=None, more=((tokens.MAY_ISSUE, True),))
)
UNTRUSTED = issue(tokens.tsa_sheet("Other TSA"), _STRANGER)
#: Certificates end at the turn of a year, so those that expired did before the usual stamp.
TURN = datetime(2025, 12, 1, tzinfo=UTC)


def stamp_of(stamp: str, data: bytes, *, early: datetime) -> bytes:
    return tokens.token(
        data=data,
        tsa=UNTRUSTED if stamp == "untrusted" else tokens.TSA,
        at=LATER if stamp == "later" else early,
    )


def judged(case: Case, stamp: str, folder: Path, *, early: datetime = STAMPED) -> SubjectVerdict:
    drop = folder / "drop"
    drop.mkdir(exist_ok=True)
    for name, data in case.files.items():
        (drop / name).write_bytes(data)
    if stamp != "none":
        over = case.other if stamp == "something else" else case.signature
        data = (drop / over).read_bytes()
        (drop / f"{over}.tsr").write_bytes(stamp_of(stamp, data, early=early))
    trust = Trust(AT, (tokens.TRUSTED, *case.anchors), revocations=case.revocations)
    found = verified(VerifyRequest(paths=(drop,), at=AT), trust, Silent(), Cancel(), None)
    (verdict,) = [s.verdict for s in found.subjects if s.path == f"drop/{case.subject}"]
    assert verdict is not None
    return verdict


def expected(life: str, stamp: str) -> str:
    """Return what becomes of Authenticity."""
    dated = stamp == "signature" and life != "revoked before"
    if life == "valid" or dated:
        return "PASSED"
    return Code.OUT_OF_BOUNDS_NO_POE if life == "expired" else Code.REVOKED_NO_POE


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_counts_as_old_as_it_is_proven_to_be(
    kind: str, life: str, stamp: str, tmp_path: Path
) -> None:
    by_certificate = kind.endswith("certificate") and life == "expired"
    case = KINDS[kind](life, tmp_path)
    found = judged(case, stamp, tmp_path, early=TURN if by_certificate else STAMPED)
    who = found.authenticity
    passed = who.indication is Indication.PASSED
    assert ("PASSED" if passed else who.code) == expected(life, stamp), found.notes
    assert who.indication is not Indication.FAILED
    # A stamp over a head dates the records under it, whoever signed the head.
    if stamp in {"signature", "later"} and kind not in {"layout", "signed head"}:
        assert (found.time.indication is Indication.PASSED) == passed
    if not passed:
        assert all(part.level < 2 for part in found.assurance)
