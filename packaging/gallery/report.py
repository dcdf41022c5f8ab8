"""Time signed reports of more and more findings, each in a process of its own."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

PAPERS = Path(__file__).resolve().parent.parent / "conformance" / "papers.py"


def main() -> None:
    """Print seconds, pages and memory, and how the time grows with the pages."""
    parser = argparse.ArgumentParser(prog="report.py")
    parser.add_argument("--findings", type=int, nargs="+", required=True)
    print("findings   pages  seconds  ms/page       KB  memory before, and at its peak")
    for count in parser.parse_args().findings:
        ask = [sys.executable, "-I", str(PAPERS), "time", "--findings", str(count)]
        said = json.loads(subprocess.run(ask, check=True, capture_output=True).stdout)
        print(line(count, **said), flush=True)


def line(findings: int, *, pages: int, seconds: float, size: int, kib: tuple[int, int]) -> str:
    """Return one row."""
    before, peak = (each / 1024 for each in kib)
    return (
        f"{findings:8,} {pages:7,} {seconds:8.2f} {1000 * seconds / pages:8.1f} "
        f"{size / 1000:8,.0f}  {before:.0f}, {peak:.0f} MiB RSS"
    )


if __name__ == "__main__":
    main()
