"""``workbench verify-report``: check a report that somebody handed over."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json
from workbench.cli.show import decided_by
from workbench.model import schema
from workbench.model.contract import time_to_json
from workbench.model.verdict import Indication
from workbench.report.glossary import explain
from workbench.report.phrases import conclusion

if TYPE_CHECKING:
    from workbench.verify.report import ReportVerdict
    from workbench.verify.report.verdict import ReportSignature


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify-report", help="Check a signed report against a root you trust.")(
        verify_report
    )


def verify_report(
    file: Annotated[
        Path, typer.Argument(help="Signed report.", metavar="FILE", parser=o.named_path)
    ],
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
        _show(found)
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


def _show(found: "ReportVerdict") -> None:
    say(f"{found.display}: {found.indication.value}{_reason(found.code)}")
    for reason in found.reasons:
        say(f"  {reason}")
    for signature in found.signatures:
        _show_signature(signature, told=found.reasons)
    if found.manifest is not None and found.manifest.reason not in found.reasons:
        say(f"  Attachments: {found.manifest.reason}")
    say(f"  File: {found.size:,} bytes")
    say(f"  SHA-256 {found.sha256}")
    is_open = found.indication is Indication.INDETERMINATE
    if is_open and (decides := decided_by(found.code or "")):
        say()
        say("What would decide what is open:")
        say(f"  {found.code}: {decides}")
    say()
    say(f"{conclusion(found.indication)} Exit code {found.exit_code}.")


def _show_signature(signature: "ReportSignature", *, told: tuple[str, ...]) -> None:
    name = f"Signature {signature.field}".rstrip()
    say(f"  {name}: {signature.indication}{_reason(signature.code)}")
    if signature.reason not in told:
        say(f"    {signature.reason}")
    claimed = time_to_json(signature.claimed_time)
    when = f", at {claimed} as claimed" if claimed else ""
    say(f"    by {signature.signer}{when}; covers: {signature.coverage}")
    say(f"    certificate {signature.fingerprint or 'unknown'}")


def _reason(code: str | None) -> str:
    word = explain(code) if code else None
    return f" {code}{f': {word.short}' if word else ''}" if code else ""
