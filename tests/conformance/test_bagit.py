"""The conformance suite of the Library of Congress for BagIt, every bag of it.

``valid`` must not fail, ``invalid`` must, and so must what is invalid on one system only, since a
bag travels. Bags of ``warning`` are valid with a remark; where we fail one, the reason stands here.
``pytest -s`` prints the table.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.conformance.table import Conforms
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.services.verification import verify

AT = datetime(2026, 6, 30, tzinfo=UTC)

#: Stricter than the suite, and why.
STRICTER = {
    "duplicate-file-with-different-case": (
        "FILE_MISSING",
        "two names that differ in case are two files here, and only one of them was delivered",
    ),
    "special-system-files": (
        "FILE_MISSING",
        ".DS_Store is listed, and nothing of that name was delivered",
    ),
}
COUNTS = {"agreed": 43, "stricter": 2}


def bag_verdict(folder: Path) -> SubjectVerdict:
    request = VerifyRequest(paths=(folder,), at=AT)
    found = verify(request, progress=Silent(), cancel=Cancel()).subjects
    (verdict,) = [s.verdict for s in found if s.path == folder.name]
    assert verdict is not None
    return verdict


def test_every_bag_gets_its_published_verdict(
    evidence_archive: Callable[[str], Path], conforms: Conforms
) -> None:
    root = evidence_archive("integrity/bagit")
    counts: Counter[str] = Counter()
    stricter: dict[str, str] = {}
    wrong = []
    for folder in sorted(root.glob("v*/*/*/")):
        verdict = bag_verdict(folder)
        parts = (verdict.integrity, verdict.completeness)
        valid = not any(part.indication is Indication.FAILED for part in parts)
        if valid is (folder.parent.name in {"valid", "warning"}):
            counts["agreed"] += 1
            if valid:
                assert verdict.integrity.code == "SELF_CONSISTENT", folder
        elif (STRICTER.get(folder.name) or ("",))[0] in {c for p in parts for c in p.codes}:
            counts["stricter"] += 1
            stricter[folder.relative_to(root).as_posix()] = STRICTER[folder.name][1]
        else:
            wrong.append((folder.relative_to(root).as_posix(), parts, verdict.notes))
    print(f"bagit: {sum(counts.values())} bags, {dict(counts)}, wrong {len(wrong)}")  # noqa: T201
    conforms(agreed=counts["agreed"], stricter=stricter, wrong=len(wrong))
    assert wrong == []
    assert counts == COUNTS


def test_warnings_are_said(evidence_archive: Callable[[str], Path]) -> None:
    folder = evidence_archive("integrity/bagit") / "v0.97" / "warning"
    said = {
        "made-with-md5sum-tools": "asterisk",
        "relative-path": "./",
        "same-filename-listed-twice-with-the-same-hash": "twice",
        "same-filename-listed-twice-with-different-normalization": "Unicode forms",
    }
    for name, word in said.items():
        assert any(word in note for note in bag_verdict(folder / name).notes), name
