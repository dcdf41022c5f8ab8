"""A report is written over nothing that it was made from, whatever option named it."""

from pathlib import Path

import pytest
from commands import require_one_sentence, workbench

#: Options that name a file, and how it is named.
_NAMED = [
    ("--trust", "{}"),
    ("--trust", "log={}"),
    ("--secret", "{}"),
    ("--secret", "k1={}"),
    ("--anchor", "{}"),
    ("--signature", "{}"),
    ("--artifact", "{}"),
    ("--since", "{}"),
    ("--profile", "{}"),
    ("--branding", "{}"),
    ("--template", "{}"),
    ("--statement", "opinion=@{}"),
]


@pytest.mark.parametrize("name", ["in.file", "a=b.file"])
@pytest.mark.parametrize(("option", "as_named"), _NAMED)
def test_an_input_is_never_written_over(
    tmp_path: Path, option: str, as_named: str, name: str
) -> None:
    (tmp_path / "log.jsonl").write_text('{"a": 1}\n')
    (tmp_path / name).write_text("kept")
    done = workbench(
        "report", "log.jsonl", "-o", name, "--force", option, as_named.format(tmp_path / name),
        cwd=tmp_path,
    )  # fmt: skip
    require_one_sentence(done, "which is an input")
    assert (tmp_path / name).read_text() == "kept"


@pytest.mark.parametrize(
    ("option", "as_named"), [("--pack", "{}"), ("--branding", "{}"), ("--crl", "{}")]
)
def test_nor_is_one_of_the_report_of_a_case(tmp_path: Path, option: str, as_named: str) -> None:
    (tmp_path / "log.jsonl").write_text('{"a": 1}\n')
    (tmp_path / "in.file").write_text("kept")
    for command in (("case", "new", "q2"), ("case", "add", "q2.case", "log.jsonl", "--verify")):
        workbench(*command, cwd=tmp_path)
    named = as_named.format(tmp_path / "in.file")
    done = workbench("report", "q2.case", "-o", "in.file", "--force", option, named, cwd=tmp_path)
    require_one_sentence(done, "input")
    assert (tmp_path / "in.file").read_text() == "kept"
