"""``workbench countersign``: the reviewer signs after the auditor (four eyes)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import lasting
from workbench.cli import options as o
from workbench.cli.console import say
from workbench.cli.opening import Of, belonging
from workbench.cli.passphrase import PassphraseFd, passphrase
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.services import reports
    from workbench.sign.keys import SigningKey

Report = Annotated[
    Path, typer.Argument(help="Signed report.", metavar="REPORT", parser=o.named_path)
]
Out = Annotated[
    Path, typer.Option("-o", "--out", metavar="FILE", help="PDF to write.", parser=o.named_path)
]
Trust = Annotated[
    list[str] | None,
    typer.Option("--trust", metavar="[ROLE=]FILE", help="Root of the auditor, or of a tsa."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over an existing file.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("countersign", help="Verify a signed report and sign it as its reviewer.")(
        countersign
    )


def countersign(
    report: Report,
    out: Out,
    sign: lasting.Sign = None,
    passphrase_fd: PassphraseFd = None,
    trust: Trust = None,
    meaning: lasting.Meaning = "",
    location: Annotated[
        str | None, typer.Option("--location", metavar="TEXT", help="Where you sign.")
    ] = None,
    level: lasting.LevelText = None,
    own_tsa: lasting.OwnTsa = None,
    own_tsa_fd: lasting.OwnTsaFd = None,
    tsa: lasting.Server = "",
    allow_network: lasting.Network = False,
    tsq: lasting.Query = None,
    crl: lasting.Lists = None,
    of: Of = None,
    force: Force = False,
) -> int:
    """Check the report, then sign it; nothing is written where it does not verify."""
    from workbench.services import reports
    from workbench.store.handing import require_outside

    if sign is None:
        raise UsageError("Name your key: --sign KEY.")
    asked = lasting.Asked(
        level, own_tsa, own_tsa_fd, tsa, allow_network, tsq, crl, tuple(trust or ())
    )
    with belonging(of, asks=bool(tsa)) as case:
        require_outside(case, out, tsq, force=force, inputs=[report, sign, *asked.inputs])
        key = reports.signing_key(sign, passphrase(passphrase_fd, sign))
        made = reports.countersign(
            report, out, key, lasting.lasting_of(asked), reason=meaning, location=location,
            case=case, force=force,
        )  # fmt: skip
    _show(made, key, tsq)
    return 0


def _show(made: "reports.Further", key: "SigningKey", tsq: Path | None) -> None:
    say(f"Report        {made.path}")
    say(f"SHA-256       {made.sha256}")
    say(f"Countersigned {key.subject}")
    say(f"Level         PAdES {made.signed.level}")
    if tsq is not None:
        say(f"To be stamped {tsq}  (workbench timestamp REPORT --reply FILE)")
    if made.signed.note:
        say(f"Note          {made.signed.note}")
    for server in made.signed.network:
        say(f"Network       {server} was asked for a time stamp")
