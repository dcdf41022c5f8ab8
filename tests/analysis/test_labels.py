"""Consent, licence and sensitivity are read from what catalogs state, and from nothing else."""

import pytest

from tests.lineages import ns, thing
from workbench.analysis.labels import consents, labels, restricts
from workbench.model.event import Event, EventFlag, IndexedEvent, Outcome
from workbench.model.lineage_answer import Label, Labelled
from workbench.model.locator import Locator


def found(label: Label, **more: dict[str, str]) -> list[tuple[str, bool]]:
    """Return value and whether it restricts, of each label of a thing."""
    things = dict([thing("d", **more)])  # type: ignore[arg-type]
    return [(each.value, restricts(each)) for each in labels(things, label)]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"PII.Sensitive": ""}, [("PII.Sensitive", True)]),
        ({"PII_v1": ""}, [("PII_v1", True)]),
        ({"PersonalData.Personal": ""}, [("PersonalData.Personal", True)]),
        ({"PII.None": ""}, [("PII.None", False)]),
        ({"PII.NonSensitive": ""}, [("PII.NonSensitive", False)]),
        ({"sensitivity": "confidential"}, [("confidential", True)]),
        ({"contains_pii": "false"}, [("false", False)]),
        ({"image-classification": ""}, []),
        ({"personal-loans": ""}, []),
        ({"team": "Sensitive Systems"}, []),
    ],
)
def test_sensitivity_is_what_a_tag_says(tags, expected) -> None:
    assert found(Label.SENSITIVITY, tags=tags) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("tags", '[{"tagFQN":"PII.Sensitive"}]', [("PII.Sensitive", True)]),
        ("columns.0.tags", '[{"tagFQN":"PII.Sensitive"}]', [("PII.Sensitive", True)]),
        ("globalTags.tags", '[{"tag":"urn:li:tag:pii"}]', [("urn:li:tag:pii", True)]),
        ("dataset_confidentialityLevel", "red", [("red", True)]),
        ("dataset_confidentialityLevel", "clear", [("clear", False)]),
        ("dataset_hasSensitivePersonalInformation", "yes", [("yes", True)]),
        ("ai_useSensitivePersonalInformation", "no", [("no", False)]),
        ("classification", "public", [("public", False)]),
        ("tags", "[broken", []),
        ("description", '[{"tag":"pii"}]', []),
    ],
)
def test_sensitivity_is_what_a_field_says(name: str, value: str, expected) -> None:
    assert found(Label.SENSITIVITY, fields={name: value}) == expected


def test_a_tag_of_a_column_names_its_column() -> None:
    fields = {"columns.0.name": "email", "columns.0.tags": '["pii"]', "columns.1.name": "id"}
    (each,) = labels(dict([thing("d", fields=fields)]), Label.SENSITIVITY)
    assert (each.column, each.value, each.where) == ("email", "pii", "field columns.0.tags")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"consent": "withdrawn"}, [("withdrawn", True)]),
        ({"consent": "granted"}, [("granted", False)]),
        ({"consent": "no"}, [("no", True)]),
        ({"consent:withdrawn": ""}, [("consent:withdrawn", True)]),
        ({"consent_withdrawn": "true"}, [("true", True)]),
        ({"consent_withdrawn": "false"}, [("false", False)]),
        ({"ConsentStatus": "Revoked"}, [("Revoked", True)]),
        ({"status": "withdrawn"}, []),
    ],
)
def test_consent_is_what_a_tag_of_consent_says(tags, expected) -> None:
    assert found(Label.CONSENT, tags=tags) == expected


def test_a_licence_is_told_once_as_its_expression() -> None:
    more = {"tags": {"license": "mit"}, "fields": {"license_spdx": "MIT"}}
    assert found(Label.LICENCE, **more) == [("MIT", True)]
    assert found(Label.LICENCE, tags={"license": "other"}) == [("other", False)]
    assert found(Label.LICENCE, tags={"licence": "CC-BY-NC-4.0"}) == [("CC-BY-NC-4.0", True)]


def event(action: str, item: str, at: float, record: int, **more) -> IndexedEvent:
    place = Locator("audit.jsonl", record=record)
    return IndexedEvent(3, "", Event(place, ns(at), "", "ana", action, item, **more))


def test_the_last_record_of_consent_stands_by_the_time_that_it_claims() -> None:
    things = dict([thing("a"), thing("b"), thing("c")])
    events = [
        event("consent.withdrawn", "a", 5, 1),
        event("consent.granted", "a", 2, 2),
        event("ConsentRevoked", "b", 3, 3, flags=frozenset({EventFlag.BROKEN})),
        event("consent.granted", "b", 1, 4),
        event("consent.withdrawn", "c", 4, 5, outcome=Outcome.FAILURE),
        event("consent.withdrawn", "subject-17", 4, 6),
        event("model.deploy", "c", 4, 7),
    ]
    stated, unknown = consents(events, things)
    assert [(each.node[1], each.value, restricts(each)) for each in stated] == [
        ("b", "ConsentRevoked", True),
        ("a", "consent.withdrawn", True),
    ]
    assert "a broken record" in stated[0].where
    assert stated[1].place == Locator("audit.jsonl", record=1)
    assert unknown == 1


def test_what_the_auditor_states_always_restricts() -> None:
    assert restricts(Labelled((1, "d"), Label.CONSENT, "pending", "the auditor"))
