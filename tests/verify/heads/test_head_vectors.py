"""The published vectors of the head format: the script, the page and the writer agree on them."""

import subprocess
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workbench import resources
from workbench.sign.head import vkey, write_head
from workbench.verify.heads.head import Head, read_head
from workbench.verify.heads.merkle import Accumulator

VECTORS = resources.path("selftest", "head")
SCRIPT = Path(__file__).resolve().parents[3] / "packaging" / "vectors" / "head.py"
NAME = "example.com/audit-log"
PUBLIC = "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def drop(vector: str) -> Path:
    return VECTORS / vector / "drop"


@pytest.fixture
def script() -> ModuleType:
    spec = util.spec_from_file_location("head_vectors", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files_below(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_script_makes_the_vectors_and_the_page_as_they_are(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = resources.path("help", "head-format.md").read_bytes()
    (tmp_path / "page.md").write_bytes(page)
    monkeypatch.setattr(script, "OUTPUT", tmp_path / "vectors")
    monkeypatch.setattr(script, "PAGE", tmp_path / "page.md")
    script.main()
    assert files_below(tmp_path / "vectors") == files_below(VECTORS)
    assert (tmp_path / "page.md").read_bytes() == page


@pytest.mark.parametrize("vector", ["vector-1", "vector-2"])
def test_our_writer_writes_the_vectors(vector: str) -> None:
    published = (drop(vector) / "log.head").read_bytes()
    head = read_head(published)
    assert isinstance(head, Head)
    written = write_head(
        head.origin, head.size, head.root, head.chain_head, head.profile, KEY, NAME
    )
    assert written == published
    assert vkey(NAME, KEY.public_key()) == f"{NAME}+07499b2d+{PUBLIC}"


@pytest.mark.parametrize("vector", ["vector-1", "vector-2"])
def test_the_root_of_a_vector_is_the_root_of_its_records(vector: str) -> None:
    head = read_head((drop(vector) / "log.head").read_bytes())
    assert isinstance(head, Head)
    tree = Accumulator()
    for record in (drop(vector) / "log.jsonl").read_bytes().splitlines():
        tree.add_leaf(record)
    assert (tree.size, tree.root()) == (head.size, head.root)


def test_the_recipe_on_the_page_verifies_a_vector_by_hand(tmp_path: Path) -> None:
    page = resources.path("help", "head-format.md").read_text(encoding="utf-8")
    recipe = page.split("By hand,")[1].split("```\n")[1]
    (tmp_path / "log.head").write_bytes((drop("vector-2") / "log.head").read_bytes())
    trusted = VECTORS / "vector-2" / "trust" / "log.pem"
    (tmp_path / "log.pem").write_bytes(trusted.read_bytes())
    done = subprocess.run(["sh", "-ec", recipe], cwd=tmp_path, check=True, capture_output=True)
    assert b"Signature Verified Successfully" in done.stdout
