"""Digests by every recipe that a profile can state, against values computed by hand here."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import blake3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.recipe import JsonStyle, Numbers, OwnField, Sort
from workbench.verify.chain import library
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.members import without_own
from workbench.verify.chain.render import UnrenderableError, ecmascript, render

HEAD = "id: mine\ntitle: Mine\nfields: {own: hash, previous: prev}\n"
ZEROS = "00" * 32
RAW = '{"a":1.50,"n":null,"t":"2026-03-01 08:00:00.120+00:00","prev":"' + ZEROS + '","hash":"H"}'
RECORD = json.loads(RAW)


def digest(tmp_path: Path, text: str, *, raw: str = RAW, secret: bytes | None = None) -> str | None:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + text)
    engine = Engine(library.load(path), Secrets(secret))
    return engine.recompute(engine.parse(raw.encode()), raw.encode())


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


PREIMAGES = {
    "[{previous: {}}, {literal: {text: '|'}}, {field: {name: a}}]": f"{ZEROS}|1.5".encode(),
    "[{previous: {form: raw}}, {literal: {hex: '00ff'}}]": bytes(32) + b"\x00\xff",
    "[{previous: {length_prefix: netstring}}]": b"64:" + ZEROS.encode() + b",",
    "[{previous: {form: raw, length_prefix: u32be}}]": b"\x00\x00\x00\x20" + bytes(32),
    "[{previous: {form: raw, length_prefix: u64be}}]": bytes(7) + b"\x20" + bytes(32),
    "[{previous: {}}, {field: {name: n, 'null': 'NULL'}}]": f"{ZEROS}NULL".encode(),
    "[{previous: {}}, {field: {name: t, time: {digits: '3'}}}]": (
        f"{ZEROS}2026-03-01T08:00:00.120Z".encode()
    ),
    "[{previous: {}}, {field: {name: t, time: {unit: ms}}}]": f"{ZEROS}1772352000120".encode(),
    "[{raw_line: {own: removed}}]": RAW.replace(',"hash":"H"', "").encode(),
    "[{raw_line: {own: blanked}}]": RAW.replace('"H"', '""').encode(),
    "[{json: {include: [prev, a], style: {sort: declared}}}]": f'{{"prev":"{ZEROS}","a":1.5}}',
    "[{json: {include: [prev, z], missing: 'null'}}]": f'{{"prev":"{ZEROS}","z":null}}',
    "[{json: {include: [prev, z], missing: omitted}}]": f'{{"prev":"{ZEROS}"}}',
    "[{json: {include: [prev, n], style: {keep_nulls: false}}}]": f'{{"prev":"{ZEROS}"}}',
    "[{json: {include: [prev, a], rename: {a: b}}}]": f'{{"b":1.5,"prev":"{ZEROS}"}}',
    "[{json: {include: [a], wrap: {p: $previous, x: n, r: $rest}}}]": (
        f'{{"p":"{ZEROS}","r":{{"a":1.5}},"x":null}}'
    ),
    "[{json: {include: [prev, a], style: {numbers: as-spelled}}}]": (
        f'{{"a":1.50,"prev":"{ZEROS}"}}'
    ),
}


@pytest.mark.parametrize("preimage", PREIMAGES)
def test_preimage_is_what_the_profile_says(preimage: str, tmp_path: Path):
    expected = PREIMAGES[preimage]
    data = expected.encode() if isinstance(expected, str) else expected
    assert digest(tmp_path, f"preimage: {preimage}") == sha(data)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("{algorithm: sha512}", hashlib.sha512(ZEROS.encode()).hexdigest()),
        ("{algorithm: sha3-256}", hashlib.sha3_256(ZEROS.encode()).hexdigest()),
        ("{algorithm: blake2b}", hashlib.blake2b(ZEROS.encode()).hexdigest()),
        ("{algorithm: blake2s}", hashlib.blake2s(ZEROS.encode()).hexdigest()),
        ("{algorithm: blake3}", blake3.blake3(ZEROS.encode()).hexdigest()),
        ("{encoding: upper-hex}", sha(ZEROS.encode()).upper()),
        ("{prefix: 'sha256:', length: '16'}", "sha256:" + sha(ZEROS.encode())[:16]),
        (
            "{encoding: base64}",
            base64.b64encode(hashlib.sha256(ZEROS.encode()).digest()).decode(),
        ),
        ("{key: {}}", hmac.new(b"key", ZEROS.encode(), "sha256").hexdigest()),
    ],
)
def test_digest_is_written_as_the_profile_says(stated: str, expected: str, tmp_path: Path):
    text = f"digest: {stated}\npreimage: [{{previous: {{}}}}]"
    assert digest(tmp_path, text, secret=b"key") == expected


def test_record_that_lacks_an_included_member_is_not_reproduced(tmp_path: Path):
    assert digest(tmp_path, "preimage: [{json: {include: [prev, z]}}]") is None


def test_own_digest_that_stands_twice_cannot_be_cut_out(tmp_path: Path):
    raw = RAW.replace('"a":1.50', '"a":{"hash":"H"}')
    assert digest(tmp_path, "preimage: [{raw_line: {}}]", raw=raw) is None


# RFC 8785 appendix B and ECMA-262 Number::toString
NUMBERS = {
    0.0: "0",
    5e-324: "5e-324",
    -1.7976931348623157e308: "-1.7976931348623157e+308",
    9007199254740992: "9007199254740992",
    295147905179352830000.0: "295147905179352830000",
    1e21: "1e+21",
    1e20: "100000000000000000000",
    1e-6: "0.000001",
    1e-7: "1e-7",
    333333333.33333329: "333333333.3333333",
    -0.0000033333333333333333: "-0.0000033333333333333333",
    1.0: "1",
    123.456: "123.456",
}


@pytest.mark.parametrize(("number", "text"), NUMBERS.items())
def test_numbers_are_written_as_ecmascript_does(number: float, text: str):
    assert ecmascript(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_ecmascript_numbers_read_back_the_same(number: float):
    assert float(ecmascript(number)) == number


@pytest.mark.parametrize("value", [float("inf"), "\ud800", {"a": float("nan")}])
def test_what_json_cannot_hold_is_refused(value: object):
    with pytest.raises(UnrenderableError):
        render(value, JsonStyle(ensure_ascii=False))


def test_names_are_sorted_as_asked():
    value = {"\ufffd": {"b": 1, "a": 2}, "\U0001f71a": 3.0}
    style = JsonStyle(ensure_ascii=False, sort=Sort.UTF16, numbers=Numbers.INTEGRAL_TO_INT)
    assert render(value, style).decode() == '{"\U0001f71a":3,"\ufffd":{"a":2,"b":1}}'
    style = JsonStyle(ensure_ascii=False, sort=Sort.TOP_LEVEL)
    assert render(value, style).decode() == '{"\ufffd":{"b":1,"a":2},"\U0001f71a":3.0}'


@pytest.mark.parametrize(("newer", "older"), [("as-spelled", "python"), ("python", "as-spelled")])
def test_each_version_of_a_recipe_takes_numbers_in_its_own_way(
    newer: str, older: str, tmp_path: Path
):
    part = "{json: {exclude: [hash], style: {numbers: %s}}}"
    (tmp_path / "p.yaml").write_text(
        "id: mine\ntitle: Mine\norigin: {project: x}\ncontainer: {kind: jsonl}\n"
        "fields: {own: hash, previous: prev}\ndigest: {algorithm: sha256}\n"
        f"preimage: [{part % newer}]\ngenesis: {{kind: text}}\nsequence: {{}}\n"
        f"versions: [{{value: older, preimage: [{part % older}]}}]\n"
    )
    engine = Engine(library.load(tmp_path / "p.yaml"), Secrets())
    for text in (b'{"n":1.1,"prev":""}', b'{"n":1.10,"prev":""}'):
        raw = b'{"n": 1.10, "prev": "", "hash": "%b"}' % sha(text).encode()
        record = engine.parse(raw)
        assert engine.recompute(record, raw) == engine.own(record)


@pytest.mark.parametrize("shown", ["ab+/c=", '"ab+/c="', "ab+/c\\="])
def test_a_line_of_text_ends_where_its_digest_stands_however_it_is_escaped(shown: str):
    line = f"type=x who=ann hash={shown}".encode()
    assert without_own(line, "hash", "ab+/c=", OwnField.UP_TO) == b"type=x who=ann"
