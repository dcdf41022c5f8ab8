"""A bill in XML says what its JSON says; what XML of strangers may not do is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, pairs, read
from workbench.model.catalog import AttributeGroup, RelationKind, Thing

SPACE = "http://cyclonedx.org/schema/bom/1.7"
BILL = """
<metadata><component type="application" bom-ref="app"><name>scoring</name></component></metadata>
<components>
  <component type="machine-learning-model" bom-ref="model">
    <supplier><name>Credit Lab</name></supplier>
    <group>risk</group><name>scorer</name><version>7</version>
    <hashes><hash alg="SHA-256">DIGEST</hash></hashes>
    <licenses><license><id>Apache-2.0</id></license><expression>MIT OR X</expression></licenses>
    <purl>pkg:mlflow/scorer@7</purl>
    <pedigree><ancestors>
      <component type="machine-learning-model" bom-ref="base"><name>base</name></component>
    </ancestors></pedigree>
    <modelCard bom-ref="card">
      <modelParameters>
        <datasets>
          <ref>data</ref>
          <dataset bom-ref="inline"><type>dataset</type><name>holdout</name></dataset>
        </datasets>
      </modelParameters>
      <quantitativeAnalysis><performanceMetrics>
        <performanceMetric><type>AUC</type><value>0.81</value></performanceMetric>
      </performanceMetrics></quantitativeAnalysis>
      <properties><property name="approved_by">m.okafor</property></properties>
    </modelCard>
  </component>
  <component type="data" bom-ref="data"><name>credit 2026</name></component>
</components>
<dependencies>
  <dependency ref="app"><dependency ref="model"/></dependency>
  <dependency ref="model"><provides ref="data"/></dependency>
</dependencies>
<formulation><formula><workflows><workflow bom-ref="flow"><uid>u</uid><name>train</name>
  <inputs><input><resource><ref>data</ref></resource><parameters>
    <parameter><name>seed</name><value>7</value></parameter></parameters></input></inputs>
  <outputs><output><resource><ref>model</ref></resource></output></outputs>
  <timeEnd>2026-01-01T00:00:00Z</timeEnd>
