"""``workbench report``: verify, and hand over the signed report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import case_report
from workbench.cli import options as o
from workbench.cli.case_report import show_written
from workbench.cli.console import say, work
from workbench.cli.opening import Who
from workbench.cli.passphrase import PassphraseFd, passphrase
from workbench.cli.show import in_four_words
from workbench.cli.verify import verified
from workbench.errors import UsageError
from workbench.model.request import VerifyRequest
from workbench.model.verification import Verification
from workbench.output import require_writable

if TYPE_CHECKING:
    from workbench.services import reports
    from workbench.sign.keys import SigningKey

TITLE = "Verification report"

Out = Annotated[
    Path, typer.Option("-o", "--out", metavar="FILE", help="PDF to write.", parser=o.named_path)
]
Sign = Annotated[
    Path | None,
    typer.Option(
        "--sign",
        metavar="KEY",
        help="PKCS#12 or PEM key to sign the report with.",
        parser=o.named_path,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", help="Verify, and write the signed PDF report.")(report)


def report(
    paths: o.Paths,
    out: Out,
    sign: Sign = None,
    passphrase_fd: PassphraseFd = None,
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="Title of the report.")
    ] = TITLE,
    client: Annotated[
        str, typer.Option("--client", metavar="TEXT", help="Whose evidence it is.")
    ] = "",
    prepared_for: Annotated[
        str, typer.Option("--for", metavar="TEXT", help="Who gets the report.")
    ] = "",
    scope: Annotated[
        str, typer.Option("--scope", metavar="TEXT", help="What was asked, in a sentence.")
    ] = "",
    auditor: Annotated[
        str, typer.Option("--auditor", metavar="TEXT", help="Who answers for it.")
    ] = "",
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
    identity: o.Identity = None,
    issuer: o.Issuer = None,
    builder: o.Builder = None,
    source_uri: o.SourceUri = None,
    subject_digest: o.SubjectDigest = None,
    since: o.Since = None,
    recheck: o.Recheck = False,
    pack: Annotated[
        str,
        typer.Option("--pack", metavar="ID|FILE", help="Checks to print, of a case."),
    ] = "",
    who: Who = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> int:
    """Verify, run the self-test, write the report; the exit code is the verdict.

    Of a case, named as the only PATH, it is the report of its newest verification: nothing is
    verified anew, and whom it trusts stands in the case.
    """
    from workbench.model.case import Engagement
    from workbench.services import reports

    stated = o.Stated(
        trust, confirm, secret, threshold, anchor, signature, artifact, period, require, profile,
        expect_count, expect_head, at, no_symlinks, identity, issuer, builder, source_uri,
        subject_digest, since, recheck,
    )  # fmt: skip
    if len(paths) == 1 and case_report.is_case(paths[0]):
        case_report.require_of_case(stated, title=title != TITLE, client=client, scope=scope)
        asked = case_report.AskedOfCase(out, sign, passphrase_fd, prepared_for, auditor, date, pack)
        return case_report.report_case(paths[0], asked, who=who, force=force)
    if pack or who:
        raise UsageError("--pack and --who are for the report of a case: name a folder NAME.case.")
    named = [text.rpartition("=")[2] for text in (*(trust or ()), *(secret or ()))]
    inputs = [*paths, *(anchor or ()), *(signature or ()), *map(Path, named)]
    inputs += [path for path in (artifact, sign) if path is not None]
    require_writable(out, force=force, inputs=inputs)
    key = None if sign is None else reports.signing_key(sign, passphrase(passphrase_fd, sign))
    request = o.request_of(paths, stated)
    engagement = Engagement(title, client=client, scope=scope, period=request.expectation.period)
    details = reports.Details(
        title=title,
        auditor=auditor,
        date=o.time_of(date),
        engagement=engagement,
        prepared_for=prepared_for,
    )
    verification = verified(request)
    written = handed_over(out, request, verification, details, key)
    say(f"Verdict of the case: {in_four_words(verification)}")
    show_written(written)
    say(f"Exit code {verification.exit_code}: the verdict. The report was written.")
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
