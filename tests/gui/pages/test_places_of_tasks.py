"""No task of the window writes into the evidence of the open case; asked as the pages ask it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kept import NEVER, contents, laid_out

from workbench.errors import UsageError
from workbench.gui.pages import backup, countersign, journal, package, restore, seal, stamp, subset
from workbench.gui.reporting import drafting
from workbench.gui.signing.key import Secret, TypedKey
from workbench.gui.signing.lasting import Lasts, Signs
from workbench.gui.signing.stamps import Stamps
from workbench.model.progress import Cancel, Silent
from workbench.model.query_fields import Area
from workbench.services import cases
from workbench.store.case_store import CaseStore

JOB = Silent(), Cancel()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("place"))


@pytest.fixture
def case(place: Path) -> Iterator[CaseStore]:
    with cases.open_case(place / "audit.case", who="ann") as opened:
        yield opened


def key(place: Path) -> TypedKey:
    return TypedKey(place / "k.pem", Secret(b""))


def signs(place: Path, query: Path | None = None) -> Signs:
    return Signs(key(place), Lasts(query=query), "")


def sealing(place: Path, folder: str, out: str, *, public: str = "") -> seal.Asked:
    keys = place / public if public else None
    return seal.Asked(
        place / folder, place / out, key(place), Stamps(), "example.com", None, keys, ()
    )


def part(case: CaseStore, out: Path, mapping: Path) -> object:
    wanted = subset.Wanted({Area.THINGS: ""}, None, frozenset(), accept=True)
    return subset.written(case, out, mapping, wanted, *JOB)


#: What a page does, with a place in the evidence.
TASKS: dict[str, Callable[[CaseStore, Path, Path], object]] = {
    "countersign": lambda case, at, drop: countersign.countersigned(
        case, at / "r.pdf", drop / "o.pdf", signs(at)
    ),
    "query of it": lambda case, at, drop: countersign.countersigned(
        case, at / "r.pdf", at / "o.pdf", signs(at, drop / "q.tsq")
    ),
    "stamp": lambda case, at, drop: stamp.done(
        case, stamp.Asked(stamp.How.REPLY, at / "r.pdf", drop / "s.pdf", at / "a.tsr", Lasts())
    ),
    "query": lambda case, at, drop: stamp.done(
        case, stamp.Asked(stamp.How.QUERY, at / "r.pdf", drop / "q.tsq", None, Lasts())
    ),
    "seal": lambda case, at, drop: seal.sealed(case, sealing(at, "export", "outer/drop/x"), *JOB),
    "seal in place": lambda case, at, drop: seal.sealed(
        case, sealing(at, "outer/drop", "outer/drop"), *JOB
    ),
    "seal around it": lambda case, at, drop: seal.sealed(case, sealing(at, "outer", "outer"), *JOB),
    "public key": lambda case, at, drop: seal.sealed(
        case, sealing(at, "export", "new", public="outer/drop/p.pem"), *JOB
    ),
    "answer": lambda case, at, drop: seal.stamped(case, at / "sealed", at / "a.tsr"),
    "package": lambda case, at, drop: package.packaged(
        case, package.Asked(drop / "p.asice", key(at), None, (), Stamps()), *JOB
    ),
    "part": lambda case, at, drop: part(case, drop / "part", at / "m.json"),
    "names": lambda case, at, drop: part(case, at / "part", drop / "m.json"),
    "backup": lambda case, at, drop: backup.backed_up(
        case, drop / "b.zip", backup.How.OPEN, None, Secret(b""), JOB[1]
    ),
    "restore": lambda case, at, drop: restore.restored(
        case, at / "b.zip", drop / "again.case", None, Secret(b""), *JOB
    ),
    "restore into the case": lambda case, at, drop: restore.restored(
        case, at / "b.zip", case.folder / "again.case", None, Secret(b""), *JOB
    ),
    "journal": lambda case, at, drop: journal._exported(case, drop / "j.jsonl", force=True),
    "report": lambda case, at, drop: drafting.handed_over(
        case, drop / "r.pdf", drafting.Wish(), None, signs(at),
        progress=JOB[0], cancel=JOB[1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
def test_no_task_writes_into_the_evidence_of_the_open_case(
    case: CaseStore, place: Path, task: str
) -> None:
    before, acts = contents(place), case.journal_state().entries
    with pytest.raises(UsageError, match=NEVER):
        TASKS[task](case, place, place / "outer" / "drop")
    assert contents(place) == before
    assert case.journal_state().entries == acts
