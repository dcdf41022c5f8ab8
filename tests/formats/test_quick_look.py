"""A quick look never passes over what the reader itself would take for a log or a table."""

import itertools
from random import Random

import pytest
from builders import LogBuilder

from workbench.evidence.file import EvidenceFile
from workbench.formats.chain_log import READER
from workbench.formats.reader import Look
from workbench.model.source import Identity
from workbench.verify.chain.library import shipped

NOISE = Random(1).randbytes(256 * 1024)
CHAIN = LogBuilder("certmate", 6).data()
ROWS = "hash;prev_hash;кто;что\n" + "".join(
    f"{n:064x};{n - 1:064x};анна;удалила\n" for n in range(1, 9)
)
PAIRS = "".join(f"hash={n:064x} prev={n - 1:064x} кто=анна\n" for n in range(1, 9))
TEXTS = {
    "chain": CHAIN.decode(),
    "rows": ROWS,
    "commas": ROWS.replace(";", ","),
    "pairs": PAIRS,
    "words": "нет ничего\n" * 40,
    "blank": " \n\t\n",
    "empty": "",
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp037")
DAMAGE = {
    "none": lambda data: data,
    "a byte before": lambda data: b"\xff" + data,
    "a line before": lambda data: b"\xff\xfe\x00\n" + data,
    "noise before": lambda data: NOISE[:300] + b"\n" + data,
    "noise after": lambda data: data + NOISE,
    "noise between": lambda data: b"\n".join(
        line for pair in zip(data.split(b"\n"), [NOISE[:200]] * 99, strict=False) for line in pair
    ),
    "a byte within": lambda data: data[:40] + b"\xff" + data[41:],
    "cut": lambda data: data[: len(data) // 2],
}
SUFFIXES = ("", ".txt", ".csv", ".tsv", ".json", ".jsonl", ".log", ".bin")


def look_at(name: str, data: bytes) -> Look:
    head = data[: 256 * 1024]
    file = EvidenceFile(name, None, "/nowhere", (name,), Identity(len(data), 0, 0, 0))
    return Look(file, head, len(head) == len(data), shipped())


@pytest.mark.parametrize("damage", DAMAGE)
def test_it_says_no_only_where_the_reader_does(
    damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = READER.loaded()
    asked = 0
    for text, encoding, suffix in itertools.product(TEXTS, ENCODINGS, SUFFIXES):
        data = DAMAGE[damage](TEXTS[text].encode(encoding, "replace"))
        look = look_at(f"f{suffix}", data)
        monkeypatch.setattr("workbench.formats.records.read_whole", lambda _file, d=data: d)
        if not READER.may_be(look):
            asked += 1
            assert reader.recognise(look) is None, (text, encoding, suffix)
    assert asked or damage != "noise after"


@pytest.mark.parametrize("name", ["weights.safetensors", "weights.bin", "x"])
def test_weights_are_not_looked_into(name: str) -> None:
    assert not READER.may_be(look_at(name, NOISE))
