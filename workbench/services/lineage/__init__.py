"""Lineage of a case: what a thing was made from, what rests on it, how far each step is proven.

The graph is read once (``read``) and asked often; it is as the case was then.
"""

from workbench.analysis.resting import Rest, Resting, RestKind
from workbench.model.lineage_answer import Carried, Connection, Label, LineageProblems, Reached
from workbench.services.lineage.answer_lines import lines
from workbench.services.lineage.answers import csv_lines, to_json
from workbench.services.lineage.carry import carry
from workbench.services.lineage.digraph import as_digraph
from workbench.services.lineage.export import Format, exported, told
from workbench.services.lineage.graph import Answer, CaseLineage, Impact, read, start
from workbench.services.lineage.naming import find, label, matching

__all__ = [
    "Answer",
    "Carried",
    "CaseLineage",
    "Connection",
    "Format",
    "Impact",
    "Label",
    "LineageProblems",
    "Reached",
    "Rest",
    "RestKind",
    "Resting",
    "as_digraph",
    "carry",
    "csv_lines",
    "exported",
    "find",
    "label",
    "lines",
    "matching",
    "read",
    "start",
    "to_json",
    "told",
]
