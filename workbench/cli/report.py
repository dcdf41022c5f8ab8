"""``workbench report``: verify, and hand over the signed report."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import case_report, edition, lasting, rebuild
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
from workbench.services.case_place import is_case

if TYPE_CHECKING:
    from workbench.services import reports
    from workbench.sign.keys import SigningKey

TITLE = "Verification report"

Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="FILE", help="PDF to write.", parser=o.named_path),
]
Compare = Annotated[
    Path | None,
    typer.Option(
        "--rebuild-and-compare",
        metavar="REPORT",
        help="Write nothing: make the pages of that report anew and compare them, byte for byte.",
        parser=o.named_path,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", help="Verify, and write the signed PDF report.")(report)


def report(
    paths: o.Paths,
    out: Out = None,
    sign: lasting.Sign = None,
    passphrase_fd: PassphraseFd = None,
    level: lasting.LevelText = None,
    own_tsa: lasting.OwnTsa = None,
    own_tsa_fd: lasting.OwnTsaFd = None,
    tsa: lasting.Server = "",
    allow_network: lasting.Network = False,
    tsq: lasting.Query = None,
    crl: lasting.Lists = None,
    meaning: lasting.Meaning = "",
    rebuild_and_compare: Compare = None,
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
    template: edition.Template = "",
    statement: edition.Statements = None,
    _templates: edition.Templates = False,
    _show_template: edition.ShowTemplate = "",
    branding: edition.Branding = None,
    classification: edition.Classification = "",
    draft: edition.Draft = False,
    language: edition.Language = "en",
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
    lasts = lasting.Asked(level, own_tsa, own_tsa_fd, tsa, allow_network, tsq, crl, _tsas(trust))
    made_up = edition.asked_for(
        template, statement, branding, classification, draft=draft, language=language
    )
    of_case = len(paths) == 1 and is_case(paths[0])
    if of_case:
        case_report.require_of_case(stated, title=title != TITLE, client=client, scope=scope)
    if rebuild_and_compare is not None:
        _require_alone(out, sign)
        case = paths[0] if of_case else None
        return rebuild.compare(rebuild_and_compare, case, paths, stated, made_up, who=who)
    if out is None:
        raise UsageError("Say where to write the report: -o FILE.")
    inputs = [*(() if of_case else paths), *stated.inputs, *lasts.inputs, *o.files_in(pack),
              *edition.inputs_of(template, statement, branding), *filter(None, [sign])]  # fmt: skip
    for path in filter(None, (out, tsq)):
        require_writable(path, force=force, inputs=inputs)
    if of_case:
        asked = case_report.AskedOfCase(
            out, sign, passphrase_fd, prepared_for, auditor, date, pack, lasts,
            reports.edition(made_up), meaning,
        )  # fmt: skip
        return case_report.report_case(paths[0], asked, who=who, force=force)
    if pack or who:
        raise UsageError("--pack and --who are for the report of a case: name a folder NAME.case.")
    request = o.request_of(paths, stated)
    engagement = Engagement(title, client=client, scope=scope, period=request.expectation.period)
    details = reports.Details(
        title, auditor, o.time_of(date), engagement, prepared_for, reports.edition(made_up)
    )
    signs = _Signing(sign, passphrase_fd, lasts, meaning)
    return _report_evidence(out, request, details, signs, force=force)


@dataclass(frozen=True, slots=True)
class _Signing:
    """With what the report is signed, as typed."""

    key: Path | None
    passphrase_fd: int | None
    lasts: lasting.Asked
    meaning: str


def _report_evidence(
    out: Path,
    request: VerifyRequest,
    details: "reports.Details",
    signing: _Signing,
    *,
    force: bool,
) -> int:
    """Verify evidence and write the report of it; the exit code is the verdict."""
    from workbench.services import reports

    key = None
    if signing.key is not None:
        ask = passphrase(signing.passphrase_fd, signing.key)
        key = reports.signing_key(signing.key, ask)
    wanted = lasting.lasting_of(signing.lasts)
    verification = verified(request)
    written = handed_over(
        out, request, verification, details, key, wanted, meaning=signing.meaning, force=force
    )
    say(f"Verdict of the case: {in_four_words(verification)}")
    show_written(written)
    say(f"Exit code {verification.exit_code}: the verdict. The report was written.")
    return verification.exit_code


def _tsas(trust: list[str] | None) -> tuple[str, ...]:
    """Return whom the auditor trusts for time stamps: they vouch for those on the report too."""
    return tuple(text for text in trust or () if text.startswith("tsa="))


def _require_alone(out: Path | None, sign: Path | None) -> None:
    if out is not None or sign is not None:
        raise UsageError("--rebuild-and-compare writes and signs nothing: leave out -o and --sign.")


def handed_over(
    out: Path,
    request: VerifyRequest,
    verification: Verification,
    details: "reports.Details",
    key: "SigningKey | None",
    wanted: "reports.Lasting | None" = None,
    *,
    meaning: str = "",
    force: bool = False,
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
            lasting=wanted or reports.PLAIN,
            meaning=meaning,
            force=force,
            progress=progress,
            cancel=cancel,
        )
