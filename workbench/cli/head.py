"""``workbench head``: state how long a log is and what its head is, and sign that."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.passphrase import PassphraseFd, passphrase


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("head", help="Sign the head of a log, so that nothing can be cut off it.")(head)


def head(
    log: Annotated[
        Path, typer.Argument(help="Hash-chained log.", metavar="LOG", parser=o.named_path)
    ],
    key: Annotated[
        Path,
        typer.Option("--key", metavar="FILE", help="Ed25519 private key.", parser=o.named_path),
    ],
    origin: Annotated[
        str, typer.Option("--origin", metavar="NAME", help="Name of the log: example.com/log.")
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="FILE", help="Head to write.", parser=o.named_path),
    ],
    passphrase_fd: PassphraseFd = None,
    profile: o.Profile = None,
    secret: o.Secret = None,
) -> int:
    """Verify the log as it is, then sign its number of records, root and last digest."""
    from workbench.services import sealing
    from workbench.verify.trust.anchors import load_trust

    with work() as (progress, cancel):
        written = sealing.sign_head(
            log,
            out,
            origin=origin,
            key=key,
            passphrase=passphrase(passphrase_fd, key),
            profile=profile,
            trust=load_trust((), secrets=secret or (), at=datetime.now(UTC)),
            progress=progress,
            cancel=cancel,
        )
    say(f"{written.path}: head of {written.records:,} records, profile {written.profile}.")
    say("Whoever checks it needs this verifier key, on another way than the log:")
    say(written.verifier_key)
    return 0
