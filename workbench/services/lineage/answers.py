"""Answers to questions about lineage as documents and as rows; each edge with its evidence."""

from collections.abc import Iterator

from workbench.evidence.text import csv_line
from workbench.model import schema
from workbench.model.contract import Json, locator_to_json
from workbench.model.lineage import NodeId, kind_of
from workbench.model.lineage_answer import (
    Carried,
    Connection,
    Contradiction,
    Labelled,
    LineageProblems,
    Step,
    Touched,
)
from workbench.model.moment import text_of
from workbench.services.lineage.export import as_of_to_json, edge_to_json, id_to_json, told
from workbench.services.lineage.graph import Answer, CaseLineage, Impact


def to_json(lineage: CaseLineage, answer: Answer) -> dict[str, Json]:
    """Return an answer as a document."""
    head: dict[str, Json] = {"schema": schema.LINEAGE_ANSWER, "stale": lineage.stale or None}
    return head | {"as_of": as_of_to_json(lineage.cut)} | _body(lineage, answer)


def _body(lineage: CaseLineage, answer: Answer) -> dict[str, Json]:
    match answer:
        case Connection():
            return _connection(answer)
        case Impact():
            return _impact(lineage, answer)
        case LineageProblems():
            return _problems(answer)
        case Carried():
            return _carried(answer)


def csv_lines(lineage: CaseLineage, answer: Answer) -> Iterator[str]:
    """Yield the things of an answer as rows: what, how far, by what."""
    yield csv_line(("source", "key", "kind", "name", "steps", "label", "by", "evidence"))
    for node, steps, label, by, evidence in _rows(lineage, answer):
        kind = kind_of(lineage.things.get(node))
        yield csv_line((*node, kind, lineage.name(node), steps, label, by, evidence))


_Row = tuple[NodeId, int, str, str, str]


def _rows(lineage: CaseLineage, answer: Answer) -> Iterator[_Row]:
    match answer:
        case Connection():
            for steps in (answer.steps, *answer.ways):
                for number, step in enumerate(steps, 1):
                    row = told(lineage, step.edge)
                    yield step.end, number, row.status, row.relation, row.evidence
        case Impact():
            for each in answer.reached:
                yield each.id, each.steps, "", "", ""
        case LineageProblems():
            yield from _problem_rows(answer)
        case Carried():
            for touched in answer.touched:
                where = touched.labelled
                yield (
                    touched.id, len(touched.steps), where.value, lineage.name(where.node),
                    f"{where.where} {where.place or ''}".rstrip(),
                )  # fmt: skip


def _problem_rows(found: LineageProblems) -> Iterator[_Row]:
    kinds = (("orphan", found.orphans), ("no origin", found.originless),
             ("no data", found.dataless))  # fmt: skip
    for word, nodes in kinds:
        for node in nodes:
            yield node, 0, word, "", ""
    for each in found.dangling:
        places = [str(place) for edge in each.edges for place in edge.locators[:1]]
        yield each.id, 0, "dangling", "", places[0] if places else ""
    for group in found.cycles:
        for node in group:
            yield node, 0, "circle", "", ""
    for clash in found.contradictions:
        place = str(clash.edge.locators[0]) if clash.edge.locators else ""
        yield clash.edge.head, 1, "time order", clash.why, place


def _step(step: Step) -> Json:
    ends: dict[str, Json] = {"start": id_to_json(step.start), "end": id_to_json(step.end)}
    return ends | {"edge": edge_to_json(step.edge)}


def _connection(found: Connection) -> dict[str, Json]:
    return {
        "question": "path",
        "start": id_to_json(found.start),
        "end": id_to_json(found.end),
        "steps": [_step(step) for step in found.steps],
        "shared": None if found.shared is None else id_to_json(found.shared),
        "shared_is": None if found.shared is None else _side(found),
        "ways": [[_step(step) for step in steps] for steps in found.ways],
    }


def _side(found: Connection) -> str:
    return "upstream" if found.is_made_from else "downstream"


def _impact(lineage: CaseLineage, found: Impact) -> dict[str, Json]:
    return {
        "question": "impact",
        "of": id_to_json(found.of),
        "counts": dict(found.counts()),
        "reached": [
            {"thing": id_to_json(each.id), "kind": kind_of(each.thing),
             "name": lineage.name(each.id), "steps": each.steps}
            for each in found.reached
        ],
    }  # fmt: skip


def _problems(found: LineageProblems) -> dict[str, Json]:
    return {
        "question": "problems",
        "orphans": [id_to_json(node) for node in found.orphans],
        "originless": [id_to_json(node) for node in found.originless],
        "dataless": [id_to_json(node) for node in found.dataless],
        "cycles": [[id_to_json(node) for node in group] for group in found.cycles],
        "dangling": [
            {"thing": id_to_json(each.id), "edges": [edge_to_json(edge) for edge in each.edges]}
            for each in found.dangling
        ],
        "contradictions": [_contradiction(each) for each in found.contradictions],
        "compared": found.compared,
        "untimed": found.untimed,
    }


def _contradiction(found: Contradiction) -> Json:
    return {
        "edge": edge_to_json(found.edge),
        "before": text_of(found.before),
        "after": text_of(found.after),
        "why": found.why,
    }


def _carried(found: Carried) -> dict[str, Json]:
    return {
        "question": "carry",
        "label": found.label.value,
        "origins": [_labelled(each) for each in found.origins],
        "held": [_labelled(each) for each in found.held],
        "touched": [_touched(each) for each in found.touched],
        "doubts": list(found.doubts),
    }


def _labelled(found: Labelled) -> dict[str, Json]:
    return {
        "thing": id_to_json(found.node),
        "value": found.value,
        "column": found.column or None,
        "where": found.where,
        "place": None if found.place is None else locator_to_json(found.place),
        "pointer": found.pointer or None,
    }


def _touched(found: Touched) -> Json:
    return {
        "thing": id_to_json(found.id),
        "by": _labelled(found.labelled),
        "steps": [_step(step) for step in found.steps],
    }
