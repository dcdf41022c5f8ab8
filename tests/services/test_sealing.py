"""A folder that was sealed is believed for its key alone, and for nothing once it was touched."""

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import signing
from builders import LogBuilder
from commands import require_one_sentence, verify_json, workbench
from cryptography.hazmat.primitives.serialization import Encoding

from workbench import output
from workbench.errors import Cancelled, SigningError, SourceError, UsageError, WorkbenchError
from workbench.evidence.drop import open_drop
from workbench.formats.table import sort_out
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Trust
from workbench.model.verdict import Code, Indication, SubjectVerdict
from workbench.services import sealing
from workbench.sign.keys import SigningKey, new_ed25519, public_key_pem
from workbench.sign.stampers import stamper_of
from workbench.verify.chain.library import chosen
from workbench.verify.judge import judge
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

NOW = datetime.now(UTC).replace(microsecond=0)
KEY = SigningKey(new_ed25519())
PROFILES = chosen(None)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a folder as somebody may hand it over: a log, a catalog, a note."""
    folder = tmp_path / "evidence"
    (folder / "logs").mkdir(parents=True)
    (folder / "logs" / "audit.jsonl").write_bytes(LogBuilder("certmate", 4).data())
    (folder / "registry.json").write_bytes(b'{"plain": "document"}')
    (folder / "a%b\nc.txt").write_bytes(b"a name that a list has to escape")
    return folder


def asked(key: SigningKey = KEY, **more: object) -> sealing.Asked:
    return sealing.Asked(key=key, at=NOW, origin="example.com", trust=Trust(at=NOW), **more)  # type: ignore[arg-type]


def seal(folder: Path, out: Path, how: sealing.Asked | None = None) -> sealing.Sealed:
    return sealing.seal(folder, out, how or asked(), progress=Silent(), cancel=Cancel())


def trust_of(folder: Path, key: SigningKey = KEY, *more: str) -> Trust:
    path = folder / "key.pem"
    path.write_bytes(public_key_pem(key))
    return load_trust([str(path), *more], at=NOW + timedelta(days=1))


def judged(folder: Path, trust: Trust) -> dict[str, SubjectVerdict]:
    with open_drop([folder], cancel=Cancel(), progress=Silent()) as drop:
        bench = Bench(trust, profiles=PROFILES)
        subjects = sort_out(drop, PROFILES).subjects
        return {subject.path: judge(subject, bench) for subject in subjects}


def is_green(verdicts: dict[str, SubjectVerdict]) -> bool:
    return all(
        part.indication is Indication.PASSED
        for one in verdicts.values()
        for part in (one.integrity, one.authenticity, one.completeness)
    )


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def certificate_pem(key: SigningKey) -> bytes:
    assert key.certificate is not None
    return key.certificate.public_bytes(Encoding.PEM)


def _is_signed(verdict: SubjectVerdict) -> bool:
    return verdict.authenticity.indication is Indication.PASSED


def _zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def levels(verdicts: dict[str, SubjectVerdict]) -> dict[str, int]:
    return {path: max(part.level for part in one.assurance) for path, one in verdicts.items()}


def test_a_sealed_folder_is_signed_throughout_with_the_key_alone(
    tmp_path: Path, evidence: Path
) -> None:
    before = {p: p.read_bytes() for p in evidence.rglob("*") if p.is_file()}
    made = seal(evidence, tmp_path / "sealed")
    found = judged(made.folder, trust_of(tmp_path))
    assert levels(found) == {"sealed": 2, "sealed/data/logs/audit.jsonl": 2}
    assert is_green(found)
    assert made.heads == {"logs/audit.jsonl": 4}
    assert {p: p.read_bytes() for p in before} == before


def test_a_file_that_nothing_else_protects_is_vouched_for_by_the_seal(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "access.jsonl").write_bytes(b'{"time": "2026-01-01T00:00:00Z", "who": "ada"}\n' * 3)
    assert not is_green(judged(folder, trust_of(tmp_path)))
    made = seal(folder, tmp_path / "sealed")
    found = judged(made.folder, trust_of(tmp_path))
    assert is_green(found)
    assert levels(found)["sealed/data/access.jsonl"] == 2


def test_without_the_key_nobody_vouches(tmp_path: Path, evidence: Path) -> None:
    made = seal(evidence, tmp_path / "sealed")
    found = judged(made.folder, trust_of(tmp_path, SigningKey(new_ed25519())))
    assert {one.authenticity.indication for one in found.values()} == {Indication.INDETERMINATE}
    assert {one.integrity.code for one in found.values()} == {Code.SELF_CONSISTENT}


def test_a_key_of_a_certificate_seals_and_another_one_signs_the_heads(
    tmp_path: Path, evidence: Path
) -> None:
    ada, trust = signing.team().ada, trust_of(tmp_path, signing.team().ada)
    made = seal(evidence, tmp_path / "without", asked(ada))
    assert (made.heads, "Ed25519" in made.remarks[0]) == ({}, True)
    assert is_green(judged(made.folder, trust))
    made = seal(evidence, tmp_path / "with", asked(ada, log_key=KEY))
    assert made.heads == {"logs/audit.jsonl": 4}
    assert is_green(judged(made.folder, trust))


def test_a_time_stamp_makes_it_level_three(tmp_path: Path, evidence: Path) -> None:
    made = seal(evidence, tmp_path / "sealed")
    (tmp_path / "tsa-root.pem").write_bytes(certificate_pem(signing.outside().root))
    trust = trust_of(tmp_path, KEY, f"tsa={tmp_path / 'tsa-root.pem'}")
    (tmp_path / "q").mkdir()
    assert sealing.query_over(made.folder) == made.query
    (tmp_path / "answer.tsr").write_bytes(signing.answered(tmp_path / "q", made.query))
    sealing.stamped(made.folder, tmp_path / "answer.tsr")
    found = judged(made.folder, trust)
    assert set(levels(found).values()) == {3}
    assert is_green(found)
    with pytest.raises(UsageError, match="already"):
        sealing.stamped(made.folder, tmp_path / "answer.tsr")


def test_an_answer_to_something_else_does_not_come_in(tmp_path: Path, evidence: Path) -> None:
    made = seal(evidence, tmp_path / "sealed")
    (tmp_path / "answer.tsr").write_bytes(signing.outside_stamper()(hashlib.sha256(b"x").digest()))
    with pytest.raises(SigningError, match="something else"):
        sealing.stamped(made.folder, tmp_path / "answer.tsr")
    assert is_green(judged(made.folder, trust_of(tmp_path)))


def test_a_key_of_ones_own_stamps_while_sealing(tmp_path: Path, evidence: Path) -> None:
    made = seal(evidence, tmp_path / "sealed", asked(stamper=signing.own_stamper()))
    assert (made.folder / "seal.dsse.json.tsr").is_file()
    (tmp_path / "tsa-root.pem").write_bytes(certificate_pem(signing.team().root))
    found = judged(made.folder, trust_of(tmp_path, KEY, f"tsa={tmp_path / 'tsa-root.pem'}"))
    assert is_green(found)
    assert {one.time.code for one in found.values()} == {Code.NO_TRUSTED_TIME}
    assert set(levels(found).values()) == {2}


def test_whatever_byte_of_the_time_stamp_changes_no_time_is_proven(
    tmp_path: Path, evidence: Path
) -> None:
    folder = seal(evidence, tmp_path / "sealed", asked(stamper=signing.outside_stamper())).folder
    (tmp_path / "tsa-root.pem").write_bytes(certificate_pem(signing.outside().root))
    trust = trust_of(tmp_path, KEY, f"tsa={tmp_path / 'tsa-root.pem'}")
    assert set(levels(judged(folder, trust)).values()) == {3}
    path, draw = folder / "seal.dsse.json.tsr", random.Random(11)
    good = path.read_bytes()
    unsigned = range(20, 40)  # version and digest algorithms, which no signature covers
    for place in {*unsigned, len(good) - 1, *draw.sample(range(len(good)), 20)}:
        flipped = bytes([good[place] ^ 1 << draw.randrange(8)])
        path.write_bytes(good[:place] + flipped + good[place + 1 :])
        found = judged(folder, trust)
        assert found["sealed"].time.indication is not Indication.PASSED, place
        assert set(levels(found).values()) == {2}


def test_the_network_is_used_only_where_it_is_allowed() -> None:
    with pytest.raises(UsageError, match="allow it"):
        stamper_of(None, "http://tsa.example/", network=False, clock=lambda: NOW)


def test_of_an_altered_log_it_is_said_that_the_bag_lists_other_bytes(
    tmp_path: Path, evidence: Path
) -> None:
    folder = seal(evidence, tmp_path / "sealed").folder
    (log,) = folder.rglob("audit.jsonl")
    before = log.read_bytes()
    log.write_bytes(before.replace(b'"', b"'", 1))
    assert log.read_bytes() != before
    (found,) = (v for path, v in judged(folder, trust_of(tmp_path)).items() if "audit" in path)
    listed = log.relative_to(folder)
    assert any(f"states another digest for {listed}" in note for note in found.notes), found.notes


def test_whatever_byte_changes_it_is_not_green(tmp_path: Path, evidence: Path) -> None:
    folder = seal(evidence, tmp_path / "sealed").folder
    trust, draw = trust_of(tmp_path), random.Random(6)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        good = path.read_bytes()
        for place in {0, len(good) - 1, *draw.sample(range(len(good)), 2)}:
            flipped = bytes([good[place] ^ 1 << draw.randrange(8)])
            path.write_bytes(good[:place] + flipped + good[place + 1 :])
            assert not is_green(judged(folder, trust)), (path, place)
        path.unlink()
        assert not is_green(judged(folder, trust)), path
        path.write_bytes(good)
    assert is_green(judged(folder, trust))


@pytest.mark.parametrize(
    "name",
    [
        "new.txt",
        "data/new.txt",
        "heads/new",
        "tagmanifest-md5.txt",
        "manifest-md5.txt",
        "fetch.txt",
    ],
)
def test_a_file_that_was_added_is_not_green(tmp_path: Path, evidence: Path, name: str) -> None:
    folder = seal(evidence, tmp_path / "sealed").folder
    (folder / name).write_bytes(b"")
    found = judged(folder, trust_of(tmp_path))
    assert found["sealed"].completeness.indication is not Indication.PASSED


def test_a_log_that_was_added_to_a_sealed_folder_in_an_archive_is_not_vouched_for(
    tmp_path: Path, evidence: Path
) -> None:
    (evidence / "inner.zip").write_bytes(_zipped({"in.jsonl": LogBuilder("certmate", 3).data()}))
    made = seal(evidence, tmp_path / "sealed")
    (made.folder / "data" / "added.jsonl").write_bytes(LogBuilder("certmate", 5).data())
    (made.folder / "data" / "added.zip").write_bytes(
        _zipped({"added-within.jsonl": LogBuilder("certmate", 6).data()})
    )
    (tmp_path / "handed").mkdir()
    shutil.make_archive(str(tmp_path / "handed" / "over"), "zip", tmp_path, "sealed")
    for drop in (made.folder, tmp_path / "handed"):
        signed = _signed_in(drop, trust_of(tmp_path))
        assert signed == {"sealed", "audit.jsonl", "in.jsonl"}, drop


def _signed_in(folder: Path, trust: Trust) -> set[str]:
    """Return the places of subjects that somebody trusted vouches for: their last names."""
    with open_drop([folder], cancel=Cancel(), progress=Silent()) as drop:
        bench = Bench(trust, profiles=PROFILES)
        verdicts = [(one, judge(one, bench)) for one in sort_out(drop, PROFILES).subjects]
    green = [one for one, verdict in verdicts if _is_signed(verdict)]
    places = (
        one.files[0].place if one.format != "bagit" else one.base.rstrip("/") for one in green
    )
    return {place.rpartition("/data/")[2].rpartition("/")[2] for place in places}


def test_a_signature_over_weak_or_partial_lists_of_tags_anchors_nothing(
    tmp_path: Path, evidence: Path
) -> None:
    """MD5 of tag files, and a signed list that leaves the list of the payload out."""
    folder = seal(evidence, tmp_path / "sealed").folder
    (folder / "seal.dsse.json").unlink()
    for name in ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt"):
        (folder / name).unlink()
    listed = hashlib.sha256((folder / "bagit.txt").read_bytes()).hexdigest()
    (folder / "tagmanifest-sha256.txt").write_text(f"{listed}  bagit.txt\n")
    _signed_by_hand(folder, "tagmanifest-sha256.txt")
    found = judged(folder, trust_of(tmp_path))["sealed"]
    assert found.integrity.code == Code.SELF_CONSISTENT
    assert found.completeness.indication is Indication.INDETERMINATE
    weak = "".join(
        f"{hashlib.md5(p.read_bytes()).hexdigest()}  {p.name}\n"
        for p in sorted(folder.glob("*.txt"))
        if not p.name.startswith("tag")
    )
    (folder / "tagmanifest-sha256.txt").unlink()
    (folder / "tagmanifest-md5.txt").write_text(weak)
    _signed_by_hand(folder, "tagmanifest-md5.txt")
    found = judged(folder, trust_of(tmp_path))["sealed"]
    assert found.integrity.code == Code.SELF_CONSISTENT


def _signed_by_hand(folder: Path, name: str) -> None:
    from workbench.sign.statement import write_statement

    digests = {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
    data = write_statement({name: digests}, predicate_type="urn:x", predicate={}, key=KEY)
    (folder / "seal.dsse.json").write_bytes(data)


def _link(folder: Path) -> None:
    (folder / "link").symlink_to("/etc")


def _inner_link(folder: Path) -> None:
    (folder / "link").symlink_to("registry.json")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def _not_text(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).write_bytes(b"x")


def _backslash(folder: Path) -> None:
    (folder / "a\\b").write_bytes(b"x")


def _two_cases(folder: Path) -> None:
    (folder / "REGISTRY.json").write_bytes(b"x")


def _unreadable(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_link, "no links"),
        (_inner_link, "no links"),
        (_pipe, "not a plain file"),
        (_not_text, "UTF-8"),
        (_backslash, "of this name"),
        (_two_cases, "one name"),
        (_unreadable, "cannot be listed"),
    ],
)
def test_what_a_bag_cannot_hold_is_refused_and_nothing_is_written(
    tmp_path: Path, evidence: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(evidence)
    if spoil is _unreadable and os.geteuid() == 0:
        pytest.skip("root may list any folder")
    with pytest.raises(SourceError, match=said):
        seal(evidence, tmp_path / "sealed")
    assert names_in(tmp_path) == ["evidence"]


def test_a_folder_that_is_there_is_never_written_over(tmp_path: Path, evidence: Path) -> None:
    (tmp_path / "sealed").mkdir()
    for out in (tmp_path / "sealed", evidence / "sealed"):
        with pytest.raises(UsageError, match=r"exists already|lies in"):
            seal(evidence, out)
    assert names_in(tmp_path / "sealed") == []


def test_in_place_the_folder_itself_is_sealed(tmp_path: Path, evidence: Path) -> None:
    log = (evidence / "logs" / "audit.jsonl").read_bytes()
    made = seal(evidence, evidence, asked(in_place=True))
    assert made.folder == evidence
    assert (evidence / "data" / "logs" / "audit.jsonl").read_bytes() == log
    assert is_green(judged(evidence, trust_of(tmp_path)))


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Return how to let the n-th file that is given its name be the last thing that works."""

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    def stop(after: int) -> None:
        left = [after]

        def link(file: Path, name: Path) -> None:
            left[0] -= 1
            if left[0] < 0:
                full()
            real(file, name)

        monkeypatch.setattr(output.os, "link", link)
        monkeypatch.setattr(Path, "touch", full)

    real = output.os.link

    yield stop
    monkeypatch.undo()


