"""Find the files that add one thing each: a format, a verifier, a report section.

A plug-in is a module of a package that binds an agreed name (``READER``, ``VERIFIER``,
``SECTION``) to an object with an ``id``. Code is never loaded from a case, a settings folder
or evidence: only packages of this program are searched.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast


class PlugIn(Protocol):
    """Anything that can be discovered: it has an ``id`` that nothing else of its kind has."""

    @property
    def id(self) -> str:
        """Short, stable, unique name."""
        ...


def discover(package: str, name: str) -> tuple[PlugIn, ...]:
    """Return what the modules of ``package`` bind to ``name``, sorted by ``id``.

    Raises:
        ValueError: two modules claim the same id.
    """
    parent = import_module(package)
    modules = (import_module(f"{package}.{m.name}") for m in iter_modules(parent.__path__))
    found = sorted(
        (cast("PlugIn", getattr(m, name)) for m in modules if hasattr(m, name)),
        key=lambda p: p.id,
    )
    ids = [p.id for p in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"two plug-ins of {package} have the same id: {ids}")
    return tuple(found)
