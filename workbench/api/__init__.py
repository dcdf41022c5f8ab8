"""The product from Python: the same services as window and command line, the same objects.

``import workbench`` gives all of it. Nothing here prints, exits, or writes to a case or to
evidence; what cannot be done is a ``WorkbenchError`` with one sentence. It is made for notebooks:
what stands in a cell shows itself as a table, evidence as plain text.
"""

from workbench.api import notebook
from workbench.api.asking import verify_evidence, verify_report
from workbench.api.case import Case, diff, opened
from workbench.api.rows import Rows
from workbench.errors import WorkbenchError
from workbench.model.expectation import Expectation, Origin, Period
from workbench.model.verdict import Dimension, Indication

open = opened  # noqa: A001 - workbench.open(path), as one says

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

notebook.register()
