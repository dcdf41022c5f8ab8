"""Where the files live that ship with the program: profiles, schemas, fonts, help, the sample."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the resources folder: beside the package in a checkout, inside it in a wheel."""
    packed = _HERE / "_resources"
    return packed if packed.is_dir() else _HERE.parent / "resources"


def path(*parts: str) -> Path:
    """Return the path of one resource, given its parts below the resources folder."""
    return root().joinpath(*parts)
