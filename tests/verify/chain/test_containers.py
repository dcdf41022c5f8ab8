"""One chain in all the containers that its records may lie in."""

import hashlib
import json
import random
from pathlib import Path

import pytest

from tests.chain_writers import sql_au9
from tests.verify.chain.judging import AT, in_words, told
from workbench.evidence.limits import LIMITS
from workbench.evidence.table_cells import rows_of
from workbench.model.expectation import Expectation
from workbench.model.profile import Container, ContainerKind
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.chain.frame import records_of
from workbench.verify.chain.rows import cut_rows

ZEROS = "0" * 64
HEAD = "id: mine\ntitle: Mine\n"
TEXT = f"""
fields: {{own: hash, previous: prev, sequence: seq}}
sequence: {{start: 1}}
preimage: [previous: {{}}, literal: {{text: '|'}}, field: {{name: who}}, field: {{name: what}}]
genesis: {{value: "{ZEROS}"}}
"""


def rows(count: int = 5) -> list[dict[str, str]]:
    before, made = ZEROS, []
    for n in range(1, count + 1):
        what = f"signs,\n{n}" if n % 2 else ""
        digest = hashlib.sha256(f"{before}|ann{what}".encode()).hexdigest()
        made.append({"seq": str(n), "who": "ann", "what": what, "prev": before, "hash": digest})
        before = digest
    return made


def cell(value: str, delimiter: str) -> str:
    return f'"{value}"' if value == "" or delimiter in value or "\n" in value else value


def table(made: list[dict[str, str]], delimiter: str = ",", *, header: bool = True) -> bytes:
    names = list(made[0])
    lines = [delimiter.join(names)] if header else []
    lines += [delimiter.join(cell(row[name], delimiter) for name in names) for row in made]
    return "\n".join(lines).encode() + b"\n"


