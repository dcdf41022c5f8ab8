"""An export of Atlas is one source, whatever it lies in, and is held against what it states."""

import json
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands import workbench
from tests.drops import opened
from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.leaves import lost_of
from tests.formats.test_documents import JUNK, planted
from workbench.formats.table import sort_out
from workbench.model.catalog import AttributeGroup, Lifecycle, RelationKind, ThingKind

Files = dict[str, Any]
FIRST = "entity/t1"


def item(guid: str, kind: str, **attributes: Any) -> dict[str, Any]:
    return {"typeName": kind, "guid": guid, "status": "ACTIVE", "attributes": attributes}


def refers(guid: str) -> dict[str, str]:
    return {"guid": guid, "typeName": "x"}


def whole() -> Files:
    column = item("c1", "hive_column", name="income", table=refers("t1"))
    other = item("c2", "hive_column", name="ratio", table=refers("t2"))
    first = item("t1", "hive_table", name="raw", owner="risk", db=refers("d"))
    second = item("t2", "hive_table", name="clean", db=refers("d")) | {"status": "DELETED"}
    first["classifications"] = [{"typeName": "PII", "propagate": True}]
    flow = item("p", "hive_process", name="clean it", inputs=[refers("t1")], outputs=[refers("t2")])
    columns = item("l", "hive_column_lineage", inputs=[refers("c1")], outputs=[refers("c2")])
    columns["attributes"]["depenendencyType"] = "SIMPLE"
    referred: dict[str, dict[str, Any]] = {"t1": {"c1": column}, "t2": {"c1": column, "c2": other}}
    entities = [item("d", "hive_db", name="lake"), first, second, flow, columns]
    metrics = {"entity:hive_table": 2, "entity:hive_column": 2, "entity:withExtInfo": 5}
    return {
        **{
            f"{e['guid']}.json": {"entity": e, "referredEntities": referred.get(e["guid"], {})}
            for e in entities
        },
        "atlas-typesdef.json": {
            "enumDefs": [],
            "classificationDefs": [],
            "entityDefs": [{"name": "hive_process", "superTypes": ["Process"]}],
        },
        "atlas-export-info.json": {
            "request": {},
            "userName": "admin",
            "metrics": {**metrics, "duration": 5},
            "operationStatus": "SUCCESS",
        },
        "atlas-export-order.json": [e["guid"] for e in entities],
    }


def packed(folder: Path, files: Files) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in files.items():
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            archive.writestr(name, data)
    return path


def told(folder: Path, **changed: Any) -> Read:
    files = whole() | {f"{name.replace('_', '-')}.json": v for name, v in changed.items()}
    return read(packed(folder, {name: v for name, v in files.items() if v is not None}))


def test_export_is_one_source_and_counted(tmp_path: Path) -> None:
    path = packed(tmp_path, whole())
    found = counted(path)
    assert found.counts == {
        "artifacts": {"collection": 1, "column": 2, "dataset": 2, "document": 3},
        "jobs": 2,
        "relations": {"used": 1, "generated": 2, "member-of": 4},
        "column_relations": 1,
    }
    assert found.problems == ()
    totals = found.account.control_totals
    assert (totals["entity files"], totals["processes"], totals["userName"]) == (5, 2, "admin")


def test_archive_itself_is_what_is_judged(tmp_path: Path) -> None:
    path = packed(tmp_path, whole())
    (source,) = json.loads(workbench("inspect", path, "--json").stdout)["sources"]
    assert (source["format"], source["bytes"]) == ("atlas", path.stat().st_size)
    (judged,) = json.loads(workbench("verify", path, "--json").stdout)["sources"]
    assert judged["integrity"]["code"] == "UNPROTECTED"
    assert judged["sha256"] == source["sha256"]


