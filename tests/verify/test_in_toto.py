"""Links and layouts of in-toto: who did each step, and what went from one to the next."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import recipes

from tests.verify import attestation_builder as a
from workbench.model.layout import LayoutStep, Link
from workbench.model.verdict import Code, Indication
from workbench.verify.layout.rules import broken_rules

OWNER, ANN, BOB, CAT = (a.p256(name) for name in ("owner", "ann", "bob", "cat"))
SOURCE = {"train.py": b"print('train')\n"}
MODEL = {"model.bits": b"weights\n"}
GREEN = ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED", "INDETERMINATE NO_TRUSTED_TIME"]
WRITE = a.step("write", ANN, products=[["CREATE", "train.py"], ["DISALLOW", "*"]])
TRAIN = a.step(
    "train",
    BOB,
    materials=[["MATCH", "*", "WITH", "PRODUCTS", "FROM", "write"], ["DISALLOW", "*"]],
    products=[["CREATE", "model.bits"], ["ALLOW", "train.py"], ["DISALLOW", "*"]],
)
LAYOUT = a.layout([WRITE, TRAIN], [ANN, BOB])
WROTE = a.link("write", {}, SOURCE)
TRAINED = a.link("train", SOURCE, {**SOURCE, **MODEL})


def drop(
    layout: Mapping[str, Any] = LAYOUT,
    links: Mapping[str, Any] | None = None,
    *,
    keys: tuple[a.Private, ...] = (OWNER,),
) -> a.Drop:
    found = links or {"write": a.metablock(WROTE, ANN), "train": a.metablock(TRAINED, BOB)}
    files = {f"{name}.0a1b2c3d.link": a.to_bytes(link) for name, link in found.items()}
    files |= {"root.layout": a.to_bytes(a.metablock(layout, *keys)), **MODEL}
    return a.Drop(files, {"owner.pem": a.pem_of(OWNER)})


SOUND = drop()


def test_a_sound_layout_is_green_and_names_its_proof(tmp_path: Path) -> None:
    verification = SOUND.verified(tmp_path)
    (source,) = verification.subjects
    assert source.path == "drop/root.layout"
    assert a.words(source.verdict) == GREEN
    assert verification.exit_code == 0
    beside = {s.path: s.pairs_with for s in verification.sources if s.verdict is None}
    assert set(beside.values()) == {"drop/root.layout"}
    recipes.require_reproduced(source.verdict.steps, tmp_path)


def test_envelopes_say_the_same_as_the_old_form(tmp_path: Path) -> None:
    links = {"write": a.envelope(WROTE, ANN), "train": a.envelope(TRAINED, BOB)}
    found = drop(links=links).with_file("root.layout", a.to_bytes(a.envelope(LAYOUT, OWNER)))
    assert a.words(found.verdict(tmp_path)) == GREEN


def test_products_that_were_not_delivered_are_said_not_to_be_checked(tmp_path: Path) -> None:
    whole = SOUND.with_file("train.py", SOURCE["train.py"])
    assert not any("Not checked" in note for note in whole.verdict(tmp_path / "all").notes)
    bare = replace(SOUND, files={n: d for n, d in SOUND.files.items() if n not in MODEL})
    verdict = bare.verdict(tmp_path / "none")
    assert a.words(verdict) == GREEN
    (note,) = (note for note in verdict.notes if "Not checked" in note)
    assert note.startswith("Not checked: 2 of the products that the last step names")
    assert note.endswith(": model.bits, train.py.")


def test_a_layout_by_a_stranger_decides_nothing(tmp_path: Path) -> None:
    verdict = drop(keys=(CAT,)).verdict(tmp_path)
    assert a.words(verdict)[:3] == [
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE NO_TRUST_ANCHOR",
        "INDETERMINATE NO_ANCHOR",
    ]


def test_a_layout_that_nobody_signed_is_open(tmp_path: Path) -> None:
    assert a.words(drop(keys=()).verdict(tmp_path))[1] == "INDETERMINATE NO_SIGNATURE"


def test_an_expired_layout_is_open(tmp_path: Path) -> None:
    layout = a.layout([WRITE, TRAIN], [ANN, BOB], expires="2026-06-29T23:59:59Z")
    assert a.words(drop(layout).verdict(tmp_path))[1] == "INDETERMINATE OUT_OF_BOUNDS_NO_POE"


def test_a_layout_that_expires_at_that_moment_still_counts(tmp_path: Path) -> None:
    layout = a.layout([WRITE, TRAIN], [ANN, BOB], expires="2026-06-30T00:00:00Z")
    assert a.words(drop(layout).verdict(tmp_path)) == GREEN


def test_a_missing_link_is_named(tmp_path: Path) -> None:
    verdict = drop(links={"train": a.metablock(TRAINED, BOB)}).verdict(tmp_path)
    assert a.words(verdict)[2] == "FAILED FILE_MISSING"
    (diagnosis,) = verdict.diagnoses
    assert diagnosis.path == f"write.{a.sha256(a.spki_of(ANN))[:8]}.link"


def test_a_link_by_somebody_who_may_not_do_the_step_does_not_count(tmp_path: Path) -> None:
    links = {"write": a.metablock(WROTE, CAT), "train": a.metablock(TRAINED, BOB)}
    assert a.words(drop(links=links).verdict(tmp_path))[2] == "FAILED FILE_MISSING"


def test_an_altered_link_fails_its_signer(tmp_path: Path) -> None:
    signed = a.metablock(WROTE, ANN)
    signed["signed"]["products"]["train.py"]["sha256"] = a.sha256(b"evil")
    links = {"write": signed, "train": a.metablock(TRAINED, BOB)}
    assert a.words(drop(links=links).verdict(tmp_path))[1] == "FAILED SIG_CRYPTO_FAILURE"


def test_material_that_no_step_made_breaks_the_rules(tmp_path: Path) -> None:
    other = a.link("train", {"train.py": b"evil"}, {"train.py": b"evil", **MODEL})
    links = {"write": a.metablock(WROTE, ANN), "train": a.metablock(other, BOB)}
    verdict = drop(links=links).verdict(tmp_path)
    assert a.words(verdict)[0] == "FAILED POLICY_MISMATCH"
    assert any("train.py must not be there" in note for note in verdict.notes)


def test_a_product_that_lies_here_otherwise_is_altered(tmp_path: Path) -> None:
    verdict = SOUND.with_file("model.bits", b"other weights").verdict(tmp_path)
    assert a.words(verdict)[0] == "FAILED FILE_ALTERED"
    assert verdict.diagnoses[0].path == "drop/model.bits"


NOTES = {"notes.txt": b"right\n"}
WITH_NOTES = a.layout(
    [
        a.step("write", ANN, products=[["CREATE", "*.py"], ["CREATE", "notes.txt"]]),
        a.step("train", BOB, materials=[["MATCH", "*", "WITH", "PRODUCTS", "FROM", "write"]]),
    ],
    [ANN, BOB],
)
LINKS = {
    "write": a.metablock(a.link("write", {}, {**SOURCE, **NOTES}), ANN),
    "train": a.metablock(TRAINED, BOB),
}


def test_a_product_of_an_earlier_step_is_held_against_that_step(tmp_path: Path) -> None:
    sound = drop(WITH_NOTES, LINKS).with_file("notes.txt", NOTES["notes.txt"])
    assert a.words(sound.verdict(tmp_path / "sound")) == GREEN
    verdict = sound.with_file("notes.txt", b"wrong\n").verdict(tmp_path / "altered")
    assert a.words(verdict)[0] == "FAILED FILE_ALTERED"
    assert [d.path for d in verdict.diagnoses] == ["drop/notes.txt"]


def test_a_file_that_only_a_strangers_link_names_is_not_green(tmp_path: Path) -> None:
    stranger = a.metablock(a.link("other", {}, {"evil.bin": b"x"}), CAT)
    spoilt = drop(WITH_NOTES, {**LINKS, "other": stranger}).with_file("evil.bin", b"evil")
    verdict = spoilt.verdict(tmp_path)
    assert a.words(verdict)[0] == "INDETERMINATE NOT_COVERED"
    assert verdict.not_covered == ("evil.bin",)


def test_a_product_with_a_digest_that_does_not_bind_is_not_green(tmp_path: Path) -> None:
    weak = a.link("train", SOURCE, {**SOURCE, **MODEL})
    weak["products"]["model.bits"] = {"md5": "0" * 32}
    links = {**LINKS, "train": a.metablock(weak, BOB)}
    verdict = drop(WITH_NOTES, links).verdict(tmp_path)
    assert verdict.integrity.indication is not Indication.PASSED
    assert verdict.not_covered == ("model.bits",)


def test_a_threshold_counts_each_key_once(tmp_path: Path) -> None:
    twice = a.step("write", ANN, CAT, threshold=2, products=[["CREATE", "train.py"]])
    layout = a.layout([twice, TRAIN], [ANN, BOB, CAT])
    trained = a.metablock(TRAINED, BOB)
    one = {"write": a.metablock(WROTE, ANN, ANN), "write.x": a.metablock(WROTE, ANN)}
    few = drop(layout, {**one, "train": trained}).verdict(tmp_path / "few")
    assert a.words(few)[2] == "FAILED FILE_MISSING"
    two = {"write": a.metablock(WROTE, ANN), "write.x": a.metablock(WROTE, CAT)}
    enough = drop(layout, {**two, "train": trained}).verdict(tmp_path / "enough")
    assert a.words(enough) == GREEN


def test_links_of_one_step_must_say_the_same(tmp_path: Path) -> None:
    twice = a.step("write", ANN, CAT, threshold=2)
    layout = a.layout([twice, TRAIN], [ANN, BOB, CAT])
    other = a.metablock(a.link("write", {}, {"train.py": b"evil"}), CAT)
    links = {"write": a.metablock(WROTE, ANN), "write.x": other, "train": a.metablock(TRAINED, BOB)}
    assert a.words(drop(layout, links).verdict(tmp_path))[0] == "FAILED POLICY_MISMATCH"


def test_an_inspection_is_never_run_and_leaves_its_part_open(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    run = {"name": "untar", "run": ["touch", str(trace)], "expected_materials": []}
    layout = a.layout([WRITE, TRAIN], [ANN, BOB], inspect=[run])
    verdict = drop(layout).verdict(tmp_path)
    assert a.words(verdict)[:3] == ["PASSED ANCHORED", "PASSED", "INDETERMINATE INSPECTION_NOT_RUN"]
    assert not trace.exists()


def test_a_signature_of_openpgp_is_said_to_be_unchecked(tmp_path: Path) -> None:
    signed = a.metablock(WROTE, ANN)
    signed["signatures"][0]["other_headers"] = "04000108"
    links = {"write": signed, "train": a.metablock(TRAINED, BOB)}
    verdict = drop(links=links).verdict(tmp_path)
    assert a.words(verdict)[1] == "INDETERMINATE UNSUPPORTED_SIGNATURE"
    assert verdict.completeness.indication is not Indication.FAILED


def sublayout(inner: Mapping[str, Any], *keys: a.Private) -> a.Drop:
    """Return a layout whose step ``train`` is done by a layout of Bob's."""
    files = {
        "root.layout": a.to_bytes(a.metablock(LAYOUT, OWNER)),
        "write.0a1b2c3d.link": a.to_bytes(a.metablock(WROTE, ANN)),
        "train.0a1b2c3d.link": a.to_bytes(a.metablock(inner, *keys)),
        "train.0a1b2c3d/fit.0a1b2c3d.link": a.to_bytes(
            a.metablock(a.link("fit", SOURCE, {**SOURCE, **MODEL}), CAT)
        ),
        **MODEL,
    }
    return a.Drop(files, {"owner.pem": a.pem_of(OWNER)})


