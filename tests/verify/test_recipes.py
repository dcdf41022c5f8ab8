"""The commands of every proof trail do what they say, on everything whose verdict is known."""

import gzip
import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
import recipes
from situations import ALL_KEYS, SAMPLE, request_of, verified

from workbench.model.verification import Verification
from workbench.services import selftest

VECTORS = selftest._vectors()
TOOLS = [shutil.which(name) for name in ("bash", "openssl", "sha256sum", "python3", "tar")]
pytestmark = pytest.mark.skipif(not all(TOOLS), reason="a tool of the recipes is not here")


def redo(verification: Verification, folder: Path) -> int:
    """Run the recipes of all subjects where the drop lies; return how many steps had commands."""
    done = 0
    for source in verification.subjects:
        assert source.verdict
        recipes.require_reproduced(source.verdict.steps, folder)
        done += recipes.commands(source.verdict.steps)
    return done


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_the_recipes_of_a_vector_print_what_they_say(vector, tmp_path: Path) -> None:
    shutil.copytree(vector.folder / "drop", tmp_path / "drop", symlinks=True)
    for name, _, file in (text.rpartition("=") for text in vector.texts("secret")):
        # Of several, the recipe says how the name of each ends.
        for called in ("SECRET", f"SECRET-{name.rpartition('-')[2]}"):
            shutil.copy(vector.folder / file, tmp_path / called)
    verification = verified(selftest._request(vector))
    assert verification.subjects
    redo(verification, tmp_path)


def _archived(kind: str, folder: Path) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for path in files:
                target.write(path, path.relative_to(folder.parent))
    else:
        with tarfile.open(fileobj=out, mode="w:gz" if kind == "tar.gz" else "w") as target:
            for path in files:
                target.add(path, f"./{path.relative_to(folder.parent)}")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("what", ["audit", "models/credit-scoring-v7"])
def test_recipes_work_for_what_lies_in_an_archive(kind: str, what: str, tmp_path: Path) -> None:
    archive = tmp_path / f"it's evidence.{kind}"
    archive.write_bytes(_archived(kind, SAMPLE / "evidence" / what))
    verification = verified(request_of(archive, trust=ALL_KEYS))
    assert verification.exit_code == 0
    assert redo(verification, tmp_path) >= 5
    assert any("Verified" in step.prints for s in verification.subjects for step in s.verdict.steps)


def test_recipes_work_for_archives_in_archives_and_single_compressed_files(tmp_path: Path) -> None:
    outer = tmp_path / "outer.zip"
    log = (SAMPLE / "evidence" / "audit" / "audit-log.jsonl").read_bytes()
    with zipfile.ZipFile(outer, "w") as target:
        target.writestr("a/inner.tar", _archived("tar", SAMPLE / "evidence" / "audit"))
        target.writestr("b/log.jsonl.gz", gzip.compress(log))
    verification = verified(request_of(outer, trust=ALL_KEYS))
    assert len(verification.subjects) == 2
    assert redo(verification, tmp_path) >= 7


def test_a_name_that_a_shell_would_act_on_is_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "$(touch pwned) `touch pwned` ; é\u202e"
    folder.mkdir()
    shutil.copy(SAMPLE / "evidence" / "audit" / "audit-log.jsonl", folder / "-rf 'x' \\.jsonl")
    verification = verified(request_of(folder))
    assert redo(verification, tmp_path) == 2
    assert not list(tmp_path.rglob("pwned"))


def test_a_name_that_is_not_utf8_is_given_by_its_bytes(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9 \\x")
    folder.mkdir()
    shutil.copy(
        SAMPLE / "evidence" / "audit" / "audit-log.jsonl", folder / os.fsdecode(b"\xff.jsonl")
    )
    assert redo(verified(request_of(folder)), tmp_path) == 2


def test_a_very_long_name_is_given_in_pieces(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*("d" * 120 for _ in range(5)))
    folder.mkdir(parents=True)
    shutil.copy(
        SAMPLE / "evidence" / "lineage" / "openlineage.ndjson", folder / f"{'é' * 60}.ndjson"
    )
    assert redo(verified(request_of(tmp_path / ("d" * 120))), tmp_path) == 1
