"""What holds for every catalog that is one document, whatever its format."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drops import opened
from tests.formats.catalogs import Read, counted, read, read_subject
from tests.formats.leaves import leaves, lost, lost_of, misplaced, resolved
from workbench.errors import Cancelled
from workbench.evidence.limits import LIMITS
from workbench.evidence.subject import Subject
from workbench.formats.sniff import catalog_reader, recognise
from workbench.formats.table import sort_out
from workbench.model.progress import Cancel

DOCUMENTS = Path(__file__).parent / "documents"
#: Each format with a document that the real tool made.
MADE = {
    "statement": "statement.json",
    "dbt": "dbt-manifest.json",
    "ro-crate": "ro-crate-metadata.json",
    "prov-json": "prov.json",
    "huggingface-config": "huggingface-config.json",
    "model-card": "model-card-0.0.2.json",
    "croissant": "croissant-1.0.json",
    "openmetadata": "openmetadata.json",
    "datahub": "datahub.json",
    "cyclonedx": "cyclonedx-1.6.json",
    "spdx": "spdx-3.0.1.json",
}
#: Of documents with something else in two places, for each format.
EXAMPLES = 12
#: What may stand where something else should.
JUNK = st.sampled_from(
    [
        None, True, 0, 1.5, -7, "", "x", "é\u202e", [], {}, [None], ["x"], [[]], [{}], {"": {}},
        {"@id": []}, {"name": {"name": []}}, [1, "x", {"type": []}], "urn:li:(", "urn:li:a:(b",
    ]
)  # fmt: skip


def document(format_id: str) -> Any:
    return json.loads((DOCUMENTS / MADE[format_id]).read_bytes())


def read_as(format_id: str, path: Path) -> Read:
    """Read a file as a format, whatever it is recognised as."""
    with opened(path) as drop:
        (file,) = drop.files
        return read_subject(Subject(file.path, file.member, format_id, (file,)))


def read_value(format_id: str, folder: Path, value: Any) -> Read:
    path = folder / "x.json"
    path.write_text(json.dumps(value))
    return read_as(format_id, path)


@pytest.fixture(params=MADE)
def format_id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_document_is_told_by_its_content(format_id: str, tmp_path: Path) -> None:
    data = (DOCUMENTS / MADE[format_id]).read_bytes()
    for name, content in (
        ("x", data),
        ("x.txt", b"\xef\xbb\xbf" + data),
        ("x.json", data[: len(data) * 3 // 4]),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with opened(path) as drop:
            assert recognise(drop.files[0], ()).format == format_id, name


def test_nothing_of_a_document_is_lost(format_id: str) -> None:
    path = DOCUMENTS / MADE[format_id]
    found = read(path)
    assert lost(path, found) == []
    assert misplaced(document(format_id), found) == []


def test_every_place_leads_somewhere(format_id: str) -> None:
    value, found = document(format_id), read(DOCUMENTS / MADE[format_id])
    for record in (*found.things.values(), *found.relations):
        resolved(value, record.locator.pointer or "")


def test_every_end_of_a_made_document_is_there_or_shown_as_missing(format_id: str) -> None:
    found = read(DOCUMENTS / MADE[format_id])
    assert found.relations
    assert all(r.subject and r.object for r in found.relations)


def test_export_says_what_it_cannot_show(format_id: str) -> None:
    reader = catalog_reader(format_id)
    assert reader is not None
    said = counted(DOCUMENTS / MADE[format_id]).account.cannot_show
    assert said
    assert all(not sentence[:1].isupper() and not sentence.endswith(".") for sentence in said)


def test_cut_off_document_is_a_problem_with_its_place(format_id: str, tmp_path: Path) -> None:
    data = (DOCUMENTS / MADE[format_id]).read_bytes()
    path = tmp_path / "x.json"
    path.write_bytes(data[: len(data) * 2 // 3])
    found = read(path)
    assert found.codes() == ["MALFORMED_SOURCE"]
    assert found.problems[0].locator.offset is not None


def test_name_that_stands_twice_is_told_and_the_rest_is_read(
    format_id: str, tmp_path: Path
) -> None:
    data = (DOCUMENTS / MADE[format_id]).read_bytes()
    brace = data.index(b"{") + 1
    twice = data[:brace] + b'"planted": "one", "planted": "two", ' + data[brace:]
    path = tmp_path / "x.json"
    path.write_bytes(twice)
    found = read(path)
    assert found.codes()[0] == "DUPLICATE_NAME"
    assert found.problems[0].locator.offset == twice.index(b'"planted": "two"')
    assert lost(path, found) == []
    assert len(found.relations) == len(read(DOCUMENTS / MADE[format_id]).relations)


def test_document_over_a_limit_is_not_read(format_id: str, tmp_path: Path) -> None:
    path = DOCUMENTS / MADE[format_id]
    assert read(path, limits=replace(LIMITS, document=99)).codes() == ["LIMIT_EXCEEDED"]
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    value = document(format_id)
    (value[0] if isinstance(value, list) else value)["planted"] = deep
    assert read_value(format_id, tmp_path, value).codes() == ["LIMIT_EXCEEDED"]


def test_reading_stops_at_a_wish(format_id: str) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        read(DOCUMENTS / MADE[format_id], cancel=cancel)


def test_evidence_is_not_changed_and_reads_the_same_twice(format_id: str) -> None:
    path = DOCUMENTS / MADE[format_id]
    before = path.read_bytes()
    assert read(path) == read(path)
    assert path.read_bytes() == before


@cache
def places(format_id: str) -> list[str]:
    """Return the pointer of every value in a document but of the document itself."""
    return list(_below(document(format_id)))


def _below(value: Any, pointer: str = "") -> Iterator[str]:
    inner: Iterator[tuple[str, Any]] = iter(())
    if isinstance(value, dict):
        names = (name.replace("~", "~0").replace("/", "~1") for name in value)
        inner = zip(names, value.values(), strict=True)
    elif isinstance(value, list):
        inner = ((str(n), v) for n, v in enumerate(value))
    for name, below in inner:
        yield f"{pointer}/{name}"
        yield from _below(below, f"{pointer}/{name}")


def planted(value: Any, pointer: str, junk: Any) -> Any:
    """Return a document with something else at a place."""
    changed = json.loads(json.dumps(value))
    above, _, last = pointer.rpartition("/")
    holder = resolved(changed, above)
    name = last.replace("~1", "/").replace("~0", "~")
    holder[int(name) if isinstance(holder, list) else name] = junk
    return changed


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=EXAMPLES,
    deadline=None,
)
@given(data=st.data())
def test_whatever_stands_anywhere_is_told_and_never_a_traceback(
    format_id: str, tmp_path: Path, data: st.DataObject
) -> None:
    whole = document(format_id)
    pointer = data.draw(st.sampled_from(places(format_id)))
    value = planted(whole, pointer, data.draw(JUNK))
    second = data.draw(st.sampled_from(places(format_id)))
    if not second.startswith(pointer) and not pointer.startswith(second):
        value = planted(value, second, data.draw(JUNK))
    found = read_value(format_id, tmp_path, value)
    assert lost_of(value, found) == []


def test_leaves_that_nothing_tells_are_found() -> None:
    path = DOCUMENTS / MADE["cyclonedx"]
    found = read(path)
    poorer = replace(found, things=dict(list(found.things.items())[1:]))
    assert lost(path, poorer)
    assert len(list(leaves(document("cyclonedx")))) == 80


def test_records_one_a_line_are_no_document(format_id: str, tmp_path: Path) -> None:
    value = document(format_id)
    line = json.dumps(value[0] if isinstance(value, list) else value)
    path = tmp_path / "x.jsonl"
    path.write_text(f"{line}\n{line}\n")
    with opened(path) as drop:
        (subject,) = sort_out(drop, ()).subjects
        assert subject.format != format_id
