"""``workbench timestamp``: a query out, an answer in, or a time stamp over all of a report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import lasting
from workbench.cli import options as o
from workbench.cli.console import say
from workbench.cli.countersign import Force, Report, Trust
from workbench.cli.opening import Of, belonging
from workbench.errors import UsageError

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
    of: Of = None,
    force: Force = False,
) -> int:
    """Write a query, or put a time stamp in; the report itself stays as it is on disk."""
    asked = lasting.over_all(
        own_tsa, own_tsa_fd, tsa, network=allow_network, lists=crl, trust=trust
    )
    if tsq is not None:
        return _write_query(report, tsq, asked, of, archive=archive, force=force)
    return put_in(report, out, reply, asked, of, force=force)


def put_in(
    report: Path,
    out: Path | None,
    reply: Path | None,
    asked: lasting.Asked,
    of: Path | None,
    *,
    force: bool,
) -> int:
    """Put a time stamp into a report and say what came of it."""
    from workbench.services import reports
    from workbench.store.handing import require_outside

    if out is None:
        raise UsageError("Say where to write the report: -o FILE.")
    inputs = [report, *asked.inputs, *filter(None, [reply])]
    with belonging(of, asks=bool(asked.server)) as case:
        require_outside(case, out, force=force, inputs=inputs)
        lasts = lasting.lasting_of(asked)
        made = reports.stamp(report, out, lasts, reply=reply, case=case, force=force)
    _show(made)
    return 0


def _write_query(
    report: Path,
    tsq: Path,
    asked: lasting.Asked,
    of: Path | None,
    *,
    archive: bool,
    force: bool,
) -> int:
    from workbench.services import reports
    from workbench.store.handing import require_outside

    with belonging(of, asks=False) as case:
        require_outside(case, tsq, force=force, inputs=[report, *asked.inputs])
    reports.ask(report, tsq, lasting.lasting_of(asked), archive=archive, force=force)
    say(f"Query         {tsq}")
    say("Have it answered:   openssl ts -reply …, or any RFC 3161 authority")
    say(f"Put it in:          workbench timestamp {report} --reply FILE.tsr -o NEW.pdf")
    if archive and asked.lists:
        say("Give the same --crl files again then: they are part of what is stamped.")
    return 0


def _show(made: "reports.Further") -> None:
    say(f"Report        {made.path}")
    say(f"SHA-256       {made.sha256}")
    level = made.signed.level or "not known: name whom you trust with --trust"
    say(f"Level         PAdES {level}")
    for server in made.signed.network:
        say(f"Network       {server} was asked for a time stamp")
