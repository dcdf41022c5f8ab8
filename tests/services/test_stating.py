"""What the auditor states of evidence later is kept, compared and told to the journal."""

import json
from datetime import UTC, datetime

import pytest

from workbench.errors import UsageError
from workbench.model.case import ControlTotalState, Custody, Engagement
from workbench.model.progress import Cancel, Silent
from workbench.services import cases


@pytest.fixture
def case(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("".join(f'{{"time": "2026-05-0{n}T00:00:00Z", "n": {n}}}\n' for n in (1, 2, 3)))
    with cases.create(tmp_path / "c", Engagement("C"), who="Ana") as made:
        cases.add_evidence(made, [log], progress=Silent(), cancel=Cancel())
        yield made


def test_custody_that_is_stated_later_is_kept_with_what_was_stated_before(case):
    custody = Custody("J. Okafor", datetime(2026, 7, 1, tzinfo=UTC), "USB drive", "Sealed")
    changes = cases.change_custody(case, 1, custody)
    assert changes.areas == {"sources", "journal"}
    assert cases.standing(case).deliveries[0].custody == custody
    entry = cases.journal_entries(case)[-1]
    assert (entry.act, entry.subject) == ("evidence.custody", "log.jsonl")
    told = json.loads(entry.detail)
    assert told["before"]["from"] == ""
    assert told["after"]["from"] == "J. Okafor"


def test_custody_of_a_delivery_that_is_not_there_is_refused(case):
    with pytest.raises(UsageError, match="no delivery 9"):
        cases.change_custody(case, 9, Custody())
    assert cases.journal_entries(case)[-1].act == "evidence.add"


def test_control_totals_that_are_stated_later_are_compared_with_what_was_counted(case):
    cases.state_totals(case, 1, {"events": 3, "runs": 7})
    (source,) = cases.standing(case).sources
    found = {total.name: total.state for total in source.totals}
    assert found == {"events": ControlTotalState.MATCH, "runs": ControlTotalState.NOT_COUNTED}
    cases.state_totals(case, 1, {"events": 4})
    (source,) = cases.standing(case).sources
    differs = {total.name: total.state for total in source.totals}
    assert differs["events"] is ControlTotalState.DIFFERS
    with pytest.raises(UsageError, match="at least one"):
        cases.state_totals(case, 1, {})