@pytest.mark.parametrize("in_place", [False, True])
def test_where_it_stops_half_way_nothing_is_left_and_the_evidence_is_whole(
    tmp_path: Path, evidence: Path, stopping: Callable[[int], None], in_place: bool
) -> None:
    before = {p: p.read_bytes() for p in evidence.rglob("*") if p.is_file()}
    out = evidence if in_place else tmp_path / "sealed"
    for after in range(8 if in_place else 11):
        stopping(after)
        with pytest.raises(WorkbenchError, match="No space left"):
            seal(evidence, out, asked(in_place=in_place))
        assert names_in(tmp_path) == ["evidence"]
        assert {p: p.read_bytes() for p in evidence.rglob("*") if p.is_file()} == before


def test_a_rename_that_fails_in_place_gives_the_folder_back(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, done = Path.rename, []

    def rename(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == 2:
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(WorkbenchError, match="Input/output"):
        seal(evidence, evidence, asked(in_place=True))
    assert names_in(tmp_path) == ["evidence"]
    assert (evidence / "logs" / "audit.jsonl").is_file()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no way here to stop a process at a point")
def test_killed_at_any_moment_nothing_has_the_name_of_a_sealed_folder(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = output.os.fsync
    for after in range(0, 12, 2):
        child = os.fork()
        if child == 0:
            left = [after]

            def die(descriptor: int, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), 9)
                real(descriptor)

            monkeypatch.setattr(output.os, "fsync", die)
            seal(evidence, tmp_path / "sealed")
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 9
        assert not (tmp_path / "sealed").exists()
    seal(evidence, tmp_path / "sealed")
    assert is_green(judged(tmp_path / "sealed", trust_of(tmp_path)))


def test_who_stops_it_is_heard(tmp_path: Path, evidence: Path) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        sealing.seal(evidence, tmp_path / "sealed", asked(), progress=Silent(), cancel=cancel)
    assert names_in(tmp_path) == ["evidence"]


def test_a_log_that_does_not_hold_gets_no_head_and_the_sealer_is_told(
    tmp_path: Path, evidence: Path
) -> None:
    log = evidence / "logs" / "audit.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([lines[0], *lines[2:]]))
    made = seal(evidence, tmp_path / "sealed")
    assert made.heads == {}
    assert "not one unbroken chain" in made.remarks[0]
    found = judged(made.folder, trust_of(tmp_path))
    assert found["sealed"].integrity.indication is Indication.PASSED
    assert found["sealed/data/logs/audit.jsonl"].integrity.indication is Indication.FAILED


@pytest.mark.skipif(shutil.which("sha512sum") is None, reason="coreutils are not here")
def test_others_read_the_lists_and_the_signature(tmp_path: Path, evidence: Path) -> None:
    (evidence / "a%b\nc.txt").unlink()  # coreutils escape such names otherwise
    folder = seal(evidence, tmp_path / "sealed", asked(signing.team().ada)).folder
    for name in ("sha256", "sha512"):
        for kind in ("manifest", "tagmanifest"):
            command = [f"{name}sum", "-c", "--strict", "--quiet", f"{kind}-{name}.txt"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
    envelope = json.loads((folder / "seal.dsse.json").read_bytes())
    (tmp_path / "key.pem").write_bytes(public_key_pem(signing.team().ada))
    (tmp_path / "signed").write_bytes(_encoded(envelope))
    (tmp_path / "signature").write_bytes(_plain(envelope["signatures"][0]["sig"]))
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature"]
    subprocess.run([*command, "signed"], cwd=tmp_path, check=True, capture_output=True)


def _plain(text: str) -> bytes:
    import base64

    return base64.b64decode(text)


def _encoded(envelope: dict[str, str]) -> bytes:
    payload, kind = _plain(envelope["payload"]), envelope["payloadType"]
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def test_from_the_command_line_it_opens_green_with_the_key(tmp_path: Path, evidence: Path) -> None:
    from workbench.sign.keys import private_pem

    (tmp_path / "key.pem").write_bytes(private_pem(KEY.private_key))  # type: ignore[arg-type]
    done = workbench(
        "seal", evidence, "-o", tmp_path / "sealed", "--key", tmp_path / "key.pem",
        "--public-key", tmp_path / "public.pem", "--tsq", tmp_path / "q.tsq",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "logs/audit.jsonl: 4 records" in done.stdout
    document = verify_json(tmp_path / "sealed", "--trust", tmp_path / "public.pem")
    assert document["exit"] == 0
    assert {r["level"] for s in document["sources"] for r in s.get("assurance", ())} == {2}
    again = workbench("seal", evidence, "-o", tmp_path / "sealed", "--key", tmp_path / "key.pem")
    require_one_sentence(again, "exists already")
    lost = workbench("seal", evidence, "--key", tmp_path / "key.pem")
    require_one_sentence(lost, "--in-place")


@pytest.mark.parametrize("option", ["--key", "--log-key", "--own-tsa", "--secret"])
def test_a_key_or_secret_that_lies_in_the_folder_is_not_handed_over(
    tmp_path: Path, evidence: Path, option: str
) -> None:
    from workbench.sign.keys import private_pem

    for place in (tmp_path, evidence):
        (place / "key.pem").write_bytes(private_pem(KEY.private_key))  # type: ignore[arg-type]
    inside = f"s={evidence / 'key.pem'}" if option == "--secret" else evidence / "key.pem"
    own = () if option == "--key" else ("--key", tmp_path / "key.pem")
    done = workbench("seal", evidence, "-o", tmp_path / "sealed", *own, option, inside)
    require_one_sentence(done, "would be handed over")
    assert not (tmp_path / "sealed").exists()


def test_the_public_key_and_the_query_are_never_one_file(tmp_path: Path, evidence: Path) -> None:
    from workbench.sign.keys import private_pem

    (tmp_path / "key.pem").write_bytes(private_pem(KEY.private_key))  # type: ignore[arg-type]
    done = workbench(
        "seal", evidence, "-o", tmp_path / "sealed", "--key", tmp_path / "key.pem",
        "--public-key", tmp_path / "one", "--tsq", tmp_path / "one",
    )  # fmt: skip
    require_one_sentence(done, "name two files")
    assert not (tmp_path / "sealed").exists()


def beside(folder: Path) -> sealing.Asked:
    return asked(public_key=folder / "public.pem", to_stamp=folder / "q.tsq")


@pytest.mark.parametrize("name", ["public.pem", "q.tsq"])
def test_a_file_beside_the_seal_that_cannot_be_written_leaves_nothing_of_it(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def somebody_is_quicker(*_arguments: object) -> None:
        (tmp_path / name).write_bytes(b"somebody else's")

    monkeypatch.setattr(sealing.folder, "_require_good", somebody_is_quicker)
    with pytest.raises(UsageError, match=rf"{name} exists already.*; nothing was written"):
        seal(evidence, tmp_path / "sealed", beside(tmp_path))
    assert names_in(tmp_path) == sorted(["evidence", name])
    assert (tmp_path / name).read_bytes() == b"somebody else's"


@pytest.mark.parametrize("in_place", [False, True])
def test_a_seal_that_cannot_get_its_name_leaves_no_file_beside_it(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch, in_place: bool
) -> None:
    def no_rename(_self: Path, _target: Path) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", no_rename)
    out = evidence if in_place else tmp_path / "sealed"
    with pytest.raises(WorkbenchError, match="Input/output error; nothing was written"):
        seal(evidence, out, replace(beside(tmp_path), in_place=in_place))
    assert names_in(tmp_path) == ["evidence"]


def test_public_key_and_query_come_with_the_seal(tmp_path: Path, evidence: Path) -> None:
    made = seal(evidence, tmp_path / "sealed", beside(tmp_path))
    assert (tmp_path / "public.pem").read_bytes() == public_key_pem(KEY)
    assert (tmp_path / "q.tsq").read_bytes() == made.query == sealing.query_over(made.folder)


def test_the_server_that_stamped_a_seal_is_named_without_what_it_knows_a_customer_by(
    tmp_path: Path, evidence: Path
) -> None:
    stamper = signing.outside_stamper()
    how = asked(stamper=stamper, server="https://tsa.example/secret?key=secret")
    assert seal(evidence, tmp_path / "sealed", how).network == ("https://tsa.example",)
