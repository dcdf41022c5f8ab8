"""The same thing in two exports is linked with its evidence; what is not sure is not concluded."""

import hashlib
import random
from datetime import UTC, datetime

import pytest

from workbench.analysis.addresses import is_relative, normalised, parts_of
from workbench.analysis.alternates import links
from workbench.model.alternate import Alternate, Confidence, Crossing, Ground, Ruled, Ruling
from workbench.model.catalog import Attribute, AttributeGroup, Thing, ThingKind
from workbench.model.locator import Locator

HERE = Locator("catalog.json")
SHA = random.Random(1).randbytes(32).hex()
OTHER = random.Random(2).randbytes(32).hex()
RUN = "2ec8e40c7f98468a80501d7d432087e0"


def thing(key: str, name: str = "", type_: str = "dataset", *, version: str = "", uri: str = "",
          kind: ThingKind = ThingKind.ARTIFACT, **digests: str) -> Thing:  # fmt: skip
    stated = tuple(Attribute(AttributeGroup.DIGEST, n, value) for n, value in digests.items())
    return Thing(kind, type_, key, name, HERE, version=version, uri=uri, attributes=stated)


def one_link(*things: tuple[int, Thing]) -> Alternate:
    (found,) = links({(source, each.key): each for source, each in things}).links
    return found


def grounds(link: Alternate) -> list[Ground]:
    return [each.ground for each in link.likenesses]


def test_an_equal_strong_digest_links_whatever_the_name() -> None:
    link = one_link((1, thing("a", "old", sha256=SHA)), (2, thing("b", "new", sha256=SHA.upper())))
    assert (grounds(link), link.confidence, link.is_sure) == (
        [Ground.DIGEST], Confidence.STRONG, True,
    )  # fmt: skip
    assert link.likenesses[0].other == SHA.upper()


def test_an_equal_weak_digest_is_a_weak_link_that_lineage_does_not_cross() -> None:
    md5 = SHA[:32]
    link = one_link((1, thing("a", "x", md5=md5)), (2, thing("b", "y", md5=md5)))
    assert (link.confidence, link.is_sure) == (Confidence.WEAK, False)


OF_NOTHING = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("value", ["0a1b2c3d", OF_NOTHING])
def test_a_digest_that_many_things_have_links_nothing(value: str) -> None:
    """Eight hex digits are drawn twice by chance; every empty file has the digest of nothing."""
    things = {(1, "a"): thing("a", "x", sha256=value), (2, "b"): thing("b", "y", sha256=value)}
    assert not links(things).links


def test_a_run_is_found_by_its_id_in_whatever_spelling_and_place() -> None:
    dashed = f"{RUN[:8]}-{RUN[8:12]}-{RUN[12:16]}-{RUN[16:20]}-{RUN[20:]}"
    run = ThingKind.RUN
    page = f"http://host/#/experiments/3/runs/{RUN}"
    mlflow = thing(f"run/{RUN}", "upbeat-hog", "", kind=run)
    lineage = thing(f"run/{dashed}", "job", "", kind=run)
    datahub = thing("urn:li:dataProcessInstance:x", "other", "", kind=run, uri=page)
    found = links({(1, mlflow.key): mlflow, (2, lineage.key): lineage, (3, datahub.key): datahub})
    assert [(link.one[0], link.other[0]) for link in found.links] == [(1, 2), (1, 3), (2, 3)]
    assert {link.confidence for link in found.links} == {Confidence.MEDIUM}


def test_one_address_in_two_spellings_links() -> None:
    one = thing("a", "x", uri="S3A://Bucket/data/./train.csv")
    other = thing("b", "y", uri="s3://bucket/data/train.csv/")
    assert grounds(one_link((1, one), (2, other))) == [Ground.URI]


def test_the_address_of_a_server_and_names_of_files_link_nothing() -> None:
    home = {(n, f"k{n}"): thing(f"k{n}", uri="https://mlcommons.org/") for n in (1, 2)}
    files = {(n, f"f{n}"): thing(f"f{n}", "repo", "file") for n in (1, 2)}
    assert not links(home | files).links


def test_a_name_links_weakly_and_only_where_the_version_does_not_differ() -> None:
    versions = [thing("a", "m", "model_version", version="1"), thing("b", "m", "model_version")]
    assert one_link(*enumerate(versions)).confidence is Confidence.WEAK
    apart = {(n, f"k{n}"): thing(f"k{n}", "m", "model_version", version=str(n)) for n in (1, 2)}
    assert not links(apart).links


