"""What the auditor says of two things is an act of the journal, and the last act holds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import added, again, new_case, written

from workbench.errors import UsageError
from workbench.model.alternate import Crossing, Ruled
from workbench.model.lineage import NodeId
from workbench.model.progress import Cancel
from workbench.services import alternates, cases, lineage
from workbench.store.case_store import CaseStore

SHA = "ab" * 32


def crate(*named: tuple[str, str]) -> bytes:
    """Return a crate of files: (id, SHA-256)."""
    entities: list[dict[str, object]] = [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
         "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}},
        {"@id": "./", "@type": "Dataset", "name": "crate"},
        *({"@id": name, "@type": "File", "name": name, "sha256": digest} for name, digest in named),
    ]  # fmt: skip
    context = "https://w3id.org/ro/crate/1.1/context"
    return json.dumps({"@context": context, "@graph": entities}).encode()


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    drop = tmp_path / "drop"
    written(drop, "a/ro-crate-metadata.json", crate(("train.csv", SHA), ("same.csv", "cd" * 32)))
    written(drop, "b/ro-crate-metadata.json", crate(("learn.csv", SHA), ("same.csv", "ef" * 32)))
    with new_case(tmp_path) as opened:
        added(opened, drop)
        yield opened


def every(case: CaseStore) -> alternates.Linked:
    return alternates.every(case, cancel=Cancel())


def the_sure_one(case: CaseStore) -> tuple[NodeId, NodeId]:
    (link,) = [each for each in every(case).links if each.is_sure]
    return link.one, link.other


def journal(case: CaseStore) -> list[str]:
    return [e.act for e in cases.journal_entries(case) if e.act.startswith("alternate.")]


def test_the_last_act_holds_also_when_the_case_is_opened_again(case: CaseStore) -> None:
    pair = the_sure_one(case)
    alternates.part(case, *pair, reason="another year")
    alternates.confirm(case, *reversed(pair), reason="no, the same")
    with again(case) as opened:
        link = next(each for each in every(opened).links if each.one == pair[0])
        assert link.ruling is not None
        assert (link.ruling.ruled, link.ruling.reason) == (Ruled.CONFIRMED, "no, the same")
        alternates.undo(opened, *pair, reason="a slip")
        assert {each.ruling for each in every(opened).links} == {None}
        assert journal(opened) == ["alternate.part", "alternate.confirm", "alternate.undo"]


def test_two_that_nothing_links_are_one_where_the_auditor_says_so(case: CaseStore) -> None:
    one, other = the_sure_one(case)
    stranger = (other[0], "entity/same.csv")
    alternates.confirm(case, one, stranger, reason="the client says so")
    link = next(each for each in alternates.of(case, one).links if each.other == stranger)
    assert (link.likenesses, link.is_sure) == ((), True)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_no_act_goes_without_a_reason(case: CaseStore, reason: str) -> None:
    with pytest.raises(UsageError, match="Say why"):
        alternates.confirm(case, *the_sure_one(case), reason=reason)
    assert not journal(case)


def test_what_is_not_there_is_not_spoken_of(case: CaseStore) -> None:
    one, other = the_sure_one(case)
    for ends in ((one, (other[0], "none")), ((9, "x"), other), (one, one)):
        with pytest.raises(UsageError):
            alternates.confirm(case, *ends, reason="x")
    with pytest.raises(UsageError, match="Nothing was said"):
        alternates.undo(case, one, other, reason="x")
    assert not journal(case)


def test_the_links_of_one_thing_are_those_of_the_whole(case: CaseStore) -> None:
    alternates.part(case, *the_sure_one(case), reason="another year")
    links = every(case).links
    ends = {node for link in links for node in (link.one, link.other)}
    assert len(links) > 1
    for end in ends:
        assert alternates.of(case, end).links == every(case).found.of(end)


def reached(case: CaseStore, crossing: Crossing) -> set[NodeId]:
    graph = lineage.read(case, crossing=crossing)
    return {node.id for node in graph.view((1, "entity/train.csv"), up=0, down=0).nodes}


def test_lineage_follows_what_is_surely_one_thing(case: CaseStore) -> None:
    one, other = the_sure_one(case)
    seen = {crossing: reached(case, crossing) for crossing in Crossing}
    assert other not in seen[Crossing.NONE]
    assert other in seen[Crossing.SURE] & seen[Crossing.ALL]
    alternates.part(case, one, other, reason="another year")
    assert all(other not in reached(case, crossing) for crossing in Crossing)
