"""Sort out what was opened, judge every subject."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import SourceError, UsageError
from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile, sha256_of
from workbench.evidence.links import Link
from workbench.evidence.subject import Subject
from workbench.formats.entry import Entry
from workbench.formats.intake import sorted_out
from workbench.formats.sniff import catalog_reader
from workbench.formats.table import Table, context_of
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.request import VerifyRequest
from workbench.model.source import Problem, ProblemCode, Role, problems_at
from workbench.model.verification import SourceVerdict, Verification
from workbench.verify.judge import judge, load, with_names, with_reading
from workbench.verify.keys_found import KeysInEvidence, with_search
from workbench.verify.rotated import with_file_before
from workbench.verify.trust.anchors import mark_self_supplied
from workbench.verify.verifier import Bench

if TYPE_CHECKING:
    from workbench.verify.evidence_keys import KeySearch

#: Formats in which somebody says who signed, or how something was made.
_ATTESTED = {"attestation", "in-toto", "oms"}


def judged(
    request: VerifyRequest,
    drop: Drop,
    bench: Bench,
    search: "KeySearch | None" = None,
) -> Verification:
    """Return the verdict on everything of a drop.

    Args:
        request: what was asked for.
        drop: what was handed over.
        bench: what verifiers work with.
        search: the search for the trusted keys, where there are any.

    Raises:
        UsageError: what was asked for makes no sense as asked.
        Cancelled: the user stopped it.
    """
    cancel = bench.cancel
    table = sorted_out(drop, request, bench.profiles, cancel)
    _require_one_log(request, table)
    _require_attestation(request, table)
    keys = KeysInEvidence() if search is None else _keys_in(drop, table, search)
    logs = [file for s in table.subjects if s.format == "chain" for file in s.files]
    trust = mark_self_supplied(bench.trust, keys.places)
    bench = replace(bench, trust=trust, digests=keys.digests, beside=tuple(logs))
    twice = request.recheck
    sources = [_judged(s, drop, bench, keys, logs, twice=twice) for s in table.subjects]
    sources += [_listed(e, cancel) for e in table.entries if e.role is not Role.CONTEXT]
    sources += [_container(file, cancel) for file in table.containers]
    sources += [_link(link) for link in table.links]
    return Verification(
        at=request.at,
        sources=tuple(sources),
        context=context_of(table.entries),
        required=request.required,
        problems=drop.problems,
        keys_in_evidence=keys.places,
    )


def _keys_in(drop: Drop, table: Table, search: "KeySearch") -> KeysInEvidence:
    load({subject.format for subject in table.subjects})
    return search.keys(
        drop.files,
        containers=drop.containers,
        signatures={file for s in table.subjects for file in _with_own_chains(s)},
        exports=[f for s in table.subjects if s.format == "pangea" for f in s.files],
        hashed={file for s in table.subjects if s.format == "oms" for file in s.files},
    )


def _with_own_chains(subject: Subject) -> Iterator[EvidenceFile]:
    """Yield the proof of a subject that carries certificates of its own path (RFC 5280 6.1)."""
    yield from (*subject.signatures, *subject.seals)
    yield from (signature for signature, _ in subject.detached)
    yield from (stamp.token for stamp in subject.stamps)
    if subject.format in {"timestamp", "attestation"}:
        yield from subject.files


def _require_one_log(request: VerifyRequest, table: Table) -> None:
    stated = request.expectation
    logs = [subject.path for subject in table.subjects if subject.format == "chain"]
    if len(logs) != 1 and (stated.count is not None or stated.head is not None):
        raise UsageError(
            "--expect-count and --expect-head are about one log, but there are "
            f"{len(logs)}{': ' if logs else ''}{', '.join(logs)}. Verify one log at a time."
        )


def _require_attestation(request: VerifyRequest, table: Table) -> None:
    """Refuse a demand that nothing here could meet: unasked, it would seem to be met."""
    attested = any(s.seals or s.format in _ATTESTED for s in table.subjects)
    if request.expectation.origin.is_stated and not attested:
        raise UsageError(
            "--identity, --issuer, --builder, --source-uri and --subject-digest are about what is "
            "attested or signed with an identity, and nothing of that kind lies here."
        )


def _judged(
    subject: Subject,
    drop: Drop,
    bench: Bench,
    keys: KeysInEvidence,
    logs: Sequence[EvidenceFile],
    *,
    twice: bool,
) -> SourceVerdict:
    verdict = judge(subject, bench)
    if twice:
        from workbench.verify.recheck.compare import with_second_opinion

        verdict = with_second_opinion(verdict, subject, bench)
    verdict = with_file_before(verdict, subject, logs, bench.expectation)
    verdict = with_names(verdict, subject, drop.problems)
    read = _read(subject, bench)
    verdict = with_reading(verdict, read)
    if bench.trust.anchors and (verdict.signatures or subject.signatures or subject.anchors):
        verdict = with_search(verdict, keys, bench.trust)
    return SourceVerdict(
        path=subject.path,
        member=subject.member,
        role=Role.SUBJECT,
        sha256=verdict.sha256 or "",
        size=sum(file.size for file in subject.files),
        format=subject.format,
        verdict=verdict,
        problems=(*problems_at(drop.problems, subject.path, subject.member), *read),
    )


def _read(subject: Subject, bench: Bench) -> tuple[Problem, ...]:
    """Read a catalog to its end, and return what kept it from being read, or lies beside it.

    Its digest says nothing of whether there is anything behind it that can be read.
    """
    reader = catalog_reader(subject.format)
    if reader is None or subject.base:
        return ()
    from workbench.formats.tally import inventory
    from workbench.model.catalog import CatalogProblem

    reading = reader.read(
        subject, limits=bench.limits, cancel=bench.cancel, progress=bench.progress
    )
    told = {*ProblemCode, CatalogProblem.WAL_PRESENT}
    return tuple(problem for problem in inventory(reading).problems if problem.code in told)


def _listed(entry: Entry, cancel: Cancel) -> SourceVerdict:
    digest, problems = _digest(entry.file, cancel)
    return SourceVerdict(
        path=entry.file.path,
        member=entry.file.member,
        role=entry.role,
        sha256=digest,
        size=entry.file.size,
        format=entry.seen.format,
        pairs_with=entry.pairs_with,
        problems=problems,
    )


def _container(file: EvidenceFile, cancel: Cancel) -> SourceVerdict:
    digest, problems = _digest(file, cancel)
    return SourceVerdict(
        file.path, file.member, Role.CONTEXT, digest, file.size, "archive", problems=problems
    )


def _link(link: Link) -> SourceVerdict:
    return SourceVerdict(
        link.path, link.member, Role.CONTEXT, "", 0, "link", pairs_with=link.end or None
    )


def _digest(file: EvidenceFile, cancel: Cancel) -> tuple[str, tuple[Problem, ...]]:
    try:
        return sha256_of(file, cancel=cancel), ()
    except SourceError as error:
        return "", (Problem(error.code, Locator(file.path, file.member), error.message),)
