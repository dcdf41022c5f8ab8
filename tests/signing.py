"""A team with a small authority of its own, an outside time-stamping authority, and their reports.

Made once a run: keys differ from run to run, what is said of them does not.
"""

import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from unittest import mock

import reports
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from reports import NOW

from workbench.model.report_signature import REVIEWER_FIELD
from workbench.model.trust import Trust, TrustRole
from workbench.sign import authority, time_stamp
from workbench.sign.authority import Holder, RevocationReason, Withdrawn
from workbench.sign.keys import SigningKey
from workbench.sign.pdf import Proof, sign_report, stamp_report
from workbench.sign.revision import Material
from workbench.sign.time_stamp import OwnStamper, Stamper
from workbench.verify.report import ReportVerdict, verify_report

BEFORE = NOW - timedelta(days=5)
_NOTHING = Material()
REASON, REVIEWED = "I answer for this report.", "I reviewed this report."


@dataclass(frozen=True, slots=True)
class Team:
    """Keys of a team, and what its authority says."""

    root: SigningKey
    issuer: SigningKey
    ada: SigningKey
    rita: SigningKey
    tsa: SigningKey

    def crls(
        self, *withdrawn: Withdrawn, now: datetime = BEFORE, days: int = 90
    ) -> tuple[bytes, bytes]:
        """Return the lists of the root and of the issuing authority."""
        make = authority.revocation_list
        return (
            make(self.root, (), number=1, now=now, days=700),
            make(self.issuer, withdrawn, number=1, now=now, days=days),
        )

    def material(self, *withdrawn: Withdrawn, **when: object) -> Material:
        crls = self.crls(*withdrawn, **when)  # type: ignore[arg-type]
        return Material(certificates=self.issuer.ders, crls=crls)

    def trust(self, *more: SigningKey, at: datetime = NOW) -> Trust:
        """Return a reader's trust: the team's root, and roots of time-stamping authorities."""
        own = reports.anchor(self.root.certificate, role=None)
        tsas = [reports.anchor(key.certificate, name="tsa.pem", role=TrustRole.TSA) for key in more]
        return Trust(at=at, anchors=(own, *tsas))


def new_team(name: str = "Team", now: datetime = BEFORE) -> Team:
    root = authority.new_root(name, now=now)
    issuer = authority.new_issuer(root, name, now=now)

    def issue(holder: Holder, called: str) -> SigningKey:
        return authority.issue(issuer, holder, called, organisation=name, now=now)

    return Team(
        root,
        issuer,
        issue(Holder.AUDITOR, "Ada Auditor"),
        issue(Holder.REVIEWER, "Rita Reviewer"),
        issue(Holder.TSA, f"{name} TSA"),
    )


@cache
def team() -> Team:
    return new_team()


@cache
def outside() -> Team:
    """Return somebody else's authority, whose time-stamping unit vouches for times."""
    return new_team("Outside")


def own_stamper(at: datetime = NOW) -> OwnStamper:
    return OwnStamper(team().tsa, lambda: at)


def outside_stamper(at: datetime = NOW) -> Stamper:
    """Return a stamper whose tokens state another policy than that of a key of one's own."""
    stamper = OwnStamper(outside().tsa, lambda: at)

    def stamp(imprint: bytes) -> bytes:
        with mock.patch.object(time_stamp, "ORDER_ONLY_POLICY", "1.2.3.4.1"):
            return stamper(imprint)

    return stamp


def withdrawn(key: SigningKey, at: datetime, reason: str = "left") -> Withdrawn:
    assert key.certificate is not None
    return Withdrawn(key.certificate.serial_number, at, RevocationReason(reason))


def certified(
    *,
    material: Material = _NOTHING,
    stamper: Stamper | None = None,
    room: bool = False,
    report: bytes | None = None,
    at: datetime = NOW,
) -> bytes:
    """Return a report that Ada certified."""
    pdf = reports.small_report() if report is None else report
    proof = Proof(material, stamper, room)
    return sign_report(pdf, team().ada, reason=REASON, at=at, proof=proof)


def reviewed(pdf: bytes, *, material: Material = _NOTHING, stamper: Stamper | None = None) -> bytes:
    """Return a report with Rita's signature after what it bears."""
    proof = Proof(material, stamper)
    return sign_report(pdf, team().rita, reason=REVIEWED, at=NOW, field=REVIEWER_FIELD, proof=proof)


@cache
def full() -> bytes:
    """Return the control: certified, countersigned, stamped from outside: B-LTA throughout."""
    ours, theirs = team().material(), outside().material()
    both = Material((*ours.certificates, *theirs.certificates), (*ours.crls, *theirs.crls))
    stamper = outside_stamper()
    once = certified(material=both, stamper=stamper)
    return stamp_report(reviewed(once, material=both, stamper=stamper), stamper, material=both)


def full_trust(at: datetime = NOW) -> Trust:
    return team().trust(outside().root, at=at)


def judged(pdf: bytes, trust: Trust, *expected: str) -> ReportVerdict:
    return verify_report(pdf, trust, expected=expected, display="report.pdf")


def pins() -> tuple[str, str]:
    """Return the signers to expect."""
    return f"auditor={team().ada.fingerprint}", f"reviewer={team().rita.fingerprint}"


def levels(found: ReportVerdict) -> list[str]:
    return [row.level for row in found.signatures]


def answered(folder: Path, query: bytes) -> bytes:
    """Return the answer of OpenSSL's own time-stamping authority to a query."""
    key = outside().tsa
    (folder / "tsa.key").write_bytes(
        key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (folder / "tsa.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    chain = b"".join(c.public_bytes(Encoding.PEM) for c in key.chain)
    (folder / "chain.pem").write_bytes(chain)
    (folder / "serial").write_text("01\n")
    (folder / "q.tsq").write_bytes(query)
    (folder / "ts.cnf").write_text(_CONFIGURATION)
    subprocess.run(
        ["openssl", "ts", "-reply", "-config", "ts.cnf", "-section", "tsa", "-queryfile",
         "q.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "chain.pem", "-out",
         "r.tsr"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return (folder / "r.tsr").read_bytes()


_CONFIGURATION = """[tsa]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
