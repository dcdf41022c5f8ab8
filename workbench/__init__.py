"""Audit Workbench: prove what an export of an ML catalog or audit log can prove, offline.

From Python: ``workbench.open(path)`` and what ``dir(workbench)`` lists (``workbench.api``), loaded
at first use; how to use it is in resources/help/python.md.
"""

from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Dimension",
    "Expectation",
    "Indication",
    "Origin",
    "Period",
    "Rows",
    "WorkbenchError",
    "diff",
    "open",
    "verify_evidence",
    "verify_report",
]


def __getattr__(name: str) -> object:
    """Return a part of the API; loading it only now keeps commands quick to start."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("workbench.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
