"""A place that a catalog names is found, missing, or nothing that was delivered: never guessed."""

import hashlib

from workbench.analysis.against_files import against_files
from workbench.analysis.three_sides import CatalogFact, Facts, FileFact, Parts, Tally
from workbench.model.catalog import Attribute, AttributeGroup, Thing, ThingKind
from workbench.model.locator import Locator
from workbench.model.reconciliation import Between, Mismatch

CATALOG = CatalogFact(1, "catalog.json", "0" * 64, ("drop",))


def compared(uris: dict[str, str], *paths: str, algorithm: str = "sha256") -> Tally:
    """Hold a catalog that names places against files; each holds its name in the catalog."""
    things, files = {}, []
    for name, uri in uris.items():
        value = hashlib.new(algorithm, name.encode()).hexdigest()
        digest = Attribute(AttributeGroup.DIGEST, algorithm, value)
        things[1, name] = Thing(
            ThingKind.ARTIFACT, "dataset", name, name, Locator("catalog.json"), uri=uri,
            attributes=(digest,),
        )  # fmt: skip
    for path in paths:
        parts: Parts = tuple(path.split("/"))
        sha256 = hashlib.sha256(parts[-1].partition(".")[0].encode()).hexdigest()
        files.append(FileFact(2, "1" * 64, parts, sha256, 1, Locator(path)))
    tally = Tally(Between.CATALOG_FILES)
    facts = Facts(things=things, catalogs={1: CATALOG}, files=tuple(files))
    against_files(facts, tally)
    return tally


def told(tally: Tally) -> list[tuple[Mismatch, str]]:
    return [(line.mismatch, line.name) for line in tally.lines]


def test_an_address_is_found_by_the_end_of_its_path_and_its_neighbour_is_missed() -> None:
    uris = {n: f"s3://bucket/store/data/{n}.csv" for n in ("a", "b")}
    found = compared(uris, "drop/copy/data/a.csv")
    assert told(found) == [(Mismatch.FILE_MISSING, "b")]
    assert "drop/copy/data/b.csv" in found.lines[0].detail
    assert "Only a part of the store" in found.lines[0].doubt


def test_a_file_that_should_lie_beside_its_catalog_is_missing_without_doubt() -> None:
    found = compared({"a": "a.csv", "b": "b.csv"}, "drop/a.csv")
    assert [(line.name, line.doubt) for line in found.lines] == [("b", "")]


def test_of_a_tree_that_was_not_delivered_nothing_is_missed() -> None:
    found = compared({"a": "s3://bucket/x/a.csv"}, "drop/other.txt")
    assert not found.lines
    assert found.comparison.compared == 0
    assert found.comparison.left == (
        ("places that lie in no folder of this case, named by catalog.json", 1),
    )


def test_a_place_that_fits_two_files_is_not_compared() -> None:
    found = compared({"a": "/srv/data/a.csv"}, "drop/x/data/a.csv", "drop/y/data/a.csv")
    assert not found.lines
    assert found.comparison.left == (
        ("places that fit more than one here, named by catalog.json", 1),
    )


def test_one_name_in_common_is_no_place() -> None:
    assert not compared({"a": "/srv/z.csv"}, "drop/elsewhere/z.csv").compared


def test_what_is_here_under_another_name_is_not_missed() -> None:
    found = compared({"a": "/srv/data/x.csv", "b": "/srv/data/b.csv"}, "drop/data/b.csv",
                     "drop/moved/a.csv")  # fmt: skip
    assert not found.lines
    assert (found.compared, found.comparison.left) == (2, ())


def test_a_path_that_leaves_the_case_is_no_place() -> None:
    found = compared({"a": "../../etc/z.csv", "b": "b.csv"}, "drop/b.csv", "etc/z.csv")
    assert not found.lines
    assert found.compared == 1


def test_what_only_a_weak_digest_is_stated_of_is_said_not_to_be_compared() -> None:
    found = compared({"a": "a.csv"}, "drop/a.csv", algorithm="md5")
    assert not found.lines
    assert any("not stated as SHA-256" in reason for reason, _ in found.comparison.left)
