"""Starting the window: first on screen, then the rest; without a screen, one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLibrary

PROJECT = Path(__file__).parents[2]
PYTHON = {**os.environ, "PYTHONPATH": str(PROJECT), "XDG_CONFIG_HOME": "/nonexistent"}


def workbench(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in (PYTHON | environment).items() if v is not None}
    command = [sys.executable, "-m", "workbench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=60)


def python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=PYTHON | environment,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_screen_it_is_one_sentence_and_exit_3():
    done = workbench("open", QT_QPA_PLATFORM=None, DISPLAY=None, WAYLAND_DISPLAY=None)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("workbench: There is no screen to open the window on")
    assert done.stdout == ""


def test_a_screen_that_does_not_answer_is_one_sentence_and_exit_3():
    from workbench.gui.screen import LIBRARIES

    done = workbench("open", QT_QPA_PLATFORM="xcb", DISPLAY=":4711", WAYLAND_DISPLAY=None)
    assert done.returncode == 3, "not an abort: that would leave with a signal"
    (line,) = done.stderr.splitlines()
    missing = [name for name in LIBRARIES if not QLibrary(name).load()]
    assert all(name in line for name in missing), "a server has none of them"
    assert ("There is no screen" in line) is (not missing)


def test_libraries_of_the_screen_that_are_missing_are_named_with_their_packages(monkeypatch):
    from workbench.gui.screen import LIBRARIES, why_no_window

    monkeypatch.setenv("DISPLAY", ":0")
    said = why_no_window(lambda name: name not in {"libxcb-cursor.so.0", "libxcb-icccm.so.4"})
    assert "libxcb-cursor.so.0 (Debian: libxcb-cursor0), libxcb-icccm.so.4" in said
    assert "no screen" not in said
    assert "no screen" in why_no_window(lambda _name: True)
    installs = (PROJECT / "packaging" / "run").read_text()
    assert all(
        f" {package} " in f"{installs} ".replace("\n", " ") for package in LIBRARIES.values()
    )


def test_libraries_that_are_missing_are_one_sentence_and_exit_3(tmp_path):
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("raise ImportError('libEGL.so.1: no such')")
    paths = f"{tmp_path}{os.pathsep}{PROJECT}"
    done = workbench("open", PYTHONPATH=paths, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "libEGL.so.1" in line


def test_the_sample_and_a_path_are_not_opened_together():
    done = workbench("open", "--sample", "log.jsonl", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 3
    assert "name no PATH beside it" in done.stderr


def test_help_of_open_needs_no_screen_and_no_qt():
    done = workbench("open", "--help", QT_QPA_PLATFORM=None, DISPLAY=None)
    assert done.returncode == 0
    assert "Open the window" in done.stdout
    look = "import sys, workbench.cli.open; print('PySide6' in sys.modules)"
    assert python(look).strip() == "False"


HEAVY = (
    "asyncio", "blake3", "cel", "cryptography", "duckdb", "matplotlib", "networkx", "numpy",
    "orjson", "pikepdf", "pyhanko", "pypdfium2", "re2", "reportlab", "sqlalchemy", "sqlite3",
)  # fmt: skip
#: The command itself; it looks at what is loaded when the window has just been painted.
WINDOW = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from workbench.__main__ import main
from workbench.gui import app
shown = app.show
def show(window):
    shown(window)
    loaded = {{name.partition(".")[0] for name in sys.modules}}
    QApplication.processEvents()
    print(window.isVisible(), len(window.rail.items), *sorted(loaded & set({HEAVY!r})), flush=True)
    window.closed.connect(app.QApplication.quit)
    QTimer.singleShot(400, window.close)
app.show = show
sys.argv = ["workbench", "open"]
main()
"""


def test_window_with_all_its_pages_is_shown_before_anything_heavy_is_loaded(tmp_path):
    said = python(WINDOW, QT_QPA_PLATFORM="offscreen", XDG_CONFIG_HOME=str(tmp_path)).split()
    assert said[0] == "True"
    assert int(said[1]) >= 10, "its pages are there"
    assert said[2:] == []


def test_open_without_a_case_opens_and_closes_cleanly(tmp_path):
    code = (
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from workbench.gui import app\n"
        "shown = app.show\n"
        "app.show = lambda w: (shown(w), w.closed.connect(QApplication.quit),"
        " QTimer.singleShot(300, w.close))\n"
        "print(app.run([]))\n"
    )
    config = str(tmp_path)
    assert python(code, QT_QPA_PLATFORM="offscreen", XDG_CONFIG_HOME=config).strip() == "0"
    assert (tmp_path / "audit-workbench" / "window.json").is_file()


@pytest.mark.parametrize("name", ["screenshots"])
def test_scripts_can_be_run(name):
    assert os.access(PROJECT / "packaging" / name, os.X_OK)
