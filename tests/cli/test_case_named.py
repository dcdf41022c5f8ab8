"""Where a command names a case, its evidence stays as it is and its journal says who was asked."""

import json
import shutil
from pathlib import Path

import pytest
from kept import NEVER, contents, laid_out
from tsa import server

from workbench.cli.edge import run
from workbench.services import cases


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("place"))


COUNTERSIGN = ("countersign", "r.pdf", "--sign", "rita.pem", "--trust", "root.pem")
SEAL = ("seal", "export", "--key", "k.pem")
PART = ("case", "subset", "audit.case", "--things", "")

#: What would write into the evidence of ``audit.case``.
ACTS = {
    "countersign": (*COUNTERSIGN, "-o", "outer/drop/o.pdf"),
    "query of it": (*COUNTERSIGN, "-o", "o.pdf", "--tsq", "outer/drop/sub/q.tsq"),
    "query": ("timestamp", "r.pdf", "--tsq", "outer/drop/q.tsq"),
    "stamp": ("timestamp", "r.pdf", "--reply", "a.tsr", "-o", "outer/drop/s.pdf"),
    "renew": ("renew", "r.pdf", "--own-tsa", "k.pem", "-o", "outer/drop/s.pdf"),
    "seal": (*SEAL, "-o", "outer/drop/new"),
    "seal in place": ("seal", "outer/drop", "--key", "k.pem", "--in-place"),
    "seal around it": ("seal", "outer", "--key", "k.pem", "--in-place"),
    "public key": (*SEAL, "-o", "new", "--public-key", "outer/drop/p.pem"),
    "query of a seal": (*SEAL, "-o", "new", "--tsq", "outer/drop/q.tsq"),
    "answer": ("seal", "sealed", "--reply", "a.tsr"),
}
#: Commands of a case itself.
OF_CASE = {
    "lineage": ("lineage", "audit.case", "--all", "--format", "json", "-o", "outer/drop/l.json"),
    "journal": ("case", "journal", "audit.case", "--export", "outer/drop/j.jsonl"),
    "backup": ("case", "backup", "audit.case", "outer/drop/b.zip"),
    "part": (*PART, "-o", "outer/drop/p", "--mapping", "m"),
    "names": (*PART, "-o", "p", "--mapping", "outer/drop/m"),
    "package": ("package", "audit.case", "-o", "outer/drop/p.asice", "--sign", "rita.pem"),
    "report": ("report", "audit.case", "-o", "outer/drop/r.pdf"),
    "beside the reports": ("report", "audit.case", "-o", "audit.case/r.pdf"),
}


@pytest.mark.parametrize("act", [*ACTS, *OF_CASE])
def test_no_command_writes_into_the_evidence_of_the_case_it_names(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    monkeypatch.chdir(place)
    command = OF_CASE.get(act) or (*ACTS[act], "--case", "audit.case")
    before = contents(place)
    assert run(list(command)) == 3
    assert NEVER in capsys.readouterr().err
    assert contents(place) == before


def test_without_a_case_a_folder_of_ones_own_is_sealed_in_place(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(place / "export", tmp_path / "mine")
    monkeypatch.chdir(place)
    mine = str(tmp_path / "mine")
    assert run(["seal", mine, "--key", "k.pem", "--in-place", "--case", "audit.case"]) == 0
    assert (tmp_path / "mine" / "data" / "log.jsonl").is_file()


def test_who_is_asked_beside_a_case_stands_in_its_journal_by_scheme_and_host(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    with server() as url:
        asked = ["--tsa", f"{url}/secret?key=secret", "--allow-network", "--case", "audit.case"]
        assert run([*SEAL, "-o", "stamped", *asked]) == 0
    said = capsys.readouterr()
    assert "Network       http://127.0.0.1 was asked for a time stamp\n" in said.out
    assert run([*COUNTERSIGN, "-o", "o.pdf", *asked]) == 3, "nobody is there any more"
    assert not (place / "o.pdf").exists()
    assert "secret" not in said.out + said.err + capsys.readouterr().err
    with cases.open_case(place / "audit.case", write=False) as case:
        entries = cases.journal_entries(case)[-2:]
    told = [json.loads(entry.detail) for entry in entries]
    assert [(each["for"], each["outcome"]) for each in told] == [
        ("folder.seal", "answered"), ("report.countersign", "failed"),
    ]  # fmt: skip
    assert {entry.subject for entry in entries} == {"http://127.0.0.1"}
    assert "secret" not in "".join(entry.detail for entry in entries)
