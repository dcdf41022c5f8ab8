"""Sign, countersign, stamp and renew from the command line; what is refused leaves nothing."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import reports
import signing
from commands import workbench
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jsonschema import Draft202012Validator

from workbench import resources
from workbench.services import authority
from workbench.services.authority import Holder

TODAY = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def team_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an authority, and keys of an auditor, a reviewer and a clock."""
    folder = tmp_path_factory.mktemp("team")
    authority.new(folder / "ca", "Team", lambda: b"pw", now=TODAY - DAY)
    for holder in Holder:
        authority.issue(
            folder / "ca", holder, f"The {holder}", folder / f"{holder}.p12",
            passphrase=lambda: b"pw", new_passphrase=lambda: b"pw", now=TODAY - DAY,
        )  # fmt: skip
    (folder / "pw").write_bytes(b"pw\n")
    return folder


@contextmanager
def descriptors(folder: Path, number: int) -> Iterator[list[str]]:
    found = [os.open(folder / "pw", os.O_RDONLY) for _ in range(number)]
    try:
        yield [str(each) for each in found]
    finally:
        for each in found:
            os.close(each)


def signing_options(folder: Path, name: str, fds: list[str]) -> list[str | Path]:
    return ["--sign", folder / f"{name}.p12", "--passphrase-fd", fds[0]]


def stamping_options(folder: Path, fds: list[str]) -> list[str | Path]:
    return [
        "--own-tsa", folder / "tsa.p12", "--own-tsa-fd", fds[-1],
        "--crl", folder / "ca" / "root.crl", "--crl", folder / "ca" / "issuing.crl",
    ]  # fmt: skip


def fds(found: list[str]) -> dict[str, tuple[int, ...]]:
    return {"pass_fds": tuple(map(int, found))}


def test_from_evidence_to_a_renewed_report(team_today: Path, tmp_path: Path) -> None:
    root = team_today / "ca" / "root.pem"
    (tmp_path / "log.jsonl").write_text('{"a": 1}\n')
    with descriptors(team_today, 2) as found:
        made = workbench(
            "report", "log.jsonl", "-o", "r1.pdf", "--level", "LTA", "--meaning", "I looked.",
            *signing_options(team_today, "auditor", found),
            *stamping_options(team_today, found), cwd=tmp_path, **fds(found),
        )  # fmt: skip
    assert (made.returncode, "PAdES B-LTA" in made.stdout) == (2, True), made.stderr
    with descriptors(team_today, 2) as found:
        made = workbench(
            "countersign", "r1.pdf", "-o", "r2.pdf", "--level", "B-LT", "--meaning", "I read it.",
            *signing_options(team_today, "reviewer", found),
            *stamping_options(team_today, found), cwd=tmp_path, **fds(found),
        )  # fmt: skip
    assert made.returncode == 0, made.stderr
    with descriptors(team_today, 1) as found:
        made = workbench(
            "renew", "r2.pdf", "-o", "r3.pdf", "--trust", root,
            *stamping_options(team_today, found), cwd=tmp_path, **fds(found),
        )  # fmt: skip
    assert (made.returncode, "PAdES B-LTA" in made.stdout) == (0, True), made.stderr
    pins = ",".join(f"{holder}={fingerprint(team_today, holder)}" for holder in
                    (Holder.AUDITOR, Holder.REVIEWER))  # fmt: skip
    checked = workbench(
        "verify-report", "r3.pdf", "--trust", root, "--expect", pins, "--evidence", "log.jsonl",
        "--json", cwd=tmp_path,
    )  # fmt: skip
    document = json.loads(checked.stdout)
    schema = resources.path("schemas", "report-verification.schema.json")
    Draft202012Validator(json.loads(schema.read_text())).validate(document)
    assert (checked.returncode, document["code"]) == (0, None), document["reasons"]
    assert [row["level"] for row in document["signatures"]] == ["B-LTA", "B-LTA"]
    assert [row["meaning"] for row in document["signatures"]] == ["I looked.", "I read it."]
    assert [row["order_only"] for row in document["time_stamps"]] == [True] * 4
    assert [row["held"] for row in document["evidence"]] == ["same"]


def fingerprint(folder: Path, holder: Holder) -> str:
    from workbench.sign.keys import load_signing_key

    return load_signing_key(folder / f"{holder}.p12", lambda: b"pw").fingerprint


