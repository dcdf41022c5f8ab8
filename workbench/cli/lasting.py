"""Options of all commands that sign or stamp a report."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.passphrase import passphrase
from workbench.errors import UsageError
from workbench.model.stated import role_and_file

if TYPE_CHECKING:
    from workbench.services import reports
    from workbench.sign.time_stamp import Stamper

Sign = Annotated[
    Path | None,
    typer.Option(
        "--sign",
        metavar="KEY",
        help="Key to sign the report with: PKCS#12, PEM, or pkcs11:… for one in a token.",
        parser=o.named_path,
    ),
]
LevelText = Annotated[
    str | None,
    typer.Option("--level", metavar="B-B|B-T|B-LT|B-LTA", help="PAdES level (default B-B)."),
]
OwnTsa = Annotated[
    Path | None,
    typer.Option(
        "--own-tsa",
        metavar="KEY",
        help="Time-stamping key of your own: proves an order, no time.",
        parser=o.named_path,
    ),
]
OwnTsaFd = Annotated[
    int | None,
    typer.Option(
        "--own-tsa-fd",
        metavar="N",
        min=0,
        max=o.MOST_DESCRIPTOR,
        help="Read its passphrase from descriptor N.",
    ),
]
Server = Annotated[
    str, typer.Option("--tsa", metavar="URL", help="Time-stamping server (RFC 3161) to ask.")
]
Network = Annotated[
    bool, typer.Option("--allow-network", help="Allow the network for that server, once.")
]
Query = Annotated[
    Path | None,
    typer.Option(
        "--tsq",
        metavar="FILE",
        help="Write a query for a time stamp, to take to another machine.",
        parser=o.named_path,
    ),
]
Lists = Annotated[
    list[Path] | None,
    typer.Option(
        "--crl",
        metavar="FILE",
        help="Revocation list, OCSP response or certificate to put in (B-LT).",
        parser=o.named_path,
    ),
]

Meaning = Annotated[
    str, typer.Option("--meaning", metavar="TEXT", help="What your signature means.")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The texts of these options, as typed."""

    level: str | None = None
    own_tsa: Path | None = None
    own_tsa_fd: int | None = None
    server: str = ""
    network: bool = False
    query: Path | None = None
    lists: list[Path] | None = None
    trust: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        named = (Path(role_and_file(text)[1]) for text in self.trust)
        return (*filter(None, [self.own_tsa]), *(self.lists or ()), *named)


def over_all(
    own_tsa: Path | None,
    own_tsa_fd: int | None,
    server: str,
    *,
    network: bool,
    lists: list[Path] | None,
    trust: list[str] | None,
) -> Asked:
    """Return what is asked for a time stamp over all of a report, where somebody here stamps."""
    level = "B-LTA" if own_tsa or server else None
    return Asked(level, own_tsa, own_tsa_fd, server, network, None, lists, tuple(trust or ()))


def lasting_of(asked: Asked) -> "reports.Lasting":
    """Return what is asked for.

    Raises:
        UsageError: the level is none.
        SigningError: the time-stamping key cannot be opened.
    """
    from workbench.model.report_signature import Level
    from workbench.services import reports

    stamps = bool(asked.own_tsa or asked.server)
    text = (asked.level or (Level.T if stamps else Level.B)).upper()
    level = text if text.startswith("B-") else f"B-{text}"
    if level not in set(Level):
        raise UsageError(f"{asked.level} is none of the levels {', '.join(Level)}.")
    own = None
    if asked.own_tsa is not None:
        own = reports.signing_key(asked.own_tsa, passphrase(asked.own_tsa_fd, asked.own_tsa))
    return reports.Lasting(
        level=Level(level),
        own_stamper=own,
        server=asked.server,
        network=asked.network,
        query=asked.query,
        lists=tuple(asked.lists or ()),
        trust=asked.trust,
    )


def stamper_of(
    own: Path | None, descriptor: int | None, server: str, *, allow_network: bool
) -> "Stamper | None":
    """Return who stamps what is no report, or None.

    Raises:
        UsageError: what was asked for contradicts itself.
        SigningError: the time-stamping key cannot be opened.
    """
    from workbench.sign.keys import load_signing_key
    from workbench.sign.stampers import stamper_of

    key = None if own is None else load_signing_key(own, passphrase(descriptor, own))
    return stamper_of(key, server, network=allow_network, clock=lambda: datetime.now(UTC))
