"""``workbench seal``: what the audited side does before it hands evidence over."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import lasting
from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import Of, belonging
from workbench.cli.passphrase import PassphraseFd, passphrase
from workbench.errors import UsageError
from workbench.model.stated import id_and_file
from workbench.output import require_apart

if TYPE_CHECKING:
    from workbench.model.trust import Trust
    from workbench.services import sealing
    from workbench.sign.keys import SigningKey

Folder = Annotated[
    Path,
    typer.Argument(
        help="Folder to seal; with --reply, a sealed one.", metavar="DIR", parser=o.named_path
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="NEW", help="Sealed folder to make.", parser=o.named_path),
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help="Key that signs: PEM or PKCS#12.", parser=o.named_path
    ),
]
LogKey = Annotated[
    Path | None,
    typer.Option(
        "--log-key",
        metavar="FILE",
        help="Ed25519 key (PEM, no passphrase) for heads of logs, where --key is another kind.",
        parser=o.named_path,
    ),
]
PublicKey = Annotated[
    Path | None,
    typer.Option(
        "--public-key",
        metavar="FILE",
        help="Write the public key here: what the auditor needs, on another way than the seal.",
        parser=o.named_path,
    ),
]
Reply = Annotated[
    Path | None,
    typer.Option(
        "--reply", metavar="FILE", help="Put an authority's answer (.tsr) in.", parser=o.named_path
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("seal", help="Seal a folder of evidence: lists, signature, heads of its logs.")(
        seal
    )


def seal(
    folder: Folder,
    out: Out = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="DIR itself becomes the sealed folder.")
    ] = False,
    key: Key = None,
    passphrase_fd: PassphraseFd = None,
    log_key: LogKey = None,
    origin: Annotated[
        str, typer.Option("--origin", metavar="NAME", help="Who seals: example.com.")
    ] = "sealed",
    public_key: PublicKey = None,
    profile: o.Profile = None,
    secret: o.Secret = None,
    tsq: lasting.Query = None,
    reply: Reply = None,
    own_tsa: lasting.OwnTsa = None,
    own_tsa_fd: lasting.OwnTsaFd = None,
    tsa: lasting.Server = "",
    allow_network: lasting.Network = False,
    of: Of = None,
) -> int:
    """Seal a folder, or put a time stamp into a sealed one; DIR is not changed unless asked."""
    from workbench.services import sealing
    from workbench.store.handing import require_outside

    if reply is not None:
        with belonging(of, asks=False) as case:
            place = sealing.stamped(folder, reply, case=case)
        say(f"{place}: the time stamp is in.")
        return 0
    to = _target(folder, out, in_place=in_place)
    if key is None:
        raise UsageError("Name the key that signs: --key FILE.")
    private = _private(key, log_key, own_tsa, secrets=secret)
    with belonging(of, asks=bool(tsa)) as case:
        sealing.require_sealable(folder, to, private=private, case=case)
        require_apart(to, tsq, public_key)
        require_outside(case, tsq, public_key, inputs=[folder, *private])
        asked = sealing.Asked(
            key=_key(key, passphrase_fd),
            at=datetime.now(UTC),
            origin=sealing.required_name(origin),
            trust=_secrets(secret),
            log_key=None if log_key is None else _key(log_key, None),
            in_place=in_place,
            stamper=lasting.stamper_of(own_tsa, own_tsa_fd, tsa, allow_network=allow_network),
            server=tsa,
            public_key=public_key,
            to_stamp=tsq,
            profile=profile,
        )
        with work() as (progress, cancel):
            made = sealing.seal(folder, to, asked, case=case, progress=progress, cancel=cancel)
    _show(made, asked)
    return 0


def _target(folder: Path, out: Path | None, *, in_place: bool) -> Path:
    if in_place is (out is not None):
        raise UsageError("Say where the sealed folder goes: -o NEW, or --in-place.")
    return folder if out is None else out


def _key(path: Path, descriptor: int | None) -> "SigningKey":
    from workbench.sign.keys import load_signing_key

    return load_signing_key(path, passphrase(descriptor, path))


def _private(*named: Path | None, secrets: list[str] | None) -> tuple[Path, ...]:
    """Return the files that are not handed over."""
    kept = (Path(id_and_file(text)[1]) for text in secrets or ())
    return (*filter(None, named), *kept)


def _secrets(secret: list[str] | None) -> "Trust":
    from workbench.verify.trust.anchors import load_trust

    return load_trust((), secrets=secret or (), at=datetime.now(UTC))


def _show(made: "sealing.Sealed", asked: "sealing.Asked") -> None:
    say(f"Sealed        {made.folder}: {made.files:,} files, {made.size:,} bytes")
    for name, count in made.heads.items():
        say(f"Head          {name}: {count:,} records")
    for remark in made.remarks:
        say(f"Note          {remark}")
    for server in made.network:
        say(f"Network       {server} was asked for a time stamp")
    say(f"Fingerprint   {asked.key.key_fingerprint}")
    if asked.public_key is not None:
        say(f"Key           {asked.public_key}  (give it to the auditor on another way)")
    if asked.to_stamp is not None:
        say(f"To be stamped {asked.to_stamp}  (workbench seal {made.folder} --reply FILE.tsr)")