def test_a_query_goes_out_and_its_answer_comes_in(tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(signing.certified(room=True))
    done = workbench("timestamp", "r.pdf", "--tsq", "q.tsq", cwd=tmp_path)
    assert (done.returncode, "--reply" in done.stdout) == (0, True), done.stderr
    from asn1crypto import tsp

    asked = tsp.TimeStampReq.load((tmp_path / "q.tsq").read_bytes())
    imprint = asked["message_imprint"]["hashed_message"].native
    (tmp_path / "a.tsr").write_bytes(signing.outside_stamper()(imprint))
    done = workbench(
        "timestamp", "r.pdf", "--reply", "a.tsr", "-o", "s.pdf", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = signing.judged((tmp_path / "s.pdf").read_bytes(), signing.full_trust())
    assert (found.exit_code, signing.levels(found)) == (0, ["B-T"])


def test_a_report_and_its_query_are_never_one_file(tmp_path: Path) -> None:
    team = signing.team()
    (tmp_path / "r.pdf").write_bytes(signing.certified())
    (tmp_path / "root.pem").write_bytes(team.root.certificate.public_bytes(Encoding.PEM))
    certificates = b"".join(c.public_bytes(Encoding.PEM) for c in (
        team.rita.certificate, *team.rita.chain,
    ))  # fmt: skip
    key = team.rita.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "rita.pem").write_bytes(key + certificates)
    done = workbench(
        "countersign", "r.pdf", "-o", "o.pdf", "--tsq", "./o.pdf", "--sign", "rita.pem",
        "--trust", "root.pem", cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, "name two files" in done.stderr) == (3, True), done.stderr
    assert not (tmp_path / "o.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("countersign", "r.pdf", "-o", "o.pdf"), "--sign KEY"),
        (("countersign", "r.pdf", "-o", "r.pdf", "--sign", "k"), "which is an input"),
        (
            (
                "countersign",
                "r.pdf",
                "-o",
                "x=y.pdf",
                "--sign",
                "k",
                "--force",
                "--trust",
                "x=y.pdf",
            ),
            "which is an input",
        ),
        (("timestamp", "r.pdf"), "-o FILE"),
        (("timestamp", "r.pdf", "-o", "o.pdf"), "Say who stamps it"),
        (("timestamp", "r.pdf", "-o", "o.pdf", "--tsa", "http://x.example"), "--allow-network"),
        (("renew", "r.pdf", "-o", "o.pdf"), "Say who stamps it"),
        (("timestamp", "r.pdf", "-o", "o.pdf", "--reply", "r.pdf"), "cannot be read as a time"),
        (("timestamp", "x.pdf", "--tsq", "q"), "Nobody signed"),
    ],
)
def test_what_makes_no_sense_is_said_and_writes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "r.pdf").write_bytes(signing.certified())
    (tmp_path / "x.pdf").write_bytes(reports.small_report())
    (tmp_path / "x=y.pdf").write_bytes(b"no role, a name")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = workbench(*arguments, cwd=tmp_path)
    assert (done.returncode, says in done.stderr) == (3, True), done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_case_is_as_it_was_where_its_report_could_not_be_signed(
    team_today: Path, tmp_path: Path
) -> None:
    (tmp_path / "log.jsonl").write_text('{"a": 1}\n')
    for command in (
        ("case", "new", "q2"),
        ("case", "add", "q2.case", "log.jsonl", "--verify"),
    ):
        workbench(*command, cwd=tmp_path)
    before = state(tmp_path / "q2.case")
    (team_today / "bad").write_bytes(b"wrong\n")
    descriptor = os.open(team_today / "bad", os.O_RDONLY)
    try:
        done = workbench(
            "report", "q2.case", "-o", "r.pdf", "--sign", team_today / "auditor.p12",
            "--passphrase-fd", str(descriptor), cwd=tmp_path, pass_fds=(descriptor,),
        )  # fmt: skip
    finally:
        os.close(descriptor)
    assert (done.returncode, "passphrase is wrong" in done.stderr) == (3, True), done.stderr
    with descriptors(team_today, 1) as found:
        done = workbench(
            "report", "q2.case", "-o", "r.pdf", "--level", "T", "--tsa", "http://x.example",
            *signing_options(team_today, "auditor", found), cwd=tmp_path, **fds(found),
        )  # fmt: skip
    assert (done.returncode, "--allow-network" in done.stderr) == (3, True), done.stderr
    assert state(tmp_path / "q2.case") == before
    assert not (tmp_path / "r.pdf").exists()


def state(case: Path) -> str:
    journal = workbench("case", "journal", case)
    return hashlib.sha256(journal.stdout.encode()).hexdigest()
