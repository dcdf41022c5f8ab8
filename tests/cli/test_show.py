"""What an auditor in a hurry reads: aligned, wrapped, in words, and what to do next."""

import fcntl
import json
import os
import pty
import struct
import sys
import termios
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import written
from commands import CHECKOUT, workbench

from workbench.cli import show
from workbench.model.verdict import Code
from workbench.report.glossary import explain

SAMPLE = CHECKOUT / "resources" / "sample"
TRUST = ("--trust", f"log={SAMPLE}/trust/log.vkey")
LOG = SAMPLE / "evidence" / "audit" / "audit-log.jsonl"
COMMANDS = {
    "verify": ("verify", "resources/sample/evidence", *TRUST),
    "inspect": ("inspect", "resources/sample/evidence"),
    "profile show": ("profile", "show", "certmate"),
    "selftest": ("selftest",),
    "help": ("report", "--help"),
}


def on_a_terminal(width: int, *arguments: str | Path) -> str:
    """Return what a command prints on a terminal of that many columns."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(CHECKOUT)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the progress line goes its own way
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        os.execv(sys.executable, [sys.executable, "-m", "workbench", *map(str, arguments)])
    said = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        said += block
    os.close(terminal)
    os.waitpid(pid, 0)
    return said.decode().replace("\r", "")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(width: int, command: str) -> None:
    said = on_a_terminal(width, *COMMANDS[command])
    too_wide = [line for line in said.splitlines() if len(line) > width]
    assert not [line for line in too_wide if len(line.split()) > 1]
    assert not too_wide or all(len(line.strip()) > width - 8 for line in too_wide)


def test_a_wrapped_verdict_stays_in_its_column() -> None:
    trust = ("--trust", f"model={SAMPLE}/trust/model-root.pem")
    said = on_a_terminal(80, "verify", SAMPLE / "evidence/models/credit-scoring-v7", *trust)
    first = "  Authenticity  PASSED         CN=Aldermoor Bank Model Release\n"
    assert f"{first}{' ' * 31}(sample),O=Aldermoor Bank\n" in said


def test_the_same_words_stand_whole_in_a_file() -> None:
    lines = workbench(*COMMANDS["verify"]).stdout
    wrapped = on_a_terminal(80, *COMMANDS["verify"])
    assert [*lines.split()][6:] == [*wrapped.split()][6:]
    assert max(map(len, lines.splitlines())) > 80


def test_nothing_but_plain_text_is_printed() -> None:
    for command in COMMANDS.values():
        assert "\x1b" not in workbench(*command).stdout
        assert "\x1b" not in on_a_terminal(100, *command)


def test_four_words_a_source_stand_in_columns() -> None:
    said = workbench(*COMMANDS["verify"]).stdout
    names = ("Integrity", "Authenticity", "Completeness", "Time")
    rows = [line for line in said.splitlines() if line.strip().startswith(names)]
    assert len(rows) == 4 * said.count(" bytes)\n")
    for row, name in zip(rows, names * (len(rows) // 4), strict=True):
        assert row[2:15].rstrip() == name
        assert row[16:30].rstrip() in {"PASSED", "INDETERMINATE", "FAILED"}
        assert row[15] == row[30] == " "
        assert row[31] != " "


def test_what_would_decide_is_said_once_with_the_option_that_takes_it() -> None:
    said = workbench("verify", SAMPLE / "evidence" / "audit").stdout
    (line,) = [li for li in said.splitlines() if li.startswith("  NO_TRUST_ANCHOR: ")]
    assert line.endswith("[--trust]")
    before, _, after = said.partition("What would decide what is open:")
    assert before
    assert after.index("NO_TRUST_ANCHOR") < after.index("NO_TRUSTED_TIME")


def test_what_passed_needs_nothing_more() -> None:
    said = workbench("verify", SAMPLE / "evidence" / "audit", *TRUST, "--require", "integrity")
    assert "ANCHORED" in said.stdout
    assert "  NO_TRUST_ANCHOR" not in said.stdout
    assert "Everything required passed (integrity). Exit code 0." in said.stdout


def test_every_option_that_is_named_is_an_option_and_decides_something() -> None:
    usage = workbench("verify", "--help").stdout
    for code, options in show._OPTIONS.items():
        word = explain(Code(code))
        assert word is not None
        assert word.decides
        for option in options.split(", "):
            assert option.split()[0] in usage


def test_nothing_to_judge_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    done = workbench("verify", tmp_path)
    assert done.returncode == 2
    assert "Nothing here could be judged" in done.stdout
    assert "Not judged (context)" in done.stdout
    assert "above say why" not in done.stdout


def test_a_problem_is_told_once(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(LOG.read_bytes()) + b"x")
    said = workbench("verify", tmp_path / "log.jsonl.gz").stdout
    assert said.count("goes on after the end of its compressed data") == 1
    assert "  TRAILING_DATA: " in said
    assert "  SELF_CONSISTENT: " not in said


def test_a_report_that_is_handed_over_says_what_the_exit_code_means(tmp_path: Path) -> None:
    done = workbench("report", LOG, "-o", tmp_path / "r.pdf")
    assert done.returncode == 2
    assert "Exit code 2: the verdict. The report was written." in done.stdout
    checked = workbench("verify-report", tmp_path / "r.pdf")
    assert checked.returncode == 3


def test_inspect_lists_what_is_judged_first_and_sums_up() -> None:
    said = workbench(*COMMANDS["inspect"]).stdout.splitlines()
    roles = [line.split(",")[0].strip() for line in said if line.endswith(" bytes")]
    order = ["subject", "signature", "anchor", "trust", "context"]
    assert roles == sorted(roles, key=order.index)
    (summed,) = [line for line in said if " found: " in line]
    assert summed.startswith(f"{len(roles)} found: subject {roles.count('subject')}, ")


def test_a_root_that_is_out_of_date_is_told_before_the_work(tmp_path: Path) -> None:
    root = SAMPLE / "trust" / "model-root.pem"
    done = workbench("verify", LOG, "--trust", f"model={root}", "--at", "2090-01-01T00:00:00Z")
    assert done.stderr.startswith("Warning: model-root.pem is out of date: its life ended on ")
    assert len(done.stderr.splitlines()) == 1
    assert done.returncode == 2


def test_a_second_opinion_is_told_and_stands_in_the_document(tmp_path: Path) -> None:
    log = written(tmp_path, "log.jsonl", LogBuilder("workbench", 6).data())
    told = workbench("verify", str(log), "--recheck")
    assert "Judged twice: By two programs that share no code: both agree." in told.stdout
    for options, said in (((), None), (("--recheck",), "agrees")):
        document = json.loads(workbench("verify", str(log), "--json", *options).stdout)
        assert document["sources"][0]["second_opinion"] == said
