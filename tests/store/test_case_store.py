"""A case is one writer's and many readers', and says in a sentence what keeps it from opening."""

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from casework import again, clock, new_case

from workbench.errors import CaseInUse, CaseNotWritable, StoreError, UsageError
from workbench.evidence.strict_json import parse
from workbench.model.case import Engagement
from workbench.model.expectation import Period
from workbench.services import cases
from workbench.store import engagement, findings, journal
from workbench.store.case_store import Act, CaseStore
from workbench.store.migrations import VERSION

FILE = "case.sqlite"


def raw(case_folder: Path, *statements: str) -> None:
    """Do something to the case file behind our back."""
    with closing(sqlite3.connect(case_folder / FILE)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def acts(case: CaseStore) -> list[str]:
    """Return the acts in the journal."""
    with case.reading() as session:
        return [entry.act for entry in journal.entries(session)]


def test_new_case_is_private_and_holds_its_first_act(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        assert case.folder.name == "audit.case"
        assert stat.S_IMODE(case.folder.stat().st_mode) == 0o700
        assert acts(case) == ["case.new"]
        assert case.writable


def test_engagement_is_kept_whole(tmp_path: Path) -> None:
    now = clock()()
    asked = Engagement(
        "Q2", "7", "Aldermoor", Period(now, now), now, ("ann", "bob"), "the log", "AI Act 12"
    )
    with (
        cases.create(tmp_path / "x", asked, who="ann", clock=clock()) as case,
        case.reading() as session,
    ):
        assert engagement.facts(session).engagement == asked


def test_case_is_never_made_over_something(tmp_path: Path) -> None:
    (tmp_path / "audit.case").mkdir()
    with pytest.raises(StoreError, match="exists already"):
        new_case(tmp_path)


def test_case_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be made"):
        new_case(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []


def test_closed_case_is_one_file_without_a_log_beside_it(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    with case.acting("test.act"):
        pass
    case.close()
    assert {p.name for p in case.folder.iterdir()} == {
        *(FILE, "reports", "writer.lock", "journal.head")
    }


def test_second_writer_is_refused_and_may_read(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        with pytest.raises(CaseInUse, match="being written to by another program"):
            cases.open_case(case.folder, write=True)
        with cases.open_case(case.folder) as second:
            assert not second.writable
            assert "another program" in second.why_read_only
            assert acts(second) == ["case.new"]
            with pytest.raises(StoreError, match="reading only"), second.acting("test.act"):
                pass
    with cases.open_case(tmp_path / "audit") as third:
        assert third.writable


def test_reader_sees_what_was_committed_meanwhile(tmp_path: Path) -> None:
    with new_case(tmp_path) as case, cases.open_case(case.folder, write=False) as reader:
        with case.acting("test.act", subject="x"):
            assert acts(reader) == ["case.new"]
        assert acts(reader) == ["case.new", "test.act"]


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    seen: list[int] = []

    def read(case: CaseStore) -> None:
        for _ in range(20):
            seen.append(len(acts(case)))

    with new_case(tmp_path) as case:
        threads = [threading.Thread(target=read, args=(case,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            with case.acting("test.act"):
                pass
        for thread in threads:
            thread.join()
        assert len(acts(case)) == 21
    assert len(seen) == 120


def test_act_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        with pytest.raises(UsageError), case.acting("case.engagement") as act:
            change_and_fail(act)
        with case.reading() as session:
            assert engagement.facts(session).engagement.title == "Second quarter"
        assert acts(case) == ["case.new"]


def change_and_fail(act: Act) -> None:
    """Change something, then find that there is no such finding."""
    engagement.change(act.session, Engagement("Changed"))
    findings.get(act.session, "F-9999")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "newer": (lambda f: raw(f, "PRAGMA user_version = 99"), "newer version of this program"),
    "foreign": (lambda f: raw(f, "PRAGMA application_id = 1"), "not a case file of this program"),
    "trigger": (
        lambda f: raw(f, "CREATE TRIGGER t AFTER INSERT ON finding BEGIN DELETE FROM journal; END"),
        "changed by another program",
    ),
    "view": (lambda f: raw(f, "CREATE VIEW v AS SELECT 1"), "changed by another program"),
    "table": (lambda f: raw(f, "DROP TABLE trust"), "changed by another program"),
    "text": (lambda f: (f / FILE).write_bytes(b"no database" * 999), "not a case file"),
    "cut off": (lambda f: os.truncate(f / FILE, 9000), "damaged|not a case file|changed"),
    "empty": (lambda f: (f / FILE).write_bytes(b""), "not a case file of this program"),
    "gone": (lambda f: (f / FILE).unlink(), "is not a case: it holds no case.sqlite"),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("write", [True, False])
def test_file_that_is_no_case_of_ours_is_refused_in_a_sentence(
    tmp_path: Path, how: str, write: bool
) -> None:
    case = new_case(tmp_path)
    case.close()
    spoil, words = SPOILT[how]
    spoil(case.folder)
    with pytest.raises(StoreError, match=words) as refused:
        cases.open_case(case.folder, write=write)
    assert "\n" not in refused.value.message


def test_refused_case_is_not_left_locked(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.close()
    raw(case.folder, "PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer"):
        cases.open_case(case.folder, write=True)
    raw(case.folder, f"PRAGMA user_version = {VERSION}")
    with cases.open_case(case.folder, write=True) as opened:
        assert opened.writable


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    """Return a case in a folder that nobody can write to."""
    case = new_case(tmp_path)
    case.close()
    return case.folder


def locked_up(folder: Path) -> None:
    """Take away the right to write; skip where that means nothing."""
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    if os.access(folder, os.W_OK):
        pytest.skip("this user writes where nobody may")


def test_case_in_a_read_only_folder_can_be_read(
    read_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a superuser sees it too: what cannot be written is what the system says so of.
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
    with cases.open_case(read_only, write=False) as case:
        assert acts(case) == ["case.new"]
    (read_only / f"{FILE}-wal").write_bytes(b"x")
    with pytest.raises(StoreError, match="was not closed before"):
        cases.open_case(read_only, write=False)


def test_read_only_folder_is_a_sentence_for_a_writer(read_only: Path) -> None:
    locked_up(read_only)
    with pytest.raises(CaseNotWritable, match="cannot be written to"):
        cases.open_case(read_only, write=True)
    with cases.open_case(read_only) as case:
        assert not case.writable
        assert acts(case) == ["case.new"]


def test_case_can_be_copied_and_moved(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.close()
    shutil.copytree(case.folder, tmp_path / "copy.case")
    case.folder.rename(tmp_path / "moved [1]*.case")
    for name in ("copy", "moved [1]*"):
        with cases.open_case(tmp_path / f"{name}.case") as opened:
            assert opened.journal_at_opening.broken is None


def test_names_that_are_not_utf8_are_kept(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.case")
    try:
        case = cases.create(tmp_path / name, Engagement("x"), who="ann\udce9", clock=clock())
    except StoreError:
        pytest.skip("this file system takes no such name")
    with again(case) as opened:
        with opened.acting("test.act", subject="x\udce9") as act:
            act.detail = {"a\udce9": ["b\udce9", {"c": "d\udce9"}]}
        entry = cases.journal_entries(opened)[-1]
        assert (entry.who, entry.subject) == ("ann", r"x\udce9")
        assert parse(entry.detail.encode(), what="detail") == {
            r"a\udce9": [r"b\udce9", {"c": r"d\udce9"}]
        }
    with again(opened) as opened:
        assert opened.journal_at_opening.broken is None


def test_folder_that_cannot_be_written_to_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would lock a file there, and fail only when the case is closed."""
    case = new_case(tmp_path)
    case.close()
    allowed = os.access
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    with pytest.raises(CaseNotWritable, match="copy the folder to where it can be written"):
        cases.open_case(case.folder, write=True)
    with cases.open_case(case.folder) as opened:
        assert not opened.writable
        assert "cannot be written to" in opened.why_read_only
