"""``workbench case backup``, ``restore`` and ``erase``: a case as one file, again, and gone."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.passphrase import PassphraseFd, passphrase
from workbench.errors import UsageError
from workbench.output import require_writable, write_whole

if TYPE_CHECKING:
    from workbench.services import cases

Out = Annotated[Path, typer.Argument(help="File to write.", metavar="FILE")]
Backup = Annotated[Path, typer.Argument(help="The backup.", metavar="FILE")]
New = Annotated[Path, typer.Argument(help="Folder of the new case.", metavar="DIR")]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="Encrypt it with a passphrase.")]
To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FILE",
        help="Encrypt it for the public keys in FILE (age1…), one a line.",
        parser=o.named_path,
    ),
]
Identity = Annotated[
    Path | None,
    typer.Option(
        "--identity", metavar="FILE", help="Private key that opens it.", parser=o.named_path
    ),
]


def backup(
    folder: Folder,
    out: Out,
    encrypt: Encrypt = False,
    to: To = None,
    passphrase_fd: PassphraseFd = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> int:
    """Write a backup and print its digests."""
    from workbench.services import cases

    lock = _lock(out, to, passphrase_fd, encrypt=encrypt or passphrase_fd is not None)
    with work() as (_, cancel), opened(folder, write=False) as case:
        made = cases.back_up(case, out, lock=lock, force=force, cancel=cancel)
    say(f"{out}: {made.entries:,} acts, head {made.head}.")
    for name, digest in made.files.items():
        say(f"  {digest}  {name}")
    if lock is not None:
        many = len(lock.recipients)
        say(f"Encrypted (age) {f'for keys: {many}' if many else 'with the passphrase'}.")
    say("Evidence is not in it, nor the index, which is made anew from evidence.")
    return 0


def _lock(
    out: Path, to: Path | None, descriptor: int | None, *, encrypt: bool
) -> "cases.Lock | None":
    from workbench.services import cases

    if to is not None and encrypt:
        raise UsageError("Encrypt it with a passphrase or for keys (--to), not both.")
    if to is not None:
        return cases.Lock(recipients=cases.recipients_in(to))
    return cases.Lock(passphrase=passphrase(descriptor, out)) if encrypt else None


def restore(
    file: Backup, folder: New, identity: Identity = None, passphrase_fd: PassphraseFd = None
) -> int:
    """Make a case of a backup."""
    from workbench.services import cases
    from workbench.store.case_store import named

    key = cases.Key(passphrase(passphrase_fd, file), identity)
    with work() as (progress, cancel):
        made = cases.restore(file, folder, key=key, progress=progress, cancel=cancel)
    say(f"{named(folder)}: {made.entries:,} acts, head {made.head}; every digest is as listed.")
    say("The index is not there yet; make it from the evidence:")
    say(f"  workbench case index {named(folder)}")
    return 0


def keys(
    out: Annotated[Path, typer.Argument(help="File for the private key.", metavar="FILE")],
) -> int:
    """Make a key that backups can be encrypted for."""
    from workbench.services import cases

    require_writable(out)
    private, public = cases.new_identity()
    write_whole(out, f"# public key: {public}\n{private}\n".encode(), private=True)
    say(f"Private key   {out}  (whoever has it opens the backups; there is no other copy)")
    say(f"Public key    {public}")
    return 0


def erase(
    folder: Folder,
    record: Annotated[
        Path,
        typer.Option(
            "--record", metavar="FILE", help="Record of the erasure.", parser=o.named_path
        ),
    ],
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="ID", help="Id of the case: this cannot be undone.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    who: Who = None,
) -> int:
    """Erase a case; the record names every file with its digest, and the journal goes with it."""
    from workbench.services import cases

    with work() as (_, cancel):
        gone = cases.erase(
            folder,
            record,
            confirm=confirm,
            reason=reason,
            who=who or cases.login(),
            cancel=cancel,
        )
    say(f"Erased        {folder}: {len(gone.files):,} files")
    say(f"Listing       SHA-256 {gone.listing}")
    say(f"Record        {record}, with the journal beside it")
    say("Not reached: the evidence, backups elsewhere, copies that an SSD or file system keeps.")
    return 0
