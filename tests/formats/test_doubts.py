"""What is doubtful about a digest or a licence is said where it stands; the value stays."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence.file import NOTHING, EvidenceFile
from workbench.formats.doubts import Stated, digests, licence, spdx_of
from workbench.formats.sheet import Sheet
from workbench.model.progress import Cancel

HEX = "0123456789abcdef"
WORDS = ["MIT", "OR", "AND", "WITH", "(", ")", "+", "-", "/", "{}", "later", "LicenseRef-x", "é"]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(EvidenceFile("x.json", None, str(tmp_path), (), NOTHING), Cancel())


def codes(sheet: Sheet) -> list[str]:
    return [str(problem.code) for problem in sheet.problems()]


@pytest.mark.parametrize(
    ("algorithm", "value", "code"),
    [
        ("SHA-256", HEX * 4, None),
        ("sha256", HEX.upper() * 4, None),
        ("sha3_512", HEX * 8, None),
        ("sha256", "https://github.com/mlcommons/croissant/issues/80", "NOT_A_DIGEST"),
        ("sha256", "sha256", "NOT_A_DIGEST"),
        ("sha256", HEX * 2, "NOT_A_DIGEST"),
        ("sha256", "", "NOT_A_DIGEST"),
        ("sha256", "g" * 64, "NOT_A_DIGEST"),
        ("sha256", HEX * 4 + "\n", "NOT_A_DIGEST"),
        ("MD5", HEX * 2, "WEAK_DIGEST"),
        ("SHA-1", HEX * 2 + HEX[:8], "WEAK_DIGEST"),
        ("digest", "1a2b3c4d", "WEAK_DIGEST"),
        ("crc32", "1a2b3c4d", "WEAK_DIGEST"),
        ("own", "not hex at all", None),
    ],
)
def test_digest_is_what_it_is_said_to_be(
    sheet: Sheet, algorithm: str, value: str, code: str | None
) -> None:
    (told,) = digests(sheet, [Stated(algorithm, value, "/a")])
    assert (told.value, told.pointer) == (value, "/a")
    found = list(sheet.problems())
    assert [str(problem.code) for problem in found] == ([code] if code else [])
    assert all(problem.locator.pointer == "/a" for problem in found)


def test_weak_digest_beside_a_strong_one_is_no_doubt(sheet: Sheet) -> None:
    digests(sheet, [Stated("md5", HEX * 2, "/a"), Stated("sha256", HEX * 4, "/b")])
    assert codes(sheet) == []


def test_weak_digest_beside_a_false_one_is_a_doubt_too(sheet: Sheet) -> None:
    digests(sheet, [Stated("md5", HEX * 2, "/a"), Stated("sha256", "x", "/b")])
    assert sorted(codes(sheet)) == ["NOT_A_DIGEST", "WEAK_DIGEST"]


def test_false_sha256_says_what_it_looks_like(sheet: Sheet) -> None:
    digests(sheet, [Stated("sha256", HEX * 2, "/a")])
    assert "looks like MD5" in next(sheet.problems()).message


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("MIT", "MIT"),
        ("apache-2.0", "Apache-2.0"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("LicenseRef-own", "LicenseRef-own"),
        ("https://spdx.org/licenses/CC0-1.0", "CC0-1.0"),
        ("http://spdx.org/licenses/MIT.html", "MIT"),
        ("https://choosealicense.com/licenses/cc-by-4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("https://choosealicense.com/undefined", ""),
        ("Apache 2.0", ""),
        ("bigscience-bloom-rail-1.0", ""),
        ("(MIT", ""),
        ("MIT OR x" * 100, ""),
    ],
)
def test_licence_is_an_expression_or_none(text: str, expression: str) -> None:
    assert spdx_of(text) == expression


def test_licence_stays_as_it_was_written(sheet: Sheet) -> None:
    told = [(a.name, a.value) for a in licence(sheet, "mit", "/license")]
    assert told == [("license", "mit"), ("license_spdx", "MIT")]
    assert codes(sheet) == []


@pytest.mark.parametrize("text", ["unknown", "NOASSERTION", "other", "", "ask the bank"])
def test_unknown_licence_is_a_doubt(sheet: Sheet, text: str) -> None:
    assert [a.value for a in licence(sheet, text, "/license")] == [text]
    assert codes(sheet) == ["UNKNOWN_LICENCE"]


@given(
    st.lists(
        st.sampled_from(
            [
                "MIT",
                "OR",
                "AND",
                "WITH",
                "(",
                ")",
                "+",
                "-",
                "/",
                "{}",
                "later",
                "LicenseRef-x",
                "\x00",
                "é",
            ]
        )
        | st.text(max_size=5),
        max_size=10,
    )
)
def test_no_licence_however_odd_is_a_traceback(words: list[str]) -> None:
    assert isinstance(spdx_of(" ".join(words)), str)
