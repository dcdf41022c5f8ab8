"""Find the files that add one thing each: a format, a verifier, a report section.

A plug-in is a module of a package that binds an agreed name (``READER``, ``VERIFIER``,
``SECTION``) to an object with an ``id``. Code is never loaded from a case, a settings folder
or evidence: only packages of this program are searched.
"""

from importlib import import_module
from importlib.util import find_spec
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
    modules = (
        import_module(f"{package}.{found.name}")
        for found in iter_modules(parent.__path__)
        if _may_bind(f"{package}.{found.name}", name)
    )
    found = sorted(
        (cast("PlugIn", getattr(m, name)) for m in modules if hasattr(m, name)),
        key=lambda p: p.id,
    )
    ids = [p.id for p in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"two plug-ins of {package} have the same id: {ids}")
    return tuple(found)


def _may_bind(module: str, name: str) -> bool:
    """Tell whether a module may bind ``name``: only then it is worth the time to load it."""
    spec = find_spec(module)
    source = None if spec is None else getattr(spec.loader, "get_source", _no_source)(module)
    return source is None or name in source


def _no_source(_module: str) -> None:
    """Return the source of a module that was shipped without one."""
