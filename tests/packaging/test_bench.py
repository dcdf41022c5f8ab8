"""The measuring script, on commands that take no time."""

import argparse
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.conftest import PROJECT

sys.path.insert(0, str(PROJECT / "packaging"))  # as it is for a script that lies there
BENCH: dict[str, Any] = runpy.run_path(str(PROJECT / "packaging" / "bench"))
OPTIONS = argparse.Namespace(events=2_000, processes=None)


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


#: Notes which files it was given; half of them, only once the other half is at work too.
_HALF = """
import pathlib, sys, time
place, *files = sys.argv[1:]
(pathlib.Path(place) / "".join(files)).touch()
end = time.monotonic() + 60
while len(files) == 2 and len(list(pathlib.Path(place).iterdir())) < 3:
    assert time.monotonic() < end, "the other half does not begin"
"""


def test_pairs_run_in_turn_after_one_that_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(6))
    in_turn = BENCH["time_in_turn"]
    took = lambda command, _confine: (command[0], next(clock))  # noqa: E731 - as short as that
    monkeypatch.setitem(in_turn.__globals__, "seconds", took)
    assert in_turn(["peer"], ["ours"], 2, None) == [
        (("peer", 2), ("ours", 3)),
        (("peer", 4), ("ours", 5)),
    ]


def test_wall_time_of_a_whole_process_is_told() -> None:
    assert BENCH["seconds"](python("import time; time.sleep(0.3)"), None) > 0.3


def test_bound_is_the_same_work_by_as_many_processes_as_cores(tmp_path: Path) -> None:
    half = [*python(_HALF), str(tmp_path)]
    (ratio,) = BENCH["spread_in_turn"](half, ["a", "b", "c", "d"], 1, 2)
    assert ratio > 0
    assert {path.name for path in tmp_path.iterdir()} == {"abcd", "ac", "bd"}
    with pytest.raises(SystemExit, match="exit 3"):
        BENCH["spread_in_turn"](python("import sys; sys.exit(3 * (len(sys.argv) < 3))"), "ab", 1, 2)


def test_failing_program_is_not_timed() -> None:
    with pytest.raises(SystemExit, match="exit 3"):
        BENCH["seconds"](python("raise SystemExit(3)"), None)


@pytest.mark.parametrize("found", [(9, "PASSED"), (10, "FAILED"), (10, "INDETERMINATE")])
def test_log_that_was_not_verified_whole_is_not_timed(found: tuple[int, str]) -> None:
    records, indication = found
    source = {"role": "subject", "records": records, "integrity": {"indication": indication}}
    said = json.dumps({"sources": [source]})
    with pytest.raises(SystemExit, match="not verified"):
        BENCH["require_passed"](python(f"print({said!r})"), 10)


def test_memory_of_all_processes_is_summed() -> None:
    work = "x = bytearray(50_000_000); import time; time.sleep(0.8)"
    start = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {work!r}])"
    peak = BENCH["peak_memory"]
    alone, together = peak(python(work), None), peak(python(f"{start}; {work}; p.wait()"), None)
    assert alone is not None
    assert together is not None
    assert 50_000_000 < alone < 80_000_000
    assert together > alone + 45_000_000


def test_result_is_printed_with_its_spread(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(1.0, 3.0), (1.0, 2.0), (2.0, 5.0)]
    BENCH["print_chain"](OPTIONS, 10_000_000, pairs, 50_000_000, 0.02)
    said = capsys.readouterr().out
    assert "ratio      2.50 (2.00 to 3.00)" in said
    assert "50 MB PSS, all processes" in said
    assert str(PROJECT) not in said


def test_speed_of_opening_is_told_against_the_peer(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(1.0, 2.0), (1.0, 4.0), (3.0, 4.0)]
    BENCH["print_open"](OPTIONS, 10_000_000, pairs, None, 0.02)
    said = capsys.readouterr().out
    assert "ratio      0.50 x lnav (0.25 to 0.75)" in said
    assert "500 events/s" in said


def test_peer_that_reads_nothing_is_not_timed() -> None:
    BENCH["require_counted"](python("print('count(*)', 7)"), 7)
    with pytest.raises(SystemExit, match="lnav did not read"):
        BENCH["require_counted"](python("print('count(*)', 0)"), 7)


@pytest.mark.parametrize("kind", ["uniform", "mixed", "short"])
def test_each_kind_of_records_is_a_log_that_passes(kind: str, tmp_path: Path) -> None:
    log = BENCH["make_log_of"](kind, tmp_path, 60)
    BENCH["require_passed"]([BENCH["WORKBENCH"], "verify", str(log), "--json"], 60)
    size = log.stat().st_size / 60
    assert (200 < size < 300) if kind == "short" else (480 < size < 540)


def test_a_second_peer_is_told_with_its_own_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    BENCH["print_peer"]([(2.0, 1.0), (2.0, 1.5), (3.0, 1.5)], 0.02)
    said = capsys.readouterr().out
    assert "model_signing 2.000 s, workbench 1.500 s" in said
    assert "ratio      0.50 (0.50 to 0.75)" in said


def test_a_busy_machine_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for busy, told in ((0.02, False), (0.5, True), (None, False)):
        BENCH["print_chain"](OPTIONS, 10_000_000, [(1.0, 2.0)], None, busy)
        assert ("not quiet" in capsys.readouterr().out) is told


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="only Linux says how busy it is")
def test_work_of_other_programs_is_told_from_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    others = BENCH["OtherPrograms"]
    work = "import time\nwhile time.process_time() < 0.3: pass"
    _, _, before = others()._now()
    subprocess.run(python(work), check=True)
    _, _, after = others()._now()
    assert after >= before + 0.25, "what a child of ours worked is ours"
    moments = iter([(0.0, 0.0, 0.0), (1.5, 2.0, 0.0), (1.5, 2.0, 1.0)])
    monkeypatch.setattr(others, "_now", lambda _self: next(moments))
    since = others()
    assert [since.share(), since.share()] == [0.75, 0.25]


def test_a_report_is_told_by_its_pages() -> None:
    line = runpy.run_path(str(PROJECT / "packaging" / "gallery" / "report.py"))["line"]
    said = {"pages": 50, "seconds": 4.0, "processor": 2.0, "size": 900_000, "kib": [102400, 204800]}
    told = line(60, said)
    assert told.split()[:6] == ["60", "50", "4.00", "2.00", "40.0", "900"]
    assert told.endswith("100, 200 MiB RSS")
