"""Links of in-toto's own tests, in the old form and in envelopes."""

from collections.abc import Callable
from pathlib import Path

import pytest
import recipes

from tests.conformance.table import Conforms
from tests.verify import attestation_builder as a

Unpack = Callable[[str], Path]
GREEN = ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED", "INDETERMINATE NO_TRUSTED_TIME"]
OPEN = ["PASSED ANCHORED", "PASSED", "INDETERMINATE ARTIFACT_ABSENT"]

#: Each link, who signed it, and whether it must verify; its product is not here but for one.
LINKS = {
    "demo_files/write-code.776a00e2.link": ("bob.pub", True),
    "demo_files/package.2f89b927.link": ("carl.pub", True),
    "demo_files/write-code.776a00e2.tampered_fail.link": ("bob.pub", False),
    "demo_dsse_files/write-code.776a00e2.link": ("bob.pub", True),
    "demo_dsse_files/package.2f89b927.link": ("carl.pub", True),
}


def drop_of(root: Path, link: str, *beside: str) -> a.Drop:
    keys = root / "demo_files"
    signer = LINKS[link][0]
    files = {Path(name).name: (root / name).read_bytes() for name in (link, *beside)}
    return a.Drop(files, {signer: (keys / signer).read_bytes()})


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_judged_as_known(
    link: str, evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
) -> None:
    verdict = drop_of(evidence_archive("integrity/in-toto"), link).verdict(tmp_path)
    if LINKS[link][1]:
        assert a.words(verdict)[:3] == OPEN
    else:
        assert a.words(verdict)[1] == "FAILED SIG_CRYPTO_FAILURE"
    recipes.require_reproduced(verdict.steps, tmp_path)
    conforms(agreed=1)


@pytest.mark.parametrize("form", ["demo_files", "demo_dsse_files"])
def test_the_package_that_lies_here_is_the_one_that_carl_made(
    form: str, evidence_archive: Unpack, tmp_path: Path
) -> None:
    root = evidence_archive("integrity/in-toto")
    found = drop_of(root, f"{form}/package.2f89b927.link", "demo_files/foo.tar.gz")
    verification = found.verified(tmp_path)
    (source,) = verification.subjects
    assert (source.path, source.format) == ("drop/foo.tar.gz", "archive")
    assert a.words(source.verdict) == GREEN
    assert [s.path for s in verification.sources].count("drop/foo.tar.gz") == 1


def test_the_keys_of_others_make_nothing_green(evidence_archive: Unpack, tmp_path: Path) -> None:
    root = evidence_archive("integrity/in-toto")
    keys = root / "demo_files"
    for name in ("alice.pub", "danny.pub"):
        found = drop_of(root, "demo_files/package.2f89b927.link", "demo_files/foo.tar.gz")
        wrong = a.Drop(found.files, {name: (keys / name).read_bytes()})
        assert wrong.verified(tmp_path / name).exit_code == 2


def test_the_template_of_the_layout_is_signed_by_nobody_and_open(
    evidence_archive: Unpack, tmp_path: Path
) -> None:
    keys = evidence_archive("integrity/in-toto") / "demo_files"
    files = {p.name: p.read_bytes() for p in keys.iterdir() if p.suffix not in {".pub"}}
    files.pop("write-code.776a00e2.tampered_fail.link")
    found = a.Drop(files, {"alice.pub": (keys / "alice.pub").read_bytes()})
    verdict = found.verdict(tmp_path)
    assert a.words(verdict)[:3] == [
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE NO_SIGNATURE",
        "INDETERMINATE NO_ANCHOR",
    ]


def test_owned_by_somebody_the_real_links_follow_their_layout(
    evidence_archive: Unpack, tmp_path: Path
) -> None:
    """The same layout, with an end and signed: its inspection is not run, all else holds."""
    import json

    keys = evidence_archive("integrity/in-toto") / "demo_files"
    said = json.loads((keys / "demo.layout.template").read_bytes())["signed"]
    said["expires"] = "2030-01-01T00:00:00Z"
    owner = a.p256("owner")
    files = {
        name: (keys / name).read_bytes()
        for name in ("foo.tar.gz", "package.2f89b927.link", "write-code.776a00e2.link")
    }
    files["root.layout"] = a.to_bytes(a.metablock(said, owner))
    verdict = a.Drop(files, {"owner.pem": a.pem_of(owner)}).verdict(tmp_path)
    assert a.words(verdict)[:3] == ["PASSED ANCHORED", "PASSED", "INDETERMINATE INSPECTION_NOT_RUN"]
