"""All formats whose evidence is changed, and the running of one."""

import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.mutation import field
from tests.mutation.chains import CHAINS, Change
from tests.mutation.folders import Bundle, Days, Report, ReportJudge
from tests.mutation.judging import Evidence, Judge
from tests.mutation.proofs import PROOFS
from tests.mutation.tally import Tally


class Case(Protocol):
    """Valid evidence that knows how to be changed."""

    @property
    def evidence(self) -> Evidence:
        """Return it as it is."""
        ...

    def change(self, chance: random.Random) -> Change:
        """Return it with one thing changed."""
        ...


FORMATS: Mapping[str, Callable[[], Sequence[Case]]] = {
    **CHAINS,
    "chain: several files": lambda: (Days("comptext"), Days("bernstein")),
    "chain: signed manifest": lambda: (Bundle(),),
    **PROOFS,
    "signed report": lambda: (Report(),),
}


def run(name: str, changes: int, seed: str) -> Tally:
    """Change the evidence of a format so many times, and return what came of it."""
    tally = Tally(name)
    with tempfile.TemporaryDirectory(prefix="workbench-mutation-") as folder:
        cases = _cases(name, Path(folder) / "evidence")
        changes *= bool(cases)
        judges = [_judge(case, Path(folder) / str(n)) for n, case in enumerate(cases)]
        tally.base = [
            f"{case.evidence.name}: {judge.before.words}"
            for case, judge in zip(cases, judges, strict=True)
            if not judge.before.passed and "lemma" not in case.evidence.name
        ]
        for index in range(changes):
            chance = random.Random(f"{seed} {name} {index}")
            at = chance.randrange(len(cases))
            change = cases[at].change(chance)
            said = judges[at](change.files, own_key=change.own_key)
            words = f"{cases[at].evidence.name}, change {index}: {change.words}"
            tally.take(change.truth, judges[at].before, said, words)
    return tally


def _cases(name: str, folder: Path) -> Sequence[Case]:
    return FORMATS[name]() if name in FORMATS else field.cases(name, folder)


def _judge(case: Case, folder: Path) -> Judge | ReportJudge:
    return ReportJudge() if isinstance(case, Report) else Judge(case.evidence, folder)
