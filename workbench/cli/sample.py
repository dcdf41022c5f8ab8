"""``workbench sample``: the whole job on the sample case, as ``packaging/run`` shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench import resources
from workbench.cli import options as o
from workbench.cli.console import hand_out, say, work
from workbench.cli.report import handed_over
from workbench.cli.show import show
from workbench.cli.verify import verified
from workbench.errors import SourceError, WorkbenchError
from workbench.evidence.file import read_whole, single
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.expectation import Expectation, Period
from workbench.model.request import VerifyRequest
from workbench.output import write_whole

if TYPE_CHECKING:
    from workbench.services import reports
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
    case = _Case.load(resources.path("sample"))
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
        write_whole(root, _bytes(case.folder / "trust" / ROOT))
    hand_out()
    written = handed_over(report, request, verification, case.details(), case.signing_key())
    say(f"Signed by {written.signed_by}. Check the report with:")
    say(f"  packaging/run verify-report {report} --trust {root}")
    say(str(report))
    say(str(root))
    return 0


@dataclass(frozen=True, slots=True)
class _Case:
    """The sample case: its folder, and how it says it wants to be verified."""

    folder: Path
    stated: Mapping[str, JsonValue]

    @classmethod
    def load(cls, folder: Path) -> "_Case":
        value = parse(_bytes(folder / "expected.json"), what="expected.json")
        if not isinstance(value, dict):
            raise SourceError("The sample's expected.json is not an object.")
        return cls(folder, value)

    def request(self) -> VerifyRequest:
        first, last = (datetime.fromisoformat(text) for text in self._texts("period"))
        return VerifyRequest(
            paths=(self.folder / "evidence",),
            at=datetime.fromisoformat(self._text("at")),
            trust=tuple(self._places("trust")),
            secrets=tuple(self._places("secret")),
            expectation=Expectation(period=Period(first, last)),
        )

    def details(self) -> "reports.Details":
        from workbench.report.context import Engagement
        from workbench.services import reports

        period = self.request().expectation.period
        engagement = Engagement(client=self._text("client"), period=period)
        return reports.Details(
            title=self._text("title"),
            auditor="Demo Auditor (a sample identity)",
            date=datetime.fromisoformat(self._text("at")),
            engagement=engagement,
        )

    def signing_key(self) -> "SigningKey":
        from workbench.services import reports

        trust = self.folder / "trust"
        passphrase = _bytes(trust / "demo-passphrase.txt").rstrip(b"\r\n")
        return reports.signing_key(trust / "demo-auditor.p12", lambda: passphrase)

    def _places(self, key: str) -> list[str]:
        """Return ``[ROLE=]FILE`` with the file below the sample's folder."""
        pairs = (text.rpartition("=") for text in self._texts(key))
        return [f"{role}{equals}{self.folder / name}" for role, equals, name in pairs]

    def _texts(self, key: str) -> list[str]:
        value = self.stated.get(key)
        return [str(item) for item in value] if isinstance(value, list) else []

    def _text(self, key: str) -> str:
        return str(self.stated.get(key, ""))


def _bytes(path: Path) -> bytes:
    return read_whole(single(path))