def test_unpacked_export_is_one_source_too(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, value in whole().items():
        (folder / name).write_text(json.dumps(value))
    with opened(folder) as drop:
        (subject,) = sort_out(drop, ()).subjects
        assert (subject.path, len(subject.files)) == ("export", 8)
    assert counted(folder).counts == counted(packed(tmp_path, whole())).counts


def test_nothing_of_an_export_is_lost(tmp_path: Path) -> None:
    found = told(tmp_path)
    for name, value in whole().items():
        assert lost_of(value, found) == [], name


def test_table_has_tags_owner_and_state(tmp_path: Path) -> None:
    found = told(tmp_path)
    table = found.things[FIRST]
    assert (table.type, table.name, table.owner) == ("dataset", "raw", "risk")
    assert pairs(table.attributes, AttributeGroup.TAG) == [("PII", "")]
    assert found.things["entity/t2"].lifecycle is Lifecycle.DELETED
    assert found.things[FIRST].locator.member == "t1.json"


def test_process_and_columns_are_lineage(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert found.things["entity/p"].kind is ThingKind.JOB
    assert ("entity/p", FIRST) in found.edges(RelationKind.USED)
    (columns,) = (r for r in found.relations if r.columns)
    assert (columns.subject, columns.object) == ("entity/t2", FIRST)
    assert (columns.columns, columns.transformation) == (("ratio", "income"), "SIMPLE")


def test_entity_that_is_not_there_is_missed(tmp_path: Path) -> None:
    found = told(tmp_path, t2=None)
    assert found.codes() == ["TOTALS_DISAGREE"] * 3
    assert {p.locator.member for p in found.problems} == {
        "atlas-export-info.json",
        "atlas-export-order.json",
    }
    assert ("entity/p", "entity/t2") in found.edges(RelationKind.GENERATED)


def test_export_without_its_info_says_so(tmp_path: Path) -> None:
    found = told(tmp_path, atlas_export_info=None)
    assert any("info is missing" in sentence for sentence in found.account.cannot_show)


def test_export_that_failed_says_so(tmp_path: Path) -> None:
    info = whole()["atlas-export-info.json"] | {"operationStatus": "PARTIAL_SUCCESS"}
    found = told(tmp_path, atlas_export_info=info)
    assert any("PARTIAL_SUCCESS" in sentence for sentence in found.account.cannot_show)


def test_two_words_on_one_entity_are_a_contradiction(tmp_path: Path) -> None:
    second = whole()["t2.json"]
    second["referredEntities"]["c1"] = item("c1", "hive_column", name="changed")
    found = told(tmp_path, t2=second)
    assert found.codes() == ["CONTRADICTION"]
    assert lost_of(second, found) == []


def test_damaged_file_does_not_hide_the_others(tmp_path: Path) -> None:
    damaged = b'{"entity": {"typeName": "x"}, "referredEntities": '
    found = counted(packed(tmp_path, whole() | {"p.json": damaged}))
    assert [str(p.code) for p in found.problems] == ["MALFORMED_SOURCE", "TOTALS_DISAGREE"]
    assert found.counts["artifacts"]["dataset"] == 2  # type: ignore[index]


def test_types_that_are_each_other_end(tmp_path: Path) -> None:
    ring = [{"name": "a", "superTypes": ["b"]}, {"name": "b", "superTypes": ["a"]}]
    types = {"enumDefs": [], "classificationDefs": [], "entityDefs": ring}
    entity = {"entity": item("z", "a", name="z"), "referredEntities": {}}
    found = told(tmp_path, atlas_typesdef=types, z=entity)
    assert found.things["entity/z"].type == "entity"


PLACES = ["/entity", "/entity/attributes", "/entity/guid", "/entity/typeName", "/entity/status"]
PLACES += ["/entity/classifications", "/entity/attributes/db", "/referredEntities"]
PLACES += ["/referredEntities/c1", "/referredEntities/c1/attributes/table"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None
)
@given(pointer=st.sampled_from(PLACES), junk=JUNK)
def test_whatever_stands_in_an_entity_is_told(tmp_path: Path, pointer: str, junk: Any) -> None:
    changed = whole()["t1.json"]
    value = planted(changed, pointer, junk)
    if pointer == "/entity":
        value["entity"] = {"typeName": "hive_table", "attributes": junk}
    assert lost_of(value, told(tmp_path, t1=value)) == []
