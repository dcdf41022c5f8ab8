"""A link is followed only where the manifest allows it, and never out of the drop."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify import oms_builder as oms
from tests.verify.oms_case import INTACT, MODEL, SIGNER, diagnoses, explanation, judge, words
from workbench.model.expectation import Expectation
from workbench.model.verdict import Indication
from workbench.verify.oms import links


def linked(*, allow: bool, target: str = "config.json", name: str = "link.json") -> oms.SignedModel:
    content = {**oms.FILES, name: oms.FILES["config.json"]}
    model = oms.signed_by_key(SIGNER, said=oms.statement(content, allow_symlinks=allow))
    return replace(model, links={name: target})


def test_a_link_that_the_manifest_allows_stands_for_its_target(tmp_path: Path) -> None:
    assert words(judge(linked(allow=True).write(tmp_path / "a"))) == INTACT
    nested = linked(allow=True, target="../config.json", name="tokenizer/link.json")
    assert words(judge(nested.write(tmp_path / "b"))) == INTACT


def test_the_auditor_may_refuse_links_whatever_the_manifest_says(tmp_path: Path) -> None:
    subject = linked(allow=True).write(tmp_path)
    verdict = judge(subject, expectation=Expectation(allow_symlinks=False))
    assert diagnoses(verdict) == [("FILE_MISSING", "link.json")]
    assert "the auditor does not allow links" in explanation(verdict)


def test_a_link_that_the_manifest_does_not_allow_is_not_followed(tmp_path: Path) -> None:
    verdict = judge(linked(allow=False).write(tmp_path / "named"))
    assert diagnoses(verdict) == [("FILE_MISSING", "link.json")]
    added = replace(MODEL, links={"new.json": "config.json"}).write(tmp_path / "added")
    assert diagnoses(judge(added)) == [("FILE_ADDED", "new.json")]


def test_a_link_to_other_bytes_is_an_altered_file(tmp_path: Path) -> None:
    verdict = judge(linked(allow=True, target="README.md").write(tmp_path))
    assert diagnoses(verdict) == [("FILE_ALTERED", "link.json")]


@pytest.mark.parametrize(
    "target", ["../../outside.json", "/etc/passwd", "gone.json", "link.json", "tokenizer/../../o"]
)
def test_a_link_that_leaves_the_drop_is_never_followed(target: str, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(oms.FILES["config.json"])
    verdict = judge(linked(allow=True, target=target).write(tmp_path / "drop"))
    assert diagnoses(verdict) == [("FILE_MISSING", "link.json")]
    assert "its target was not handed over" in explanation(verdict)


def test_a_link_out_of_the_model_to_what_was_handed_over_is_followed_and_named(
    tmp_path: Path,
) -> None:
    """A snapshot in the cache of Hugging Face: every file is a link to a blob beside it."""
    for name, content in oms.FILES.items():
        (tmp_path / "blobs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "blobs" / name).write_bytes(content)
    links = {name: f"../blobs/{name}" for name in oms.FILES if "/" not in name}
    said = oms.statement(oms.FILES, allow_symlinks=True)
    model = replace(
        oms.signed_by_key(SIGNER, {}, said=said), links={**links, "tokenizer": "../blobs/tokenizer"}
    )
    (tmp_path / "model").mkdir()
    subject = model.write(tmp_path)
    verdict = judge(subject)
    assert words(verdict) == INTACT
    assert any("lead out of the model's folder: README.md" in note for note in verdict.notes)
    (tmp_path / "blobs" / "README.md").write_bytes(b"other")
    (tmp_path / "blobs" / "tokenizer" / "new").write_bytes(b"new")
    verdict = judge(oms.subject_at(tmp_path, "model", ["model.sig"]))
    assert diagnoses(verdict) == [("FILE_ALTERED", "README.md"), ("FILE_ADDED", "tokenizer/new")]


def test_a_link_to_a_folder_is_followed_for_the_names_below_it(tmp_path: Path) -> None:
    content = {**oms.FILES, "words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]}
    said = oms.statement(content, allow_symlinks=True)
    model = replace(oms.signed_by_key(SIGNER, said=said), links={"words": "tokenizer"})
    assert words(judge(model.write(tmp_path))) == INTACT


def through(content: dict[str, bytes], **links: str) -> oms.SignedModel:
    """Return a model with links to folders; ``content``: what was signed below them."""
    said = oms.statement({**oms.FILES, **content}, allow_symlinks=True)
    return replace(oms.signed_by_key(SIGNER, said=said), links=links)


def test_what_lies_below_a_followed_folder_and_was_not_signed_is_added(tmp_path: Path) -> None:
    model = through({"words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]}, words="tokenizer")
    said = oms.statement(
        {**oms.FILES, "tokenizer/new": b"new", "words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]},
        allow_symlinks=True,
    )
    files = {**oms.FILES, "tokenizer/new": b"new"}
    spoilt = replace(oms.signed_by_key(SIGNER, files, said=said), links=model.links)
    assert diagnoses(judge(spoilt.write(tmp_path))) == [("FILE_ADDED", "words/new")]


@pytest.mark.parametrize("target", ["tokenizer", ".", "tokenizer/.."])
def test_a_link_to_a_folder_of_which_nothing_was_signed_is_not_covered(
    target: str, tmp_path: Path
) -> None:
    verdict = judge(through({}, words=target).write(tmp_path))
    assert words(verdict) == (*INTACT[:2], "INDETERMINATE NOT_COVERED")
    assert "words" in verdict.not_covered
    assert any("says nothing of links to folders" in note for note in verdict.notes)


def test_a_link_to_the_model_itself_is_followed_for_what_was_signed_below_it(
    tmp_path: Path,
) -> None:
    verdict = judge(through({"all/config.json": b"other"}, all=".").write(tmp_path))
    assert ("FILE_ALTERED", "all/config.json") in diagnoses(verdict)
    assert ("FILE_ADDED", "all/README.md") in diagnoses(verdict)


@pytest.mark.parametrize("target", ["../other", "../../elsewhere", "/opt/models", "gone"])
def test_a_link_to_what_may_be_a_folder_outside_the_model_is_not_covered(
    target: str, tmp_path: Path
) -> None:
    """The reference tool passes over a link to a folder, wherever it leads."""
    (tmp_path / "drop" / "other").mkdir(parents=True)
    (tmp_path / "drop" / "other" / "x").write_bytes(b"x")
    verdict = judge(through({}, words=target).write(tmp_path / "drop"))
    assert words(verdict) == (*INTACT[:2], "INDETERMINATE NOT_COVERED")
    assert (verdict.not_covered, diagnoses(verdict)) == (("words",), [])


@pytest.mark.parametrize("target", ["config.json", "../other.json"])
def test_a_link_to_a_file_that_nobody_signed_is_added(target: str, tmp_path: Path) -> None:
    """The reference tool signs a link to a file as that file, so this one came later."""
    (tmp_path / "other.json").write_bytes(b"{}")
    verdict = judge(through({}, **{"new.json": target}).write(tmp_path))
    assert diagnoses(verdict) == [("FILE_ADDED", "new.json")]


def test_a_link_below_a_linked_folder_is_judged_under_each_of_its_names(tmp_path: Path) -> None:
    vocab = oms.FILES["tokenizer/vocab.txt"]
    model = through({"words/vocab.txt": vocab}, words="tokenizer")
    subject = replace(model, links={**model.links, "tokenizer/more": "..", "tokenizer/one": ".."})
    verdict = judge(subject.write(tmp_path))
    assert words(verdict)[2] == "INDETERMINATE NOT_COVERED"
    assert {"tokenizer/more", "words/more", "words/one"} <= set(verdict.not_covered)


def test_links_to_folders_of_links_stand_for_a_bounded_number_of_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_NAMES", 50)
    deep = "/".join(["a"] * 8)
    model = through({f"{deep}/README.md": oms.FILES["README.md"]}, a=".", b=".", c=".")
    verdict = judge(model.write(tmp_path))
    assert verdict.completeness.indication is not Indication.PASSED


def test_a_linked_folder_that_is_ignored_hides_nothing_that_was_signed(tmp_path: Path) -> None:
    content = {**oms.FILES, "words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]}
    said = oms.statement(content, allow_symlinks=True, ignore_paths=["words"])
    model = replace(oms.signed_by_key(SIGNER, said=said), links={"words": "tokenizer"})
    assert words(judge(model.write(tmp_path / "a"))) == INTACT
    other = replace(model, links={"words": "."}).write(tmp_path / "b")
    assert diagnoses(judge(other)) == [("FILE_MISSING", "words/vocab.txt")]


def test_files_moved_behind_an_ignored_name_and_linked_back_hide_no_addition(
    tmp_path: Path,
) -> None:
    files = {".git/w/vocab.txt": b"signed", ".git/w/evil.py": b"import os\n"}
    said = oms.statement({"w/vocab.txt": b"signed"}, allow_symlinks=True)
    model = replace(oms.signed_by_key(SIGNER, files, said=said), links={"w": ".git/w"})
    assert diagnoses(judge(model.write(tmp_path))) == [("FILE_ADDED", "w/evil.py")]


def test_dots_after_a_linked_folder_are_resolved_as_a_system_does(tmp_path: Path) -> None:
    # words/../x is deep/x where words leads to deep/down, and not the x beside words.
    files = {**oms.FILES, "x": b"signed", "deep/x": b"other", "deep/down/y": b"y"}
    said = oms.statement({**files, "link": b"signed"}, allow_symlinks=True)
    links = {"words": "deep/down", "link": "words/../x"}
    model = replace(oms.signed_by_key(SIGNER, files, said=said), links=links)
    assert diagnoses(judge(model.write(tmp_path))) == [("FILE_ALTERED", "link")]
