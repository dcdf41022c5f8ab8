"""The proof trail of ``verify-report``: what was done, so that anyone can do it again by hand."""

import hashlib
from datetime import datetime

from workbench.model.verdict import Indication, Step
from workbench.verify.by_hand import SCRATCH, assign, because, command, hashed
from workbench.verify.report.structure import SignedRange
from workbench.verify.report.verdict import Manifest, ReportSignature


def trail(
    display: str,
    data: bytes,
    ranges: tuple[SignedRange, ...],
    rows: tuple[ReportSignature, ...],
    manifest: Manifest | None,
    at: datetime,
) -> tuple[Step, ...]:
    """Return the steps, with commands where some do the same.

    They take the certificate that the reader trusts from ``root.pem``.
    """
    digest = hashlib.sha256(data).hexdigest()
    whole = Step(
        "FIPS 180-4",
        f"hash {display}, {len(data):,} bytes",
        f"SHA-256 {digest}",
        f"{SCRATCH}\n{assign('F', display)}\n{hashed('$F')}",
        digest,
    )
    signatures = [
        step
        for number, (found, row) in enumerate(zip(ranges, rows, strict=True), 1)
        for step in (_signed_bytes(found, data, number), _signature(found, row, number, at))
    ]
    return (whole, *signatures, _embedded(manifest))


def _signed_bytes(found: SignedRange, data: bytes, number: int) -> Step:
    _, before, after, tail = found.byte_range
    digest = found.digest(data).hex()
    cut = f'{{ head -c {before} "$F"; tail -c +{after + 1} "$F" | head -c {tail}; }}'
    return Step(
        "ISO 32000-1 12.8.1",
        f"hash the bytes 0 to {before:,} and {after:,} to {found.end:,}, all but the signature",
        f"SHA-256 {digest}",
        f'{cut} > "$S/{number}.signed"\n' + hashed(f"$S/{number}.signed"),
        digest,
    )


def _signature(found: SignedRange, row: ReportSignature, number: int, at: datetime) -> Step:
    _, before, after, _ = found.byte_range
    cut = command(
        f'head -c {after - 1} "$F" | tail -c +{before + 2} |',
        f'basenc -d --base16 > "$S/{number}.cms"',
    )
    check = command(
        f'openssl cms -verify -binary -cades -inform DER -in "$S/{number}.cms"',
        f'-content "$S/{number}.signed" -CAfile root.pem -no-CApath',
        f"-attime {int(at.timestamp())} -purpose any -out /dev/null 2>&1 |",
        "grep -o 'Verification successful'",
    )
    passed = row.indication is Indication.PASSED
    why = because("No command: this signature did not pass, and the step says why.")
    return Step(
        "ETSI EN 319 102-1 5.3",
        f"validate the signature of {row.signer or 'an unreadable signer'} at level"
        f" {row.level or 'unknown'}, against the trust anchors given and no others",
        row.indication.value if row.code is None else f"{row.indication.value} {row.code}",
        f"{cut}\n{check}" if passed else why,
        "Verification successful" if passed else "",
    )


def _embedded(manifest: Manifest | None) -> Step:
    did = "compare the embedded files with the embedded manifest"
    if manifest is None or not manifest.sha256:
        result = manifest.reason if manifest else "skipped: the document was not read"
        return Step("ISO 32000-1 7.11.4", did, result, because("No command: no manifest was read."))
    take = '# pdfdetach is of poppler\npdfdetach -savefile manifest.json -o "$S/manifest.json" "$F"'
    return Step(
        "ISO 32000-1 7.11.4",
        did,
        manifest.reason,
        f"{take}\n{hashed('$S/manifest.json')}",
        manifest.sha256,
    )
