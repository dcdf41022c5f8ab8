"""The window and the command line say the same: verdicts and report, wherever each of them runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

from builders import KEY, LogBuilder
from casework import added, lines, new_case, plain_log, written
from commands import CHECKOUT

from workbench.services import trusting
from workbench.sign.keys import public_pem

DATE = "2026-10-02T09:30:00Z"
TOKYO = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANGUAGE": "ja"}
ST_JOHNS = {"TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}

#: The window as it is started, used by its services alone: the case is verified, a draft is made.
WINDOW = """
import json, sys
from datetime import datetime
from pathlib import Path
from workbench.gui import app as start
from workbench.gui.case_services import Means
from workbench.gui.reporting import drafting
from workbench.gui.settings import Settings
from workbench.model.contract import verification_to_json
from workbench.model.progress import Cancel, Silent

case, date, out = sys.argv[1:]
at = datetime.fromisoformat(date)
drafting.now = lambda: at
app = start.make_application()
settings = Settings(Path(out).parent / "settings")
window = start.make_window(app, (), pages=start.discover_pages(), settings=settings)
services = window.context.services
window.closed.connect(app.quit)

def verify():
    services.means = Means(at=at)
    services.verify(on_done=draft)

def draft(verification):
    print(json.dumps(verification_to_json(verification)))
    wish = drafting.Wish(auditor="Ana Ruiz", pack="ml-baseline")
    services.read(lambda case: drafting.drafted(case, wish, Silent(), Cancel()), on_done=keep)

def keep(made):
    Path(out).write_bytes(made.pdf)
    window.close()

services.open(Path(case), then=verify)
app.exec()
"""


def python(place: Path, where: dict[str, str], *arguments: str, code: int) -> str:
    """Run Python somewhere in the world, and return what it said."""
    found = {**os.environ, "PYTHONPATH": str(CHECKOUT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=place, env=found | {"PYTHONHASHSEED": "random"} | where,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


def test_window_and_command_line_give_the_same_verdicts_and_the_same_report(tmp_path: Path) -> None:
    """One case, one date; two processes far apart, in other languages."""
    builder = LogBuilder("workbench", 40)
    written(tmp_path, "drop/log.head", builder.head())
    builder.edit(17)
    written(tmp_path, "drop/log.jsonl", builder.data())
    written(tmp_path, "drop/plain.jsonl", lines(plain_log()))
    key = written(tmp_path, "log.pem", public_pem(KEY.public_key()))
    with new_case(tmp_path) as case:
        trusting.add(case, [f"log={key}"])
        added(case, tmp_path / "drop", chains_later=True)
    copytree(tmp_path / "audit.case", tmp_path / "twin.case")

    shown = python(tmp_path, TOKYO, "-c", WINDOW, "audit.case", DATE, "draft.pdf", code=0)
    workbench = ("-m", "workbench")
    said = python(
        tmp_path, ST_JOHNS, *workbench, "case", "verify", "twin.case", "--at", DATE, "--json",
        code=1,
    )  # fmt: skip
    assert json.loads(shown) == json.loads(said)
    assert "RECORD_ALTERED" in said

    python(
        tmp_path, ST_JOHNS, *workbench, "report", "audit.case", "-o", "report.pdf", "--date", DATE,
        "--auditor", "Ana Ruiz", "--pack", "ml-baseline", code=1,
    )  # fmt: skip
    assert (tmp_path / "draft.pdf").read_bytes() == (tmp_path / "report.pdf").read_bytes()
