"""``workbench renew``: a fresh time stamp over a report and all that it bears."""

import typer

from workbench.cli import lasting
from workbench.cli.countersign import Force, Report, Trust
from workbench.cli.opening import Of
from workbench.cli.timestamp import Out, put_in


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("renew", help="Renew the archive time stamp of a report, with fresh lists.")(renew)


def renew(
    report: Report,
    out: Out = None,
    own_tsa: lasting.OwnTsa = None,
    own_tsa_fd: lasting.OwnTsaFd = None,
    tsa: lasting.Server = "",
    allow_network: lasting.Network = False,
    crl: lasting.Lists = None,
    trust: Trust = None,
    of: Of = None,
    force: Force = False,
) -> int:
    """Stamp all of it once more, before the certificate of the last time stamp ends.

    By file: ``workbench timestamp REPORT --archive --tsq FILE``.
    """
    asked = lasting.over_all(
        own_tsa, own_tsa_fd, tsa, network=allow_network, lists=crl, trust=trust
    )
    return put_in(report, out, None, asked, of, force=force)
