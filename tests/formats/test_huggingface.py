"""A card tells a model or data set with what it names; settings tell their base model."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.drops import opened
from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.test_documents import DOCUMENTS
from workbench.evidence.limits import LIMITS
from workbench.formats.sniff import recognise
from workbench.formats.table import sort_out
from workbench.model.catalog import AttributeGroup, RelationKind

CARD = DOCUMENTS / "huggingface-card.md"
MODEL = "registered_model/letter-reader"
DATA = "dataset/aldermoor%2Fletters"
DATASET_CARD = b"---\nlicense: mit\ntask_categories:\n- image-segmentation\n---\n# Scans\n"


@pytest.fixture(scope="module")
def card() -> Read:
    return read(CARD)


def told(folder: Path, data: bytes, name: str = "README.md") -> Read:
    path = folder / name
    path.write_bytes(data)
    return read(path)


def test_model_is_what_the_card_says(card: Read) -> None:
    model = card.things[MODEL]
    assert (model.type, model.name) == ("registered_model", "letter-reader")
    tags = pairs(model.attributes, AttributeGroup.TAG)
    assert tags == [("license", "aldermoor-1.0"), ("letters", "")]
    assert pairs(model.attributes, AttributeGroup.METRIC) == [("accuracy", "0.91")]
    (text,) = model.values(AttributeGroup.FIELD, "card_text")
    assert text.startswith("# letter reader")
    revision = "model-index.0.results.0.dataset.revision"
    assert model.values(AttributeGroup.FIELD, revision)


def test_card_names_its_data_and_base(card: Read) -> None:
    assert card.edges(RelationKind.DERIVED_FROM) == {
        (MODEL, DATA),
        (MODEL, "registered_model/google-bert%2Fbert-base-uncased"),
    }
    assert card.edges(RelationKind.EVALUATED_ON) == {(MODEL, DATA)}


def test_own_licence_is_a_doubt(card: Read) -> None:
    assert card.codes() == ["UNKNOWN_LICENCE"]


def test_card_of_a_data_set_is_one(tmp_path: Path) -> None:
    found = told(tmp_path, DATASET_CARD.replace(b"\n", b"\r\n"))
    assert [(t.type, t.name) for t in found.things.values()] == [("dataset", "Scans")]
    assert found.codes() == []


@pytest.mark.parametrize(
    "text",
    [
        "# no card",
        "---\n[]\n---\n",
        "---\n{card_data}\n---\n",
        "---\ntitle: a page\nlayout: post\nlicense: mit\n---\n",
        "",
    ],
)
def test_page_without_names_of_a_card_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "README.md"
    path.write_text(text)
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format == "unknown"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (b"datasets: &a [x]\nlicense: mit", "MALFORMED_SOURCE"),
        (b"license: mit\nlicense: mit\ndatasets: x", "MALFORMED_SOURCE"),
        (b"datasets: !!python/object:os.system x", "MALFORMED_SOURCE"),
        (b"datasets: [" + b"[" * 90, "MALFORMED_SOURCE"),
        (b"datasets: '\xff'", "MALFORMED_SOURCE"),
        (b"license: [{a: b}]\ndatasets: {x: y}", "MALFORMED_VALUE"),
        (b"license: mit\nmodel-index: [{results: [{metrics: []}]}]", "MALFORMED_VALUE"),
        (b"license: mit\ndatasets: x\n---\n\xff", "MALFORMED_VALUE"),
    ],
)
def test_what_is_wrong_with_a_card_is_a_problem(tmp_path: Path, wrong: bytes, code: str) -> None:
    assert code in told(tmp_path, b"---\n" + wrong + b"\n---\n# x\n").codes()


def test_card_over_the_limit_is_not_read(tmp_path: Path) -> None:
    limits = replace(LIMITS, yaml=10)
    assert read(CARD, limits=limits).codes() == ["MALFORMED_SOURCE"]


def test_settings_name_their_base_model() -> None:
    found = read(DOCUMENTS / "huggingface-config.json")
    model = found.things["model/aldermoor%2Fletter-reader"]
    assert ("hidden_size", "768") in pairs(model.attributes, AttributeGroup.PARAM)
    assert ("layer_norm_eps", "1e-12") in pairs(model.attributes, AttributeGroup.PARAM)
    assert found.edges(RelationKind.DERIVED_FROM) == {
        (model.key, "model/google-bert%2Fbert-base-uncased")
    }


def test_card_and_settings_do_not_part_the_folder_of_a_model(tmp_path: Path) -> None:
    folder = tmp_path / "drop" / "reader"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    for name in ("huggingface-card.md", "huggingface-config.json"):
        target = {"huggingface-card.md": "README.md"}.get(name, "config.json")
        (folder / target).write_bytes((DOCUMENTS / name).read_bytes())
    with opened(tmp_path / "drop") as drop:
        subjects = {s.path.rpartition("/")[2]: s for s in sort_out(drop, ()).subjects}
    assert {name: s.format for name, s in subjects.items()} == {
        "reader": "model",
        "README.md": "huggingface",
        "config.json": "huggingface-config",
    }
    assert len(subjects["reader"].files) == 3


def test_card_is_counted() -> None:
    assert counted(CARD).counts == {"artifacts": {"registered_model": 1}}
