"""Make reports to be judged and timed: of the sample, and of as many findings as asked for.

papers.py make FOLDER [--findings N]   reports, unsigned and with each signature, and a root
papers.py time [--findings N]          seconds, pages and memory of one signed report, as JSON
"""

import argparse
import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.serialization import Encoding

from workbench.model.case import EvidenceRef, Finding, FindingState, JournalState, Severity
from workbench.model.edition import Edition
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.model.report_signature import LEAD_AUDITOR_FIELD, REVIEWER_FIELD
from workbench.model.verification import Verification
from workbench.report import templates
from workbench.report.build import BuiltReport, build_report
from workbench.report.context import CaseContent, ReportContext
from workbench.report.signature_box import Manifestation, drawn
from workbench.services import reports, sample, selftest
from workbench.services.verification import verify
from workbench.sign import authority
from workbench.sign.authority import Holder
from workbench.sign.keys import SigningKey
from workbench.sign.pdf import Proof, sign_report, stamp_report
from workbench.sign.revision import Material
from workbench.sign.time_stamp import OwnStamper

#: Names as evidence has them: of every script that the report has a face for, and some that lie.
NAMES = (
    "credit-scoring-v7", "оценка-кредита", "βαθμολόγηση", "信用スコア", "신용평가",
    "تقييم الائتمان", "ניקוד אשראי", "क्रेडिट", "inv\u202egpj.exe", "a\u200bb <b>bold</b>",
    "model" * 40,
)  # fmt: skip


def main() -> None:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(prog="papers.py")
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    making = commands.add_parser("make")
    making.add_argument("folder", type=Path)
    making.add_argument("--findings", type=int, default=1_500)
    making.set_defaults(do=make)
    timing = commands.add_parser("time")
    timing.add_argument("--findings", type=int, default=60)
    timing.set_defaults(do=measure)
    options = parser.parse_args()
    options.do(options)


def make(options: argparse.Namespace) -> None:
    """Write the reports at every stage, and what is needed to trust them."""
    people = People()
    verification = verified()
    for name, findings in (("sample", 0), ("findings", options.findings)):
        context = context_of(verification, people.auditor, findings)
        write(options.folder, name, people.stages(build_report(context)))
    dressed = Edition(
        template=templates.chosen("regulator-submission"),
        classification="Confidential",
        draft=True,
        language="de",
    )
    context = replace(context_of(verification, people.auditor, 40), edition=dressed)
    write(options.folder, "dressed", people.stages(build_report(context)))
    people.write_to(options.folder)


def write(folder: Path, name: str, stages: Iterable[tuple[str, bytes]]) -> None:
    """Write a report at every stage."""
    for stage, data in stages:
        (folder / f"{name}-{stage}.pdf").write_bytes(data)


def measure(options: argparse.Namespace) -> None:
    """Print how long one report takes, from a context to signed bytes, fonts and all."""
    people = People()
    context = context_of(verified(), people.auditor, options.findings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, busy = time.perf_counter(), time.process_time()
    signed = sign_report(build_report(context).pdf, people.auditor, reason=reports.REASON)
    took, worked = time.perf_counter() - start, time.process_time() - busy
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pikepdf.open(BytesIO(signed)) as document:
        pages = len(document.pages)
    said = {"pages": pages, "seconds": took, "processor": worked, "size": len(signed)}
    said["kib"] = [before, after]
    json.dump(said, sys.stdout)


def verified() -> Verification:
    """Return the verification of the sample."""
    return verify(sample.load().request(), progress=Silent(), cancel=Cancel())


def context_of(verification: Verification, key: SigningKey, findings: int) -> ReportContext:
    """Return all that a report of the sample says, with so many findings made up."""
    loaded = sample.load()
    request = loaded.request()
    details = reports.Details(
        title=loaded.engagement.title,
        auditor="Ana Ruiz",
        date=datetime(2026, 7, 15, 9, 0, tzinfo=UTC),
        engagement=loaded.engagement,
    )
    journal = JournalState(entries=12, head=_digest("journal"))
    found = tuple(_finding(number) for number in range(1, findings + 1))
    return reports.context_of(
        verification,
        selftest.run(verify, progress=Silent(), cancel=Cancel()),
        details,
        trust=reports.trust_of(request, verification),
        key=key,
        case=CaseContent("made-up", journal, findings=found) if findings else None,
    )


def _finding(number: int) -> Finding:
    name = NAMES[number % len(NAMES)]
    places = (EvidenceRef(_digest(str(number)), Locator(f"audit/{name}.jsonl", record=number)),)
    return Finding(
        id=f"F-{number:04}",
        title=f"{name} was deployed before it was approved",
        severity=list(Severity)[number % len(Severity)],
        criteria="A version is approved before it goes into production (policy v4, section 3.2).",
        condition=f"Version {number} went into production; its approval is of two days later.",
        cause="The pipeline does not look at the register of approvals.",
        consequence="Decisions were made by a model that nobody had released.",
        corrective_action="Let the pipeline refuse a version without an approval.",
        state=FindingState.OPEN,
        owner="Head of model operations",
        evidence=places,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class People:
    """Who signs: an auditor, a reviewer, a time-stamping unit, all of one small authority."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)
        self._root = authority.new_root("Judged", now=self._now)
        self._issuer = authority.new_issuer(self._root, "Judged", now=self._now)
        self.auditor = self._issued(Holder.AUDITOR, "Ana Ruiz")
        self._reviewer = self._issued(Holder.REVIEWER, "Boris Ivanov")
        self._stamper = OwnStamper(self._issued(Holder.TSA, "Judged TSA"), lambda: self._now)

    def stages(self, built: BuiltReport) -> list[tuple[str, bytes]]:
        """Return a report as it was built, and after each signature."""
        proof = Proof(self._material(), self._stamper)
        signed = self._signed(built.pdf, self.auditor, LEAD_AUDITOR_FIELD, proof)
        twice = self._signed(signed, self._reviewer, REVIEWER_FIELD, proof)
        stamped = stamp_report(twice, self._stamper, material=self._material())
        named = ("1-unsigned", "2-signed", "3-countersigned", "4-stamped")
        return list(zip(named, (built.pdf, signed, twice, stamped), strict=True))

    def write_to(self, folder: Path) -> None:
        """Write root, issuer and revocation lists."""
        for name, key in (("root", self._root), ("issuer", self._issuer)):
            if key.certificate is not None:
                (folder / f"{name}.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
        for name, crl in zip(("root", "issuer"), self._material().crls, strict=True):
            (folder / f"{name}.crl").write_bytes(crl)

    def _issued(self, holder: Holder, name: str) -> SigningKey:
        return authority.issue(self._issuer, holder, name, organisation="Judged", now=self._now)

    def _material(self) -> Material:
        lists = (
            authority.revocation_list(key, (), number=1, now=self._now, days=30)
            for key in (self._root, self._issuer)
        )
        return Material(crls=tuple(lists))

    def _signed(self, pdf: bytes, key: SigningKey, field: str, proof: Proof) -> bytes:
        said = Manifestation(field, key.name, self._now, reports.REASON, key.fingerprint)
        return sign_report(
            pdf, key, reason=reports.REASON, field=field, at=self._now, proof=proof,
            drawing=drawn(said),
        )  # fmt: skip


if __name__ == "__main__":
    main()
