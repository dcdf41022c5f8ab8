"""``workbench sample``: the whole job on the sample case, as ``packaging/run`` shows it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import hand_out, say, work
from workbench.cli.report import handed_over
from workbench.cli.show import show
from workbench.cli.verify import verified
from workbench.errors import WorkbenchError
from workbench.evidence.file import read_whole, single
from workbench.output import write_whole

if TYPE_CHECKING:
    from workbench.services import reports
    from workbench.services import sample as samples
    from workbench.sign.keys import SigningKey

REPORT, ROOT = "sample-report.pdf", "report-root.pem"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample", help="Verify the sample case and write its signed report.")(sample)


def sample(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Where the report goes.", parser=o.named_path),
    ],
) -> int:
    """Verify, report, sign; the last two lines are the report and the root to check it with.

    The sample holds a tampered log on purpose, so its verdict is FAILED; the exit code says
    whether the job was done: 0.
    """
    from workbench.services import sample as samples

    case = samples.load()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkbenchError(f"{out} cannot be made: {error.strerror}.") from error
    request = case.request()
    verification = verified(request)
    show(verification)
    say("One of its logs was tampered with on purpose, so FAILED is right.")
    say()
    report, root = out / REPORT, out / ROOT
    with work():
        write_whole(root, _bytes(case.folder / "trust" / ROOT), replace=True)
    hand_out()
    written = handed_over(
        report, request, verification, _details(case), _signing_key(case), force=True
    )
    say(f"Signed by {written.signed_by}. Check the report with:")
    say(f"  packaging/run verify-report {report} --trust {root}")
    say(str(report))
    say(str(root))
    return 0


def _details(case: "samples.Sample") -> "reports.Details":
    from workbench.services import reports

    stated = case.engagement
    return reports.Details(
        title=stated.title,
        auditor="Demo Auditor (a sample identity)",
        date=case.at,
        engagement=stated,
    )


def _signing_key(case: "samples.Sample") -> "SigningKey":
    from workbench.services import reports

    trust = case.folder / "trust"
    passphrase = _bytes(trust / "demo-passphrase.txt").rstrip(b"\r\n")
    return reports.signing_key(trust / "demo-auditor.p12", lambda: passphrase)


def _bytes(path: Path) -> bytes:
    return read_whole(single(path))
