"""The proof trail of ``verify-report``: what was done, so that anyone can do it again by hand."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from workbench.model.verdict import Indication, Step
from workbench.verify.by_hand import SCRATCH, assign, because, command, hashed
from workbench.verify.report.signature import Claim
from workbench.verify.report.stamps import JudgedStamp
from workbench.verify.report.structure import SignedRange
from workbench.verify.report.verdict import Manifest, ReportSignature, Stamped


def trail(
    display: str,
    data: bytes,
    claims: Sequence[Claim],
    rows: Sequence[ReportSignature],
    stamps: Sequence[JudgedStamp],
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
    steps = [whole]
    people, over_all = iter(rows), iter(s for s in stamps if s.row.over is Stamped.DOCUMENT)
    for number, claim in enumerate(claims, 1):
        steps.append(_signed_bytes(claim.found, data, number))
        if claim.stamp is None:
            steps.append(_signature(claim.found, next(people), number, at))
        elif (stamp := next(over_all, None)) is not None:
            steps.append(_stamp(claim.found, stamp, number))
    steps += [_over_signature(s) for s in stamps if s.row.over is Stamped.SIGNATURE]
    return (*steps, _embedded(manifest))


def _stamp(found: SignedRange, stamp: JudgedStamp, number: int) -> Step:
    """Judge a time stamp over the document; what stands in the hole after it is zeros."""
    row = stamp.row
    if row.time is None:
        recipe, prints = because("No command: this time stamp did not pass."), ""
    else:
        check = command(
            f'openssl ts -verify -token_in -in "$S/{number}.cms" -data "$S/{number}.signed"',
            f"-CAfile root.pem -attime {int(row.time.timestamp())} 2> /dev/null",
        )
        recipe, prints = f"{_cut(found, number)}\n{check}", "Verification: OK"
    return Step("RFC 3161 2.2; ETSI EN 319 142-1 5.4.3", _did(stamp), _worth(stamp), recipe, prints)


def _over_signature(stamp: JudgedStamp) -> Step:
    why = because("No command: the token lies among the unsigned attributes of that signature.")
    return Step("RFC 3161 2.2; ETSI EN 319 122-1 5.3", _did(stamp), _worth(stamp), why)


def _did(stamp: JudgedStamp) -> str:
    what = "the signature in" if stamp.row.over is Stamped.SIGNATURE else "the document, up to"
    who = stamp.row.authority or "an unreadable authority"
    return f"judge the time stamp of {who} over {what} field {stamp.row.field}"


def _worth(stamp: JudgedStamp) -> str:
    row = stamp.row
    code = f" {row.code}" if row.code else ""
    return f"{row.indication.value}{code}: {row.reason}"


def _signed_bytes(found: SignedRange, data: bytes, number: int) -> Step:
    _, before, after, tail = found.byte_range
    digest = found.digest(data).hex()
    # Not tail before head: what head leaves unread stops tail, and a careful shell with it.
    cut = f'{{ head -c {before} "$F"; head -c {after + tail} "$F" | tail -c {tail}; }}'
    return Step(
        "ISO 32000-1 12.8.1",
        f"hash the bytes 0 to {before:,} and {after:,} to {found.end:,}, all but the signature",
        f"SHA-256 {digest}",
        f'{cut} > "$S/{number}.signed"\n' + hashed(f"$S/{number}.signed"),
        digest,
    )


def _signature(found: SignedRange, row: ReportSignature, number: int, at: datetime) -> Step:
    cut = _cut(found, number)
    moment = row.proven_time or at
    check = command(
        f'openssl cms -verify -binary -cades -inform DER -in "$S/{number}.cms"',
        f'-content "$S/{number}.signed" -CAfile root.pem -no-CApath',
        f"-attime {int(moment.timestamp())} -purpose any -out /dev/null 2>&1 |",
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


def _cut(found: SignedRange, number: int) -> str:
    _, before, after, _ = found.byte_range
    return command(
        f'head -c {after - 1} "$F" | tail -c +{before + 2} |',
        f'basenc -d --base16 > "$S/{number}.cms"',
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
