"""Chains that lie in several files, in a signed document, and the signed report."""

import hashlib
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import reports
from tests.builders import KEY, LogBuilder, bundle
from tests.mutation import acts, flips, logs, shapes
from tests.mutation.acts import Known
from tests.mutation.chains import Change
from tests.mutation.judging import Evidence, Files, Said
from tests.mutation.logs import LENGTH, ChainLog, pem
from tests.mutation.proofs import Proof
from tests.mutation.reading import Record
from tests.mutation.truth import HIDDEN, OPEN, UNPROTECTED, Truth
from workbench.model.verdict import Dimension, Indication
from workbench.verify.report import NotASignedReport, verify_report

DAYS = 3


@dataclass(frozen=True)
class Days:
    """One chain that goes on from file to file."""

    kind: str

    @property
    def name(self) -> str:
        """Return what it is called in reproductions."""
        return f"{self.kind}, a file a day"

    @cached_property
    def _log(self) -> ChainLog:
        return logs.of_builder(self.kind)

    def _of_end(self, day: int) -> Truth:
        """Return what it means that a file does not end any more where the next one goes on.

        Where records are numbered from a first one, a file that begins with another and that no
        file leads to is cut; where a profile says that logs go on from others, that may lie
        elsewhere.
        """
        return OPEN if day + 1 < DAYS and self._log.sequence else HIDDEN

    def _day(self, day: int) -> ChainLog:
        """Return the log of one day, whose chain is written on from the day before."""
        third, whole = LENGTH // DAYS, self._log
        before = list(whole.records[: day * third])

        def chained(records: list[Record]) -> list[Record]:
            return whole.chain([*before, *records])[len(before) :]

        mine = whole.records[day * third : (day + 1) * third]
        return replace(whole, file=f"2026-03-0{day + 1}.jsonl", records=mine, chain=chained)

    @cached_property
    def files(self) -> Files:
        days = [self._day(day) for day in range(DAYS)]
        return {day.file: day.data(day.records) for day in days}

    @property
    def evidence(self) -> Evidence:
        secrets = {f"{name}.txt": secret for name, secret in self._log.secrets.items()}
        specs = tuple(f"{name}={name}.txt" for name in self._log.secrets)
        return Evidence(self.name, self.files, secrets, secrets=specs)

    def change(self, chance: random.Random) -> Change:
        """Return the files with one thing changed."""
        day, draw = chance.randrange(DAYS), chance.random()
        log = self._day(day)
        if draw < 0.1:
            return self._of_files(day, chance)
        if draw < 0.65:
            act = acts.act_on(log, Known(), chance)
            data, words, truth = log.data(act.records), act.words, act.truth
        else:
            found = (flips.cut if draw < 0.7 else flips.flip)(log, Known(), chance)
            data, words, truth = found.data, found.words, found.truth
        if truth is HIDDEN:
            truth = self._of_end(day)
        elif day and words == "insert unlinked at 0":
            truth = OPEN  # neither of two records points at anything here
        elif day and "HEAD_TRUNCATED" in truth.kinds:
            truth = self._of_end(day - 1)  # as the file begins elsewhere anyway
        return Change(f"{log.file}: {words}", {**self.files, log.file: data}, truth)

    def _of_files(self, day: int, chance: random.Random) -> Change:
        files, name = dict(self.files), self._day(day).file
        match chance.randrange(3):
            case 0:
                del files[name]
                return Change(f"{name} out", files, self._of_end(day))
            case 1:
                other = self._day(chance.randrange(DAYS)).file
                files[name], files[other] = files[other], files[name]
                return Change(f"{name} and {other} exchanged", files, UNPROTECTED)
            case _:
                files[f"x{name}"] = files.pop(name)
                return Change(f"{name} renamed", files, UNPROTECTED)


@dataclass(frozen=True)
class Bundle:
    """A chain in a document with a signed manifest, whose key was confirmed out of band."""

    name: str = "certmate bundle"

    @cached_property
    def _document(self) -> Record:
        return dict(bundle(LogBuilder("certmate", LENGTH)))

    @cached_property
    def _log(self) -> ChainLog:
        def data(records: Iterable[Record]) -> bytes:
            return json.dumps({**self._document, "entries": list(records)}).encode()

        return replace(logs.of_builder("certmate"), file="bundle.json", data=data)

    @cached_property
    def _proof(self) -> Proof:
        files = {"bundle.json": json.dumps(self._document).encode()}
        members = ("seq", "entry", "prev_hash", "hash")
        kept = ("/manifest/*", "/bundle_signature", *(f"/entries/*/{name}" for name in members))
        return Proof(Evidence(self.name, files), (("*", shapes.document(kept=kept)),))

    @property
    def evidence(self) -> Evidence:
        key = {"key.pem": pem(KEY)}
        return replace(
            self._proof.evidence, trusted=key, trust=("log=key.pem",), confirm=(fingerprint(),)
        )

    def change(self, chance: random.Random) -> Change:
        """Return the document with one thing changed."""
        if chance.random() < 0.5:
            return self._proof.change(chance)
        act = acts.act_on(self._log, Known((LENGTH,)), chance)
        return Change(act.words, {"bundle.json": self._log.data(act.records)}, act.truth)


def fingerprint() -> str:
    """Return the fingerprint of the key in a bundle."""
    der = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


@dataclass(frozen=True)
class Report:
    """A signed report: each of its bytes is protected."""

    name: str = "report.pdf"

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.name, {"report.pdf": reports.signed_report().data})

    def change(self, chance: random.Random) -> Change:
        """Return the report with one thing changed."""
        data = self.evidence.files["report.pdf"]
        draw = chance.random()
        if draw < 0.02:
            return Change("keys of somebody else", self.evidence.files, OPEN, own_key=False)
        if draw < 0.1:
            at = chance.randrange(len(data))
            return Change(f"cut at {at}", {"report.pdf": data[:at]}, OPEN)
        words, changed, _ = flips.changed_byte(data, chance)
        return Change(words, {"report.pdf": changed}, _truth(data, changed))


def _truth(before: bytes, after: bytes) -> Truth:
    return UNPROTECTED if before == after else OPEN


class ReportJudge:
    """Judges signed reports as ``verify-report`` does."""

    def __init__(self) -> None:
        self.trust = reports.signed_report().trust
        self.stranger = reports.trusting(reports.new_root("Somebody Else").certificate)

    @cached_property
    def before(self) -> Said:
        """Return what is said of the report as it is."""
        return self({"report.pdf": reports.signed_report().data})

    def __call__(self, files: Files, *, own_key: bool = True) -> Said:
        """Return what is said of a report."""
        (data,) = files.values()
        try:
            trust = self.trust if own_key else self.stranger
            found = verify_report(data, trust, display="report.pdf")
        except NotASignedReport as error:
            return Said(words=f"no report: {error}")
        passed = {Dimension.AUTHENTICITY} if found.indication is Indication.PASSED else set()
        return Said(frozenset(passed), words=found.indication.value)
