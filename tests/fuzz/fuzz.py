"""Run one harness, or all, under atheris, a fuzzer that is led by which code an input reaches.

    python tests/fuzz/fuzz.py json_texts --minutes 10

atheris is no dependency: it has wheels for Linux and some Pythons only. Where there is one,
``pip install 'atheris>=3,<4'`` into ``.venv`` (2.3 breaks generators on Python 3.11); everything
else works without it.

What is found (``crash-…``, ``timeout-…``, ``oom-…``) and the inputs that reached new code are kept
below ``--work``; a second run goes on from there. Given files instead of minutes, it runs those.
"""

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
#: What is measured beside our own code: parsers of formats that are written in Python.
MEASURED = ["workbench", "asn1crypto", "pyhanko", "pyhanko_certvalidator"]
#: Bytes of one input, and how many times the largest seed they are at most: what is longer takes
#: longer, and reaches little else.
LARGEST, TIMES_THE_SEEDS = 64 * 1024, 2
#: Where there is memory that looks like a disk, inputs that parsers want as files lie in it.
IN_MEMORY = Path("/dev/shm")
TIMEOUT, MEMORY = 120, 3000  # seconds by the clock on the wall, and MiB, for one input


def names() -> list[str]:
    """Return the harnesses that there are."""
    own = {Path(__file__).stem, "parsers"}
    return sorted(p.stem for p in HERE.glob("[a-z]*.py") if not p.stem.startswith("test_")
                  and p.stem not in own)  # fmt: skip


def main() -> int:
    """Do what the command line says."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("name", choices=[*names(), "all"])
    given.add_argument("inputs", nargs="*", type=Path, help="files to run once each")
    given.add_argument("--minutes", type=float, default=10.0)
    given.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "workbench-fuzz")
    asked = given.parse_args()
    if asked.name != "all":
        return _fuzz(asked.name, asked.inputs, asked.minutes, asked.work / asked.name)
    command = [sys.executable, __file__, "--minutes", str(asked.minutes), "--work", str(asked.work)]
    return max(subprocess.run([*command, name], check=False).returncode for name in names())


def _fuzz(name: str, inputs: list[Path], minutes: float, work: Path) -> int:
    sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]
    if os.access(IN_MEMORY, os.W_OK):
        tempfile.tempdir = str(IN_MEMORY)
    if inputs:
        harness = importlib.import_module(f"tests.fuzz.{name}").HARNESS
        for path in inputs:
            harness.run(path.read_bytes())
        return 0
    import atheris  # type: ignore[import-not-found]  # where there is a wheel for it

    with atheris.instrument_imports(include=MEASURED):
        harness = importlib.import_module(f"tests.fuzz.{name}").HARNESS
    seen, seeds = work / "corpus", work / "seeds"
    for folder in (seen, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    inputs_to_begin_with = list(harness.corpus())
    largest = min(LARGEST, TIMES_THE_SEEDS * max(map(len, inputs_to_begin_with)))
    for number, data in enumerate(inputs_to_begin_with):
        (seeds / f"{number:05}").write_bytes(data)
    options = [
        f"-max_total_time={minutes * 60:.0f}", f"-timeout={TIMEOUT}", f"-rss_limit_mb={MEMORY}",
        f"-max_len={largest}", f"-artifact_prefix={work}{os.sep}", "-print_final_stats=1",
        "-reload=0", "-use_value_profile=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(seen), str(seeds)], harness.run)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
