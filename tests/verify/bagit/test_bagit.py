"""Bags, packed here as RFC 8493 says, and spoilt in one way each."""

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import recipes

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verify

AT = datetime(2026, 6, 30, tzinfo=UTC)
FILES = {
    "data/model/weights.dat": b"\x00\x01" * 400,
    "data/notes %41.txt": "Prüfung\nzwei\n".encode(),
    "data/empty": b"",
}
INFO = b"Source-Organization: Example\nPayload-Oxum: 814.3\n"


def listing(files: dict[str, bytes], algorithm: str) -> bytes:
    escaped = {n.replace("%", "%25").replace("\n", "%0A"): data for n, data in files.items()}
    lines = (f"{hashlib.new(algorithm, d).hexdigest()}  {n}\n" for n, d in escaped.items())
    return "".join(lines).encode()


def packed(files: dict[str, bytes] = FILES, *algorithms: str) -> dict[str, bytes]:
    """Return the files of a bag."""
    algorithms = algorithms or ("sha256", "sha512")
    bag = dict(files)
    bag["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    bag["bag-info.txt"] = INFO
    for name in algorithms:
        bag[f"manifest-{name}.txt"] = listing(files, name)
    tags = {n: data for n, data in bag.items() if not n.startswith("data/")}
    return bag | {f"tagmanifest-{name}.txt": listing(tags, name) for name in algorithms}


def laid(root: Path, bag: dict[str, bytes]) -> Path:
    for name, data in bag.items():
        file = root / "bag" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return root / "bag"


def judged(folder: Path, *trust: str) -> SubjectVerdict:
    request = VerifyRequest(paths=(folder,), at=AT, trust=trust)
    found = verify(request, progress=Silent(), cancel=Cancel()).subjects
    (verdict,) = [s.verdict for s in found if s.format == "bagit" and s.path == folder.name]
    assert verdict is not None
    return verdict


def codes(verdict: SubjectVerdict) -> tuple[str, str]:
    return (
        f"{verdict.integrity.indication} {verdict.integrity.code}",
        f"{verdict.completeness.indication} {verdict.completeness.code}",
    )


GREEN = ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_ANCHOR")


@pytest.fixture
def bag() -> dict[str, bytes]:
    return packed()


def test_a_whole_bag_agrees_with_itself(tmp_path: Path, bag: dict[str, bytes]) -> None:
    verdict = judged(laid(tmp_path, bag))
    assert codes(verdict) == GREEN
    assert verdict.not_covered == ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")
    assert [(r.first, r.last, r.level) for r in verdict.assurance] == [(1, 3, 1)]


SPOILT: dict[str, tuple[Callable[[dict[str, bytes]], object], tuple[str, str], list[str]]] = {
    "a payload file altered": (
        lambda bag: bag.update({"data/empty": b"x"}),
        ("FAILED FILE_ALTERED", "INDETERMINATE NO_ANCHOR"),
        ["FILE_ALTERED data/empty"],
    ),
    "a payload file gone": (
        lambda bag: bag.pop("data/empty"),
        ("PASSED SELF_CONSISTENT", "FAILED FILE_MISSING"),
        ["FILE_MISSING data/empty"],
    ),
    "a payload file added": (
        lambda bag: bag.update({"data/more": b"x"}),
        ("PASSED SELF_CONSISTENT", "FAILED FILE_ADDED"),
        ["FILE_ADDED data/more"],
    ),
    "a payload file renamed": (
        lambda bag: bag.update({"data/other": bag.pop("data/model/weights.dat")}),
        ("FAILED FILE_RENAMED", "INDETERMINATE NO_ANCHOR"),
        ["FILE_RENAMED data/model/weights.dat"],
    ),
    "a tag file altered": (
        lambda bag: bag.update({"bag-info.txt": INFO + b"Contact-Name: X\n"}),
        ("FAILED FILE_ALTERED", "INDETERMINATE NO_ANCHOR"),
        ["FILE_ALTERED bag-info.txt"],
    ),
    "a manifest gone": (
        lambda bag: bag.pop("manifest-sha512.txt"),
        ("PASSED SELF_CONSISTENT", "FAILED FILE_MISSING"),
        ["FILE_MISSING manifest-sha512.txt"],
    ),
    "the declaration gone": (
        lambda bag: [bag.pop(n) for n in list(bag) if "tagm" in n or n == "bagit.txt"],
        ("PASSED SELF_CONSISTENT", "FAILED FILE_MISSING"),
        ["FILE_MISSING bagit.txt"],
    ),
    "in one list only": (
        lambda bag: bag.update({"manifest-sha512.txt": b"", "data/empty": b""}),
        ("FAILED FILE_ALTERED", "FAILED FILE_ADDED"),
        ["FILE_ALTERED manifest-sha512.txt", *(f"FILE_ADDED {name}" for name in sorted(FILES))],
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_each_damage_has_its_diagnosis(case: str, tmp_path: Path, bag: dict[str, bytes]) -> None:
    spoil, expected, told = SPOILT[case]
    spoil(bag)
    verdict = judged(laid(tmp_path, bag))
    assert codes(verdict) == expected
    assert [f"{d.kind} {d.path}" for d in verdict.diagnoses] == told


def test_another_number_of_bytes_than_stated_fails(tmp_path: Path) -> None:
    bag = packed()
    bag["bag-info.txt"] = INFO.replace(b"814.3", b"816.3")
    bag = {n: d for n, d in bag.items() if not n.startswith("tag")}
    assert codes(judged(laid(tmp_path, bag))) == (GREEN[0], "FAILED COUNT_MISMATCH")


def test_what_would_be_fetched_is_open_and_never_fetched(tmp_path: Path) -> None:
    bag = packed()
    bag.pop("data/empty")
    bag["fetch.txt"] = b"http://127.0.0.1:9/empty 0 data/empty\n"
    verdict = judged(laid(tmp_path, bag))
    assert codes(verdict) == ("INDETERMINATE NOT_RECOMPUTABLE", "INDETERMINATE PARTIAL_COVERAGE")
    assert any("data/empty" in note for note in verdict.notes)


HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "data/../../x",
    "~/x",
    "~root/x",
    "C:\\x",
    "\\\\server\\x",
    "%HomeDrive%\\x",
    "data/./x",
    "data//x",
    "bagit.txt",
    "data",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_out_of_the_bag_fails_and_is_not_opened(path: str, tmp_path: Path) -> None:
    bag = packed()
    bag["manifest-sha256.txt"] += f"{'0' * 64}  {path}\n".encode()
    bag = {n: d for n, d in bag.items() if not n.startswith("tag")}
    verdict = judged(laid(tmp_path, bag))
    assert codes(verdict)[1] == "FAILED FILE_MISSING"
    assert [d.path for d in verdict.diagnoses] == [path.replace("%25", "%")]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_fetch_list_that_writes_out_of_the_payload_fails(path: str, tmp_path: Path) -> None:
    bag = packed() | {"fetch.txt": f"https://example.com/x - {path}\n".encode()}
    assert codes(judged(laid(tmp_path, bag)))[0] == "FAILED MALFORMED_SOURCE"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bagit.txt", b""),
        ("bagit.txt", b"BagIt-Version: 99999999999999999999.0\n"),
        ("manifest-sha256.txt", b"\xff\xfe"),
        ("manifest-sha256.txt", b"0" * 63 + b"  data/empty\n"),
        ("manifest-sha256.txt", b"x\n" * 100_000),
        ("manifest-sha256.txt", packed()["manifest-sha256.txt"] + b"\x1c\n"),
        ("manifest-sha256.txt", "\N{LINE SEPARATOR}\n".encode() + packed()["manifest-sha256.txt"]),
        ("fetch.txt", b"nothing\n"),
        ("bag-info.txt", b"Payload-Oxum: -1.-1\n"),
    ],
)
def test_what_is_not_well_formed_fails_in_a_sentence(
    name: str, data: bytes, tmp_path: Path
) -> None:
    bag = {n: d for n, d in packed().items() if not n.startswith("tag")}
    verdict = judged(laid(tmp_path, bag | {name: data}))
    assert codes(verdict)[0] == "FAILED MALFORMED_SOURCE"
    assert any(name.partition(".")[0] in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: rot13\n"),
        ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: ../../x\n"),
        ("manifest-whirlpool.txt", b"00  data/empty\n"),
    ],
)
def test_what_is_not_known_here_is_open(name: str, data: bytes, tmp_path: Path) -> None:
    bag = {n: d for n, d in packed().items() if not n.startswith("tag")}
    verdict = judged(laid(tmp_path, bag | {name: data}))
    assert codes(verdict)[0] == "INDETERMINATE UNKNOWN_PROFILE"


