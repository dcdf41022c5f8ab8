"""A case travels encrypted and comes back whole or not at all; it is erased with a record of it."""

import hashlib
import json
import random
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import added, lines, new_case, plain_log, written
from commands import require_one_sentence, workbench

from workbench.errors import StoreError, UsageError, WorkbenchError
from workbench.model.progress import Cancel, Silent
from workbench.services import cases
from workbench.store.case_store import CaseStore
from workbench.store.encryption import Key, Lock


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Return a case with evidence beside it."""
    written(tmp_path, "drop/log.jsonl", lines(plain_log(5)))
    with new_case(tmp_path) as made:
        added(made, tmp_path / "drop")
        written(made.folder, "reports/report.pdf", b"%PDF- not really")
        yield made


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Return a file with a private key; its public key lies beside it."""
    private, public = cases.new_identity()
    written(tmp_path, "keys/public.txt", f"# Ann\n{public}\n".encode())
    return written(tmp_path, "keys/private.txt", f"{private}\n".encode())


def back_up(case: CaseStore, lock: Lock, name: str = "case.age") -> Path:
    out = case.folder.parent / name
    cases.back_up(case, out, lock=lock, cancel=Cancel())
    return out


def for_key(key: Path) -> Lock:
    return Lock(recipients=cases.recipients_in(key.with_name("public.txt")))


def restore(file: Path, key: Key, name: str = "again") -> Path:
    folder = file.with_name(name)
    cases.restore(file, folder, key=key, progress=Silent(), cancel=Cancel())
    return folder.with_suffix(".case")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("locked", [True, False])
def test_where_it_cannot_come_back_the_place_is_named(
    case: CaseStore, key: Path, tmp_path: Path, locked: bool
) -> None:
    out = tmp_path / ("case.age" if locked else "case.zip")
    cases.back_up(case, out, lock=for_key(key) if locked else None, cancel=Cancel())
    nowhere = tmp_path / "no" / "again"
    with pytest.raises(WorkbenchError, match=r"no/again\.case cannot be made: No such file"):
        cases.restore(out, nowhere, key=Key(identities=key), progress=Silent(), cancel=Cancel())


def test_for_a_key_it_travels_and_comes_back(case: CaseStore, key: Path) -> None:
    file = back_up(case, for_key(key))
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert b"case.sqlite" not in file.read_bytes()
    again = restore(file, Key(identities=key))
    with cases.open_case(again, write=False) as found:
        assert found.journal_state().head == case.journal_state().head
    assert (again / "reports" / "report.pdf").read_bytes() == b"%PDF- not really"


def test_with_a_passphrase_it_travels_and_no_other_opens_it(case: CaseStore) -> None:
    file = back_up(case, Lock(passphrase=lambda: "Fünf Wörter".encode()))
    assert b"\n-> scrypt " in file.read_bytes()[:100]
    before = names_in(file.parent)
    with pytest.raises(StoreError, match="passphrase or key is not the one"):
        restore(file, Key(passphrase=lambda: b"other"))
    with pytest.raises(StoreError, match="none was given"):
        restore(file, Key())
    assert names_in(file.parent) == before
    again = restore(file, Key(passphrase=lambda: "Fünf Wörter".encode()))
    assert (again / "case.sqlite").is_file()


def test_another_key_does_not_open_it(case: CaseStore, key: Path, tmp_path: Path) -> None:
    file = back_up(case, for_key(key))
    other = written(tmp_path, "keys/other.txt", cases.new_identity()[0].encode())
    with pytest.raises(StoreError, match="passphrase or key is not the one"):
        restore(file, Key(identities=other))


