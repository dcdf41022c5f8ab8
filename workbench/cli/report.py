"""``workbench report`` and ``verify-report``: hand over, and check what was handed over."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.passphrase import PassphraseFd, passphrase
from workbench.cli.verify import in_four_words, verified
from workbench.model import schema
from workbench.model.contract import time_to_json
from workbench.model.request import VerifyRequest
from workbench.model.verification import Verification
from workbench.output import require_writable
from workbench.report.context import Engagement

if TYPE_CHECKING:
    from workbench.services import reports
    from workbench.sign.keys import SigningKey
    from workbench.verify.report import ReportVerdict

TITLE = "Verification report"

Out = Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="PDF to write.")]
Sign = Annotated[
    Path | None,
    typer.Option("--sign", metavar="KEY", help="PKCS#12 or PEM key to sign the report with."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("report", help="Verify, and write the signed PDF report.")(report)
    app.command("verify-report", help="Check a signed report against a root you trust.")(
        verify_report
    )


def report(
    paths: o.Paths,
    out: Out,
    sign: Sign = None,
    passphrase_fd: PassphraseFd = None,
    title: Annotated[str, typer.Option("--title", help="Title of the report.")] = TITLE,
    client: Annotated[str, typer.Option("--client", help="Whose evidence it is.")] = "",
    prepared_for: Annotated[str, typer.Option("--for", help="Who gets the report.")] = "",
    scope: Annotated[str, typer.Option("--scope", help="What was asked, in a sentence.")] = "",
    auditor: Annotated[str, typer.Option("--auditor", help="Who answers for it.")] = "",
    date: Annotated[
        str | None, typer.Option("--date", metavar="TIME", help="Date it carries (default now).")
    ] = None,
    trust: o.Trust = None,
    confirm: o.Confirm = None,
    secret: o.Secret = None,
    threshold: o.Threshold = 1,
    anchor: o.Anchor = None,
    signature: o.Signature = None,
    artifact: o.Artifact = None,
    period: o.PeriodText = None,
    require: o.Require = None,
    profile: o.Profile = None,
    expect_count: o.ExpectCount = None,
    expect_head: o.ExpectHead = None,
    at: o.At = None,
    no_symlinks: o.NoSymlinks = False,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> int:
    """Verify, run the self-test, write the report; the exit code is the verdict."""
    from workbench.services import reports

    named = [text.rpartition("=")[2] for text in (*(trust or ()), *(secret or ()))]
    inputs = [*paths, *(anchor or ()), *(signature or ()), *map(Path, named)]
    inputs += [path for path in (artifact, sign) if path is not None]
    require_writable(out, force=force, inputs=inputs)
    key = None if sign is None else reports.signing_key(sign, passphrase(passphrase_fd, sign))
    stated = o.Stated(
        trust,
        confirm,
        secret,
        threshold,
        anchor,
        signature,
        artifact,
        period,
        require,
        profile,
        expect_count,
        expect_head,
        at,
        no_symlinks,
    )
    request = o.request_of(paths, stated)
    engagement = Engagement(
        client=client, prepared_for=prepared_for, scope=scope, period=request.expectation.period
    )
    details = reports.Details(
        title=title, auditor=auditor, date=o.time_of(date), engagement=engagement
    )
    verification = verified(request)
    written = handed_over(out, request, verification, details, key)
    say(f"Verdict of the case: {in_four_words(verification)}")
    show_written(written)
    return verification.exit_code


def handed_over(
    out: Path,
    request: VerifyRequest,
    verification: Verification,
    details: "reports.Details",
    key: "SigningKey | None",
) -> "reports.Written":
    """Run the self-test, write the report, and say on the terminal how far it is."""
    from workbench.services import reports, selftest
    from workbench.services.verification import verify

    with work() as (progress, cancel):
        checked = selftest.run(verify, progress=progress, cancel=cancel)
        return reports.write(
            out,
            request,
            verification,
            checked,
            details,
            key=key,
            progress=progress,
            cancel=cancel,
        )


def show_written(written: "reports.Written") -> None:
    """Print what was handed over and what a reader needs to check it."""
    say(f"Report        {written.path}")
    say(f"SHA-256       {written.sha256}")
    say(f"unsigned      {written.unsigned_sha256}  (the same for the same case and date)")
    if written.signed_by:
        say(f"Signed by     {written.signed_by}")
        say(f"Root to trust {written.root}")
        say(f"Check it      workbench verify-report {written.path.name} --trust ROOT.pem")
    else:
        say("Not signed: whoever gets it cannot tell that it is yours. Use --sign KEY.")


def verify_report(
    file: Annotated[Path, typer.Argument(help="Signed report.", metavar="FILE")],
    trust: o.Trust = None,
    confirm: o.Confirm = None,
    expect: Annotated[
        list[str] | None,
        typer.Option("--expect", metavar="HEX", help="SHA-256 of a signer's certificate."),
    ] = None,
    at: o.At = None,
    as_json: o.AsJson = False,
) -> int:
    """Check and print; 0 passed, 1 failed, 2 indeterminate, 3 not a signed report."""
    from workbench.services import reports

    found = reports.check(
        file, trust=trust or (), confirm=confirm or (), expected=expect or (), at=o.time_of(at)
    )
    if as_json:
        say_json(_as_json(found))
    else:
        _show_verdict(found)
    return found.exit_code


def _as_json(found: "ReportVerdict") -> dict[str, object]:
    return {
        "schema": schema.REPORT_VERIFICATION,
        "exit": found.exit_code,
        "file": {"name": found.display, "bytes": found.size, "sha256": found.sha256},
        "at": time_to_json(found.at),
        "indication": found.indication.value,
        "code": found.code,
        "reasons": list(found.reasons),
        "signatures": [
            asdict(signature) | {"claimed_time": time_to_json(signature.claimed_time)}
            for signature in found.signatures
        ],
        "manifest": None if found.manifest is None else asdict(found.manifest),
        "steps": [asdict(step) for step in found.steps],
    }


def _show_verdict(found: "ReportVerdict") -> None:
    say(f"{found.display}: {found.indication.value}{f' {found.code}' if found.code else ''}")
    for reason in found.reasons:
        say(f"  {reason}")
    for signature in found.signatures:
        code = f" {signature.code}" if signature.code else ""
        say(f"  Signature {signature.field}: {signature.indication}{code}")
        say(f"    by {signature.signer}, certificate SHA-256 {signature.fingerprint or 'unknown'}")
        say(f"    covers {signature.coverage}; {signature.reason}")
    if found.manifest is not None:
        say(f"  Attachments: {found.manifest.reason}")
    say(f"  File: {found.size:,} bytes, SHA-256 {found.sha256}")
