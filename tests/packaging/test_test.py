"""packaging/test on a pretended system, whose environments hold neither Qt nor pytest."""

from pathlib import Path

from tests.packaging.conftest import System


def test_missing_libraries_of_qt_are_one_line_where_they_may_not_be_installed(
    checkout: Path, with_python: System
) -> None:
    with_python.has("apt-get", "exit 99")
    done = with_python.call(checkout / "packaging" / "test")
    assert done.returncode == 3
    assert "apt-get install libegl1" in done.stderr.splitlines()[-1]
    assert not with_python.calls_of("apt-get")


def test_missing_libraries_and_peers_are_installed_where_they_may(
    checkout: Path, as_root: System
) -> None:
    as_root.has_python()
    as_root.has("apt-get", "exit 0")
    as_root.has("openssl", "exit 0")
    done = as_root.call(checkout / "packaging" / "test", "-k", "one")
    libraries, peers = as_root.calls_of("apt-get")
    assert "libegl1" in libraries
    assert {"poppler-utils", "age", "softhsm2"} <= set(peers.split())
    assert "openssl" not in peers.split()
    assert "No module named pytest" in done.stderr


def test_peers_that_cannot_be_installed_do_not_stop_the_tests(
    checkout: Path, with_python: System
) -> None:
    with_python.call(checkout / "packaging" / "setup", "--dev")
    (site,) = (checkout / ".venv" / "lib").glob("python*/site-packages")
    for name in ("PySide6/QtWidgets.py", "PySide6/__init__.py"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).touch()
    (site / "pytest.py").write_text("import sys; print('pytest', *sys.argv[1:])")
    done = with_python.call(checkout / "packaging" / "test", "-k", "one")
    assert done.returncode == 0
    assert done.stdout == "pytest -n auto --dist worksteal -k one\n"
    assert "please install" in done.stderr.splitlines()[-1]