def test_a_sublayout_stands_for_a_link(tmp_path: Path) -> None:
    inner = a.layout([a.step("fit", CAT)], [CAT])
    assert a.words(sublayout(inner, BOB).verdict(tmp_path)) == GREEN


def test_a_sublayout_by_somebody_else_does_not(tmp_path: Path) -> None:
    inner = a.layout([a.step("fit", CAT)], [CAT])
    assert a.words(sublayout(inner, CAT).verdict(tmp_path))[2] == "FAILED FILE_MISSING"


def test_an_expired_sublayout_is_open(tmp_path: Path) -> None:
    inner = a.layout([a.step("fit", CAT)], [CAT], expires="2020-01-01T00:00:00Z")
    assert (
        a.words(sublayout(inner, BOB).verdict(tmp_path))[1] == "INDETERMINATE OUT_OF_BOUNDS_NO_POE"
    )


def test_layouts_within_each_other_end(tmp_path: Path) -> None:
    """Each is the link of its own step, in a folder of its own, twelve deep."""
    inner = a.layout([a.step("train", BOB)], [BOB])
    files = {"root.layout": a.to_bytes(a.metablock(a.layout([a.step("train", BOB)], [BOB]), OWNER))}
    place = ""
    for _ in range(12):
        files[f"{place}train.0a1b2c3d.link"] = a.to_bytes(a.metablock(inner, BOB))
        place += "train.0a1b2c3d/"
    verdict = a.Drop(files, {"owner.pem": a.pem_of(OWNER)}).verdict(tmp_path)
    assert Code.LIMIT_EXCEEDED in verdict.integrity.codes


