"""A checkout of its own for each test, so that no test touches the environment it runs in."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SCRIPTS = ("setup", "system-packages", "run", "test")
_MAIN = """
import json, signal, sys
said = {"arguments": sys.argv[1:], "path": sys.path, "file": __file__}
said["held_back"] = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
said["interrupts"] = signal.getsignal(signal.SIGINT) is signal.default_int_handler
print(json.dumps(said))
sys.exit(len(sys.argv) - 1)
"""

#: A Python that answers the questions of packaging/setup as told, and makes environments whose
#: pip only writes down what it was asked and knows no package of the name "no-such-package".
_PYTHON = """
import os, pathlib, sys
flag, what = sys.argv[1:3]
if flag == "-c":
    def confstr(name):
        if not LIBC: raise ValueError(name)
        return LIBC
    os.confstr = confstr
    if not VENV: sys.modules["ensurepip"] = None
    sys.executable = EXECUTABLE
    exec(what)
elif VENV:
    import sysconfig, venv
    venv.EnvBuilder(symlinks=True).create(sys.argv[-1])
    pip = pathlib.Path(sysconfig.get_path("purelib", "venv", {"base": sys.argv[-1]})) / "pip"
    pip.mkdir()
    (pip / "__main__.py").write_text(PIP)
else:
    sys.exit(1)
"""
_PIP = """
import pathlib, sys
with open(LOG, "a") as log:
    print("pip", *sys.argv[1:], file=log)
sys.exit("no-such-package" in pathlib.Path(sys.argv[-1]).read_text())
"""

#: What the scripts need of a system, beside what a test puts in its place.
_TOOLS = (
    "bash", "basename", "cat", "chmod", "cksum", "dirname", "env", "flock", "id", "mktemp", "rm",
    "tail", "true", "uname",
)  # fmt: skip

Run = subprocess.CompletedProcess[str]


def make_checkout(folder: Path) -> Path:
    """Lay out a checkout with our scripts, a tiny program and locks that ask for nothing."""
    (folder / "packaging").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy2(PROJECT / "packaging" / name, folder / "packaging" / name)
    for lock in ("requirements.lock", "dev-requirements.lock"):
        (folder / "packaging" / lock).write_text("# nothing\n")
    (folder / "workbench").mkdir()
    (folder / "workbench" / "__init__.py").write_text("")
    (folder / "workbench" / "__main__.py").write_text(_MAIN)
    return folder


def call(
    *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Run:
    """Run a command as a person would and keep what it said."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**environment, "PIP_NO_INDEX": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class System:
    """A pretended system: a folder that is the whole PATH, and a log of what was called in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self.log = folder / "calls"
        for tool in _TOOLS:
            if found := shutil.which(tool):
                (self.folder / tool).symlink_to(found)

    def has(self, name: str, script: str) -> None:
        """Put a program in place; it writes its name and arguments to the log, then runs."""
        program = self.folder / name
        program.unlink(missing_ok=True)
        program.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.log}"\n{script}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def has_python(self, *, libc: str = "glibc 2.36", venv: bool = True) -> None:
        """Put a Python in place, with that C library, with or without Debian's venv package."""
        executable = str(self.folder / "python3")
        pip = f"LOG = {str(self.log)!r}\n{_PIP}"
        facts = f"LIBC, VENV, EXECUTABLE, PIP = {libc!r}, {venv}, {executable!r}, {pip!r}\n"
        script = self.folder / "python.py"
        script.write_text(facts + _PYTHON)
        self.has("python3", f'shift; exec "{sys.executable}" -I "{script}" "$@"')
        self.has("uname", "echo Linux")

    def calls_of(self, name: str) -> list[str]:
        """Return how a program was called, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if line.split()[0] == name]

    def call(self, *command: str | Path, env: Mapping[str, str] | None = None) -> Run:
        """Run a command that sees nothing but this system."""
        return call(*command, env={**(env or {}), "PATH": str(self.folder)})


@pytest.fixture
def system(tmp_path: Path) -> System:
    """Return a system with nothing but the basic tools: no Python, no apt-get, no root."""
    pretended = System(tmp_path)
    pretended.has("id", "echo 1000")
    return pretended


@pytest.fixture
def with_python(system: System) -> System:
    """Return the same system with a Python that can make environments."""
    system.has_python()
    return system


@pytest.fixture
def as_root(system: System) -> System:
    """Return the same system as root sees it."""
    system.has("id", "echo 0")
    return system


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout that is not set up."""
    return make_checkout(tmp_path / "checkout")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout that is set up, in a folder with an awkward name."""
    folder = make_checkout(tmp_path_factory.mktemp("ready") / "auditor's own copy $HOME é")
    done = call(folder / "packaging" / "setup")
    assert done.returncode == 0, done.stderr
    return folder
