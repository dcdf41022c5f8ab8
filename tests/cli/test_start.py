"""A command loads what the evidence at hand needs: the start is most of a small verification."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from builders import LogBuilder
from commands import CHECKOUT

#: Each of these takes time to load; a name stands for what lies below it too.
FOR_CERTIFICATES = (
    "asn1crypto",
    "workbench.model.layout",
    "workbench.verify.attestation.verifier",
    "workbench.verify.detached",
    "workbench.verify.keys.signable",
    "workbench.verify.sigstore.judge",
    "workbench.verify.timestamp.judge",
    "workbench.verify.timestamp.token",
    "workbench.verify.tlog.heads",
    "workbench.verify.trust.x509",
)
FOR_CATALOGS = (
    "sqlite3",
    "workbench.evidence.database",
    "workbench.formats.document",
    "workbench.formats.tally",
    "workbench.model.catalog",
)
FOR_PAGES = (
    "matplotlib",
    "reportlab",
    "workbench.report.document",
    "workbench.report.phrases",
)
FOR_KEYS = (
    "cryptography",
    "workbench.model.bundle",
    "workbench.verify.evidence_keys",
    "workbench.verify.heads.head",
    "workbench.verify.keys.public",
    "workbench.verify.trust.key_files",
)
FOR_LARGE_LOGS = ("multiprocessing", "numpy")
FOR_ODD_LOGS = (
    "workbench.verify.chain.innocent",
    "workbench.verify.chain.manifest",
    "workbench.verify.chain.record_signatures",
    "workbench.verify.infer",
)
FOR_LOGS = ("workbench.verify.chain.diagnose", "workbench.verify.chain.verdict")


def loaded_by(*arguments: str | Path) -> set[str]:
    """Return the modules that are loaded when a command leaves."""
    look = (
        "import os, sys\n"
        "from workbench import __main__\n"
        "def leave(code):\n"
        "    sys.stderr.write(' '.join(sys.modules) + f' exit={code}')\n"
        "    sys.stderr.flush()\n"
        "    end(code)\n"
        "end, os._exit = os._exit, leave\n"
        f"sys.argv = ['workbench', *{[str(argument) for argument in arguments]!r}]\n"
        "__main__.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    *modules, code = done.stderr.split()
    assert code in {"exit=0", "exit=2"}, done.stderr
    return set(modules)


def below(names: Iterable[str], modules: Iterable[str]) -> set[str]:
    dotted = tuple(f"{name}." for name in names)
    return {m for m in modules if f"{m}.".startswith(dotted)}


def test_a_plain_log_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    log = LogBuilder("workbench").write(tmp_path)
    needless = (*FOR_CERTIFICATES, *FOR_CATALOGS, *FOR_PAGES, *FOR_KEYS)
    modules = loaded_by("verify", log)
    assert below((*needless, *FOR_LARGE_LOGS, *FOR_ODD_LOGS), modules) == set()
    assert below(FOR_LOGS, modules)  # else the log was not judged, and nothing is shown here


def test_a_log_that_goes_into_a_case_loads_no_lineage(tmp_path: Path) -> None:
    case = tmp_path / "a.case"
    loaded_by("case", "new", case)
    modules = loaded_by("case", "add", case, LogBuilder("workbench").write(tmp_path), "--verify")
    needless = ("networkx", "workbench.services.lineage", "workbench.analysis.resting")
    assert below((*needless, *FOR_CERTIFICATES, *FOR_PAGES), modules) == set()
    assert below(FOR_LOGS, modules)


def test_what_opens_a_case_starts_no_threads() -> None:
    """With threads of NumPy or DuckDB about, workers could not be forked."""
    look = (
        "import sys\n"
        "from workbench.cli import case\n"
        "from workbench.services import cases, trusting\n"
        "from workbench.services.verification import case\n"
        "print(*{'numpy', 'duckdb'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", look]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_model_signed_with_a_key_loads_nothing_for_certificates(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    script = CHECKOUT / "packaging" / "vectors" / "large_model.py"
    subprocess.run([sys.executable, "-I", script, folder, "4096"], check=True)
    modules = loaded_by("verify", folder / "drop", "--trust", f"model={folder / 'key.pem'}")
    needless = (*FOR_CERTIFICATES, *FOR_CATALOGS, *FOR_PAGES, *FOR_LARGE_LOGS, *FOR_LOGS)
    assert below(needless, modules) == set()
    assert below(["workbench.verify.oms.signatures"], modules)


def test_the_version_is_said_without_any_command() -> None:
    modules = loaded_by("--version")
    assert "workbench.cli.main" in modules
    needless = (
        "workbench.api",
        "workbench.cli.verify",
        "workbench.evidence.file",
        "workbench.model.verdict",
    )
    assert below((*needless, "workbench.services"), modules) == set()