def test_a_link_alone_attests_its_products(tmp_path: Path) -> None:
    files = {"train.0a1b2c3d.link": a.to_bytes(a.metablock(TRAINED, BOB)), **MODEL}
    found = a.Drop(files, {"bob.pem": a.pem_of(BOB)})
    verdict = found.verdict(tmp_path, "model.bits")
    assert a.words(verdict) == GREEN
    recipes.require_reproduced(verdict.steps, tmp_path)


def test_no_changed_byte_of_layout_or_links_is_green(tmp_path: Path) -> None:
    generator = random.Random(3)
    green: list[str] = []
    names = [name for name in SOUND.files if name not in MODEL]
    for number in range(45):
        name = generator.choice(names)
        data = SOUND.files[name]
        at = generator.randrange(len(data))
        flipped = data[:at] + bytes([data[at] ^ (1 << generator.randrange(7))]) + data[at + 1 :]
        found = SOUND.with_file(name, flipped)
        if found.verified(tmp_path / str(number)).exit_code == 0 and differs(data, flipped):
            green.append(f"{name} {data[max(0, at - 20) : at + 20]!r}")
    assert green == []


def differs(before: bytes, after: bytes) -> bool:
    """Tell whether what is signed, or by what, was changed; a key id is a hint."""
    pair = [json.loads(data) for data in (before, after)]
    for value in pair:
        for signature in value["signatures"]:
            signature["keyid"] = ""
            signature["sig"] = signature["sig"].lower()
    return pair[0] != pair[1]


