import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.conftest import PROJECT

LOCKS = ("requirements.lock", "dev-requirements.lock")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PLATFORMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macOS": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}


def text_of(lock: str) -> str:
    return (PROJECT / "packaging" / lock).read_text()


def entries(lock: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Yield each requirement with its hashes."""
    for entry in text_of(lock).replace("\\\n", " ").splitlines():
        pin, *hashes = re.split(r"\s+(?=--hash=)", entry.strip())
        yield Requirement(pin), hashes


def pins(lock: str) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r, _ in entries(lock)}


def version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    return specifier.version


def asked_name(asked: Requirement) -> str:
    return canonicalize_name(asked.name)


def asked_for() -> list[tuple[str, Requirement]]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = (project["project"]["dependencies"], project["dependency-groups"]["dev"])
    return [
        (lock, Requirement(text))
        for lock, group in zip(LOCKS, groups, strict=True)
        for text in group
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_an_exact_version_with_hashes(lock: str) -> None:
    found = list(entries(lock))
    assert len(found) > 10
    for requirement, hashes in found:
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", requirement
        assert "*" not in specifier.version, requirement
        assert hashes, requirement
        assert all(HASH.fullmatch(text) for text in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_no_line_says_where_from(lock: str) -> None:
    text = text_of(lock)
    assert "://" not in text
    assert "@" not in text
    assert not [line for line in text.splitlines() if line.startswith(("-", "#"))]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("lock", "asked"), asked_for(), ids=lambda value: str(value))
def test_what_the_project_asks_for_is_locked_for_every_platform(
    lock: str, asked: Requirement, platform: str
) -> None:
    environment = {**PLATFORMS[platform], "platform_python_implementation": "CPython"}
    lines = (pin for pin, _ in entries(lock) if canonicalize_name(pin.name) == asked_name(asked))
    # A release that ended its support of a Python has one line for it and one for the others.
    (pin,) = [pin for pin in lines if pin.marker is None or pin.marker.evaluate(environment)]
    assert asked.specifier.contains(version(pin), prereleases=True)


def test_resolution_was_made_for_every_platform() -> None:
    markers = [str(pin.marker) for lock in LOCKS for pin in pins(lock).values() if pin.marker]
    assert any("win32" in marker for marker in markers)


def test_qt_is_not_the_one_that_an_older_c_library_would_get() -> None:
    major, minor, *_ = map(int, version(pins(LOCKS[0])["pyside6-essentials"]).split("."))
    assert (major, minor) >= (6, 11)


def test_qt_is_not_the_one_that_aborts() -> None:
    """6.12.0 takes a reference from None at every call: Python 3.11 aborts after thousands."""
    assert version(pins(LOCKS[0])["pyside6-essentials"]) != "6.12.0"


def test_both_locks_pin_what_they_share_to_the_same_version() -> None:
    run, dev = map(pins, LOCKS)
    shared = run.keys() & dev.keys()
    assert shared
    assert {n: version(run[n]) for n in shared} == {n: version(dev[n]) for n in shared}
