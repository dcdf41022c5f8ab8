import subprocess
from pathlib import Path

from tests.packaging.conftest import PROJECT, Run, System

SCRIPT = PROJECT / "packaging" / "system-packages"


def install(system: System, **env: str) -> Run:
    return system.call(SCRIPT, "one", "two", env=env)


def test_root_installs_without_questions_and_without_new_lists(as_root: System) -> None:
    as_root.has("apt-get", 'echo "$DEBIAN_FRONTEND" >>"$(dirname "$0")/../frontend"')
    done = install(as_root)
    assert done.returncode == 0
    (call,) = as_root.calls_of("apt-get")
    assert call.endswith("install --no-install-recommends one two")
    assert (as_root.folder.parent / "frontend").read_text() == "noninteractive\n"


def test_lists_are_fetched_when_it_does_not_work_without(as_root: System) -> None:
    flag = as_root.folder / "lists"
    as_root.has("apt-get", f'case "$*" in *update*) : >"{flag}" ;; esac; [ -e "{flag}" ]')
    assert install(as_root).returncode == 0
    acts = [{"install", "update"} & set(line.split()) for line in as_root.calls_of("apt-get")]
    assert acts == [{"install"}, {"update"}, {"install"}]


def test_failure_shows_the_last_words_and_what_to_install(as_root: System) -> None:
    as_root.has("apt-get", 'echo "E: no space left"; exit 100')
    done = install(as_root)
    assert done.returncode == 3
    *_, words, line = done.stderr.splitlines()
    assert words == "E: no space left"
    assert line.endswith("please install: one two")


def test_sudo_without_password_is_used_and_the_proxy_goes_along(system: System) -> None:
    system.has("sudo", 'shift; exec env -i PATH="$PATH" "$@"')
    seen = system.folder / "proxy"
    system.has("apt-get", f'echo "$http_proxy" >"{seen}"')
    assert install(system, http_proxy="http://proxy:3128").returncode == 0
    assert seen.read_text() == "http://proxy:3128\n"


def test_without_rights_it_is_one_line(system: System) -> None:
    system.has("sudo", "exit 1")
    system.has("apt-get", "exit 0")
    done = install(system)
    assert done.returncode == 3
    assert (
        done.stderr
        == "audit-workbench: please run as root, then try again: apt-get install one two\n"
    )
    assert not system.calls_of("apt-get")


def test_system_without_apt_is_one_line(as_root: System) -> None:
    done = install(as_root)
    assert done.returncode == 3
    assert done.stderr == "audit-workbench: please install what this system calls: one two\n"


def test_scripts_are_executable_and_pass_the_shells_own_check() -> None:
    for path in (*Path(PROJECT / "packaging").iterdir(), PROJECT / ".ci" / "run"):
        if path.is_file() and path.read_bytes().startswith(b"#!"):
            assert path.stat().st_mode & 0o111, path
            if b"bash" in path.read_bytes().partition(b"\n")[0]:
                subprocess.run(["bash", "-n", str(path)], check=True)
