"""``workbench ca``: a small certificate authority for teams that have none."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say
from workbench.cli.passphrase import PassphraseFd, passphrase

Folder = Annotated[
    Path, typer.Argument(help="Folder of the authority.", metavar="DIR", parser=o.named_path)
]
Name = Annotated[str, typer.Option("--name", metavar="TEXT", help="Name to put on it.")]

_HONEST = (
    "What it proves: that a key is of whom the keeper of this folder says. It is on no list of "
    "trusted providers: a reader gets the root's SHA-256 from you, by another way than the report."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.command("new", help="Make an authority: a root, and one below it that issues.")(new)
    group.command("issue", help="Issue a key for an auditor, a reviewer or a tsa.")(issue)
    group.command("revoke", help="Withdraw a certificate.")(revoke)
    group.command("lists", help="Write the revocation lists anew, before they are out of date.")(
        lists
    )
    app.add_typer(group, name="ca", help="A small certificate authority for teams without one.")


def new(folder: Folder, name: Name, passphrase_fd: PassphraseFd = None) -> int:
    """Make an authority in a new folder."""
    from workbench.services import authority

    ask = passphrase(passphrase_fd, folder / "keys")
    root = authority.new(folder, name, ask, now=_now())
    say(f"Authority     {folder}")
    say(f"Root          {folder / 'root.pem'}  (for whoever is to trust your reports)")
    say(f"Root SHA-256  {root}")
    say(f"Private keys  {folder / 'keys'}  (keep them on a medium of their own)")
    say(_HONEST)
    return 0


def issue(
    folder: Folder,
    holder: Annotated[
        str, typer.Option("--for", metavar="auditor|reviewer|tsa", help="Whom it is for.")
    ],
    name: Name,
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="FILE", help="PKCS#12 to write.", parser=o.named_path),
    ],
    passphrase_fd: PassphraseFd = None,
    new_passphrase_fd: Annotated[
        int | None,
        typer.Option(
            "--new-passphrase-fd",
            metavar="N",
            min=0,
            max=o.MOST_DESCRIPTOR,
            help="Read the new key's from descriptor N.",
        ),
    ] = None,
) -> int:
    """Write a new key with its certificate."""
    from workbench.errors import UsageError
    from workbench.services import authority

    if holder not in set(authority.Holder):
        raise UsageError(f"{holder} is none of {', '.join(authority.Holder)}.")
    made = authority.issue(
        folder,
        authority.Holder(holder),
        name,
        out,
        passphrase=passphrase(passphrase_fd, folder / "keys"),
        new_passphrase=passphrase(new_passphrase_fd, out),
        now=_now(),
    )
    say(f"Key           {made.key}")
    say(f"Certificate   {made.certificate}")
    say(f"SHA-256       {made.fingerprint}  (--expect {holder}=… of whoever verifies)")
    say(f"Root SHA-256  {made.root}")
    if holder == authority.Holder.TSA:
        say(
            "Its time stamps prove in which order things were signed, not when: you hold its clock."
        )
    return 0


def revoke(
    folder: Folder,
    certificate: Annotated[
        Path, typer.Argument(help="Certificate (PEM).", metavar="FILE", parser=o.named_path)
    ],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="key-compromise|left|superseded|unspecified",
            help="Why: after a compromise, nothing that it stamped counts.",
        ),
    ] = "unspecified",
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Withdraw a certificate and write the lists anew."""
    from workbench.errors import UsageError
    from workbench.services import authority

    if reason not in set(authority.RevocationReason):
        raise UsageError(f"{reason} is none of {', '.join(authority.RevocationReason)}.")
    authority.withdraw(
        folder,
        certificate,
        authority.RevocationReason(reason),
        passphrase=passphrase(passphrase_fd, folder / "keys"),
        now=_now(),
    )
    say(f"Withdrawn     {certificate}")
    say(f"List          {folder / 'issuing.crl'}  (hand it to whoever verifies: --trust FILE)")
    return 0


def lists(folder: Folder, passphrase_fd: PassphraseFd = None) -> int:
    """Write the revocation lists anew."""
    from workbench.services import authority

    ask = passphrase(passphrase_fd, folder / "keys")
    for path in authority.renew_lists(folder, passphrase=ask, now=_now()):
        say(f"List          {path}")
    return 0


def _now() -> datetime:
    return datetime.now(UTC)