def test_of_two_that_fit_neither_is_concluded_and_that_is_said() -> None:
    two = [thing("a1", "x", "file", sha256=SHA), thing("a2", "x", "file", sha256=SHA)]
    things = {(1, t.key): t for t in two} | {(2, "b"): thing("b", "x", "file", sha256=SHA)}
    found = links(things)
    assert not found.links
    assert set(found.unclear[0].things) == set(things)


def test_of_two_that_fit_the_name_decides() -> None:
    two = [thing("a1", "x", sha256=SHA), thing("a2", "y", sha256=SHA)]
    things = {(1, t.key): t for t in two} | {(2, "b"): thing("b", "x", sha256=SHA)}
    (link,) = links(things).links
    assert (link.one, grounds(link)) == ((1, "a1"), [Ground.DIGEST, Ground.NAME])


def test_other_digests_speak_against_a_link() -> None:
    link = one_link((1, thing("a", "x", uri="s3://b/x", sha256=SHA)),
                    (2, thing("b", "x", uri="s3://b/x", sha256=OTHER)))  # fmt: skip
    assert link.confidence is Confidence.WEAK
    assert link.against == (f"sha256 differs: {SHA[:16]}… and {OTHER[:16]}…",)


def test_nothing_within_one_source_and_no_person_or_column_is_linked() -> None:
    agents = {(n, "p"): thing("p", "ann", "", kind=ThingKind.AGENT) for n in (1, 2)}
    columns = {(n, "c"): thing("c", "age", "column") for n in (1, 2)}
    twice = {(1, key): thing(key, "x", sha256=SHA) for key in "ab"}
    assert not links(agents | columns | twice).links


def test_a_digest_in_very_many_sources_links_each_with_the_first() -> None:
    found = links({(n, "k"): thing("k", f"n{n}", sha256=SHA) for n in range(60)})
    assert {link.one[0] for link in found.links} == {0}
    assert len(found.links) == 59


def ruling(ruled: Ruled) -> Ruling:
    return Ruling(ruled, "seen", "ann", datetime(2026, 7, 1, tzinfo=UTC), 7)


def test_the_auditor_goes_before_the_evidence() -> None:
    things = {(1, "a"): thing("a", "x", sha256=SHA), (2, "b"): thing("b", "y", sha256=SHA)}
    pair = (1, "a"), (2, "b")
    (parted,) = links(things, {pair: ruling(Ruled.PARTED)}).links
    assert not parted.is_sure
    assert not Crossing.ALL.crosses(parted)
    unlike = things | {(2, "b"): thing("b", "y")}
    (confirmed,) = links(unlike, {pair: ruling(Ruled.CONFIRMED)}).links
    assert (confirmed.likenesses, confirmed.is_sure) == ((), True)


def test_a_name_in_very_many_sources_says_nothing() -> None:
    found = links({(n, "k"): thing("k", "train") for n in range(60)})
    assert (len(found.links), len(found.unclear)) == (0, 1)


@pytest.mark.parametrize(
    ("address", "one_spelling"),
    [
        ("s3n://Bucket/a//b/../c/", "s3://bucket/a/c"),
        ("HTTPS://user:pass@Example.org:443/x?v=1", "https://example.org/x?v=1"),
        ("file:///data/x.csv", "/data/x.csv"),
        ("file:/C:/data/x.csv", "c:/data/x.csv"),
        (r"C:\data\x.csv", "c:/data/x.csv"),
        ("s3://b/a%7Eb%2fc d", "s3://b/a~b%2Fc%20d"),
        ("dbfs:///mnt/x", "dbfs:/mnt/x"),
        ("models:/m-1", "models:/m-1"),
        ("http://h/#/runs/1", "http://h#/runs/1"),
        ("data/x.csv", ""),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(address: str, one_spelling: str) -> None:
    assert normalised(address) == one_spelling
    assert normalised(one_spelling) == one_spelling


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("s3://b/data/x%20y.csv?v=1", ("data", "x y.csv")),
        ("./data/../x", ("x",)),
        ("../../etc/passwd", ()),
        (r"D:\a\b", ("D:", "a", "b")),
    ],
)
def test_the_names_of_a_path_never_leave_it(address: str, parts: tuple[str, ...]) -> None:
    assert parts_of(address) == parts


def test_what_is_relative_lies_beside_what_names_it() -> None:
    told = [is_relative(a) for a in ("data/x", "/x", "s3://b/x", r"C:\x", "")]
    assert told == [True, False, False, False, False]
