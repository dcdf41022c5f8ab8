"""Lineage of a case: what a thing was made from, what rests on it, how far each step is proven.

The graph is read once (``read``) and asked often; it is as the case was then.
"""

from workbench.analysis.resting import Rest, Resting, RestKind, with_blast_radius
from workbench.model.lineage_answer import Reached
from workbench.services.lineage.export import Format, exported, told
from workbench.services.lineage.graph import CaseLineage, Impact, read, start
from workbench.services.lineage.naming import find, label, matching

__all__ = [
    "CaseLineage",
    "Format",
    "Impact",
    "Reached",
    "Rest",
    "RestKind",
    "Resting",
    "exported",
    "find",
    "label",
    "matching",
    "read",
    "start",
    "told",
    "with_blast_radius",
]
