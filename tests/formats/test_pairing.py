"""A head goes to the log that it states, then to the one that it is called as, never to a guess."""

import bz2
import lzma
from pathlib import Path

import pytest
from builders import LogBuilder
from drops import gzipped, placed, tarred

from workbench.evidence.drop import open_drop
from workbench.formats import pairing
from workbench.formats.entry import Choice
from workbench.formats.table import Table, sort_out
from workbench.model.progress import Cancel, Silent
from workbench.model.source import Role
from workbench.verify.chain import library

ONE, OTHER = LogBuilder("workbench"), LogBuilder("workbench")
OTHER.edit(1, "bob")
OTHER.rechain()
FIRST, SECOND = ONE.data(), OTHER.data()


def stated(
    builder: LogBuilder = ONE, *, origin: str = "example.org/z", digest: bool = True, n: int = 12
) -> bytes:
    return builder.head(n, origin=origin, chain_head=digest)


def table(root: Path, files: dict[str, bytes], choice: Choice | None = None) -> Table:
    for name, data in files.items():
        placed(root / "drop", name, data)
    with open_drop([root / "drop"], cancel=Cancel(), progress=Silent()) as drop:
        return sort_out(drop, library.shipped(), choice)


def paired(found: Table) -> dict[str, list[str]]:
    """Return what heads each log got, and after a question mark those that may be about it."""
    return {
        s.path.removeprefix("drop/"): [a.path.removeprefix("drop/") for a in s.anchors]
        + [f"?{name.removeprefix('drop/')}" for name in s.ambiguous]
        for s in found.subjects
    }


def test_the_digest_that_a_head_states_decides_between_logs_of_a_folder(tmp_path: Path) -> None:
    files = {"a.jsonl": FIRST, "b.jsonl": SECOND, "x.head": stated(OTHER)}
    assert paired(table(tmp_path, files)) == {"a.jsonl": [], "b.jsonl": ["x.head"]}


def test_the_digest_comes_before_the_name_and_the_place(tmp_path: Path) -> None:
    files = {"a/a.jsonl": FIRST, "b/b.jsonl": SECOND, "a/a.head": stated(OTHER)}
    assert paired(table(tmp_path, files)) == {"a/a.jsonl": [], "b/b.jsonl": ["a/a.head"]}


@pytest.mark.parametrize(
    ("origin", "log"),
    [
        ("example.org/b", "a/b.jsonl"),
        ("example.org/b/", "a/b.jsonl"),
        ("example.org/b.jsonl", "a/b.jsonl"),
        ("b", "a/b.jsonl"),
        ("example.org/c", "c/x.jsonl"),
    ],
)
def test_the_origin_that_a_head_states_comes_before_its_name(
    tmp_path: Path, origin: str, log: str
) -> None:
    head = stated(origin=origin, digest=False)
    files = {"a/a.jsonl": FIRST, "a/b.jsonl": SECOND, "c/x.jsonl": SECOND, "a/a.head": head}
    assert paired(table(tmp_path, files))[log] == ["a/a.head"]


def test_the_profile_that_a_head_states_decides_where_nothing_else_does(tmp_path: Path) -> None:
    other = LogBuilder("certmate")
    files = {"a.jsonl": FIRST, "b.jsonl": other.data(), "x.head": stated(other, digest=False)}
    assert paired(table(tmp_path, files)) == {"a.jsonl": [], "b.jsonl": ["x.head"]}


def test_a_digest_in_two_logs_decides_nothing(tmp_path: Path) -> None:
    files = {"a.jsonl": FIRST, "b.jsonl": FIRST, "x.head": stated()}
    assert paired(table(tmp_path, files)) == {"a.jsonl": ["?x.head"], "b.jsonl": ["?x.head"]}
    (tmp_path / "drop" / "x.head").rename(tmp_path / "drop" / "b.head")
    assert paired(table(tmp_path, {})) == {"a.jsonl": [], "b.jsonl": ["b.head"]}


def test_a_digest_that_points_to_another_log_than_the_origin_is_ambiguous(tmp_path: Path) -> None:
    head = stated(OTHER, origin="example.org/a")
    files = {"a/a.jsonl": FIRST, "b/b.jsonl": SECOND, "x.head": head}
    assert paired(table(tmp_path, files)) == {"a/a.jsonl": ["?x.head"], "b/b.jsonl": ["?x.head"]}


