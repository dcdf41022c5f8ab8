"""The proof trail of ``verify-report``: what was done, so that anyone can do it again by hand."""

import hashlib
import shlex

from workbench.model.verdict import Step
from workbench.verify.report.structure import SignedRange
from workbench.verify.report.verdict import Manifest, ReportSignature


def trail(
    display: str,
    data: bytes,
    ranges: tuple[SignedRange, ...],
    rows: tuple[ReportSignature, ...],
    manifest: Manifest | None,
) -> tuple[Step, ...]:
    """Return the steps, with a shell line where one does the same."""
    file = shlex.quote(display)
    whole = Step(
        "FIPS 180-4",
        f"hash {display}, {len(data)} bytes",
        f"SHA-256 {hashlib.sha256(data).hexdigest()}",
        f"sha256sum {file}",
    )
    signatures = [
        step
        for found, row in zip(ranges, rows, strict=True)
        for step in _signature(file, found, found.digest(data).hex(), row)
    ]
    embedded = Step(
        "ISO 32000-1 7.11.4",
        "compare the embedded files with the embedded manifest",
        manifest.reason if manifest else "skipped: the document was not read",
        f"pdfdetach -saveall {file} && sha256sum *",
    )
    return (whole, *signatures, embedded)


def _signature(
    file: str, found: SignedRange, digest: str, row: ReportSignature
) -> tuple[Step, Step]:
    _, before, after, tail = found.byte_range
    return (
        Step(
            "ISO 32000-1 12.8.1",
            f"hash the bytes 0 to {before} and {after} to {found.end}, all but the signature",
            f"SHA-256 {digest}",
            f"{{ head -c {before} {file}; tail -c +{after + 1} {file} | head -c {tail}; }}"
            " > signed.bin; sha256sum signed.bin",
        ),
        Step(
            "ETSI EN 319 102-1 5.3",
            f"validate the signature of {row.signer or 'an unreadable signer'} at level"
            f" {row.level or 'unknown'}, against the trust anchors given and no others",
            row.indication.value if row.code is None else f"{row.indication.value} {row.code}",
            f"head -c {after - 1} {file} | tail -c +{before + 2} | basenc -d --base16 > cms.der;"
            " openssl cms -verify -binary -cades -inform DER -in cms.der -content signed.bin"
            " -CAfile root.pem -purpose any -out /dev/null",
        ),
    )
