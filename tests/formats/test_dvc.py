"""A lock tells what each stage read and wrote, by path and digest."""

from pathlib import Path

import pytest

from tests.drops import opened
from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.leaves import lost_of, misplaced
from tests.formats.test_documents import DOCUMENTS
from workbench.evidence.strict_yaml import load_yaml
from workbench.formats.sniff import recognise
from workbench.model.catalog import AttributeGroup, RelationKind

LOCK, DATA = DOCUMENTS / "dvc.lock", DOCUMENTS / "applications.csv.dvc"
FEATURES = "data/features/fd5f6faef4b41df8fe71237fa7e1d88f.dir"


@pytest.fixture(scope="module")
def lock() -> Read:
    return read(LOCK)


def told(folder: Path, text: str | bytes, name: str = "dvc.lock") -> Read:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path)


def test_lock_is_counted() -> None:
    found = counted(LOCK)
    assert found.counts == {
        "artifacts": {"code": 2, "dataset": 3, "document": 1},
        "jobs": 2,
        "relations": {"used": 2, "generated": 2},
    }
    assert found.account.control_totals == {"stages": 2, "inputs": 4, "outputs": 2}
    assert found.account.version == "2.0"


@pytest.mark.parametrize("path", [LOCK, DATA])
def test_nothing_of_a_file_is_lost(path: Path) -> None:
    value, found = load_yaml(path.read_bytes(), what="x"), read(path)
    assert lost_of(value, found) == []
    assert misplaced(value, found) == []


def test_stage_hands_its_output_to_the_next(lock: Read) -> None:
    assert ("stage/clean", FEATURES) in lock.edges(RelationKind.GENERATED)
    assert ("stage/train", FEATURES) in lock.edges(RelationKind.USED)
    assert lock.things["data/train.py/8d5a6e9bbecfabb2007b43fd56fd8ccd"].type == "code"


def test_stage_has_its_command_and_parameters(lock: Read) -> None:
    stage = lock.things["stage/train"]
    assert pairs(stage.attributes, AttributeGroup.PARAM) == [("model.C", "1.1"), ("seed", "7")]
    assert stage.values(AttributeGroup.FIELD, "cmd") == ("python train.py",)


def test_md5_is_weak_and_that_of_a_folder_is_a_digest(lock: Read) -> None:
    assert set(lock.codes()) == {"WEAK_DIGEST"}


def test_stage_that_read_another_content_is_a_contradiction(tmp_path: Path) -> None:
    text = LOCK.read_text()
    last = text.rindex("fd5f6faef4b41df8fe71237fa7e1d88f")
    found = told(tmp_path, text[:last] + "0" * 32 + text[last + 32 :])
    assert "CONTRADICTION" in found.codes()
    assert ("stage/train", FEATURES) not in found.edges(RelationKind.USED)


def test_data_file_is_a_data_set_and_comes_of_its_import(tmp_path: Path) -> None:
    (data,) = read(DATA).things.values()
    assert (data.type, data.name, data.version) == ("dataset", "applications.csv", "6eebc009ce26")
    text = "deps:\n- path: raw.csv\n  md5: " + "a" * 32 + "\n" + DATA.read_text()
    found = told(tmp_path, text, "x.csv.dvc")
    assert found.edges(RelationKind.DERIVED_FROM) == {(data.key, f"data/raw.csv/{'a' * 32}")}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("  a: &x {cmd: y}", "MALFORMED_SOURCE"),
        ("  a: {cmd: y}\n  a: {cmd: y}", "MALFORMED_SOURCE"),
        ("  a: [", "MALFORMED_SOURCE"),
        ("  a: {deps: [{md5: x}]}", "NO_KEY"),
        ("  a: {deps: [x, [y]]}", "MALFORMED_RECORD"),
        ("  a: {deps: y, params: [z], outs: {path: p}}", "MALFORMED_VALUE"),
        ("  a: {outs: [{path: p, md5: nothing}]}", "NOT_A_DIGEST"),
    ],
)
def test_what_is_wrong_with_a_lock_is_a_problem(tmp_path: Path, wrong: str, code: str) -> None:
    text = f"schema: '2.0'\nstages:\n{wrong}\n"
    found = told(tmp_path, text)
    assert code in found.codes()
    if code != "MALFORMED_SOURCE":
        assert lost_of(load_yaml(text.encode(), what="x"), found) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docker.yaml", "stages:\n  a: b\n"),
        ("x.yaml", "schema: '2.0'\nother:\n"),
        ("x.dvc", "outs: x\n"),
        ("x.yaml", "outs:\n- md5: x\n"),
    ],
)
def test_other_yaml_is_none(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format == "unknown"
