"""Ask for a passphrase: from a descriptor or at the terminal, never on the command line."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.interrupt import interrupts_reading
from workbench.errors import SigningError

PASSPHRASE_BYTES = 4096
_PIN = "PIN of the token: "

PassphraseFd = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        metavar="N",
        min=0,
        max=o.MOST_DESCRIPTOR,
        help="Read the passphrase from descriptor N.",
    ),
]


def passphrase(descriptor: int | None, key: Path) -> Callable[[], bytes]:
    """Return how to ask for the passphrase of a key, should it turn out to have one."""
    if descriptor is None:
        return lambda: _from_terminal(key)
    return lambda: _from_descriptor(descriptor)


def _is_token(key: Path) -> bool:
    return str(key).startswith("pkcs11:")


def _from_descriptor(descriptor: int) -> bytes:
    try:
        with interrupts_reading(), os.fdopen(descriptor, "rb") as stream:
            text = stream.read(PASSPHRASE_BYTES)
    except OSError as error:
        raise SigningError(
            f"The passphrase could not be read from descriptor {descriptor}: {error.strerror}."
        ) from error
    return text.rstrip(b"\r\n")


def _from_terminal(key: Path) -> bytes:
    if not sys.stdin.isatty():
        raise SigningError(
            f"{key} needs a passphrase or PIN: give it with --passphrase-fd N, or at a terminal."
        )
    try:
        with interrupts_reading():
            text = getpass.getpass(_PIN if _is_token(key) else f"Passphrase of {key.name}: ")
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the prompt stands on that line
        raise
    except EOFError:
        raise SigningError(f"{key} needs a passphrase, and none was given.") from None
    return text.encode("utf-8", "surrogateescape")
