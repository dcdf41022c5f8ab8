"""What a reader copies out of the PDF runs, and prints what the PDF says: the product's promise.

The commands are taken from the text of the signed report, once as a viewer copies it and once
with white space as on the page, and run in bash beside a copy of the evidence.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import recipes
from situations import ALL_KEYS, CHECKED, DETAILS, SAMPLE, request_of, verified

from workbench.report.build import build_report
from workbench.services import reports
from workbench.sign.pdf import sign_report
from workbench.verify.by_hand import WIDTH

_TOOLS = ("bash", "openssl", "sha256sum", "python3", "pdftotext", "pdfdetach")
_MISSING = [tool for tool in _TOOLS if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"{_MISSING} not here")

_FURNITURE = re.compile(
    r"\s*(Verification report(\s+AW-\w+)?|AW-\w+|Page \d+ of \d+"
    r"|Audit Workbench .*manifest\.json sha256 .*)?\s*"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """Return a folder with a signed report on the sample, its root, and a copy of the evidence."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(SAMPLE / "evidence", folder / "evidence")
    request = request_of(folder / "evidence", trust=ALL_KEYS)
    passphrase = (SAMPLE / "trust" / "demo-passphrase.txt").read_bytes().strip()
    key = reports.signing_key(SAMPLE / "trust" / "demo-auditor.p12", lambda: passphrase)
    found = verified(request)
    trust = reports.trust_of(request, found)
    context = reports.context_of(found, CHECKED, DETAILS, trust=trust, key=key)
    signed = sign_report(build_report(context).pdf, key, reason="Test")
    (folder / "report.pdf").write_bytes(signed)
    shutil.copy(SAMPLE / "trust" / "report-root.pem", folder / "root.pem")
    return folder


def _blocks(folder: Path, *options: str) -> dict[str, list[str]]:
    """Return the lines of each recipe as they come out of the PDF, by its name."""
    text = subprocess.run(
        ["pdftotext", *options, "report.pdf", "-"],
        cwd=folder, capture_output=True, text=True, check=True,
    ).stdout.replace("\f", "\n")  # fmt: skip
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.split("\n"):
        if line.strip().startswith("# begin "):
            name = line.strip().removeprefix("# begin ")
            found[name] = []
        elif line.strip() == f"# end {name}":
            name = ""
        elif name and not _FURNITURE.fullmatch(line):
            found[name].append(line)
    assert not name
    return found


def _require_reproduced(lines: list[str], folder: Path) -> None:
    expected = [line.strip().removeprefix("# prints: ") for line in lines if "# prints: " in line]
    said = recipes.run("\n".join(lines), folder).splitlines()
    assert expected
    assert said == expected


@pytest.mark.parametrize("options", [(), ("-layout",)], ids=["copied", "as laid out"])
def test_every_recipe_in_the_pdf_runs_and_prints_what_it_says(desk: Path, options) -> None:
    blocks = _blocks(desk, *options)
    numbered = [name for name in blocks if name.startswith("recipe ")]
    assert numbered == [f"recipe {n}" for n in range(1, 8)]
    for name in ("signature", "manifest", *numbered):
        _require_reproduced(blocks[name], desk)
    said = [line.strip() for name in numbered for line in blocks[name]]
    assert said.count("# prints: Signature Verified Successfully") == 6  # heads
    assert said.count("# prints: Verified OK") == 2  # models


@pytest.mark.skipif(not (shutil.which("pdfsig") and shutil.which("certutil")), reason="no pdfsig")
def test_pdfsig_says_what_the_pdf_says_that_it_says(desk: Path) -> None:
    _require_reproduced(_blocks(desk)["pdfsig (of poppler and nss)"], desk)


def test_an_altered_record_or_file_makes_its_recipe_say_something_else(desk: Path) -> None:
    blocks = _blocks(desk)
    log = desk / "evidence" / "audit" / "audit-log.jsonl"
    model = desk / "evidence" / "models" / "credit-scoring-v8" / "model.safetensors"
    kept = {path: path.read_bytes() for path in (log, model)}
    try:
        log.write_bytes(kept[log].replace(b"allow", b"alloW", 1))
        model.write_bytes(kept[model] + b"x")
        for name in ("recipe 2", "recipe 5"):
            with pytest.raises(AssertionError):
                _require_reproduced(blocks[name], desk)
    finally:
        for path, data in kept.items():
            path.write_bytes(data)


def test_no_command_is_wider_than_the_page(desk: Path) -> None:
    for lines in _blocks(desk).values():
        assert max(map(len, lines)) <= WIDTH
        assert all(line.isascii() for line in lines)
