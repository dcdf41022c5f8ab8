"""A tar archive is read header by header to its end mark, and says where it is not one."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from drops import (
    LOG,
    codes,
    contents,
    kept_from_green,
    names,
    opened,
    placed,
    tarred,
    tarred_entries,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.evidence.limits import Limits
from workbench.evidence.links import LinkEnd

FORMS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
MEMBERS = {"log.jsonl": LOG, "sub/ü.txt": b"u" * 512, "empty": b""}
BLOCK = 512


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return a header that states any size."""
    info = entry(name, kind)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def pax(*records: bytes) -> bytes:
    """Return a pax header with these records, whatever they are."""
    data = b"".join(records)
    return header("pax", len(data), tarfile.XHDTYPE) + padded(data)


def long_name(name: str) -> bytes:
    """Return the header with which GNU tar gives a long name."""
    data = name.encode() + b"\0"
    return header("././@LongLink", len(data), tarfile.GNUTYPE_LONGNAME) + padded(data)


END = bytes(2 * BLOCK)
WHOLE = header("a", 1) + padded(b"a")


@pytest.mark.parametrize("form", FORMS)
def test_members_come_out_as_they_went_in(tmp_path: Path, form: str) -> None:
    members = MEMBERS | {"deep/" * 25 + "x": b"long"}
    with opened(placed(tmp_path, "a.tar", tarred(members, form=FORMS[form]))) as drop:
        assert contents(drop) == {f"a.tar → {name}": data for name, data in members.items()}
        assert not drop.problems


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    st.dictionaries(st.text("abü☃ .", min_size=1).map("n{}.x".format), st.binary(max_size=1500)),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_reads_what_the_library_writes(
    tmp_path: Path, members: dict[str, bytes], form: int
) -> None:
    with opened(placed(tmp_path, "a.tar", tarred(members, form=form))) as drop:
        assert contents(drop) == {f"a.tar → {name}": data for name, data in members.items()}


def test_old_tar_without_magic_needs_its_name(tmp_path: Path) -> None:
    data = bytearray(tarred({"a": LOG}, form=tarfile.USTAR_FORMAT))
    data[257:265] = bytes(8)
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 0x20 + sum(data[156:512]))
    with opened(placed(tmp_path, "a.tar", bytes(data))) as drop:
        assert contents(drop) == {"a.tar → a": LOG}
    with opened(placed(tmp_path, "plain", bytes(data))) as drop:
        assert names(drop) == ["plain"]


IN_ARCHIVE = {
    "in": ("log", LinkEnd.FILE, "log"),
    "sub/up": ("../log", LinkEnd.FILE, "log"),
    "twice": ("in", LinkEnd.FILE, "log"),
    "folder": ("deep/down", LinkEnd.FOLDER, "deep/down"),
    "through": ("folder/x", LinkEnd.FILE, "deep/down/x"),
    "root": (".", LinkEnd.FOLDER, ""),
    "out": ("../log", LinkEnd.OUTSIDE, None),
    "absolute": ("/etc/passwd", LinkEnd.OUTSIDE, None),
    "gone": ("nothing", LinkEnd.NOTHING, None),
    "circle": ("circle", LinkEnd.NOTHING, None),
}


def test_links_are_told_and_not_followed(tmp_path: Path) -> None:
    data = tarred_entries(
        entry("log", tarfile.REGTYPE),
        entry("deep/down/x", tarfile.REGTYPE),
        *(entry(name, tarfile.SYMTYPE, target) for name, (target, _, _) in IN_ARCHIVE.items()),
        entry("hard", tarfile.LNKTYPE, "log"),
    )
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert {link.member: (link.target, link.leads, link.end) for link in drop.links} == {
            name: (target, leads, "" if end is None else f"a.tar/{end}".rstrip("/"))
            for name, (target, leads, end) in IN_ARCHIVE.items()
        }
        assert names(drop) == ["a.tar → deep/down/x", "a.tar → hard", "a.tar → log"]
        assert kept_from_green(drop) == {"a.tar → hard": "LINK_MEMBER"}
        assert codes(drop) == {"LINK_MEMBER", "LINK_OUTSIDE", "LINK_DANGLING"}


def test_links_in_an_archive_in_an_archive_end_where_its_files_lie(tmp_path: Path) -> None:
    inner = tarred_entries(entry("log", tarfile.REGTYPE), entry("in", tarfile.SYMTYPE, "log"))
    with opened(placed(tmp_path, "a.tar", tarred({"b.tar": inner}))) as drop:
        [link], [file] = drop.links, drop.files
        assert (link.member, link.end) == ("b.tar!/in", file.place)


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.SYMTYPE])
def test_a_link_that_shares_its_name_is_told(tmp_path: Path, kind: bytes) -> None:
    data = tarred_entries(
        entry("x", tarfile.REGTYPE), entry("log", kind, "x"), entry("log", tarfile.SYMTYPE, "x")
    )
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert codes(drop) == {"DUPLICATE_MEMBER"}


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_device_is_told_and_not_made(tmp_path: Path, kind: bytes) -> None:
    with opened(placed(tmp_path, "a.tar", tarred_entries(entry("zero", kind)))) as drop:
        assert kept_from_green(drop) == {"a.tar → zero": "NOT_A_PLAIN_FILE"}