def test_a_text_that_mentions_the_digest_takes_no_head_away(tmp_path: Path) -> None:
    mention = f'{{"message": "published {ONE.own(12)}"}}\n'.encode()
    files = {"a/a.jsonl": FIRST[:-300], "app.log": mention * 3, "a/x.head": stated()}
    assert paired(table(tmp_path, files)) == {"a/a.jsonl": ["a/x.head"], "app.log": []}


def test_a_whole_copy_takes_no_head_away_from_a_version_cut_short(tmp_path: Path) -> None:
    short = b"".join(line + b"\n" for line in ONE.lines()[:6])
    heads = {"a/6.head": stated(n=6), "a/12.head": stated(n=12)}
    found = table(tmp_path, {"a/log.jsonl": short, "copy/log.jsonl": FIRST, **heads})
    assert paired(found) == {"a/log.jsonl": ["a/12.head", "a/6.head"], "copy/log.jsonl": []}


def test_a_log_made_anew_keeps_the_head_that_names_it(tmp_path: Path) -> None:
    head = stated(origin="example.org/audit-log")
    files = {"a/audit-log.jsonl": SECOND, "b/audit-log.jsonl": FIRST, "a/x.head": head}
    found = paired(table(tmp_path, files))
    assert found == {"a/audit-log.jsonl": ["a/x.head"], "b/audit-log.jsonl": []}


def test_each_file_of_a_rotated_log_gets_its_head_whatever_their_common_origin(
    tmp_path: Path,
) -> None:
    heads = {"heads/1": stated(origin="org/audit"), "heads/2": stated(OTHER, origin="org/audit")}
    found = table(tmp_path, {"audit/03.jsonl": FIRST, "audit/04.jsonl": SECOND, **heads})
    assert paired(found) == {"audit/03.jsonl": ["heads/1"], "audit/04.jsonl": ["heads/2"]}


def test_a_head_of_a_log_that_is_not_here_stands_alone(tmp_path: Path) -> None:
    files = {"a/a.jsonl": FIRST, "b/b.jsonl": FIRST, "heads/x.head": stated(OTHER)}
    found = table(tmp_path, files)
    assert {s.path: s.format for s in found.subjects}["drop/heads/x.head"] == "head"


@pytest.mark.parametrize(("cut", "log"), [(0, "a"), (1, "a"), (60, "a"), (200, "b")])
def test_a_spoilt_head_pairs_by_what_is_left_of_it(tmp_path: Path, cut: int, log: str) -> None:
    files = {"a.jsonl": FIRST, "b.jsonl": SECOND, "a.head": stated(OTHER)[:cut]}
    assert paired(table(tmp_path, files))[f"{log}.jsonl"] == ["a.head"]


@pytest.mark.parametrize("name", ["log.jsonl.gz", "log.jsonl.xz", "log.jsonl.bz2"])
def test_a_head_beside_a_compressed_log_lies_beside_the_log(tmp_path: Path, name: str) -> None:
    pack = {"gz": gzipped, "xz": lzma.compress, "bz2": bz2.compress}[name.rpartition(".")[2]]
    heads = {"a/x.head": stated(digest=False), "b/y.head": stated(digest=False)}
    found = table(tmp_path, {f"a/{name}": pack(FIRST), "b/log.jsonl": SECOND, **heads})
    assert paired(found) == {f"a/{name}": ["a/x.head"], "b/log.jsonl": ["b/y.head"]}


def test_a_packed_folder_is_a_folder(tmp_path: Path) -> None:
    packed = gzipped(tarred({"log.jsonl": FIRST, "log.head": stated(digest=False)}))
    found = table(tmp_path, {"a.tar.gz": packed, "b.jsonl": SECOND})
    assert paired(found) == {"a.tar.gz": ["a.tar.gz"], "b.jsonl": []}


def test_a_log_is_read_for_a_digest_only_where_that_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = pairing.blocks

    def watched(file, **more):
        read.append(file.path)
        return real(file, **more)

    monkeypatch.setattr(pairing, "blocks", watched)
    table(tmp_path / "one", {"log.jsonl": FIRST, "log.head": stated()})
    assert read == []
    table(tmp_path / "two", {"a/a.jsonl": FIRST, "b/b.jsonl": SECOND, "a/x.head": stated()})
    assert read == ["drop/a/a.jsonl"]