def test_whatever_is_cut_off_or_changed_nothing_comes_back(case: CaseStore, key: Path) -> None:
    file, draw = back_up(case, for_key(key)), random.Random(9)
    good = file.read_bytes()
    before = names_in(file.parent)
    cut = [good[:end] for end in (len(good) - 1, len(good) // 2, 300, 30)]
    places = [5, 40, 150, len(good) - 1, *draw.sample(range(len(good)), 20)]
    flipped = [good[:n] + bytes([good[n] ^ 1 << draw.randrange(8)]) + good[n + 1 :] for n in places]
    for spoilt in (*cut, *flipped, good + b"x"):
        file.write_bytes(spoilt)
        with pytest.raises(WorkbenchError):
            restore(file, Key(identities=key))
        assert names_in(file.parent) == before


def test_what_fails_while_encrypting_leaves_nothing(
    case: CaseStore, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names_in(case.folder.parent)
    with pytest.raises(StoreError, match="none was given"):
        back_up(case, Lock(passphrase=lambda: b""))
    with pytest.raises(StoreError, match="no public key"):
        back_up(case, Lock(recipients=("age1nothing",)))
    import pyrage

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyrage, "encrypt_io", full)
    with pytest.raises(WorkbenchError, match="No space left"):
        back_up(case, for_key(key))
    assert names_in(case.folder.parent) == before


def test_files_of_keys_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no public key"):
        cases.recipients_in(written(tmp_path, "none.txt", b"# nobody\n"))
    with pytest.raises(StoreError, match="is no public key"):
        cases.recipients_in(written(tmp_path, "odd.txt", b"ssh-ed25519 AAAA\n"))


def test_a_plain_backup_is_as_before(case: CaseStore) -> None:
    out = case.folder.parent / "plain.zip"
    cases.back_up(case, out, cancel=Cancel())
    assert out.read_bytes().startswith(b"PK")
    assert (restore(out, Key()) / "case.sqlite").is_file()


def test_a_case_is_erased_with_a_record_of_it(case: CaseStore, tmp_path: Path) -> None:
    case.close()
    folder, record = case.folder, tmp_path / "erased.json"
    before = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    gone = erase(folder, record)
    assert not folder.exists()
    assert (tmp_path / "drop" / "log.jsonl").is_file()
    told = json.loads(record.read_text())
    assert told["files"] == gone.files
    same = {name for name in before if before[name] == told["files"].get(name)}
    assert {"reports/report.pdf", "journal.head"} <= same
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(told["files"].items()))
    assert hashlib.sha256(listed.encode()).hexdigest() == told["listing_sha256"]
    assert told["finished"] >= told["begun"]
    assert "SSD" in " ".join(told["may_remain"])
    lines_kept = (tmp_path / "erased.journal.jsonl").read_bytes().splitlines()
    assert len(lines_kept) == told["journal"]["entries"]


def erase(folder: Path, record: Path, confirm: str | None = None) -> cases.Erased:
    if confirm is None:
        with cases.open_case(folder, write=False) as case:
            confirm = cases.standing(case).case_id
    return cases.erase(
        folder, record, confirm=confirm, reason="retention ended", who="ann", cancel=Cancel()
    )


def test_nothing_is_erased_that_was_not_meant(case: CaseStore, tmp_path: Path) -> None:
    case.close()
    with pytest.raises(UsageError, match="cannot be undone"):
        erase(case.folder, tmp_path / "erased.json", "")
    with pytest.raises(UsageError, match="never written to"):
        erase(case.folder, case.folder / "erased.json")
    (case.folder / "thesis.docx").write_bytes(b"mine")
    with pytest.raises(StoreError, match=r"thesis\.docx"):
        erase(case.folder, tmp_path / "erased.json")
    (case.folder / "thesis.docx").unlink()
    written(tmp_path, "taken.json", b"mine")
    with pytest.raises(UsageError, match="exists already"):
        erase(case.folder, tmp_path / "taken.json")
    assert (case.folder / "case.sqlite").is_file()
    assert not (tmp_path / "erased.json").exists()


def test_a_case_that_somebody_works_on_is_not_erased(case: CaseStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="being written to"):
        erase(case.folder, tmp_path / "erased.json")
    assert (case.folder / "case.sqlite").is_file()


def test_an_erasure_that_stops_half_way_is_not_called_finished(
    case: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.services.cases import erasing

    case.close()

    def stuck(_: Path) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(erasing.shutil, "rmtree", stuck)
    with pytest.raises(StoreError, match="not that it was finished"):
        erase(case.folder, tmp_path / "erased.json")
    told = json.loads((tmp_path / "erased.json").read_text())
    assert (told["finished"], "case.sqlite" in told["files"]) == (None, True)


def test_from_the_command_line(case: CaseStore, tmp_path: Path) -> None:
    case.close()
    made = workbench("case", "key", tmp_path / "private.txt")
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE((tmp_path / "private.txt").stat().st_mode) == 0o600
    public = written(tmp_path, "public.txt", made.stdout.splitlines()[-1].split()[-1].encode())
    done = workbench("case", "backup", case.folder, tmp_path / "x.age", "--to", public)
    assert (done.returncode, done.stderr) == (0, "")
    back = workbench(
        "case",
        "restore",
        tmp_path / "x.age",
        tmp_path / "y",
        "--identity",
        tmp_path / "private.txt",
    )
    assert back.returncode == 0, back.stderr
    both = workbench("case", "backup", case.folder, tmp_path / "z.age", "--to", public, "--encrypt")
    require_one_sentence(both, "not both")
    gone = workbench("case", "erase", tmp_path / "y.case", "--record", tmp_path / "r.json")
    require_one_sentence(gone, "--confirm")


def test_another_program_opens_it(case: CaseStore, key: Path, tmp_path: Path) -> None:
    program = shutil.which("age") or shutil.which("rage")
    if program is None:
        pytest.skip("neither age nor rage is here (packaging/system-packages age): not compared")
    file = back_up(case, for_key(key))
    command = [program, "-d", "-i", str(key), "-o", str(tmp_path / "out.zip"), str(file)]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "out.zip").read_bytes().startswith(b"PK")
