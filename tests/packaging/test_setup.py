import json
import shutil
import sys
import time
from pathlib import Path

import pytest

from tests.packaging.conftest import System, call


def one_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def set_up(checkout: Path, *options: str, system: System | None = None) -> str:
    """Run packaging/setup and return what it told the person, on standard error alone."""
    run = system.call if system else call
    done = run(checkout / "packaging" / "setup", *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr


def test_program_runs_from_the_checkout(ready: Path) -> None:
    done = call(ready / ".venv" / "bin" / "workbench", "verify", "a b")
    said = json.loads(done.stdout)
    assert said["arguments"] == ["verify", "a b"]
    assert Path(said["file"]) == ready / "workbench" / "__main__.py"
    assert done.returncode == 2


def test_nothing_is_imported_from_the_current_folder(ready: Path, tmp_path: Path) -> None:
    evil = "raise SystemExit('evidence was imported')"
    (tmp_path / "json.py").write_text(evil)
    (tmp_path / "sitecustomize.py").write_text(evil)
    (tmp_path / "workbench").mkdir()
    (tmp_path / "workbench" / "__main__.py").write_text(evil)
    done = call(ready / "packaging" / "run", "x", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1, done.stderr
    assert str(tmp_path) not in json.loads(done.stdout)["path"]


def test_python_starts_with_ctrl_c_held_back(ready: Path) -> None:
    for entry in (ready / ".venv" / "bin" / "workbench", ready / "packaging" / "run"):
        assert json.loads(call(entry, "x").stdout)["held_back"] is True


def test_python_starts_without_interrupts_where_env_cannot_hold_them_back(
    checkout: Path, with_python: System
) -> None:
    env = shutil.which("env")
    with_python.has("env", f'case $1 in --*) exit 125 ;; esac; exec {env} "$@"')
    set_up(checkout, system=with_python)
    entry = checkout / ".venv" / "bin" / "workbench"
    assert env not in entry.read_text()
    said = json.loads(with_python.call(entry, "x").stdout)
    assert (said["held_back"], said["interrupts"]) == (False, False)


def test_ctrl_c_during_set_up_is_one_line_and_the_next_run_goes_on(
    checkout: Path, with_python: System
) -> None:
    with_python.has("rm", "kill -INT $PPID")
    done = with_python.call(checkout / "packaging" / "run", "x")
    assert done.returncode == 3
    assert "stopped; run this again" in one_line(done.stderr.split("to fetch)\n")[1])
    with_python.has("rm", f'exec {shutil.which("rm")} "$@"')
    assert with_python.call(checkout / "packaging" / "run", "x").returncode == 1


def test_second_run_says_nothing_and_starts_at_once(ready: Path) -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        assert set_up(ready) == ""
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1


def test_run_without_arguments_makes_the_sample_in_the_checkout(ready: Path) -> None:
    done = call(ready / "packaging" / "run")
    expected = ["sample", "--out", str(ready / "workbench-sample")]
    assert json.loads(done.stdout)["arguments"] == expected


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_run_without_arguments_opens_the_window_where_there_is_a_screen(
    ready: Path, screen: str
) -> None:
    done = call(ready / "packaging" / "run", env={screen: "wayland-0"})
    assert json.loads(done.stdout)["arguments"] == ["open", "--sample"]


@pytest.mark.parametrize("damage", ["stamp", "interpreter", "lock", "script", "place"])
def test_unfinished_or_stale_environment_is_built_anew(
    checkout: Path, with_python: System, damage: str
) -> None:
    set_up(checkout, system=with_python)
    (checkout / ".venv" / "left-over").touch()
    match damage:
        case "stamp":
            (checkout / ".venv" / "installed").unlink()
        case "interpreter":
            (checkout / ".venv" / "bin" / "python").unlink()
        case "lock":
            append(checkout / "packaging" / "requirements.lock", "# changed\n")
        case "script":
            append(checkout / "packaging" / "setup", "# changed\n")
        case "place":
            checkout = checkout.rename(checkout.with_name("moved"))
    assert "making the environment" in one_line(set_up(checkout, system=with_python))
    assert not (checkout / ".venv" / "left-over").exists()
    assert set_up(checkout, system=with_python) == ""


def test_only_hashed_wheels_are_installed(checkout: Path, with_python: System) -> None:
    set_up(checkout, system=with_python)
    (asked,) = with_python.calls_of("pip")
    assert "--require-hashes --only-binary :all: -r" in asked


def test_tools_for_development_are_added_once(checkout: Path, with_python: System) -> None:
    set_up(checkout, system=with_python)
    assert "adding the tools" in one_line(set_up(checkout, "--dev", system=with_python))
    assert set_up(checkout, "--dev", system=with_python) == ""
    assert set_up(checkout, system=with_python) == ""
    assert len(with_python.calls_of("pip")) == 2


def test_failed_install_is_said_and_taken_up_again(checkout: Path, with_python: System) -> None:
    lock = checkout / "packaging" / "requirements.lock"
    lock.write_text("no-such-package==1\n")
    done = with_python.call(checkout / "packaging" / "run", "x")
    assert done.returncode == 3
    assert done.stdout == ""
    assert "run this again" in done.stderr.splitlines()[-1]
    lock.write_text("# nothing\n")
    assert with_python.call(checkout / "packaging" / "run", "x").returncode == 1


def test_tools_that_cannot_be_fetched_leave_the_program_usable(
    checkout: Path, with_python: System
) -> None:
    (checkout / "packaging" / "dev-requirements.lock").write_text("no-such-package==1\n")
    assert with_python.call(checkout / "packaging" / "setup", "--dev").returncode == 3
    assert set_up(checkout, system=with_python) == ""


def test_unknown_option_is_one_line(checkout: Path) -> None:
    done = call(checkout / "packaging" / "setup", "--fast")
    assert done.returncode == 3
    assert "--fast" in one_line(done.stderr)


def test_missing_python_is_one_line(checkout: Path, system: System) -> None:
    done = system.call(checkout / "packaging" / "run")
    assert done.returncode == 3
    assert "Python 3.11 or newer is needed" in one_line(done.stderr)


def test_old_python_is_passed_over(checkout: Path, system: System) -> None:
    system.has("python3", "exit 1")
    system.has("python3.13", "exit 127")
    done = system.call(checkout / "packaging" / "run")
    assert done.returncode == 3
    assert "Python 3.11 or newer is needed" in one_line(done.stderr)


@pytest.mark.parametrize("libc", ["glibc 2.31", "glibc 2.9", ""])
def test_old_or_other_c_library_is_one_line(checkout: Path, system: System, libc: str) -> None:
    system.has_python(libc=libc)
    done = system.call(checkout / "packaging" / "run")
    assert done.returncode == 3
    assert "glibc 2.34 or newer" in one_line(done.stderr)


def test_missing_venv_module_names_its_package_where_it_may_not_install(
    checkout: Path, system: System
) -> None:
    system.has_python(venv=False)
    system.has("apt-get", "exit 99")
    done = system.call(checkout / "packaging" / "run")
    assert done.returncode == 3
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert one_line(done.stderr).endswith(f"apt-get install {package}")
    assert not system.calls_of("apt-get")


def test_missing_venv_module_is_installed_where_it_may(checkout: Path, as_root: System) -> None:
    as_root.has_python(venv=False)
    as_root.has("apt-get", "exit 0")
    done = as_root.call(checkout / "packaging" / "run")
    (asked,) = as_root.calls_of("apt-get")
    assert asked.endswith("-venv")
    # The pretended Python still cannot make an environment: that is said, too.
    assert done.returncode == 3
    assert "could not be made" in done.stderr.splitlines()[-1]
