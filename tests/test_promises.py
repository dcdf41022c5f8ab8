"""The promises that concern the whole program: no network, evidence untouched, reproducible."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import CHECKOUT, workbench

SAMPLE = CHECKOUT / "resources" / "sample"
INTERNET = re.compile(r"AF_INET6?\b")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(CHECKOUT)}


def job(out: Path) -> list[str]:
    """Return a shell command that does all there is, from the sample to a case."""
    python = f"{sys.executable} -m workbench"
    sealed = CHECKOUT / "resources" / "selftest" / "attestation" / "sigstore-pinned"
    who = "--identity https://git.example/models/credit/.ci/release.yml@refs/tags/v3"
    who += " --issuer https://tokens.example --at 2026-06-30"
    report, root = out / "sample-report.pdf", out / "report-root.pem"
    lines = (
        f"{python} sample --out {out} > /dev/null",
        f"{python} verify-report {report} --trust {root}",
        f"{python} selftest > /dev/null",
        f"{python} verify {sealed}/drop --trust {sealed}/trust/trusted_root.json {who}",
        f"{python} demo {out}/demo --events 20000 > /dev/null",
        f"{python} verify {out}/demo/evidence --trust log={out}/demo/trust/log.vkey",
        f"{python} case new {out}/q2 > /dev/null",
        f"{python} trust add {out}/q2 log={out}/demo/trust/log.vkey > /dev/null",
        f"{python} case add {out}/q2 {out}/demo/evidence --verify > /dev/null",
        f"{python} query {out}/q2 'outcome:failure /credit/' --sort actor > /dev/null",
        f"{python} case index {out}/q2 > /dev/null",
        f"{python} case journal {out}/q2 --export {out}/journal.jsonl > /dev/null",
        *signing(python, out),
    )
    return ["bash", "-ec", "\n".join(lines)]


def signing(python: str, out: Path) -> tuple[str, ...]:
    """Return the lines that make an authority, sign, countersign and stamp at the last level."""
    lists = f"--crl {out}/ca/root.crl --crl {out}/ca/issuing.crl"
    stamps = f"--own-tsa {out}/tsa.p12 --own-tsa-fd 4 {lists} 4< {out}/pw"
    issued = [
        f"{python} ca issue {out}/ca --for {who} --name {who} -o {out}/{who}.p12"
        f" --passphrase-fd 3 --new-passphrase-fd 4 3< {out}/pw 4< {out}/pw > /dev/null"
        for who in ("auditor", "reviewer", "tsa")
    ]
    report = f"{python} report {out}/q2.case -o {out}/r.pdf --sign {out}/auditor.p12 --level LTA"
    review = f"{python} countersign {out}/r.pdf -o {out}/s.pdf --sign {out}/reviewer.p12"
    return (
        f"echo secret > {out}/pw",
        f"{python} ca new {out}/ca --name Team --passphrase-fd 3 3< {out}/pw > /dev/null",
        *issued,
        f"{report} --passphrase-fd 3 {stamps} 3< {out}/pw > /dev/null || test $? = 2",
        f"{review} --level LTA --passphrase-fd 3 {stamps} 3< {out}/pw > /dev/null",
        f"{python} timestamp {out}/s.pdf --archive --tsq {out}/q.tsq > /dev/null",
        f"{python} verify-report {out}/s.pdf --trust {out}/ca/root.pem > /dev/null",
    )


_WATCHED = ("strace", "-f", "-qq", "-e", "trace=network", "-o")


def can(*command: str) -> bool:
    """Tell whether a tool is here and works for this user."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, str]:
    """Do the whole job without a network and watched, as far as that is possible here.

    Returns:
        Its exit code, what it said, and the system calls on the network.
    """
    out, trace = tmp_path_factory.mktemp("job"), tmp_path_factory.mktemp("trace") / "trace"
    trace.touch()
    alone = ["unshare", "-rn"] if can("unshare", "-rn", "true") else []
    watched = [*_WATCHED, str(trace)] if can("strace", "-f", "true") else []
    ended = subprocess.run(
        [*alone, *watched, *job(out)],
        capture_output=True, text=True, env=ENVIRONMENT, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout + ended.stderr, trace.read_text()


def test_everything_works_without_a_network(done: tuple[int, str, str]) -> None:
    if not can("unshare", "-rn", "true"):
        pytest.skip("this machine does not let a user leave the network (unshare -rn)")
    code, said, _ = done
    assert code == 0, said


def test_no_internet_socket_is_ever_asked_for(done: tuple[int, str, str]) -> None:
    if not can("strace", "-f", "true"):
        pytest.skip("strace is not here or may not trace: system calls not looked at")
    code, said, trace = done
    assert code == 0, said
    assert [line for line in trace.splitlines() if INTERNET.search(line)] == []


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    """Return digest and modification time of every file, and every folder by its name."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


def test_evidence_is_as_it_was_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    shutil.copytree(SAMPLE / "evidence", evidence)
    before = fingerprint(evidence)
    workbench("verify", evidence)
    workbench("inspect", evidence)
    workbench("report", evidence, "-o", tmp_path / "report.pdf")
    workbench("case", "new", tmp_path / "q2")
    workbench("case", "add", tmp_path / "q2", evidence, "--verify")
    workbench("case", "verify", tmp_path / "q2")
    workbench("case", "index", tmp_path / "q2")
    assert fingerprint(evidence) == before
    assert {path.name for path in tmp_path.iterdir()} == {"evidence", "report.pdf", "q2.case"}


def test_the_same_case_gives_the_same_report_bytes_anywhere(tmp_path: Path) -> None:
    reports = []
    for number, (zone, language) in enumerate([("UTC", "C.UTF-8"), ("Asia/Tokyo", "C")]):
        place = tmp_path / str(number)
        shutil.copytree(SAMPLE / "evidence" / "audit", place / "audit")
        out = place / "report.pdf"
        times = ("--at", "2026-07-02T00:00:00Z", "--date", "2026-07-02T00:00:00Z")
        where = {"TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": "random"}
        done = subprocess.run(
            [sys.executable, "-m", "workbench", "report", "audit", "-o", str(out), *times],
            cwd=place, env=ENVIRONMENT | where, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        reports.append(out.read_bytes())
    assert reports[0] == reports[1]
