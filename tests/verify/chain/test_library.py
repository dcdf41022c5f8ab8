"""Profiles: the shipped ones, what is refused, and what they say in words."""

import hashlib
from pathlib import Path

import pytest

from workbench import resources
from workbench.errors import ProfileError, SourceError
from workbench.verify.chain import explain, library

SHIPPED = (
    *("acra", "acra-cef", "agentmesh", "agentmesh-export", "agentmesh-go", "bernstein", "caura"),
    *("certmate", "certmate-bundle", "cmcp", "comptext", "coreason", "cyntra", "earcrawler"),
    *("hashchainalgo", "igs-audit", "lemma-ocsf", "pagespace-activity", "pagespace-security"),
    *("qwed", "sql-au9", "sql-audit-dual", "sql-immutable-log", "sql-journal-entries", "steward"),
    *("summit", "workbench", "workbench-journal", "xrpl-wallet-mcp"),
)
MINIMAL = """
id: mine
title: Mine
fields: {own: hash, previous: prev}
preimage: [{json: {exclude: [hash]}}]
"""


def loaded(tmp_path: Path, text: str):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    return library.load(path)


def test_shipped_profiles_are_known_by_the_digest_of_their_files():
    assert tuple(profile.id for profile in library.shipped()) == SHIPPED
    for profile in library.shipped():
        data = resources.path("profiles", f"{profile.id}.yaml").read_bytes()
        assert profile.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("profile", library.shipped(), ids=SHIPPED)
def test_profile_says_what_it_does_in_words(profile):
    words = "\n".join(explain.explain(profile))
    assert profile.title in words
    assert profile.sha256 in words
    assert profile.fields.own[-1] in words


def test_smallest_profile_has_the_usual_recipe(tmp_path: Path):
    profile = loaded(tmp_path, MINIMAL)
    assert (profile.digest.algorithm, profile.container.kind) == ("sha256", "jsonl")
    assert profile.present == (("hash",), ("prev",))
    assert profile.fits({"hash": 1, "prev": 2})
    assert not profile.fits({"hash": 1})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("title: Mine", ""), "title"),
        (("title: Mine", "title: [a]"), "title"),
        (("title: Mine", "title: Mine\ncolour: red"), "colour"),
        (("own: hash", "own: hash, color: red"), "fields.color"),
        (("own: hash, ", ""), "fields.own"),
        (("own: hash", "own: ''"), "fields.own"),
        (("exclude: [hash]", "exclude: [hash, hash]"), "preimage[0].json.exclude"),
        (("exclude: [hash]", "exclude: [hash], include: [prev]"), "preimage[0].json"),
        (("exclude: [hash]", "exclude: [hash, prev]"), "preimage"),
        (("exclude: [hash]", "style: {sort: best}"), "preimage[0].json.style.sort"),
        (("exclude: [hash]", "style: {ensure_ascii: yes}"), "preimage[0].json.style.ensure_ascii"),
        (("json:", "yaml:"), "preimage[0].yaml"),
        (("preimage: [{json: {exclude: [hash]}}]", "preimage: []"), "preimage"),
        (("title: Mine", "title: Mine\ndigest: {algorithm: md5}"), "digest.algorithm"),
        (("title: Mine", "title: Mine\ndigest: {length: 8}"), "digest.length"),
        (("title: Mine", "title: Mine\ndigest: {length: -1}"), "digest.length"),
        (("title: Mine", "title: Mine\nsequence: {start: 1}"), "sequence"),
        (("title: Mine", "title: Mine\nversion_field: v"), "versions"),
        (("title: Mine", "title: Mine\nversions: [{value: a}]"), "versions[0].preimage"),
        (("title: Mine", "title: Mine\ndigest: {key: {by: v}}"), "digest.key.by"),
        (("title: Mine", "title: Mine\ndigest: {forward: 'true'}"), "digest.forward"),
        (("title: Mine", "title: Mine\ncontainer: {types: {n: money}}"), "container.types.n"),
        (("exclude: [hash]}}]", "include: [prev]}}]\nline_form: canonical"), "line_form"),
        (("title: Mine", "title: Mine\ngenesis: {as_own: 'true'}"), "genesis.as_own"),
        (("title: Mine", "title: Mine\ngenesis: {field: t}"), "genesis.field"),
        (("title: Mine", "title: Mine\ngenesis: {kind: hmac-of, prefix: G}"), "genesis.prefix"),
        (
            ("title: Mine", "title: M\ngenesis: {kind: digest-of, prefix: G, as_own: 'true'}"),
            "genesis.as_own",
        ),
    ],
)
def test_what_is_not_understood_is_refused_by_its_place(
    change: tuple[str, str], place: str, tmp_path: Path
):
    assert change[0] in MINIMAL
    with pytest.raises(ProfileError) as refused:
        loaded(tmp_path, MINIMAL.replace(*change))
    assert refused.value.place == place


def test_what_cannot_be_run_is_refused_and_not_ignored(tmp_path: Path):
    keyed = "title: Mine\ndigest: {algorithm: blake3, key: {}}"
    with pytest.raises(ProfileError, match="not supported yet"):
        loaded(tmp_path, MINIMAL.replace("title: Mine", keyed))


def test_missing_or_broken_file_is_one_sentence(tmp_path: Path):
    with pytest.raises(SourceError, match="cannot be read"):
        library.load(tmp_path / "none.yaml")
    with pytest.raises(ProfileError):
        loaded(tmp_path, "a: &b [")