HOSTILE: dict[str, Mapping[str, Any]] = {
    "no steps": {**LAYOUT, "steps": []},
    "threshold below 1": {**LAYOUT, "steps": [{**WRITE, "threshold": 0}]},
    "negative threshold": {**LAYOUT, "steps": [{**WRITE, "threshold": -1}]},
    "threshold that is no number": {**LAYOUT, "steps": [{**WRITE, "threshold": True}]},
    "two steps of a name": {**LAYOUT, "steps": [WRITE, WRITE]},
    "odd rule": {**LAYOUT, "steps": [{**WRITE, "expected_products": [["OBEY", "*"]]}]},
    "rule without words": {**LAYOUT, "steps": [{**WRITE, "expected_products": [[]]}]},
    "odd pattern": {**LAYOUT, "steps": [{**WRITE, "expected_products": [["ALLOW", "[z-a]"]]}]},
    "long pattern": {**LAYOUT, "steps": [{**WRITE, "expected_products": [["ALLOW", "*a" * 900]]}]},
    "no such step": {
        **LAYOUT,
        "steps": [
            WRITE,
            {
                **TRAIN,
                "expected_materials": [
                    ["MATCH", "*", "WITH", "PRODUCTS", "FROM", "nothing"],
                    ["DISALLOW", "*"],
                ],
            },
        ],
    },
    "never expires": {key: value for key, value in LAYOUT.items() if key != "expires"},
    "odd time": {**LAYOUT, "expires": "tomorrow"},
    "odd key": {**LAYOUT, "keys": {"x": {"keytype": "rsa", "keyval": {"public": "nothing"}}}},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_layouts_get_a_verdict_and_are_never_green(kind: str, tmp_path: Path) -> None:
    verification = drop(HOSTILE[kind]).verified(tmp_path)
    assert verification.subjects
    assert verification.exit_code in {1, 2}


def linked(name: str, materials: dict[str, str], products: dict[str, str]) -> Link:
    def digests(files: dict[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
        return {path: (("sha256", digest),) for path, digest in files.items()}

    return Link(name, (), digests(materials), digests(products))


@pytest.mark.parametrize(
    ("rules", "holds"),
    [
        ([("ALLOW", "*")], True),
        ([("DISALLOW", "*")], False),
        ([("ALLOW", "a/*"), ("DISALLOW", "*")], False),
        ([("ALLOW", "a/*"), ("ALLOW", "b.t?t"), ("DISALLOW", "*")], True),
        ([("ALLOW", "a/[!z]*"), ("ALLOW", "[ab].txt"), ("DISALLOW", "*")], True),
        ([("CREATE", "b.txt"), ("MODIFY", "a/x"), ("DISALLOW", "*")], True),
        ([("CREATE", "a/x"), ("ALLOW", "b.txt"), ("DISALLOW", "*")], False),
        ([("DELETE", "*"), ("DISALLOW", "*")], False),
        ([("REQUIRE", "b.txt")], True),
        ([("REQUIRE", "c.txt")], False),
        ([("MATCH", "x", "IN", "a", "WITH", "PRODUCTS", "IN", "out", "FROM", "before"),
          ("ALLOW", "b.txt"), ("DISALLOW", "*")], True),
        ([("MATCH", "*", "WITH", "PRODUCTS", "FROM", "before"), ("DISALLOW", "a/x")], False),
    ],
)  # fmt: skip
def test_artifact_rules_mean_what_in_toto_says(rules: list[tuple[str, ...]], holds: bool) -> None:
    links = {
        "before": linked("before", {}, {"out/x": "2"}),
        "now": linked("now", {"a/x": "1", "gone": "0"}, {"a/x": "2", "b.txt": "3"}),
    }
    step = LayoutStep("now", (), 1, (), (), tuple(rules))
    assert (broken_rules(step, links) == []) is holds


def test_a_layout_leaves_links_of_other_folders_alone(tmp_path: Path) -> None:
    elsewhere = a.to_bytes(a.metablock(a.link("other", {}, {"x": b"x"}), CAT))
    found = replace(
        SOUND,
        files={f"one/{name}": data for name, data in SOUND.files.items()}
        | {"two/other.0a1b2c3d.link": elsewhere},
    )
    paths = [source.path for source in found.verified(tmp_path).subjects]
    assert paths == ["drop/one/root.layout", "drop/two/other.0a1b2c3d.link"]


@pytest.mark.parametrize("expires", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00"])
def test_a_layout_that_expires_beyond_the_calendar_is_malformed(
    expires: str, tmp_path: Path
) -> None:
    layout = a.layout([WRITE, TRAIN], [ANN, BOB], expires=expires)
    verification = drop(layout).verified(tmp_path)
    [source] = verification.subjects
    assert source.verdict is not None
    assert source.verdict.authenticity.code == Code.FORMAT_FAILURE
    assert verification.exit_code in {1, 2}


@pytest.mark.parametrize("kind", [{}, [], None, 1, "other"])
@pytest.mark.parametrize("name", ["root.layout", "x.0a1b2c3d.link", "model.bits.json"])
def test_a_block_of_a_kind_that_is_no_text_is_no_traceback(
    kind: object, name: str, tmp_path: Path
) -> None:
    spoilt = {"signed": {"_type": kind}, "signatures": []}
    files = {name: json.dumps(spoilt).encode(), **MODEL}
    assert a.Drop(files, {"owner.pem": a.pem_of(OWNER)}).verified(tmp_path).exit_code == 2
