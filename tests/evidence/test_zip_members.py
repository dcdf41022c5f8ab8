"""A ZIP archive is read by its directory, and both headers of a member must agree."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from drops import LOG, codes, contents, kept_from_green, names, opened, placed, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.evidence.links import Link, LinkEnd

MEMBERS = {"log.jsonl": LOG, "sub/ü.txt": b"u" * 3000, "empty": b""}
LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
#: Where fields lie after the mark of a local header and of a directory entry (APPNOTE 4.3).
IN_LOCAL = {"version": 4, "flags": 6, "method": 8, "crc": 14, "packed": 18, "size": 22, "name": 30}
IN_CENTRAL = {"version": 6, "flags": 8, "method": 10, "offset": 42}


def changed(data: bytes, mark: bytes, field: int, value: bytes) -> bytes:
    """Write ``value`` at ``field`` of the first header with this mark."""
    at = data.index(mark) + field
    return data[:at] + value + data[at + len(value) :]


def with_info(**fields: int) -> bytes:
    """Return an archive of one member with special attributes."""
    info = zipfile.ZipInfo("member")
    for name, value in fields.items():
        setattr(info, name, value)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, b"../log.jsonl")
    return out.getvalue()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2], ids=str
)
@pytest.mark.parametrize("comment", [b"", b"made by hand PK\5\6"], ids=repr)
def test_members_come_out_as_they_went_in(tmp_path: Path, method: int, comment: bytes) -> None:
    path = placed(tmp_path, "a.zip", zipped(MEMBERS, method=method, comment=comment))
    with opened(path) as drop:
        assert contents(drop) == {f"a.zip → {name}": data for name, data in MEMBERS.items()}
        assert not drop.problems


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(st.dictionaries(st.text("abü☃ .", min_size=1).map("n{}.x".format), st.binary()))
def test_reads_what_the_library_writes(tmp_path: Path, members: dict[str, bytes]) -> None:
    with opened(placed(tmp_path, "a.zip", zipped(members))) as drop:
        found = {file.member: file.problem for file in drop.files}
        assert set(found.values()) <= {None}
        assert set(contents(drop)) == {f"a.zip → {name}" for name in members}


def test_archive_written_as_a_stream_is_read(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        """Cannot be sought, so that sizes follow the data, in ZIP64 form."""

        def writable(self) -> bool:
            return True

        def write(self, data: object, /) -> int:
            return out.write(data)  # type: ignore[arg-type] # whatever zipfile hands over

    out = io.BytesIO()
    with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", LOG)
        with archive.open("wide", "w", force_zip64=True) as member:
            member.write(LOG)
    with opened(placed(tmp_path, "a.zip", out.getvalue())) as drop:
        assert contents(drop) == {"a.zip → a": LOG, "a.zip → wide": LOG}
        assert not drop.problems


def test_end_record_in_zip64_form_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = zipped(MEMBERS).replace(END + bytes(4) + b"\3\0\3\0", END + bytes(4) + b"\xff" * 4)
    assert b"PK\6\6" in data
    for whole, expected in ((data, set()), (b"x" + data, {"PREPENDED_DATA"})):
        with opened(placed(tmp_path, "a.zip", whole)) as drop:
            assert sorted(contents(drop).values()) == sorted(MEMBERS.values())
            assert codes(drop) == expected
    with opened(placed(tmp_path, "a.zip", data.replace(b"PK\6\6", b"PK\6\5"))) as drop:
        assert kept_from_green(drop) == {"a.zip → (the rest)": "CORRUPT"}


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("name", b"gol", "name"),
        ("method", b"\0\0", "method"),
        ("crc", b"\1\2\3\4", "CRC"),
        ("packed", b"\1\0\0\0", "packed size"),
        ("size", b"\xff\0\0\0", "size"),
        ("flags", b"\1\0", "encryption"),
        ("flags", b"\x40\0", "encryption"),
        ("flags", b"\x20\0", "encryption"),
        ("version", b"\x54", "version needed"),
    ],
)
def test_local_header_that_differs_keeps_from_green(
    tmp_path: Path, field: str, value: bytes, what: str
) -> None:
    data = changed(zipped({"log.jsonl": LOG}), LOCAL, IN_LOCAL[field], value)
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert kept_from_green(drop) == {"a.zip → log.jsonl": "HEADER_MISMATCH"}
        assert f"another {what} than the directory" in drop.problems[0].message


def with_entry(field: str, value: bytes) -> bytes:
    return changed(zipped({"a": LOG}), CENTRAL, IN_CENTRAL[field], value)


PIPE = with_info(create_system=3, external_attr=(stat.S_IFIFO | 0o644) << 16)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (with_entry("flags", b"\1\0"), "ENCRYPTED"),
        (with_entry("flags", b"\x40\0"), "ENCRYPTED"),
        (with_entry("flags", b"\x20\0"), "UNSUPPORTED_MEMBER"),
        (with_entry("version", b"\x54"), "UNSUPPORTED_MEMBER"),
        (with_entry("method", b"\x5d\0"), "UNSUPPORTED_MEMBER"),
        (with_entry("offset", b"\7"), "HEADER_MISMATCH"),
        (with_entry("offset", b"\0\0\7\0"), "TRUNCATED"),
        (zipped({"a": LOG}, method=zipfile.ZIP_LZMA), "UNSUPPORTED_MEMBER"),
        (zipped({"a": LOG}, method=0).replace(b'"n": 2', b'"n": 3'), "CORRUPT"),
        (PIPE, "NOT_A_PLAIN_FILE"),
    ],
    ids=[
        "encrypted", "strongly encrypted", "a patch", "of a newer edition", "zstd",
        "no local header", "beyond the end", "lzma", "altered", "pipe",
    ],
)  # fmt: skip
def test_member_that_cannot_be_relied_on_is_kept_from_green(
    tmp_path: Path, data: bytes, expected: str
) -> None:
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        (problem,) = kept_from_green(drop).values()
        assert problem == expected
        assert expected in codes(drop)


def without_end(data: bytes) -> bytes:
    return data[: data.rindex(END)]


def cut_entry(data: bytes) -> bytes:
    return changed(
        data, END, 12, (data.rindex(END) - data.index(CENTRAL) - 9).to_bytes(4, "little")
    )


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda data: data + b"\n", "TRAILING_DATA"),
        (without_end, "TRUNCATED"),
        (lambda data: data[:60], "TRUNCATED"),
        (lambda data: changed(data, END, 8, b"\7\0\7\0"), "CORRUPT"),
        (lambda data: changed(data, END, 4, b"\1\0"), "UNSUPPORTED_MEMBER"),
        (lambda data: changed(data, END, 16, b"\xff\xff\xff\x7f"), "CORRUPT"),
        (cut_entry, "CORRUPT"),
        (lambda data: changed(data, CENTRAL, 28, b"\xff\xff"), "CORRUPT"),
        (lambda data: data[:-2] + b"\x16\0" + data[data.rindex(END) :], "CORRUPT"),
    ],
    ids=[
        "one byte more", "no end record", "half", "wrong count", "several disks", "offset", "size",
        "endless name", "two end records",
    ],
)  # fmt: skip
def test_archive_that_is_not_whole_leaves_something_that_is_never_green(
    tmp_path: Path, spoil: Callable[[bytes], bytes], expected: str
) -> None:
    with opened(placed(tmp_path, "a.zip", spoil(zipped(MEMBERS)))) as drop:
        assert kept_from_green(drop)["a.zip → (the rest)"] == expected
        assert expected in codes(drop)


@pytest.mark.parametrize("shifted", [True, False], ids=["offsets as before", "offsets moved"])
def test_bytes_before_the_archive_are_told(tmp_path: Path, shifted: bool) -> None:
    data = b"#!/bin/sh\n" + zipped(MEMBERS)
    if not shifted:
        out = io.BytesIO(b"#!/bin/sh\n")
        with zipfile.ZipFile(out, "a") as archive:
            for name, content in MEMBERS.items():
                archive.writestr(name, content)
        data = out.getvalue()
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert list(contents(drop).values()) == [b"", LOG, b"u" * 3000]
        assert codes(drop) == {"PREPENDED_DATA"}
        assert drop.problems[0].message == "a.zip has 10 bytes before the archive."


def test_folders_in_an_archive_are_not_files(tmp_path: Path) -> None:
    with opened(placed(tmp_path, "a.zip", zipped({"sub/": b"", "sub/a": b"a"}))) as drop:
        assert names(drop) == ["a.zip → sub/a"]
    with opened(placed(tmp_path, "b.zip", zipped({"sub/": b"hidden"}))) as drop:
        assert contents(drop) == {"b.zip → sub": b"hidden"}
        assert codes(drop) == {"BAD_NAME"}


@pytest.mark.parametrize(
    ("mark", "at", "value"),
    [
        (CENTRAL, IN_CENTRAL["version"], b"\x54"),
        (CENTRAL, IN_CENTRAL["flags"], b"\1\0"),
        (CENTRAL, IN_CENTRAL["method"], b"\x63\0"),
        (LOCAL, IN_LOCAL["name"], b"gol"),
    ],
    ids=["of a newer edition", "encrypted", "method 99", "another name"],
)
def test_a_folder_for_which_others_refuse_the_archive_keeps_it_from_green(
    tmp_path: Path, mark: bytes, at: int, value: bytes
) -> None:
    data = changed(zipped({"sub/": b"", "log.jsonl": LOG}, method=0), mark, at, value)
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert "a.zip → (the rest)" in kept_from_green(drop)
        assert "lists the folder sub/, which" in drop.problems[0].message


def test_a_folder_of_an_odd_mode_is_a_folder(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        folder = zipfile.ZipInfo("META-INF/maven/")
        folder.create_system, folder.external_attr = 3, 0xFFFF0010  # as old Maven wrote them
        archive.writestr(folder, b"")
        archive.writestr("log.jsonl", LOG)
    with opened(placed(tmp_path, "a.zip", out.getvalue())) as drop:
        assert contents(drop) == {"a.zip → log.jsonl": LOG}
        assert not drop.problems


def test_link_in_an_archive_is_told_and_not_followed(tmp_path: Path) -> None:
    data = with_info(create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert drop.files == ()
        assert drop.links == (Link("a.zip", "member", "../log.jsonl", LinkEnd.OUTSIDE),)
        assert codes(drop) == {"LINK_OUTSIDE"}


def test_names_without_utf8_flag_are_in_code_page_437(tmp_path: Path) -> None:
    data = zipped({"x.txt": LOG}).replace(b"x.txt", b"\x81.txt")
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert names(drop) == ["a.zip → ü.txt"]


@pytest.mark.parametrize("mark", [LOCAL, CENTRAL], ids=["local", "directory"])
def test_a_name_that_one_header_encodes_otherwise_keeps_from_green(
    tmp_path: Path, mark: bytes
) -> None:
    at = {LOCAL: IN_LOCAL, CENTRAL: IN_CENTRAL}[mark]["flags"]
    with opened(placed(tmp_path, "a.zip", changed(zipped({"ü": LOG}), mark, at, bytes(2)))) as drop:
        assert set(kept_from_green(drop).values()) == {"HEADER_MISMATCH"}
        assert "another encoding of the name" in drop.problems[0].message


def with_unicode_path(data: bytes, stored: bytes, *names: str) -> bytes:
    """Write an archive anew with Unicode Path fields (4.6.9) at the member of a name."""
    starts = b"\1" + zlib.crc32(stored).to_bytes(4, "little")
    paths = [starts + name.encode() for name in names]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            info.extra = b"".join(struct.pack("<2H", 0x7075, len(p)) + p for p in paths)
            new.writestr(info, old.read(info))
    return out.getvalue()


@pytest.mark.parametrize("names_", [["other.jsonl"], ["log.jsonl", "other.jsonl"]], ids=len)
def test_a_name_that_some_readers_see_otherwise_keeps_from_green(
    tmp_path: Path, names_: list[str]
) -> None:
    data = with_unicode_path(zipped({"log.jsonl": LOG}), b"log.jsonl", *names_)
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert kept_from_green(drop) == {"a.zip → log.jsonl": "HEADER_MISMATCH"}


def test_the_name_in_unicode_is_taken_where_the_stored_one_says_little(tmp_path: Path) -> None:
    stored = b"\x81.txt"
    data = with_unicode_path(zipped({"x.txt": LOG}), stored, "ű.txt").replace(b"x.txt", stored)
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert names(drop) == ["a.zip → ű.txt"]
        assert codes(drop) == set()


def test_no_changed_byte_changes_content_unseen(tmp_path: Path) -> None:
    data = zipped({"log.jsonl": LOG})
    for at in range(len(data)):
        with opened(
            placed(tmp_path, "a.zip", changed(data, b"", at, bytes([data[at] ^ 0x10])))
        ) as d:
            assert LOG in contents(d).values() or kept_from_green(d), at


def with_hidden(*, at: str, filling: bytes) -> bytes:
    """Return an archive with bytes between its members, or after the last; the directory fits."""
    data = zipped({"log.jsonl": LOG, "z": b"z"}, method=0)
    start = data.index(CENTRAL)
    where = data.index(LOCAL, 1) if at == "between" else start
    whole = data[:where] + filling + data[where:]
    offset = (start + len(filling)).to_bytes(4, "little")
    whole = changed(whole, END, 16, offset)
    if at == "between":
        second = whole.rindex(CENTRAL)
        moved = (where + len(filling)).to_bytes(4, "little")
        whole = whole[:second] + changed(whole[second:], CENTRAL, IN_CENTRAL["offset"], moved)
    return whole


@pytest.mark.parametrize("at", ["between", "after"])
@pytest.mark.parametrize(
    "filling", [b"\0", zipped({"log.jsonl": b"forged"})[:60]], ids=["padding", "second log"]
)
def test_bytes_that_belong_to_no_listed_member_keep_every_member_from_green(
    tmp_path: Path, at: str, filling: bytes
) -> None:
    with opened(placed(tmp_path, "a.zip", with_hidden(at=at, filling=filling))) as drop:
        kept = kept_from_green(drop)
        assert set(kept) == {"a.zip → log.jsonl", "a.zip → z", "a.zip → (the rest)"}
        assert set(kept.values()) == {"HIDDEN_DATA"}
        assert f"has {len(filling)} bytes among its members" in drop.problems[0].message


def test_bytes_before_the_archive_keep_its_members_from_green(tmp_path: Path) -> None:
    with opened(placed(tmp_path, "a.zip", b"#!" + zipped({"log.jsonl": LOG}))) as drop:
        assert set(kept_from_green(drop).values()) == {"PREPENDED_DATA"}


def with_another_inside(members: dict[str, bytes], *, wide: bool) -> bytes:
    """Return an archive that holds another one in a comment, where some programs read that one.

    With ``wide`` it lies in the comment of the last entry and a ZIP64 end record leads there;
    else in the comment of the archive, with an end record that does not reach its end.
    """
    good, bad = zipped({"log.jsonl": LOG}, method=0), zipped(members, method=0)
    count, length, offset = struct.unpack("<10xH2L", good[good.rindex(END) :][:20])
    n, size, start = struct.unpack("<10xH2L", bad[bad.rindex(END) :][:20])
    base = offset + length if wide else len(good)
    entry = bad[:start] + changed(
        bad[start : start + size], CENTRAL, 42, base.to_bytes(4, "little")
    )
    if not wide:
        end = END + struct.pack("<4H2LH", 0, 0, n, n, size, base + start, 0)
        return changed(good, END, 20, struct.pack("<H", len(entry + end) + 1)) + entry + end + b"!"
    record = b"PK\6\6" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, n, n, size, base + start)
    hidden = entry + record + b"PK\6\7" + struct.pack("<LQL", 0, base + len(entry), 1)
    listed = changed(good[offset : offset + length], CENTRAL, 32, struct.pack("<H", len(hidden)))
    end = END + struct.pack("<4H2LH", 0, 0, count, count, len(listed + hidden), offset, 0)
    return good[:offset] + listed + hidden + end


@pytest.mark.parametrize("wide", [True, False], ids=["by ZIP64", "in the comment"])
def test_an_archive_that_others_read_as_another_one_is_not_green(
    wide: bool, tmp_path: Path
) -> None:
    data = with_another_inside({"log.jsonl": b"forged"}, wide=wide)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("log.jsonl") == b"forged"
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert kept_from_green(drop) == {"a.zip → (the rest)": "CORRUPT"}
        assert "two end records" in drop.problems[0].message


def test_a_zip64_end_record_that_others_look_for_elsewhere_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = changed(zipped(MEMBERS), b"PK\6\7", 8, (7).to_bytes(8, "little"))
    with opened(placed(tmp_path, "a.zip", data)) as drop:
        assert kept_from_green(drop) == {"a.zip → (the rest)": "CORRUPT"}