</workflow></workflows></formula></formulation>
""".replace("DIGEST", "ab" * 32)
TWIN: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.7",
    "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "scoring"}},
    "components": [
        {
            "type": "machine-learning-model",
            "bom-ref": "model",
            "supplier": {"name": "Credit Lab"},
            "group": "risk",
            "name": "scorer",
            "version": "7",
            "hashes": [{"alg": "SHA-256", "content": "ab" * 32}],
            "licenses": [{"license": {"id": "Apache-2.0"}}, {"expression": "MIT OR X"}],
            "purl": "pkg:mlflow/scorer@7",
            "pedigree": {
                "ancestors": [{"type": "machine-learning-model", "bom-ref": "base", "name": "base"}]
            },
            "modelCard": {
                "bom-ref": "card",
                "modelParameters": {
                    "datasets": [
                        {"ref": "data"},
                        {"bom-ref": "inline", "type": "dataset", "name": "holdout"},
                    ]
                },
                "quantitativeAnalysis": {"performanceMetrics": [{"type": "AUC", "value": "0.81"}]},
                "properties": [{"name": "approved_by", "value": "m.okafor"}],
            },
        },
        {"type": "data", "bom-ref": "data", "name": "credit 2026"},
    ],
    "dependencies": [
        {"ref": "app", "dependsOn": ["model"]},
        {"ref": "model", "provides": ["data"]},
    ],
    "formulation": [
        {
            "workflows": [
                {
                    "bom-ref": "flow",
                    "uid": "u",
                    "name": "train",
                    "inputs": [
                        {
                            "resource": {"ref": "data"},
                            "parameters": [{"name": "seed", "value": "7"}],
                        }
                    ],
                    "outputs": [{"resource": {"ref": "model"}}],
                    "timeEnd": "2026-01-01T00:00:00Z",
                }
            ]
        }
    ],
}


def told(folder: Path, inner: str, *, before: str = '<?xml version="1.0"?>') -> Read:
    path = folder / "bom.xml"
    path.write_text(f'{before}\n<bom xmlns="{SPACE}" version="1">{inner}</bom>')
    return read(path)


def essence(thing: Thing) -> tuple[object, ...]:
    """Return what a thing says, without where it stands."""
    said = sorted((a.group, a.name, a.value) for a in thing.attributes)
    return thing.kind, thing.type, thing.name, thing.version, thing.owner, thing.uri, said


def test_bill_says_the_same_in_both_forms(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(TWIN))
    one, other = told(tmp_path, BILL), read(path)
    keys = one.things.keys() - {"document"}
    assert keys == other.things.keys() - {"document"}
    assert {k: essence(one.things[k]) for k in keys} == {k: essence(other.things[k]) for k in keys}
    assert {(r.kind, r.subject, r.object, r.role) for r in one.relations} == {
        (r.kind, r.subject, r.object, r.role) for r in other.relations
    }
    assert one.codes() == other.codes() == ["UNKNOWN_LICENCE"]
    assert one.account.version == other.account.version == "1.7"
    assert one.account.control_totals == other.account.control_totals


def test_every_place_is_a_path_in_the_xml(tmp_path: Path) -> None:
    found = told(tmp_path, BILL)
    model = found.things["ref/model"]
    assert model.locator.pointer == "/bom/components[1]/component[1]"
    (digest,) = [a for a in model.attributes if a.group is AttributeGroup.DIGEST]
    assert digest.pointer.startswith("/bom/components[1]/component[1]/hashes[1]/hash[1]")
    (tag,) = [a for a in model.attributes if a.name == "approved_by"]
    assert tag.pointer.endswith("/modelCard[1]/properties[1]/property[1]")
    (used,) = [r for r in found.relations if r.kind is RelationKind.USED]
    assert used.locator.pointer is not None
    assert used.locator.pointer.endswith("/input[1]/resource[1]/ref[1]")
    (doubt,) = found.problems
    assert doubt.locator.pointer is not None
    assert doubt.locator.pointer.endswith("/licenses[1]/expression[1]")


def test_what_the_schema_does_not_know_is_kept(tmp_path: Path) -> None:
    inner = (
        '<components note="n"><component type="data" bom-ref="d"><name>x</name>'
        '<e:own xmlns:e="urn:x" e:a="1">kept<b/>tail</e:own><tags>loose<tag>t</tag></tags>'
        "</component></components>"
    )
    found = told(tmp_path, inner)
    said = str([(a.name, a.value) for t in found.things.values() for a in t.attributes])
    assert all(word in said for word in ("kept tail", "urn:x", "loose", "'components@note', 'n'"))


def test_attribute_and_element_of_one_name_are_both_kept(tmp_path: Path) -> None:
    inner = (
        '<components><component type="data"><type>two</type><name>x</name></component></components>'
    )
    (thing,) = [t for t in told(tmp_path, inner).things.values() if t.name == "x"]
    assert ("type#", "two") in pairs(thing.attributes, AttributeGroup.FIELD)


def test_list_that_stands_twice_is_told_with_its_place_and_all_of_it_is_read(
    tmp_path: Path,
) -> None:
    hashes = '<hashes><hash alg="SHA-256">{}</hash></hashes>'
    inner = (
        f'<components note="n"><component type="data" bom-ref="a"><name>a</name>'
        f"{hashes.format('ab' * 32)}{hashes.format('cd' * 32)}</component></components>"
        '<components note="m"><component type="data" bom-ref="b"><name>b</name></component>'
        "</components>"
    )
    found = told(tmp_path, inner)
    assert {"ref/a", "ref/b"} <= found.things.keys()
    assert found.things["ref/b"].locator.pointer == "/bom/components[2]/component[1]"
    digests = pairs(found.things["ref/a"].attributes, AttributeGroup.DIGEST)
    assert {value for _, value in digests} >= {"ab" * 32, "cd" * 32}
    again = {p.locator.pointer for p in found.problems if p.code == "DUPLICATE_NAME"}
    assert again == {"/bom/components[2]", "/bom/components[1]/component[1]/hashes[2]"}
    said = str([(a.name, a.value) for t in found.things.values() for a in t.attributes])
    assert "('components@note', 'n')" in said
    assert "('components@note#', 'm')" in said


def test_element_that_stands_twice_is_told_with_its_place_in_the_xml(tmp_path: Path) -> None:
    inner = "".join(f"<metadata><timestamp>{n}</timestamp></metadata>" for n in "xy")
    found = told(tmp_path, inner)
    assert [problem.locator.pointer for problem in found.problems] == ["/bom/metadata[1]"]
    said = str([(a.name, a.value) for t in found.things.values() for a in t.attributes])
    assert """[{"timestamp":"x"},{"timestamp":"y"}]""" in said


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("inner", "before", "word"),
    [
        ("&b;", BOMB, "declares"),
        ("", '<!DOCTYPE b SYSTEM "file:///etc/passwd">', "declares"),
        ("&x;", '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "declares"),
        ("&x;", "", "well-formed"),
        ("<components>", "", "well-formed"),
        ("\x01", "", "well-formed"),
        ("<a>" * 150 + "</a>" * 150, "", "nested"),
        ("<a/>" * 300_000, "", "elements"),
    ],
)
def test_what_xml_of_strangers_may_not_do_is_refused(
    tmp_path: Path, inner: str, before: str, word: str
) -> None:
    found = told(tmp_path, inner, before=before)
    assert len(found.codes()) == 1
    assert word in found.problems[0].message
    assert not found.things


@pytest.mark.parametrize("inner", ["", "<components/>", "<components><ref/></components>", "x"])
def test_bill_that_holds_nothing_is_read(tmp_path: Path, inner: str) -> None:
    assert "MALFORMED_SOURCE" not in told(tmp_path, inner).codes()