@pytest.mark.parametrize("few", [24, 0])
def test_a_digest_is_found_across_the_blocks_in_which_a_log_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(pairing, "MIB", 137)
    monkeypatch.setattr(pairing, "_FEW", few)
    files = {"a.jsonl": FIRST, "b.jsonl": SECOND, "x.head": stated(OTHER)}
    assert paired(table(tmp_path, files))["b.jsonl"] == ["x.head"]


ANCHOR = frozenset({"drop/a.head"})


@pytest.mark.parametrize("about", ["drop/sub/b.jsonl", "drop/sub"])
def test_an_anchor_is_about_the_artifact_that_the_auditor_says(tmp_path: Path, about: str) -> None:
    files = {"a.jsonl": FIRST, "sub/b.jsonl": SECOND, "a.head": stated(), "a2.head": stated()}
    found = table(tmp_path, files, Choice(anchors=ANCHOR, artifact=about))
    assert paired(found) == {"a.jsonl": ["a2.head"], "sub/b.jsonl": ["a.head"]}


def test_an_anchor_may_be_about_a_compressed_log(tmp_path: Path) -> None:
    files = {"a.jsonl": FIRST, "b.jsonl.gz": gzipped(SECOND), "a.head": stated()}
    found = table(tmp_path, files, Choice(anchors=ANCHOR, artifact="drop/b.jsonl.gz"))
    assert paired(found) == {"a.jsonl": [], "b.jsonl.gz": ["a.head"]}


def test_an_anchor_for_an_artifact_says_nothing_of_signatures(tmp_path: Path) -> None:
    files = {"a.jsonl": FIRST, "a.head": stated(), "model.sig": b"{", "model/w.bin": b"w"}
    found = table(tmp_path, files, Choice(anchors=ANCHOR, artifact="drop/a.jsonl"))
    subjects = {s.path: [f.path for f in (*s.signatures, *s.anchors)] for s in found.subjects}
    assert subjects == {"drop/a.jsonl": ["drop/a.head"], "drop/model": ["drop/model.sig"]}


def test_an_artifact_decides_between_logs_where_nothing_was_named(tmp_path: Path) -> None:
    files = {"a.jsonl": FIRST, "b.jsonl": SECOND, "x.head": stated(digest=False)}
    found = table(tmp_path, files, Choice(artifact="drop/b.jsonl"))
    assert paired(found) == {"a.jsonl": [], "b.jsonl": ["x.head"]}


def bound(found: Table) -> dict[str, list[str]]:
    return {s.path: [f.name for f in s.signatures] for s in found.subjects}


TWO = {"a.sig": b'{"dsseEnvelope": {}}', "b.sig": b'{"dsseEnvelope": {}}', "m/w.bin": b"w"}


@pytest.mark.parametrize("named", [["a.sig"], ["a.sig", "b.sig"]])
def test_the_signatures_that_the_auditor_names_are_about_the_artifact_and_no_other(
    tmp_path: Path, named: list[str]
) -> None:
    choice = Choice(signatures=frozenset(f"drop/{n}" for n in named), artifact="drop/m")
    found = table(tmp_path, TWO, choice)
    assert bound(found) == {"drop/m": named}
    left = {e.file.name: e.role for e in found.entries}
    assert left == dict.fromkeys(["a.sig", "b.sig"], Role.SIGNATURE)


def test_an_artifact_takes_no_signature_from_another_model(tmp_path: Path) -> None:
    one = {f"one/{name}": data for name, data in TWO.items() if name != "b.sig"}
    files = {**one, "two/b.sig": TWO["b.sig"], "two/m/w.bin": b"w"}
    found = table(tmp_path, files, Choice(artifact="drop/one/m"))
    assert bound(found) == {"drop/one/m": ["a.sig"], "drop/two/m": ["b.sig"]}


def test_a_compressed_file_in_a_model_is_no_folder_of_it(tmp_path: Path) -> None:
    files = {"m/model.sig": b"{", "m/vocab.txt.gz": gzipped(b"words"), "m/w.bin": b"w"}
    assert bound(table(tmp_path, files)) == {"drop/m": ["model.sig"]}
