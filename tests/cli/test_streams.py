"""A result that cannot be said is no verdict: exit 3, whatever is wrong with a stream."""

import json
import subprocess
import sys

import pytest
from commands import CHECKOUT, require_one_sentence

LOG = "resources/sample/evidence/audit/audit-log.jsonl"
#: Exit code 0, 1 and 2 where there is somebody to hear it; and more than a pipe holds at once.
COMMANDS = {
    "--version": 0,
    "--help": 0,
    "verify --help": 0,
    "profile list": 0,
    f"verify {LOG}": 2,
    f"verify {LOG} --json": 2,
    "verify resources/sample/evidence/audit-tampered": 1,
    "inspect resources/sample/evidence --json": 0,
}


def shell(line: str, **more) -> subprocess.CompletedProcess[str]:
    """Run a line in which ``workbench`` is the program."""
    function = f'workbench() {{ "{sys.executable}" -m workbench "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", function + line], capture_output=True, text=True, cwd=CHECKOUT,
        check=False, **more,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_behind_standard_output_is_no_verdict(command: str) -> None:
    """``/dev/full`` opened by the shell stands in for it: every write fails."""
    require_one_sentence(shell(f"workbench {command} > /dev/full"), "No space left on device")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_fills_up_while_the_result_is_written_is_no_verdict(
    command: str, tmp_path
) -> None:
    limit = "ulimit -f 0; trap '' XFSZ; "
    done = shell(f"{limit} workbench {command} > '{tmp_path}/out'")
    require_one_sentence(done, "File too large")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_standard_output_is_no_verdict(command: str) -> None:
    require_one_sentence(shell(f"workbench {command} >&-"), "Standard output is closed")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_who_has_read_enough_is_no_fault_and_no_verdict(command: str) -> None:
    done = shell(f"workbench {command} | true; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) in ((3, ""), (COMMANDS[command], ""))


def test_a_pipe_that_nobody_reads_any_more_is_quiet_and_no_verdict() -> None:
    """The reader has gone before the first byte."""
    line = "{{ sleep 0.3; workbench {}; echo $? >&2; }} | true"
    for command in COMMANDS:
        assert shell(line.format(command)).stderr == "3\n", command


def test_a_closed_standard_error_changes_no_verdict() -> None:
    for command, code in COMMANDS.items():
        done = shell(f"workbench {command} 2>&-")
        assert (done.returncode, done.stderr) == (code, "")
        assert done.stdout
    assert shell("workbench verify nothing 2>&-").returncode == 3


def test_a_full_disk_behind_standard_error_changes_no_verdict() -> None:
    assert shell(f"workbench verify {LOG} 2> /dev/full").returncode == 2
    assert shell("workbench verify nothing 2> /dev/full").returncode == 3


def test_no_open_stream_at_all_is_exit_3_or_the_verdict() -> None:
    assert shell(f"workbench verify {LOG} <&- >&- 2>&-").returncode == 3
    assert shell(f"workbench verify {LOG} <&-").returncode == 2


def test_a_fault_while_the_result_is_put_together_prints_no_half_verdict() -> None:
    planted = (
        "import workbench.cli.show as v\n"
        "def broken(*a): raise ZeroDivisionError('planted')\n"
        "v._show_rest = broken\n"
        "from workbench.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", planted, "verify", LOG],
        capture_output=True, text=True, cwd=CHECKOUT, check=False,
    )  # fmt: skip
    require_one_sentence(done, "fault of the program itself", "ZeroDivisionError")
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["verify", "inspect", "verify-report", "selftest"])
def test_completion_variables_of_a_library_are_no_way_out(name: str) -> None:
    for wanted in ("complete_bash", "source_bash", "nonsense"):
        line = f"_WORKBENCH_COMPLETE={wanted} workbench {name} nothing --json"
        done = shell(line)
        assert done.returncode == 3, done
        assert json.loads(done.stdout)["exit"] == 3