def test_two_digests_of_one_file_contradict_each_other(tmp_path: Path) -> None:
    bag = packed(FILES, "sha256")
    bag["manifest-sha256.txt"] += b"0" * 64 + b"  data/empty\n"
    bag.pop("tagmanifest-sha256.txt")
    assert codes(judged(laid(tmp_path, bag)))[0] == "FAILED HASH_FAILURE"


def test_no_flipped_byte_of_a_bag_stays_green(tmp_path: Path, bag: dict[str, bytes]) -> None:
    """The lists of tag files are the roots: only a signature would protect them."""
    folder = laid(tmp_path, bag)
    for name, data in bag.items():
        for at in range(0, len(data), 1 + len(data) // 6):
            (folder / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert codes(judged(folder)) != GREEN, (name, at)
        (folder / name).write_bytes(data)


def signed(folder: Path, name: str, key: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "file", folder / name], check=True
    )
    return f"{key}.pub"


@pytest.mark.parametrize("name", ["tagmanifest-sha256.txt", "manifest-sha512.txt"])
def test_a_signed_list_anchors_the_bag(name: str, tmp_path: Path, bag: dict[str, bytes]) -> None:
    folder = laid(tmp_path, bag)
    key = signed(folder, name, tmp_path / "k")
    assert codes(judged(folder, key)) == ("PASSED ANCHORED", "PASSED ANCHORED")
    assert judged(folder, key).authenticity.indication == "PASSED"
    (folder / "data/empty").write_bytes(b"x")
    assert codes(judged(folder, key))[0] == "FAILED FILE_ALTERED"


@pytest.mark.parametrize("name", ["tagmanifest-md5.txt", "manifest-md5.txt", "bag-info.txt"])
def test_a_signature_over_weak_digests_anchors_nothing(name: str, tmp_path: Path) -> None:
    folder = laid(tmp_path, packed(FILES, "md5"))
    key = signed(folder, name, tmp_path / "k")
    assert codes(judged(folder, key)) == GREEN


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_a_signed_list_that_leaves_out_a_file_anchors_nothing(name: str, tmp_path: Path) -> None:
    """Up to 0.97 one list has to name a file, and anybody may add a list."""
    files = {"data/app.jsonl": b'{"a": 1}\n{"a": 2}\n'}
    bag = packed(files, "sha256") | {"data/more.bin": b"never signed"}
    bag["bagit.txt"] = bag["bagit.txt"].replace(b"1.0", b"0.97")
    bag["manifest-md5.txt"] = listing({"data/more.bin": b"never signed"}, "md5")
    tags = {n: d for n, d in bag.items() if "/" not in n and not n.startswith("tag")}
    tags.pop("bag-info.txt"), bag.pop("bag-info.txt")
    bag["tagmanifest-sha256.txt"] = listing(tags, "sha256")
    folder = laid(tmp_path, bag)
    key = signed(folder, name, tmp_path / "k")
    verdict = judged(folder, key)
    assert codes(verdict) == GREEN
    assert any(f"{name} is signed" in n and "data/more.bin" in n for n in verdict.notes)
    request = VerifyRequest(paths=(folder,), at=AT, trust=(key,))
    found = verify(request, progress=Silent(), cancel=Cancel()).subjects
    (log,) = [s.verdict for s in found if s.path.endswith("app.jsonl")]
    assert log is not None
    assert log.integrity.indication == "INDETERMINATE"


def test_a_log_in_a_bag_is_judged_by_itself_too(tmp_path: Path) -> None:
    folder = laid(tmp_path, packed({"data/app.jsonl": b'{"a": 1}\n{"a": 2}\n'}))
    request = VerifyRequest(paths=(folder,), at=AT)
    found = verify(request, progress=Silent(), cancel=Cancel())
    assert [(s.path, s.format) for s in found.subjects] == [
        ("bag", "bagit"),
        ("bag/data/app.jsonl", "log"),
    ]


def test_the_commands_print_what_they_say(tmp_path: Path) -> None:
    verdict = judged(laid(tmp_path, packed({"data/a": b"1", "data/b/c d": b"2"})))
    recipes = [step for step in verdict.steps if step.prints]
    assert len(recipes) == 6
    text = "\n".join(step.recipe for step in recipes)
    run = subprocess.run(["bash", "-c", text], cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.split("\n")[:-1] == [step.prints for step in recipes], run.stderr


def test_the_commands_of_a_bag_without_its_declaration_print_what_they_say(tmp_path: Path) -> None:
    bag = packed({"data/a": b"1", "data/b/c d": b"2"})
    bag.pop("bagit.txt")
    verdict = judged(laid(tmp_path, {n: d for n, d in bag.items() if not n.startswith("tag")}))
    assert recipes.commands(verdict.steps) > 0
    recipes.require_reproduced(verdict.steps, tmp_path)
