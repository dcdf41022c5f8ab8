"""A case, or evidence looked at as one, from Python: what commands say, read-only, as objects."""

import gc
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import AT, added, lines, new_case, plain_log, verified, written
from commands import CHECKOUT

import workbench
from workbench.model.contract import verification_to_json
from workbench.model.event import EventSort
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.services import investigation, reconciling
from workbench.services import verification as service

SAMPLE = CHECKOUT / "resources" / "sample"
REGISTRY = SAMPLE / "evidence" / "registry"
MODEL = SAMPLE / "evidence" / "models" / "credit-scoring-v7"
ROOT = f"model={SAMPLE / 'trust' / 'model-root.pem'}"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence") / "drop"
    folder.mkdir()
    LogBuilder("workbench").write(folder)
    written(folder, "plain.jsonl", lines(plain_log()))
    return folder


@pytest.fixture(scope="module")
def looked_at(evidence: Path) -> Iterator[workbench.Case]:
    with workbench.open(evidence) as case:
        yield case


@pytest.fixture(scope="module")
def registry() -> Iterator[workbench.Case]:
    with workbench.open(REGISTRY) as case:
        yield case


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))  # SQLite's, empty
    }


def test_a_verdict_is_the_one_that_the_command_gives(evidence: Path) -> None:
    request = VerifyRequest((evidence,), AT)
    asked = service.verify(request, progress=Silent(), cancel=Cancel())
    found = workbench.verify_evidence(evidence, at=AT)
    assert verification_to_json(found) == verification_to_json(asked)
    with workbench.open(evidence) as case:
        for _ in range(2):
            assert verification_to_json(case.verify(at=AT)) == verification_to_json(asked)


def test_trust_and_what_is_stated_are_heard(evidence: Path) -> None:
    found = workbench.verify_evidence(MODEL, trust=ROOT, at=AT)
    assert found.exit_code == 0
    assert workbench.verify_evidence(MODEL, at=AT).exit_code == 2
    log = evidence / "log.jsonl"
    short = workbench.verify_evidence(log, expect=workbench.Expectation(count=10**6))
    assert short.dimension(workbench.Dimension.COMPLETENESS).indication == "FAILED"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"required": "honesty"}, "required takes integrity"),
        ({"at": "soon"}, "soon is not a time"),
        ({"period": "2026"}, "2026 is not a period"),
        ({"expect": workbench.Expectation(head="12")}, "head takes a digest"),
        ({"trust": "log=nowhere.pem"}, "nowhere.pem"),
        ({"profile": "nobodys"}, "nobodys cannot be read"),
        ({"threshold": 0}, "At least one trusted signer"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    evidence: Path, looked_at: workbench.Case, asked, says: str
) -> None:
    with pytest.raises(workbench.WorkbenchError, match=says):
        workbench.verify_evidence(evidence, **asked)
    with pytest.raises(workbench.WorkbenchError, match=says):
        looked_at.verify(**asked)


