"""Every folder of the evidence is read by a test, and the table counts what tests recorded."""

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conformance.conftest import EVIDENCE
from tests.conformance.table import Conforms, Row, lines_of, rows_of

HERE = Path(__file__).parent
#: Folders that tests reach by a pattern, under another name.
BY_PATTERN = {("bagit", "v0.93"), ("bagit", "v0.95")}


def sources() -> str:
    return "".join(path.read_text() for path in sorted(HERE.glob("test_*.py")))


def folders(archive: Path) -> Iterator[str]:
    """Yield the uppermost folders of an archive."""
    with tarfile.open(archive) as tar:
        parts = (member.name.split("/") for member in tar if member.isdir())
        yield from sorted({place[1] for place in parts if len(place) == 2 and place[1]})


def test_every_folder_of_integrity_is_read_by_a_test() -> None:
    archives = sorted((EVIDENCE / "integrity").glob("*.tar.xz"))
    if not archives:
        pytest.skip("real evidence integrity is not beside this checkout: conformance not run")
    text = sources()
    unread = [a.name for a in archives if f'"integrity/{a.name.split(".")[0]}"' not in text]
    for archive in archives:
        name = archive.name.split(".")[0]
        unread += [
            f"{name}/{folder}"
            for folder in folders(archive)
            if not re.search(rf"[\"'/]{re.escape(folder)}[\"'/]", text)
            and (name, folder) not in BY_PATTERN
        ]
    assert unread == []


@dataclass
class Report:
    nodeid: str
    when: str = "call"
    user_properties: list[tuple[str, object]] = field(default_factory=list)


def report(name: str, **found: object) -> Report:
    made = Report(f"tests/conformance/test_{name}.py::test_x")
    if found:
        Conforms(made.user_properties)(**found)  # type: ignore[arg-type]
    return made


def test_table_adds_up_what_tests_recorded() -> None:
    rows = rows_of(
        {
            "passed": [
                report("oms", agreed=3, stricter={"a_peer": "for a reason"}),
                report("oms", agreed=1),
                report("oms"),
                Report("tests/verify/test_oms.py::test_x"),
                Report("tests/conformance/test_oms.py::test_x", when="setup"),
            ],
            "failed": [report("oms", wrong=2), report("tlog_notes")],
            "skipped": [report("jcs")],
        }
    )
    assert rows["oms"] == Row(agreed=4, stricter={"a_peer": "for a reason"}, wrong=2, checks=1)
    assert (rows["tlog notes"].wrong, rows["jcs"].absent) == (1, 1)
    text = "\n".join(lines_of(rows))
    assert "stricter: oms a_peer: for a reason" in text
    assert re.search(r"^all +8 +4 +1 +3 +1 +1$", text, re.MULTILINE)
