"""Lineage of a case: what a thing was made from, what rests on it, how far each step is proven.

The graph is read once (``read``) and asked often; it is as the case was then.
"""

from workbench.services.lineage.export import Format, exported, told
from workbench.services.lineage.graph import CaseLineage, Impact, Reached, read, start
from workbench.services.lineage.naming import find, label, matching
from workbench.services.lineage.resting import Rests, resting_on

__all__ = [
    "CaseLineage",
    "Format",
    "Impact",
    "Reached",
    "Rests",
    "exported",
    "find",
    "label",
    "matching",
    "read",
    "resting_on",
    "start",
    "told",
]