def test_evidence_that_is_opened_stays_as_it_is_and_leaves_nothing(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    before = digests(evidence)
    with workbench.open(evidence) as case:
        case.verify(at=AT)
        assert [*private.iterdir()] != []
    assert [*private.iterdir()] == []
    case = workbench.open(evidence)
    del case
    gc.collect()
    assert [*private.iterdir()] == []
    with pytest.raises(workbench.WorkbenchError, match=r"nothing\.jsonl"):
        workbench.open(tmp_path / "nothing.jsonl")
    assert ([*private.iterdir()], digests(evidence)) == ([], before)


def test_a_case_that_is_kept_is_read_and_never_written(evidence: Path, tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, evidence)
        verified(case)
        folder = case.folder
        listed = investigation.Events(case, "action:deploy").page(first=0, count=100)
    before = digests(folder)
    for name in (folder, folder.with_suffix("")):
        with workbench.open(name) as opened:
            assert list(opened.events("action:deploy")) == listed
            assert [source.id for source in opened.sources] == [1, 2]
            assert opened.verify(at=AT).at == AT
            assert (opened.findings, opened.warning) == ((), "")
            kept = opened.verification
            assert kept is not None
    assert digests(folder) == before


def test_what_is_trusted_in_a_call_counts_in_a_case_that_is_kept(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, MODEL)
        folder = case.folder
    with workbench.open(folder) as opened:
        alone = opened.verify(at=AT)
        found = opened.verify(at=AT, trust=ROOT)
    which = workbench.Dimension.AUTHENTICITY
    assert alone.dimension(which).indication == "INDETERMINATE"
    assert found.dimension(which).indication == "PASSED"


def test_nothing_has_a_level_before_it_was_verified(evidence: Path) -> None:
    with workbench.open(evidence) as case:
        assert case.verification is None
        assert {row.event.level for row in case.events()} == {0}
        case.verify()
        assert {row.event.level for row in case.events()} == {0, 1}


def test_events_come_sorted_as_asked(looked_at: workbench.Case) -> None:
    found = [
        row.event.actor for row in looked_at.events("source:plain action:deploy", sort="actor")
    ]
    assert found == sorted(found)
    assert len(found) == 10
    with pytest.raises(workbench.WorkbenchError, match=", ".join(EventSort)):
        looked_at.events(sort="colour")
    with pytest.raises(workbench.WorkbenchError):
        looked_at.events("colour:red")


def test_a_closed_case_says_so(evidence: Path) -> None:
    case = workbench.open(evidence)
    rows = case.events()
    case.close()
    case.close()
    for ask in (lambda: case.sources, case.verify, case.lineage, lambda: list(rows)):
        with pytest.raises(workbench.WorkbenchError, match="closed"):
            ask()
    assert repr(case) == "<Case, closed>"
    assert "closed" in case._repr_html_()


def test_a_case_and_evidence_are_not_opened_as_one(evidence: Path, tmp_path: Path) -> None:
    folder = tmp_path / "no.case"
    folder.mkdir()
    for paths, says in ((("",), "empty"), ((), "nothing to open"), ((folder,), "not a case")):
        with pytest.raises(workbench.WorkbenchError, match=says):
            workbench.open(*paths)
    with pytest.raises(workbench.WorkbenchError, match="by itself"):
        workbench.open(folder, evidence)


def test_lineage_is_what_the_view_of_the_window_has(registry: workbench.Case) -> None:
    graph, view = registry.lineage("credit-scoring:8", up=2, down=1), None
    focus = registry.find("credit-scoring:8")
    view = registry._graph().view(focus, up=2, down=1)
    assert {(n, d["layer"]) for n, d in graph.nodes(data=True)} == {
        (node.id, node.layer) for node in view.nodes
    }
    carried = {edge for *_, d in graph.edges(data=True) for edge in d["edges"]}
    assert carried == set(view.edges)
    assert all(d["locators"] for *_, d in graph.edges(data=True))
    assert graph.graph["focus"] == focus
    everything = registry.lineage()
    assert set(graph) < set(everything)
    assert {d["layer"] for _, d in everything.nodes(data=True)} == {None}
    assert set(registry.lineage(focus, up=None, down=0)) == {
        focus, *registry._graph().graph.upstream(focus),
    }  # fmt: skip


def test_catalogs_are_held_against_logs_and_files(registry: workbench.Case) -> None:
    found = registry.reconcile()
    assert found == reconciling.reconcile(registry._store, cancel=Cancel())
    assert found.comparisons


def test_lineage_of_nothing_is_refused(registry: workbench.Case) -> None:
    for of in ("nobody", (1, "nobody")):
        with pytest.raises(workbench.WorkbenchError, match="nothing called"):
            registry.lineage(of)
    with pytest.raises(workbench.WorkbenchError, match="0 steps or more"):
        registry.lineage("credit-scoring:8", up=-1)


def test_a_date_means_the_end_of_that_day(registry: workbench.Case) -> None:
    assert registry.as_of("2026-05-28") == registry.as_of("2026-05-28T23:59:59.999999Z")
    with pytest.raises(workbench.WorkbenchError, match="is not a time"):
        registry.as_of("then")


def test_a_difference_of_two_exports_is_that_of_the_command(tmp_path: Path) -> None:
    data = (SAMPLE / "evidence" / "lineage" / "openlineage.ndjson").read_bytes()
    part = written(tmp_path, "part.ndjson", b"".join(data.splitlines(keepends=True)[:20]))
    whole = written(tmp_path, "whole.ndjson", data)
    found = workbench.diff(part, whole)
    with workbench.open(part, whole) as case:
        kept = case.diff(1, 2)
        with pytest.raises(workbench.WorkbenchError):
            case.diff(1, 3)
    assert found.differences
    assert len(kept.differences) == len(found.differences)


def test_a_report_that_is_none_is_an_error_with_a_sentence(evidence: Path) -> None:
    with pytest.raises(workbench.WorkbenchError, match="not a PDF"):
        workbench.verify_report(evidence / "plain.jsonl")
