"""``workbench trust``: whom a case trusts, for what, and how sure that is."""

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say
from workbench.cli.opening import Folder, Who, opened
from workbench.model.contract import time_to_json

if TYPE_CHECKING:
    from workbench.model.trust import TrustEntry

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="[ROLE=]FILE…",
        help="Keys, certificates, revocation lists, OCSP responses, lists of revoked keys or what "
        "aws cloudtrail list-public-keys prints, for: log model attestation tsa witness report ca.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Whom a case trusts.")
    group.command("add", help="Trust keys and certificates.")(add)
    group.command("list", help="List whom the case trusts.")(list_trusted)
    group.command("confirm", help="State that a fingerprint was compared out of band.")(confirm)
    group.command("remove", help="Trust a key no more.")(remove)
    app.add_typer(group, name="trust")


def add(folder: Folder, files: Files, who: Who = None) -> int:
    """Trust keys and print their fingerprints."""
    from workbench.services import trusting

    with opened(folder, who=who, write=True) as case:
        entries = trusting.add(case, files)
    for entry in entries:
        _show(entry)
    if not entries:
        say("Nothing new: the case trusts these keys already.")
    else:
        say("Compare each fingerprint on another way than the evidence came, then say so:")
        say(f"  workbench trust confirm {folder} HEX --how 'read out by telephone'")
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
    key: Annotated[
        str,
        typer.Argument(
            help="Its number in the list, or the start of its SHA-256.", metavar="N|HEX"
        ),
    ],
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
        say("   not confirmed")
    else:
        how = f": {entry.confirmed_how}" if entry.confirmed_how else ""
        say(f"   confirmed {time_to_json(entry.confirmed_at)}{how}")