def test_folders_are_not_files(tmp_path: Path) -> None:
    with opened(placed(tmp_path, "a.tar", tarred_entries(entry("d", tarfile.DIRTYPE)))) as drop:
        assert names(drop) == []


def test_sparse_files_are_told_and_what_follows_is_found(tmp_path: Path) -> None:
    sparse = bytearray(header("holes", BLOCK, tarfile.GNUTYPE_SPARSE))
    sparse[482] = 1
    sparse[148:156] = b"%06o\0 " % (sum(sparse[:148]) + 8 * 0x20 + sum(sparse[156:]))
    modern = pax(b"22 GNU.sparse.major=1\n", b"23 GNU.sparse.name=big\n")
    data = bytes(sparse) + bytes(BLOCK) + b"x" * BLOCK + modern + WHOLE + WHOLE + END
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert names(drop) == ["a.tar → a", "a.tar → big", "a.tar → holes"]
        assert kept_from_green(drop) == {
            "a.tar → big": "UNSUPPORTED_MEMBER",
            "a.tar → holes": "UNSUPPORTED_MEMBER",
        }


def test_pax_header_for_all_counts_until_another_says_otherwise(tmp_path: Path) -> None:
    out = io.BytesIO()
    info = tarfile.TarInfo("b")
    info.size = len(LOG)
    with tarfile.open(
        fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "x"}
    ) as archive:
        archive.addfile(info, io.BytesIO(LOG))
    with opened(placed(tmp_path, "a.tar", out.getvalue())) as drop:
        assert contents(drop) == {"a.tar → b": LOG}


def test_size_of_a_pax_header_is_the_one_that_counts(tmp_path: Path) -> None:
    data = pax(b"10 size=3\n") + header("a", 0) + padded(b"abc") + WHOLE + END
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert sorted(contents(drop).values()) == [b"a", b"abc"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (WHOLE, "TRUNCATED"),
        (WHOLE[:700], "TRUNCATED"),
        (WHOLE + WHOLE[:100], "TRUNCATED"),
        (WHOLE + header("b", 1 << 40), "TRUNCATED"),
        (WHOLE + b"no header" + END, "CORRUPT"),
        (WHOLE + header("b", -BLOCK) + END, "CORRUPT"),
        (WHOLE + END + WHOLE + END, "TRAILING_DATA"),
        (WHOLE + bytes(10 * BLOCK) + b"x", "TRAILING_DATA"),
        (WHOLE + pax(b"nonsense") + WHOLE + END, "CORRUPT"),
        (WHOLE + pax(b"0 path=x\n") + WHOLE + END, "CORRUPT"),
        (WHOLE + pax(b"99 path=x\n") + WHOLE + END, "CORRUPT"),
        (WHOLE + pax(b"11 size=-1\n") + WHOLE + END, "CORRUPT"),
        (WHOLE + pax(b"10 path=x\n") + long_name("y") + WHOLE + END, "CORRUPT"),
        (WHOLE + long_name("y") + pax(b"10 path=x\n") + WHOLE + END, "CORRUPT"),
        (WHOLE + pax(b"10 path=x\n") + pax(b"10 path=y\n") + WHOLE + END, "CORRUPT"),
        (WHOLE + pax(b"31 size=99999999999999999999999\n") + WHOLE + END, "CORRUPT"),
        (WHOLE + header("l", 1 << 30, tarfile.GNUTYPE_LONGNAME), "LIMIT_EXCEEDED"),
        (WHOLE + header("l", 600, tarfile.XHDTYPE) + bytes(512), "TRUNCATED"),
    ],
    ids=str,
)
def test_archive_that_is_not_whole_leaves_something_that_is_never_green(
    tmp_path: Path, data: bytes, expected: str
) -> None:
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert kept_from_green(drop)["a.tar → (the rest)"] == expected
        assert expected in codes(drop)
        assert len(data) < 1000 or contents(drop)["a.tar → a"] == b"a"


@pytest.mark.parametrize("make", [lambda n: b"%d path=" % n, lambda _: b"5 a=\n"])
def test_extended_headers_cost_no_more_than_they_are_long(
    tmp_path: Path, make: Callable[[int], bytes]
) -> None:
    data = pax(make(500_000) * 200_000)
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert "a.tar → (the rest)" in kept_from_green(drop)


def test_extended_headers_are_bounded_by_a_limit_with_a_name(tmp_path: Path) -> None:
    data = pax(b"10 size=1\n") + WHOLE + END
    limits = Limits(archive_header=9)
    with opened(placed(tmp_path, "a.tar", data), limits=limits) as drop:
        assert codes(drop) == {"LIMIT_EXCEEDED"}


def test_no_changed_byte_of_a_compressed_tar_changes_content_unseen(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("log.jsonl")
        info.size = len(LOG)
        archive.addfile(info, io.BytesIO(LOG))
    data = out.getvalue()
    for at in range(len(data)):
        spoiled = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with opened(placed(tmp_path, "a.tar.gz", spoiled)) as drop:
            assert LOG in contents(drop).values() or kept_from_green(drop), at


def test_a_name_that_two_headers_say_alike_is_one(tmp_path: Path) -> None:
    data = pax(b"10 path=x\n") + long_name("x") + header("a", 1) + padded(b"a") + END
    with opened(placed(tmp_path, "a.tar", data)) as drop:
        assert contents(drop) == {"a.tar → x": b"a"}
