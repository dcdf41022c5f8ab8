"""``workbench trust``: whom a case trusts, for what, and how sure that is."""

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.options import window_of
from workbench.errors import UsageError
from workbench.model.contract import time_to_json
from workbench.model.trust import AnchorKind

if TYPE_CHECKING:
    from workbench.model.trust import TrustEntry, TrustRole
    from workbench.verify.trust.identity import Identity

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE=]FILE…",
        help="Keys, certificates, revocation lists, OCSP responses, lists of revoked keys, what "
        "aws cloudtrail list-public-keys prints, or a trust store (YAML), for: log model "
        "attestation tsa witness report ca.",
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        "--identity",
        metavar="ID",
        help="Trust whoever signs with a Sigstore certificate of this subject alternative name, "
        "compared exactly; with --issuer.",
    ),
]
Issuer = Annotated[
    str | None,
    typer.Option("--issuer", metavar="URL", help="Who must have vouched for that identity."),
]
Role = Annotated[
    str | None,
    typer.Option("--role", metavar="ROLE", help="What the identity may sign: attestation, model."),
]
First = Annotated[str | None, typer.Option("--from", metavar="TIME", help="Trusted from then on.")]
Last = Annotated[
    str | None, typer.Option("--to", metavar="TIME", help="Trusted until then; a day counts whole.")
]
Source = Annotated[
    str, typer.Option("--source", metavar="TEXT", help="Where it came from (default: its path).")
]
Which = Annotated[
    str,
    typer.Argument(help="Its number in the list, or the start of its SHA-256.", metavar="N|HEX"),
]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Whom a case trusts.")
    group.command("add", help="Trust keys and certificates.")(add)
    group.command("show", help="Show one of them in full.")(show)
    group.command("list", help="List whom the case trusts.")(list_trusted)
    group.command("confirm", help="State that a fingerprint was compared out of band.")(confirm)
    group.command("remove", help="Trust a key no more.")(remove)
    app.add_typer(group, name="trust")


def add(
    folder: Folder,
    files: Files = None,
    identity: Name = None,
    issuer: Issuer = None,
    role: Role = None,
    first: First = None,
    last: Last = None,
    source: Source = "",
    who: Who = None,
) -> int:
    """Trust keys and identities and print their fingerprints."""
    from workbench.services import trusting

    named = _identity(files, identity, issuer, role)
    window = window_of(first, last)
    stated = trusting.Stated(*window, source)
    with opened(folder, who=who, write=True) as case:
        if named is None:
            entries = trusting.add(case, files or (), stated)
        else:
            entries = trusting.add_identity(case, named[0], role=named[1], stated=stated)
    for entry in entries:
        _show(entry)
    if not entries:
        say("Nothing new: the case trusts these keys already.")
    elif named is None and not all(entry.anchor.confirmed for entry in entries):
        say("Compare each fingerprint on another way than the evidence came, then say so:")
        say(f"  workbench trust confirm {folder} HEX --how 'read out by telephone'")
    return 0


def _identity(
    files: list[str] | None, identity: str | None, issuer: str | None, role: str | None
) -> "tuple[Identity, TrustRole | None] | None":
    """Return the identity that is to be trusted, and for what; None: files are.

    Raises:
        UsageError: neither is named, or both are, or a half of one.
    """
    from workbench.model.trust import TrustRole
    from workbench.verify.trust.identity import Identity

    if identity is None and issuer is None and role is None and files:
        return None
    if files or identity is None or issuer is None:
        raise UsageError(
            "Name files with their roles (ROLE=FILE), or one identity with --identity and --issuer."
        )
    if role is not None and role not in set(TrustRole):
        raise UsageError(f"--role takes {', '.join(TrustRole)}; not {role}.")
    return Identity(identity, issuer), None if role is None else TrustRole(role)


def show(folder: Folder, key: Which) -> int:
    """Print one key or identity in full."""
    from workbench.services import trusting

    with opened(folder, write=False) as case:
        entry = trusting.one(case, key)
        old = entry.anchor.out_of_date(case.clock())
    _show(entry)
    anchor = entry.anchor
    if anchor.key_fingerprint != anchor.fingerprint:
        say(f"   SHA-256 of its key {anchor.key_fingerprint}")
    if anchor.note_name is not None:
        say(f"   for notes of {anchor.note_name}")
    say(f"   added {time_to_json(entry.added)} by {entry.who}")
    if old:
        say(f"Warning: {old}")
    return 0


def list_trusted(folder: Folder) -> int:
    """Print whom the case trusts."""
    from workbench.services import trusting

    with opened(folder, write=False) as case:
        entries = trusting.trusted(case)
        old = trusting.warnings(case, at=case.clock())
    for entry in entries:
        _show(entry)
    for warning in old:
        say(f"Warning: {warning}")
    if not entries:
        say("This case trusts nobody yet.")
    return 0


def confirm(
    folder: Folder,
    fingerprint: Annotated[str, typer.Argument(help="SHA-256 of the key.", metavar="HEX")],
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help="How it was compared.")] = "",
    who: Who = None,
) -> int:
    """State that a fingerprint was compared."""
    from workbench.services import trusting

    with opened(folder, who=who, write=True) as case:
        for entry in trusting.confirm(case, fingerprint, how=how):
            _show(entry)
    return 0


def remove(
    folder: Folder,
    key: Which,
    who: Who = None,
) -> int:
    """Trust a key no more."""
    from workbench.services import trusting

    with opened(folder, who=who, write=True) as case:
        trusting.remove(case, key)
    say(f"Key {key} is trusted no more; that it once was stays on record.")
    return 0


def _show(entry: "TrustEntry") -> None:
    anchor = entry.anchor
    role = "any role, for the proof at hand only" if anchor.role is None else anchor.role.value
    say(f"{entry.id}  {anchor.name}  ({anchor.kind.value}, {role})")
    say(f"   SHA-256 {anchor.fingerprint}")
    if anchor.key_id:
        say(f"   called {anchor.key_id} by what it signs")
    if anchor.valid_from is not None or anchor.valid_to is not None:
        first, last = (
            time_to_json(moment) or "?" for moment in (anchor.valid_from, anchor.valid_to)
        )
        say(f"   {'made' if anchor.kind.revokes else 'valid'} {first}, to {last}")
    if anchor.source:
        say(f"   from {anchor.source}")
    if entry.confirmed_at is None:
        identity = anchor.kind is AnchorKind.IDENTITY
        say("   named by the auditor, compared exactly" if identity else "   not confirmed")
    else:
        how = f": {entry.confirmed_how}" if entry.confirmed_how else ""
        say(f"   confirmed {time_to_json(entry.confirmed_at)}{how}")