def judge(
    tmp_path: Path, name: str, data: bytes, container: str, rest: str = TEXT
) -> SubjectVerdict:
    profile, drop = tmp_path / "mine.yaml", tmp_path / "drop"
    profile.write_text(f"{HEAD}container: {container}{rest}")
    drop.mkdir()
    (drop / name).write_bytes(data)
    request = VerifyRequest(paths=(drop,), at=AT, expectation=Expectation(profile=str(profile)))
    (source,) = verified(request, Trust(AT), Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    return source.verdict


@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_table_is_read_whatever_parts_its_cells(delimiter: str, tmp_path: Path):
    verdict = judge(tmp_path, "export.txt", table(rows(), delimiter), "{kind: csv}")
    assert (in_words(verdict)[0], verdict.records) == ("PASSED SELF_CONSISTENT", 5)


@pytest.mark.parametrize("change", [lambda d: b"\xef\xbb\xbf" + d, lambda d: d[:-1]])
def test_table_with_a_mark_or_without_its_last_end_is_the_same(change, tmp_path: Path):
    verdict = judge(tmp_path, "export.csv", change(table(rows())), "{kind: csv}")
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"


def test_table_without_header_has_the_columns_of_the_profile(tmp_path: Path):
    columns = "{kind: csv, columns: [seq, who, what, prev, hash]}"
    verdict = judge(tmp_path, "export.csv", table(rows(), header=False), columns)
    assert (in_words(verdict)[0], verdict.records) == ("PASSED SELF_CONSISTENT", 5)


def test_offset_and_number_of_a_row_are_those_of_the_file(tmp_path: Path):
    made = rows()
    made[2]["who"] = "eve"
    data = table(made)
    verdict = judge(tmp_path, "export.csv", data, "{kind: csv}")
    assert told(verdict) == [("RECORD_ALTERED", 3)]
    assert data[verdict.diagnoses[0].offset :].startswith(b"3,eve")


@pytest.mark.parametrize("bad", [b'"', b"a,b\n", b"1,2,3,4,5,6\n"])
def test_row_that_is_none_is_malformed_and_never_passed_over(bad: bytes, tmp_path: Path):
    data = table(rows())
    at = data.index(b"\n3,") + 1
    verdict = judge(tmp_path, "export.csv", data[:at] + bad + data[at:], "{kind: csv}")
    assert told(verdict)[0] == ("MALFORMED_RECORD", 3)
    assert in_words(verdict)[0].startswith("FAILED")


def test_quote_that_is_never_closed_makes_a_known_table_no_unknown_one(tmp_path: Path):
    drop = tmp_path / "drop"
    drop.mkdir()
    written = sql_au9()
    names, _, rest = written.data(written.records).partition(b"\n")
    rest = rest.replace(b'"', b"")
    (drop / written.name).write_bytes(names + b'\n"' + rest)
    request = VerifyRequest(paths=(drop,), at=AT)
    (source,) = verified(request, Trust(AT), Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    assert source.verdict.profile == "sql-au9"
    assert told(source.verdict) == [("MALFORMED_RECORD", 1)]


@pytest.mark.parametrize("seed", range(150))
def test_rows_are_the_same_however_a_file_is_cut(seed: int):
    picked = random.Random(seed)
    data = bytes(picked.choice(b'a"\n,"\n') for _ in range(picked.randrange(1, 60)))
    size = picked.randrange(1, 9)
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    layout = Container(ContainerKind.CSV, header=False)
    cuts = list(cut_rows(iter(blocks), layout, LIMITS))
    found = [record for cut in cuts for record in records_of(cut)]
    assert [raw for _, raw in found] == list(rows_of(data, layout))
    assert all(data[at : at + len(raw)] == raw for at, raw in found)


def test_tab_separated_column_holds_members_as_json(tmp_path: Path):
    before, lines = ZEROS, ["at\trecord"]
    for n in range(4):
        event = {"who": "ann", "what": f'quotes " {n}', "prev": before}
        text = json.dumps(event, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        lines.append(f"2026-03-01\t{json.dumps({**event, 'hash': before})}")
    rest = f"\nfields: {{own: hash, previous: prev}}\ngenesis: {{value: '{ZEROS}'}}\n"
    rest += "preimage: [{json: {exclude: [hash, at, record]}}]\n"
    container = "{kind: tsv-json, json_column: record}"
    verdict = judge(tmp_path, "audit.tsv", "\n".join(lines).encode(), container, rest)
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert set(verdict.not_covered) == {"at", "record"}


@pytest.mark.parametrize("as_text", [False, True])
def test_record_within_a_wrapper_is_judged(as_text: bool, tmp_path: Path):
    wrapped = [
        {"_id": n, "_source": json.dumps(row) if as_text else row} for n, row in enumerate(rows())
    ]
    data = b"".join(json.dumps(row).encode() + b"\n" for row in wrapped)
    verdict = judge(tmp_path, "log.jsonl", data, "{entry: _source}")
    assert (in_words(verdict)[0], verdict.records) == ("PASSED SELF_CONSISTENT", 5)


@pytest.mark.parametrize(
    "document",
    [
        lambda made: {"events": made},
        lambda made: {"about": {"n": 5}, "data": {"chain": {"log": made}}},
        lambda made: {"tags": ["a"], "export": {"rows": made}},
        lambda made: made,
    ],
)
def test_list_of_records_is_found_wherever_it_lies(document, tmp_path: Path):
    data = json.dumps(document(rows()), indent=2).encode()
    verdict = judge(tmp_path, "export.json", data, "{kind: jsonl}")
    assert (in_words(verdict)[0], verdict.records) == ("PASSED SELF_CONSISTENT", 5)


def test_table_larger_than_a_piece_is_one_chain_too(tmp_path: Path):
    made = rows(9000)
    data = table(made)
    assert len(data) > 1 << 20
    verdict = judge(tmp_path, "export.csv", data, "{kind: csv}")
    assert (in_words(verdict)[0], verdict.records) == ("PASSED SELF_CONSISTENT", 9000)


def test_profile_of_lines_does_not_judge_a_table(tmp_path: Path):
    verdict = judge(tmp_path, "export.csv", table(rows()), "{kind: jsonl}")
    assert in_words(verdict)[0] == "INDETERMINATE UNKNOWN_PROFILE"


def test_table_of_nothing_but_names_holds_no_records(tmp_path: Path):
    verdict = judge(
        tmp_path, "export.csv", table(rows()[:1]).split(b"\n")[0] + b"\n", "{kind: csv}"
    )
    assert in_words(verdict)[0] == "INDETERMINATE NO_RECORDS"


def test_chain_a_day_is_a_chain_of_its_own(tmp_path: Path):
    made = [{"at": f"2026-03-0{day}T23:00:00Z", **row} for day in (1, 2) for row in rows(3)]
    data = b"".join(json.dumps(row).encode() + b"\n" for row in made)
    rest = TEXT.replace("sequence: seq", "sequence: seq, time: at, partition: [$day]")
    verdict = judge(tmp_path, "log.jsonl", data, "{kind: jsonl}", rest)
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert [part.partition for part in verdict.assurance] == ["$day=2026-03-01", "$day=2026-03-02"]


@pytest.mark.parametrize("name", ["\\u0000previous", "\\u0000expected"])
def test_member_called_as_what_we_add_is_covered_like_any_other(name: str, tmp_path: Path):
    before, lines = ZEROS, []
    for n in range(4):
        text = f'{{"n":{n},"prev":"{before}"}}'
        before = hashlib.sha256(text.encode()).hexdigest()
        lines.append(f'{text[:-1]},"hash":"{before}"}}')
    lines[2] = lines[2].replace('"n":2', f'"{name}":"evil","n":2')
    rest = f"\nfields: {{own: hash, previous: prev}}\ngenesis: {{value: '{ZEROS}'}}\n"
    rest += "preimage: [{json: {exclude: [hash]}}]\n"
    verdict = judge(tmp_path, "log.jsonl", "\n".join(lines).encode(), "{kind: jsonl}", rest)
    assert told(verdict) == [("RECORD_ALTERED", 3)]
