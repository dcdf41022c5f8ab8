"""What ``verify-report`` answers: one indication, a row for each signature, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.errors import SourceError
from workbench.model.verdict import Code, Indication, Step


class NotASignedReport(SourceError):  # noqa: N818 - says what the file is, as the user is told
    """The file is no PDF, or nobody signed it: there is nothing to verify."""

    code = "NOT_A_SIGNED_REPORT"


class Coverage(StrEnum):
    """How much of the file a signature covers."""

    WHOLE_FILE = "whole file"
    REVISION = "its revision"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ReportSignature:
    """What one signature of a report is worth.

    Attributes:
        field: name of its signature field, or "" when the document could not be read.
        signer: subject of the signer's certificate, in words.
        fingerprint: lower hex SHA-256 of the signer's DER certificate, or "".
        key_fingerprint: lower hex SHA-256 of its DER SubjectPublicKeyInfo, or "".
        indication: PASSED only for a trusted signer over bytes that are as they were signed.
        code: sub-indication of ETSI EN 319 102-1, or None with PASSED.
        reason: one sentence for a stranger.
        coverage: how much of the file it covers.
        changes: what came after it: "none", "permitted" or "not permitted"; "" when unknown.
        level: baseline level (ETSI EN 319 142-1), or "" when it is none.
        claimed_time: time of signing as the signer claims it, or None.
        proven_time: not later than this it was signed, says a trusted time stamp, or None.
        meaning: what the signer says the signature means (21 CFR 11.50), or "".
        trusted_by: name of the trust anchor that vouches for the signer, or "".
    """

    field: str
    signer: str
    fingerprint: str
    key_fingerprint: str
    indication: Indication
    code: str | None
    reason: str
    coverage: Coverage
    changes: str = ""
    level: str = ""
    claimed_time: datetime | None = None
    proven_time: datetime | None = None
    meaning: str = ""
    trusted_by: str = ""


class Stamped(StrEnum):
    """What a time stamp is over."""

    SIGNATURE = "signature"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class ReportStamp:
    """What one time stamp of a report is worth.

    Attributes:
        field: field of the signature that it is over, or its own field.
        over: a signature, or the whole document up to it.
        authority: subject of the authority's certificate, in words.
        fingerprint: lower hex SHA-256 of that certificate, or "".
        indication: PASSED only by an authority that the reader trusts.
        code: sub-indication, or None with PASSED.
        reason: one sentence for a stranger.
        time: the time that it states, or None when it is not believed.
        order_only: its key is the signer's own, so that it proves an order and no time.
        coverage: how much of the file it covers.
        trusted_by: name of the trust anchor that vouches for the authority, or "".
    """

    field: str
    over: Stamped
    authority: str
    fingerprint: str
    indication: Indication
    code: str | None
    reason: str
    time: datetime | None
    order_only: bool
    coverage: Coverage
    trusted_by: str = ""


class Held(StrEnum):
    """How a piece of evidence at hand compares with what the manifest states of it."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    NOT_LISTED = "not listed"


@dataclass(frozen=True, slots=True)
class ReportEvidence:
    """A piece of evidence: what the manifest states, and what lies at hand.

    Attributes:
        path: its path as the manifest, or the folder at hand, has it.
        member: its place in an archive, or None.
        stated: lower hex SHA-256 that the manifest states, or "".
        sha256: lower hex SHA-256 of what is at hand, recomputed, or "".
        held: how the two compare.
    """

    path: str
    member: str | None
    stated: str
    sha256: str
    held: Held


@dataclass(frozen=True, slots=True)
class ReportAttachment:
    """A file embedded in the report, against what the embedded manifest states of it.

    Attributes:
        name: file name in the name tree of the document.
        sha256: lower hex SHA-256 of its bytes, recomputed; "" when it is missing.
        stated: lower hex SHA-256 that the manifest states; "" when it states none.
    """

    name: str
    sha256: str
    stated: str

    @property
    def agrees(self) -> bool:
        """Tell whether it is the file that the manifest means."""
        return self.sha256 == self.stated != ""


@dataclass(frozen=True, slots=True)
class StatedEvidence:
    """A piece of evidence as the manifest states it; ``sha256`` is "" where it was not read."""

    path: str
    member: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The embedded manifest.

    Attributes:
        schema: its schema id, or "".
        sha256: lower hex SHA-256 of its bytes, or "" when there is none.
        attachments: what it states, and what else is embedded, sorted by name.
        code: None when all agrees, else the code of what does not.
        reason: one sentence.
        evidence: what the report is about, as it states.
    """

    schema: str
    sha256: str
    attachments: tuple[ReportAttachment, ...]
    code: Code | None
    reason: str
    evidence: tuple[StatedEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportVerdict:
    """The verdict on a signed report, as data.

    Attributes:
        display: the file as the user named it.
        sha256: lower hex SHA-256 of the whole file.
        size: bytes.
        at: time for which certificates were judged, aware UTC.
        indication: the worst of the signatures, the manifest and what was expected.
        code: sub-indication of the worst part, or None with PASSED.
        signatures: one row each, in the order of signing.
        stamps: one row for each time stamp, in the order of stamping.
        evidence: what was compared with evidence at hand; () where none was.
        conclusion: what a stranger should conclude, in sentences.
        unsigned_sha256: lower hex SHA-256 of the report as it was before its first signature.
        manifest: what the embedded manifest says; None when the document could not be read.
        reasons: sentences, the decisive one first.
        steps: what was done, to be redone by hand.
    """

    display: str
    sha256: str
    size: int
    at: datetime
    indication: Indication
    code: str | None
    signatures: tuple[ReportSignature, ...]
    manifest: Manifest | None
    reasons: tuple[str, ...]
    steps: tuple[Step, ...]
    stamps: tuple[ReportStamp, ...] = ()
    evidence: tuple[ReportEvidence, ...] = ()
    conclusion: tuple[str, ...] = ()
    unsigned_sha256: str = ""

    @property
    def exit_code(self) -> int:
        """Return 0 PASSED, 1 FAILED, 2 INDETERMINATE (VERDICTS section 7)."""
        return {Indication.PASSED: 0, Indication.FAILED: 1, Indication.INDETERMINATE: 2}[
            self.indication
        ]
