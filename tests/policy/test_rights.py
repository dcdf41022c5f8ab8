"""Whether a model rests on restricted data has three answers; absence is never taken for clear."""

import pytest

from tests.lineages import K, lineage_of, ns, states, thing
from workbench.model.event import Event, IndexedEvent
from workbench.model.lineage_answer import Label
from workbench.model.locator import Locator
from workbench.policy.rights import Answer, Rights, rights_of

MODEL = (1, "m")
UNSEEN = "Not all that it was made from is in the evidence."


def answer(label: Label, *tags: dict[str, str], extra: tuple = (), events: tuple = ()) -> Answer:
    """Return the answer for a model made by one run from a data set for each of ``tags``."""
    data = [thing(f"d{n}", tags=each) for n, each in enumerate(tags)]
    read = [states("run", K.USED, f"d{n}") for n in range(len(tags))]
    made = states("run", K.GENERATED, "m")
    things = [*data, thing("run", "run"), thing("m", "model_version")]
    return rights_of(lineage_of(things, [*read, made, *extra]), events).rests(MODEL, label)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"consent": "withdrawn"}], True),
        ([{"consent": "granted"}, {"consent": "revoked"}], True),
        ([{"consent": "granted"}], False),
        ([{"consent": "granted"}, {"consent": "granted"}], False),
        ([{"consent": "granted"}, {}],
         "Not every data set that it was made from states its consent."),
        ([{}], "Not every data set that it was made from states its consent."),
        ([], UNSEEN),
    ],
)  # fmt: skip
def test_consent_is_withdrawn_given_or_not_known(tags, expected: Answer) -> None:
    assert answer(Label.CONSENT, *tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"license": "CC-BY-NC-4.0"}], True),
        ([{"license": "MIT"}], False),
        ([{"license": "MIT"}, {"license": "unknown"}],
         "Not every data set that it was made from states a licence."),
    ],
)  # fmt: skip
def test_a_licence_is_for_non_commercial_use_or_not_or_not_known(tags, expected: Answer) -> None:
    assert answer(Label.LICENCE, *tags) == expected


def test_what_nobody_describes_keeps_a_model_from_being_cleared() -> None:
    gone = states("run", K.USED, "gone")
    assert answer(Label.CONSENT, {"consent": "granted"}, extra=(gone,)) == UNSEEN
    assert answer(Label.CONSENT, {"consent": "withdrawn"}, extra=(gone,)) is True


def test_a_record_of_a_log_withdraws_what_a_catalog_says_was_given() -> None:
    place = Locator("audit.jsonl", record=3)
    event = Event(place, ns(1), "", "ana", "consent.withdrawn", "d0")
    found = (IndexedEvent(2, "", event),)
    assert answer(Label.CONSENT, {"consent": "granted"}, events=found) is True


def test_of_what_was_not_looked_at_nothing_is_known() -> None:
    assert Rights().rests(MODEL, Label.CONSENT) == UNSEEN
