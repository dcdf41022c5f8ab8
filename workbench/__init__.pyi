# What ``import workbench`` gives, for type checkers: ``__init__.py`` finds it at first use, so that
# no room of the house below imports the API.
from workbench.api import Case as Case
from workbench.api import Dimension as Dimension
from workbench.api import Expectation as Expectation
from workbench.api import Indication as Indication
from workbench.api import Origin as Origin
from workbench.api import Period as Period
from workbench.api import Rows as Rows
from workbench.api import WorkbenchError as WorkbenchError
from workbench.api import diff as diff
from workbench.api import open as open  # noqa: A004 - workbench.open(path), as one says
from workbench.api import verify_evidence as verify_evidence
from workbench.api import verify_report as verify_report

__version__: str
