"""``workbench report CASE``: the report of a case, put on record in its journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.lasting import Asked, lasting_of
from workbench.cli.opening import opened
from workbench.cli.passphrase import passphrase
from workbench.cli.show import in_four_words
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.model.edition import Edition
    from workbench.services import reports


@dataclass(frozen=True, slots=True)
class AskedOfCase:
    """What was asked of the report of a case, as typed."""

    out: Path
    sign: Path | None
    passphrase_fd: int | None
    prepared_for: str
    auditor: str
    date: str | None
    pack: str
    lasting: Asked
    edition: "Edition"
    meaning: str = ""


def require_of_case(stated: o.Stated, *, title: bool, client: str, scope: str) -> None:
    """Refuse what a case has already: it would be printed and not be what was verified.

    Raises:
        UsageError: something of that was named.
    """
    if stated != o.Stated() or title or client or scope:
        raise UsageError(
            "The report of a case prints what stands in the case: whom it trusts, its engagement "
            "and its newest verification. Change those with workbench trust and case verify."
        )


def report_case(folder: Path, asked: AskedOfCase, *, who: str | None, force: bool) -> int:
    """Write the report of a case; the exit code is that of its newest verification."""
    from workbench.services import checking, reports, selftest
    from workbench.services.verification import verify
    from workbench.store.handing import require_outside

    date = o.time_of(asked.date)
    with work() as (progress, cancel), opened(folder, who=who, write=True) as case:
        require_outside(case, asked.out, asked.lasting.query, force=force, reports=True)
        verification = reports.require_ready(case)
        key, wanted = None, lasting_of(asked.lasting)
        if asked.sign is not None:
            ask = passphrase(asked.passphrase_fd, asked.sign)
            key = reports.signing_key(asked.sign, ask)
        checked = selftest.run(verify, progress=progress, cancel=cancel)
        content = reports.Asked(checked)
        if asked.pack:
            pack, results = checking.answers(case, asked.pack, progress=progress, cancel=cancel)
            content = reports.Asked(checked, pack, results)
        written = reports.write_case(
            case,
            asked.out,
            content,
            reports.case_details(
                case, date, auditor=asked.auditor, to=asked.prepared_for, edition=asked.edition
            ),
            key=key,
            lasting=wanted,
            meaning=asked.meaning,
            force=force,
            progress=progress,
            cancel=cancel,
        )
    say(f"Verdict of the case: {in_four_words(verification)}")
    show_written(written)
    say(f"Exit code {verification.exit_code}: the verdict. The report was written.")
    return verification.exit_code


def show_written(written: "reports.Written") -> None:
    """Print what was handed over and what a reader needs to check it."""
    say(f"Report        {written.path}")
    say(f"SHA-256       {written.sha256}")
    say(f"unsigned      {written.unsigned_sha256}  (the same for the same case and date)")
    if written.signed_by:
        say(f"Signed by     {written.signed_by}")
        say(f"Level         PAdES {written.level}")
        if written.query is not None:
            say(f"To be stamped {written.query}  (workbench timestamp REPORT --reply FILE)")
        for server in written.network:
            say(f"Network       {server} was asked for a time stamp")
        say(f"Root to trust {written.root}")
        say(f"Check it      workbench verify-report {written.path.name} --trust ROOT.pem")
    else:
        say("Not signed: whoever gets it cannot tell that it is yours. Use --sign KEY.")
