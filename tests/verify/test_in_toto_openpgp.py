"""Links and layouts signed in the way of OpenPGP: vectors made by GnuPG 2.2, taken apart by hand.

Owner signs by RSA, Ann by EdDSA, Bob by an RSA subkey; the layout knows the keys as bare numbers.
"""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import recipes

from tests.verify import attestation_builder as a
from workbench.model.verdict import Code, Indication

VECTORS = Path(__file__).parent / "vectors/in-toto-gpg"
KEYS = {"owner.asc", "bob.asc"}
FILES = {p.name: p.read_bytes() for p in VECTORS.iterdir() if p.name not in KEYS}
OWNER, BOB = ({name: (VECTORS / name).read_bytes()} for name in ("owner.asc", "bob.asc"))
SOUND = a.Drop(FILES, OWNER)
WRITE, TRAIN = (next(n for n in FILES if n.startswith(step)) for step in ("write", "train"))
GREEN = ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED", "INDETERMINATE NO_TRUSTED_TIME"]


def spoilt(name: str, **changes: Any) -> a.Drop:
    """Return the vectors with members of the only signature of a file changed."""
    value = json.loads(FILES[name])
    value["signatures"][0] |= changes
    return SOUND.with_file(name, a.to_bytes(value))


def with_key(**changes: Any) -> a.Drop:
    """Return the vectors with a layout, signed by somebody else, whose keys are changed."""
    layout = json.loads(FILES["root.layout"])["signed"]
    for key in layout["keys"].values():
        key |= changes
    signer = a.p256("owner")
    files = {**FILES, "root.layout": a.to_bytes(a.metablock(layout, signer))}
    return a.Drop(files, {"owner.pem": a.pem_of(signer)})


def test_a_layout_and_its_links_by_openpgp_are_green(tmp_path: Path) -> None:
    verdict = SOUND.verdict(tmp_path)
    assert a.words(verdict) == GREEN
    recipes.require_reproduced(verdict.steps, tmp_path)
    assert any("gpgv" in step.recipe for step in verdict.steps)
    assert verdict.authenticity.code == "Owner <owner@example.org>"


def test_newer_tools_call_the_value_as_any_other(tmp_path: Path) -> None:
    value = json.loads(FILES[WRITE])["signatures"][0]["signature"]
    renamed = json.loads(FILES[WRITE])
    renamed["signatures"][0]["sig"] = value
    del renamed["signatures"][0]["signature"]
    assert a.words(SOUND.with_file(WRITE, a.to_bytes(renamed)).verdict(tmp_path)) == GREEN


def test_without_the_owners_certificate_nobody_known_signed(tmp_path: Path) -> None:
    verdict = replace(SOUND, trusted={"owner.pem": a.pem_of(a.p256("owner"))}).verdict(tmp_path)
    assert a.words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"


def test_another_certificate_is_no_owners(tmp_path: Path) -> None:
    verdict = replace(SOUND, trusted=BOB).verdict(tmp_path)
    assert a.words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"


def test_a_certificate_that_lies_beside_it_vouches_for_nobody(tmp_path: Path) -> None:
    verdict = SOUND.with_file("owner.asc", OWNER["owner.asc"]).verdict(tmp_path, "root.layout")
    assert a.words(verdict)[1] == "INDETERMINATE SELF_SUPPLIED_KEY"


def test_a_layout_that_was_changed_fails(tmp_path: Path) -> None:
    changed = json.loads(FILES["root.layout"])
    changed["signed"]["readme"] = "changed"
    verdict = SOUND.with_file("root.layout", a.to_bytes(changed)).verdict(tmp_path)
    assert verdict.authenticity.code == Code.SIG_CRYPTO_FAILURE
    assert verdict.authenticity.indication is Indication.FAILED


@pytest.mark.parametrize("name", [WRITE, TRAIN])
def test_a_link_that_was_changed_is_missing_and_fails(name: str, tmp_path: Path) -> None:
    changed = json.loads(FILES[name])
    changed["signed"]["command"] = ["rm"]
    verdict = SOUND.with_file(name, a.to_bytes(changed)).verdict(tmp_path)
    assert a.words(verdict)[1:3] == ["FAILED SIG_CRYPTO_FAILURE", "FAILED FILE_MISSING"]


@pytest.mark.parametrize("name", ["root.layout", WRITE, TRAIN])
def test_no_changed_byte_of_a_signature_passes(name: str, tmp_path: Path) -> None:
    picked = random.Random(name)
    for member in ("signature", "other_headers"):
        value = bytearray.fromhex(json.loads(FILES[name])["signatures"][0][member])
        for n in range(4):
            at = picked.randrange(len(value))
            flipped = bytes(value[:at]) + bytes([value[at] ^ 1 << n]) + bytes(value[at + 1 :])
            folder = tmp_path / f"{member}{n}"
            folder.mkdir()
            verdict = spoilt(name, **{member: flipped.hex()}).verdict(folder)
            assert a.words(verdict) != GREEN
            assert verdict.authenticity.indication is not Indication.PASSED


@pytest.mark.parametrize(
    "headers",
    ["", "04", "04000108", "0400010800ff", "03000108000000", "04010108000000", "04001108000000"],
)
def test_headers_of_another_kind_are_said_to_be_unread(headers: str, tmp_path: Path) -> None:
    verdict = spoilt(TRAIN, other_headers=headers).verdict(tmp_path)
    assert verdict.authenticity.indication is not Indication.PASSED
    if headers:
        assert verdict.authenticity.code == Code.UNSUPPORTED_SIGNATURE


def test_a_key_that_has_ended_may_do_no_step(tmp_path: Path) -> None:
    sound = with_key(validity_period=10**9).verdict(tmp_path)
    assert sound.authenticity.indication is Indication.PASSED
    verdict = with_key(validity_period=60).verdict(tmp_path)
    assert verdict.authenticity.code == Code.OUT_OF_BOUNDS_NO_POE


def test_a_key_without_the_subkey_is_not_the_signers(tmp_path: Path) -> None:
    verdict = with_key(subkeys={}).verdict(tmp_path)
    assert verdict.completeness.code == "FILE_MISSING"


def test_a_link_without_a_layout_is_judged_by_the_certificate_that_made_it(tmp_path: Path) -> None:
    files = {TRAIN: FILES[TRAIN], "model.bin": FILES["model.bin"]}
    verdict = a.Drop(files, BOB).verdict(tmp_path)
    assert a.words(verdict)[:3] == ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED"]
    early = replace(a.Drop(files, BOB), at=datetime(2026, 2, 1, tzinfo=UTC))
    (tmp_path / "early").mkdir()
    assert early.verdict(tmp_path / "early").authenticity.code == Code.NOT_YET_VALID
