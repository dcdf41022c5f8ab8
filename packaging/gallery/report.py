"""Time signed reports of more and more findings, each in a process of its own."""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAPERS = Path(__file__).resolve().parent.parent / "conformance" / "papers.py"


def main() -> None:
    """Print seconds, pages and memory, and how the time grows with the pages."""
    parser = argparse.ArgumentParser(prog="report.py")
    parser.add_argument("--findings", type=int, nargs="+", required=True)
    print("findings   pages  seconds  of them at work  ms/page       KB  memory, before and peak")
    for count in parser.parse_args().findings:
        ask = [sys.executable, "-I", str(PAPERS), "time", "--findings", str(count)]
        said = json.loads(subprocess.run(ask, check=True, capture_output=True).stdout)
        print(line(count, said), flush=True)


def line(findings: int, said: Mapping[str, Any]) -> str:
    """Return one row; a machine that is busy makes seconds longer, and work hardly."""
    before, peak = (each / 1024 for each in said["kib"])
    each = 1000 * said["processor"] / said["pages"]
    return (
        f"{findings:8,} {said['pages']:7,} {said['seconds']:8.2f} {said['processor']:16.2f} "
        f"{each:8.1f} {said['size'] / 1000:8,.0f}  {before:.0f}, {peak:.0f} MiB RSS"
    )


if __name__ == "__main__":
    main()
