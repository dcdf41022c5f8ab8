"""``workbench package``: report, list and chosen evidence of a case in one signed container."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import lasting
from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.passphrase import PassphraseFd, passphrase
from workbench.errors import UsageError

Out = Annotated[
    Path,
    typer.Option(
        "-o", "--out", metavar="FILE.asice", help="Package to write.", parser=o.named_path
    ),
]
Sign = Annotated[
    Path | None,
    typer.Option(
        "--sign",
        metavar="KEY",
        help="Key with a certificate: PKCS#12, PEM, or pkcs11:… for one in a token.",
        parser=o.named_path,
    ),
]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Signed report (default: the newest of the case).",
        parser=o.named_path,
    ),
]
Evidence = Annotated[
    list[str] | None,
    typer.Option("--evidence", metavar="NAME", help="Evidence of the case, or a folder of it."),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("package", help="Put report and evidence of a case into a signed container.")(
        package
    )


def package(
    folder: Folder,
    out: Out,
    sign: Sign = None,
    passphrase_fd: PassphraseFd = None,
    report: Report = None,
    evidence: Evidence = None,
    own_tsa: lasting.OwnTsa = None,
    own_tsa_fd: lasting.OwnTsaFd = None,
    tsa: lasting.Server = "",
    allow_network: lasting.Network = False,
    who: Who = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> int:
    """Write an ASiC-E container; ``workbench verify FILE --trust ROOT`` checks it."""
    from workbench.services import packaging, reports
    from workbench.store.handing import require_outside

    if sign is None:
        raise UsageError("Name your key: --sign KEY.")
    with opened(folder, who=who, write=True) as case:
        require_outside(case, out, force=force, inputs=filter(None, [sign, own_tsa, report]))
        asked = packaging.Asked(
            key=reports.signing_key(sign, passphrase(passphrase_fd, sign)),
            at=datetime.now(UTC).replace(microsecond=0),
            report=report,
            evidence=tuple(evidence or ()),
            stamper=lasting.stamper_of(own_tsa, own_tsa_fd, tsa, allow_network=allow_network),
            server=tsa,
        )
        with work() as (progress, cancel):
            made = packaging.write(case, out, asked, force=force, progress=progress, cancel=cancel)
    say(f"Package       {out}: {len(made.files):,} files")
    for name, digest in made.files.items():
        say(f"  {digest}  {name}")
    if made.left_out:
        say(f"Left out      {made.left_out:,} files of the evidence (--evidence NAME puts them in)")
    for server in made.network:
        say(f"Network       {server} was asked for a time stamp")
    say(f"Signed by     {asked.key.subject}")
    return 0
