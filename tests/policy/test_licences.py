"""A licence that allows no commercial use is known however it is spelled."""

import pytest

from workbench.policy.licences import is_non_commercial, names_licence


@pytest.mark.parametrize(
    "text",
    ["CC-BY-NC-4.0", "cc-by-nc-4.0", "CC BY NC 4.0", "cc_by_nc_sa", "ccbync4", "CC-BY-NC4.0",
     "PolyForm-Noncommercial-1.0.0", "Non-Commercial", "NCGL-UK-2.0", "research only",
     "CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0"],
)  # fmt: skip
def test_non_commercial(text: str) -> None:
    assert is_non_commercial(text) is True


@pytest.mark.parametrize(
    "text", ["MIT", "NCSA", "proprietary", "CC-BY-4.0", "MIT OR CC-BY-NC-4.0", "Apache-2.0"]
)
def test_commercial_use_is_not_excluded(text: str) -> None:
    assert is_non_commercial(text) is False


@pytest.mark.parametrize("text", ["", " ", "NOASSERTION", "unknown", "none", "N/A"])
def test_no_name_is_no_licence(text: str) -> None:
    assert not names_licence(text)
    assert is_non_commercial(text) is None


def test_nested_expression_of_both_kinds_is_not_decided() -> None:
    assert is_non_commercial("(MIT OR CC-BY-NC-4.0) AND BSD-3-Clause") is None
