"""Formats that are chains: which logs, what stands beside them, and how a change is judged."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.builders import KEY, KINDS, OTHER_KEY
from tests.mutation import acts, containers, flips, logs
from tests.mutation.acts import NOTHING, Known
from tests.mutation.judging import Evidence, Files
from tests.mutation.logs import LENGTH, ChainLog, pem
from tests.mutation.truth import OPEN, UNPROTECTED, Truth
from workbench.model.expectation import Expectation


@dataclass(frozen=True)
class Change:
    """What was done to evidence, what it is then, and what has to be told."""

    words: str
    files: Files
    truth: Truth
    own_key: bool = True


@dataclass(frozen=True)
class Case:
    """A log with what stands beside it."""

    log: ChainLog
    known: Known = NOTHING

    @property
    def evidence(self) -> Evidence:
        log = self.log
        files = {log.file: log.data(log.records)}
        files |= {f"{log.file}.{size}.head": log.head(size) for size in self.known.heads}
        trusted = {f"{name}.txt": secret for name, secret in log.secrets.items()}
        trusted |= {"key.pem": pem(KEY)} | log.keys
        if log.written_profile:
            trusted["mine.yaml"] = log.written_profile.encode()
        return Evidence(
            name=self.name,
            files=files,
            trusted=trusted,
            trust=(*(f"log={key}" for key in log.keys), *["log=key.pem"] * bool(self.known.heads)),
            secrets=tuple(f"{name}={name}.txt" for name in log.secrets),
            expectation=Expectation(count=None if self.known.unsigned else self.known.count),
            profile="mine.yaml" if log.written_profile else "",
        )

    @property
    def name(self) -> str:
        beside = "".join(f" head {size}" for size in self.known.heads)
        return f"{self.log.name}{beside}" + (
            f" count {self.known.count}" if self.known.count else ""
        )

    def change(self, chance: random.Random) -> Change:
        """Return the evidence with one thing changed."""
        log, known = self.log, self.known
        files = dict(self.evidence_files)
        draw = chance.random()
        if len(known.heads) == 1 and draw < 0.3:
            return _of_head(self, files, chance)
        if draw < 0.65:
            act = acts.act_on(log, known, chance)
            return Change(act.words, {**files, log.file: log.data(act.records)}, act.truth)
        change = (flips.cut if draw < 0.7 else flips.flip)(log, known, chance)
        return Change(change.words, {**files, log.file: change.data}, change.truth)

    @property
    def evidence_files(self) -> Files:
        return _files(self.log.name, self)


_KEPT: dict[tuple[str, Known], Files] = {}


def _files(name: str, case: Case) -> Files:
    key = (name, case.known)
    if key not in _KEPT:
        _KEPT[key] = case.evidence.files
    return _KEPT[key]


def _of_head(case: Case, files: dict[str, bytes], chance: random.Random) -> Change:
    """Change the only head of a log: without it nothing is anchored any more."""
    (size,) = case.known.heads
    name = f"{case.log.file}.{size}.head"
    match chance.randrange(6):
        case 0:
            return Change(
                "head by another key", {**files, name: case.log.head(size, OTHER_KEY)}, OPEN
            )
        case 1:
            other = logs.of_builder("comptext" if case.log.name != "comptext" else "cmcp")
            return Change("head of another log", {**files, name: other.head(size)}, OPEN)
        case 2:
            left = {n: d for n, d in files.items() if n != name}
            return Change("head out", left, OPEN)
        case _:
            words, data, _ = flips.changed_byte(files[name], chance)
            same = data.rstrip(b"\n") == files[name].rstrip(b"\n") and data.endswith(b"\n")
            return Change(f"head: {words}", {**files, name: data}, UNPROTECTED if same else OPEN)


def _each(names: Sequence[str], make: Callable[[str], ChainLog]) -> tuple[Case, ...]:
    return tuple(Case(make(name)) for name in names)


CHAINS: dict[str, Callable[[], tuple[Case, ...]]] = {
    "chain: JSON lines": lambda: (
        *_each(["workbench", "comptext", "hashchainalgo", "cmcp", "agentmesh"], logs.of_builder),
        *_each(
            [
                "agentmesh-go",
                "pagespace-activity",
                "pagespace-security",
                "summit",
                "igs-audit",
                "coreason",
                "cyntra",
            ],
            logs.of_writer,
        ),
    ),
    "chain: JSON array": lambda: (
        Case(containers.nested("hashchainalgo")),
        Case(containers.nested("cmcp", "export", "events")),
        Case(containers.with_summary(), Known(count=6, unsigned=True)),
    ),
    "chain: CSV": lambda: (Case(logs.of_writer("sql-au9")), Case(containers.semicolons())),
    "chain: TSV": lambda: (Case(containers.tabbed()),),
    "chain: key=value, CEF": lambda: _each(["acra", "acra-cef"], logs.of_writer),
    "chain: wrapper": lambda: (Case(logs.of_builder("certmate")), Case(containers.wrapped())),
    "chain: partitions": lambda: _each(
        ["caura", "caura-table", "sql-journal-entries", "sql-immutable-log"], logs.of_writer
    ),
    "chain: HMAC": lambda: (
        Case(logs.of_builder("bernstein")),
        Case(logs.of_builder("earcrawler", sealed=True)),
        Case(logs.of_builder("agentmesh", sealed=True)),
        *_each(["steward", "qwed", "sql-audit-dual", "xrpl-wallet-mcp"], logs.of_writer),
    ),
    "chain: signed records": lambda: (Case(logs.of_writer("lemma-ocsf")),),
    "chain: stated count": lambda: (
        *(Case(logs.of_builder(kind), Known(count=LENGTH)) for kind in sorted(KINDS)),
        Case(logs.of_writer("sql-au9"), Known(count=8)),
    ),
    "chain: signed heads": lambda: (
        *(Case(logs.of_builder(kind), Known((3, LENGTH))) for kind in sorted(KINDS)),
        *(Case(logs.of_builder(kind), Known((LENGTH,))) for kind in sorted(KINDS)),
        *(
            Case(logs.of_writer(name), Known((8,)))
            for name in ("sql-au9", "cyntra", "summit", "pagespace-security", "coreason")
        ),
    ),
}
