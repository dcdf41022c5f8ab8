"""Workers are never started by running a stranger's script again."""

import subprocess
import sys
from pathlib import Path

from commands import CHECKOUT

SCRIPT = """
import threading, os
print("begun")
threading.Thread(target=threading.Event().wait, daemon=True).start()
from workbench.verify import pool
pool.cores = lambda: 2
with pool.workers() as executor:
    print(executor.submit(pow, 2, 10).result(), executor.submit(os.getpid).result() == os.getpid())
"""


def test_a_script_without_a_guard_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, script],
        env={"PYTHONPATH": str(CHECKOUT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("begun\n1024 True\n", "")
