"""``workbench verify-report``: check a report that somebody handed over."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.show import decided_by
from workbench.model import schema
from workbench.model.contract import time_to_json
from workbench.model.verdict import Indication
from workbench.report.glossary import explain
from workbench.report.phrases import conclusion

if TYPE_CHECKING:
    from workbench.verify.report import ReportVerdict
    from workbench.verify.report.verdict import ReportSignature, ReportStamp


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
        typer.Option(
            "--expect",
            metavar="[ROLE=]HEX,…",
            help="SHA-256 of each signer's certificate: auditor=HEX,reviewer=HEX.",
        ),
    ] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option(
            "--evidence",
            metavar="PATH",
            help="Evidence at hand, to hash and hold against the report.",
            parser=o.named_path,
        ),
    ] = None,
    sha256: Annotated[
        str, typer.Option("--sha256", metavar="HEX", help="SHA-256 of the file, as you were told.")
    ] = "",
    at: o.At = None,
    as_json: o.AsJson = False,
) -> int:
    """Check and print; 0 passed, 1 failed, 2 indeterminate, 3 not a signed report."""
    from workbench.services import reports

    with work() as (progress, cancel):
        found = reports.check(
            file,
            trust=trust or (),
            confirm=confirm or (),
            expected=expect or (),
            at=o.time_of(at),
            evidence=evidence or (),
            sha256=sha256,
            progress=progress,
            cancel=cancel,
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
        "file": {
            "name": found.display,
            "bytes": found.size,
            "sha256": found.sha256,
            "unsigned_sha256": found.unsigned_sha256,
        },
        "at": time_to_json(found.at),
        "indication": found.indication.value,
        "code": found.code,
        "reasons": list(found.reasons),
        "conclusion": list(found.conclusion),
        "signatures": [
            asdict(row)
            | {
                "claimed_time": time_to_json(row.claimed_time),
                "proven_time": time_to_json(row.proven_time),
            }
            for row in found.signatures
        ],
        "time_stamps": [asdict(row) | {"time": time_to_json(row.time)} for row in found.stamps],
        "manifest": _manifest(found),
        "evidence": [asdict(row) for row in found.evidence],
        "steps": [asdict(step) for step in found.steps],
    }


def _manifest(found: "ReportVerdict") -> dict[str, object] | None:
    if found.manifest is None:
        return None
    return {name: part for name, part in asdict(found.manifest).items() if name != "evidence"}


def _show(found: "ReportVerdict") -> None:
    say(f"{found.display}: {found.indication.value}{_reason(found.code)}")
    for reason in found.reasons:
        say(f"  {reason}")
    for signature in found.signatures:
        _show_signature(signature, told=found.reasons)
    for stamp in found.stamps:
        _show_stamp(stamp, told=found.reasons)
    for row in found.evidence:
        place = row.path if row.member is None else f"{row.path} → {row.member}"
        say(f"  Evidence {row.held.value}: {place}")
    if found.manifest is not None and found.manifest.reason not in found.reasons:
        say(f"  Attachments: {found.manifest.reason}")
    say(f"  File: {found.size:,} bytes")
    say(f"  SHA-256 {found.sha256}")
    say(f"  SHA-256 before the first signature {found.unsigned_sha256}")
    is_open = found.indication is Indication.INDETERMINATE
    if is_open and (decides := decided_by(found.code or "")):
        say()
        say("What would decide what is open:")
        say(f"  {found.code}: {decides}")
    say()
    for sentence in found.conclusion:
        say(sentence)
    say(f"{conclusion(found.indication)} Exit code {found.exit_code}.")


def _show_signature(signature: "ReportSignature", *, told: tuple[str, ...]) -> None:
    name = f"Signature {signature.field}".rstrip()
    say(f"  {name}: {signature.indication}{_reason(signature.code)}")
    if signature.reason not in told:
        say(f"    {signature.reason}")
    claimed, proven = map(time_to_json, (signature.claimed_time, signature.proven_time))
    when = f", at {claimed} as claimed" if claimed else ""
    when += f", not later than {proven}" if proven else ""
    level = f"; PAdES {signature.level}" if signature.level else ""
    say(f"    by {signature.signer}{when}; covers: {signature.coverage}{level}")
    if signature.meaning:
        say(f"    meaning: {signature.meaning}")
    say(f"    certificate {signature.fingerprint or 'unknown'}")


def _show_stamp(stamp: "ReportStamp", *, told: tuple[str, ...]) -> None:
    what = f"the {stamp.over.value} in {stamp.field}" if stamp.field else f"the {stamp.over.value}"
    say(f"  Time stamp over {what}: {stamp.indication}{_reason(stamp.code)}")
    if stamp.reason not in told:
        say(f"    {stamp.reason}")
    when = f" at {time_to_json(stamp.time)}" if stamp.time else ""
    kind = "; order only, no time" if stamp.order_only else ""
    say(f"    by {stamp.authority or 'an unreadable authority'}{when}{kind}")
    say(f"    certificate {stamp.fingerprint or 'unknown'}")


def _reason(code: str | None) -> str:
    word = explain(code) if code else None
    return f" {code}{f': {word.short}' if word else ''}" if code else ""
