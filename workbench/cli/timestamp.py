"""``workbench timestamp``: a query out, an answer in, or a time stamp over all of a report."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import lasting
from workbench.cli import options as o
from workbench.cli.console import say
from workbench.cli.countersign import Force, Report, Trust
from workbench.errors import UsageError
from workbench.output import require_writable, write_whole

if TYPE_CHECKING:
    from workbench.services import reports

Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="FILE", help="PDF to write.", parser=o.named_path),
]
Reply = Annotated[
    Path | None,
    typer.Option(
        "--reply",
        metavar="FILE",
        help="Answer of an authority (.tsr) to put in.",
        parser=o.named_path,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("timestamp", help="Time-stamp a signed report: by file, by a server, or alone.")(
        timestamp
    )


def timestamp(
    report: Report,
    out: Out = None,
    tsq: lasting.Query = None,
    reply: Reply = None,
    archive: Annotated[
        bool,
        typer.Option("--archive", help="Ask for one over the whole report, not a signature."),
    ] = False,
    own_tsa: lasting.OwnTsa = None,
    own_tsa_fd: lasting.OwnTsaFd = None,
    tsa: lasting.Server = "",
    allow_network: lasting.Network = False,
    crl: lasting.Lists = None,
    trust: Trust = None,
    force: Force = False,
) -> int:
    """Write a query, or put a time stamp in; the report itself stays as it is on disk."""
    asked = lasting.over_all(
        own_tsa, own_tsa_fd, tsa, network=allow_network, lists=crl, trust=trust
    )
    if tsq is not None:
        return _write_query(report, tsq, asked, archive=archive, force=force)
    return put_in(report, out, reply, asked, force=force)


def put_in(
    report: Path, out: Path | None, reply: Path | None, asked: lasting.Asked, *, force: bool
) -> int:
    """Put a time stamp into a report and say what came of it."""
    from workbench.services import reports

    if out is None:
        raise UsageError("Say where to write the report: -o FILE.")
    inputs = [report, *asked.inputs, *filter(None, [reply])]
    require_writable(out, force=force, inputs=inputs)
    answer = None if reply is None else reports.answer_at(reply)
    made = reports.stamped(reports.report_at(report), lasting.lasting_of(asked), answer=answer)
    write_whole(out, made.data)
    _show(out, made)
    return 0


def _write_query(
    report: Path, tsq: Path, asked: lasting.Asked, *, archive: bool, force: bool
) -> int:
    from workbench.services import reports

    require_writable(tsq, force=force, inputs=[report, *asked.inputs])
    pdf, now = reports.report_at(report), datetime.now(UTC)
    query = reports.query_of(pdf, lasting.lasting_of(asked), archive=archive, now=now)
    write_whole(tsq, query)
    say(f"Query         {tsq}")
    say("Have it answered:   openssl ts -reply …, or any RFC 3161 authority")
    say(f"Put it in:          workbench timestamp {report} --reply FILE.tsr -o NEW.pdf")
    if archive and asked.lists:
        say("Give the same --crl files again then: they are part of what is stamped.")
    return 0


def _show(out: Path, made: "reports.Signed") -> None:
    say(f"Report        {out}")
    say(f"SHA-256       {hashlib.sha256(made.data).hexdigest()}")
    say(f"Level         PAdES {made.level or 'not known: name whom you trust with --trust'}")
    for server in made.network:
        say(f"Network       {server} was asked for a time stamp")
