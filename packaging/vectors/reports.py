"""Write the vectors of signed reports and of evidence packages, good and bad.

They go to resources/selftest. Keys are made anew each time, so the bytes differ from run to run;
the known verdicts do not.
"""

import io
import json
import shutil
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

import signing  # noqa: E402
from casework import added, new_case, written  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402
from reports import NOW  # noqa: E402

from workbench.model.progress import Cancel, Silent  # noqa: E402
from workbench.services import packaging  # noqa: E402

OUTPUT = CHECKOUT / "resources" / "selftest"
AT = "2026-06-30T00:00:00Z"
GREEN = {
    "integrity": "PASSED ANCHORED", "authenticity": "PASSED", "completeness": "PASSED ANCHORED",
    "time": "INDETERMINATE NO_TRUSTED_TIME",
}  # fmt: skip


def root(team: signing.Team) -> bytes:
    """Return the root of a team as PEM."""
    if team.root.certificate is None:
        raise SystemExit("the root has no certificate")
    return team.root.certificate.public_bytes(Encoding.PEM)


def lay(name: str, file: str, data: bytes, known: dict[str, object], trust: bytes) -> None:
    """Write one vector."""
    folder = OUTPUT / name
    shutil.rmtree(folder, ignore_errors=True)
    for place, content in {f"drop/{file}": data, "trust/root.pem": trust}.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    kind = "report.json" if file.endswith(".pdf") else "expected.json"
    (folder / kind).write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def reports() -> None:
    """Write a report that two people signed, one altered after that, one by a stranger."""
    data = signing.reviewed(signing.certified())
    altered = bytearray(data)
    altered[altered.index(b"stream") + 20] ^= 1
    ours, others = root(signing.team()), root(signing.outside())
    for name, title, content, verdict, trust in (
        ("intact", "a report, certified and countersigned", data, "PASSED", ours),
        ("altered", "the same of which one byte was changed", bytes(altered), "FAILED", ours),
        ("stranger", "the same for who trusts somebody else", data, "INDETERMINATE", others),
    ):
        known = {"title": f"{title}: {verdict}", "at": AT, "report": verdict}
        lay(f"report/{name}", "report.pdf", content, known, trust)


def packages() -> None:
    """Write a package, one of which a file was altered, one to which a file was added."""
    data, trust = package(), root(signing.team())
    known = {"title": "an evidence package", "at": AT, "subject": "case.asice"}
    known |= {"trust": ["report=trust/root.pem"], "diagnoses": [], **GREEN}
    lay("package/intact", "case.asice", data, known, trust)
    altered = {
        "title": "the same of which one file was altered",
        "integrity": "FAILED",
        "authenticity": "PASSED",
        "completeness": "PASSED",
        "diagnoses": [["FILE_ALTERED", "evidence/drop/log.txt"]],
    }
    lay("package/altered", "case.asice", rewritten(data, {}), known | altered, trust)
    more = {
        "title": "the same to which a file was added",
        "completeness": "FAILED FILE_ADDED",
        "diagnoses": [["FILE_ADDED", "evidence/more.txt"]],
    }
    added_to = rewritten(data, {"evidence/more.txt": b"more"}, spoil=False)
    lay("package/added", "case.asice", added_to, known | more, trust)


def package() -> bytes:
    """Return a package of a small case."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        written(folder, "drop/log.txt", b"a log, which nobody signed\n")
        with new_case(folder) as case:
            added(case, folder / "drop")
            written(case.folder, "reports/report.pdf", signing.certified())
            asked = packaging.Asked(key=signing.team().ada, at=NOW, evidence=("drop",))
            out = folder / "case.asice"
            packaging.write(case, out, asked, progress=Silent(), cancel=Cancel())
            return out.read_bytes()


def rewritten(data: bytes, more: dict[str, bytes], *, spoil: bool = True) -> bytes:
    """Return a package with a file altered or files added, its signature as it was."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if spoil and info.filename.endswith("log.txt"):
                content = content.replace(b"nobody", b"anyone")
            new.writestr(info, content)
        for name, content in more.items():
            new.writestr(name, content)
    return made.getvalue()


if __name__ == "__main__":
    reports()
    packages()
