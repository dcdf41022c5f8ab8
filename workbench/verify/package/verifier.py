"""The verdict on an ASiC-E container."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.file import sha256_of
from workbench.evidence.subject import Subject
from workbench.model.package import META, MIMETYPE_FILE
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify import by_hand
from workbench.verify.package.container import Container, read_container
from workbench.verify.package.manifest import Named, PackageManifest, read_manifest
from workbench.verify.package.signature import Signature, judge_signature
from workbench.verify.verifier import Bench

CLAUSE = "ETSI EN 319 162-1"
_NOT_COVERED = "times and attributes of members (ZIP headers)"


@dataclass(slots=True)
class Findings:
    """All that was found of a container.

    Attributes:
        container: what lies in it.
        signed: each manifest that could be read, with its signature.
        faults: what is wrong with manifests, in sentences.
        altered: members whose digest is not the one that is named.
        missing: what is named and not there.
        added: what no manifest names.
        beside: what lies beside the manifests and is named by none.
        weak: members of which no digest that counts is named.
    """

    container: Container
    signed: dict[str, tuple[PackageManifest, Signature]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    altered: list[Diagnosis] = field(default_factory=list)
    missing: list[Diagnosis] = field(default_factory=list)
    added: list[Diagnosis] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)

    @property
    def signatures(self) -> list[Signature]:
        """Return the signatures, in the order of their manifests."""
        return [signature for _, signature in self.signed.values()]

    @property
    def anchored(self) -> bool:
        """Tell whether each file is named by a manifest that somebody trusted signed."""
        trusted = [manifest for manifest, signature in self.signed.values() if signature.trusted]
        named = {one.name for manifest in trusted for one in manifest.files}
        every = {one.name for manifest, _ in self.signed.values() for one in manifest.files}
        return bool(named) and named == every


@dataclass(frozen=True, slots=True)
class PackageVerifier:
    """Judges a container by its manifests and who signed them."""

    id: str = "asice"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on a container.

        Steps: 1 hash every member; 2 read each manifest; 3 judge its signature; 4 compare.
        """
        file = subject.files[0]
        found = look(read_container(file, bench.limits, bench.cancel), bench)
        digest = sha256_of(file, cancel=bench.cancel)
        return SubjectVerdict(
            integrity=_integrity(found),
            authenticity=_authenticity(found, bench),
            completeness=_completeness(found),
            time=_time(found),
            not_covered=(*found.beside, _NOT_COVERED),
            assurance=_assurance(found),
            diagnoses=(*found.altered, *found.missing, *found.added),
            signatures=tuple(_rows(found)),
            steps=tuple(_steps(found, subject, digest)),
            sha256=digest,
            notes=tuple(_notes(found)),
        )


def look(container: Container, bench: Bench) -> Findings:
    """Hold what lies in a container against its manifests."""
    found = Findings(container)
    for name in sorted(container.held):
        if not (name.startswith(f"{META}ASiCManifest") and name.endswith(".xml")):
            continue
        try:
            manifest = read_manifest(container.held[name], name)
        except SourceError as error:
            found.faults.append(error.message)
            continue
        der = container.held.get(manifest.signature)
        if der is None:
            found.missing.append(_missing(manifest.signature))
            continue
        covers = f"{name}, {len(manifest.files):,} files; CAdES in {manifest.signature}"
        data = container.held[name]
        found.signed[name] = manifest, judge_signature(der, data, bench.trust, covers)
    named = {one.name: one for manifest, _ in found.signed.values() for one in manifest.files}
    _compare(found, named)
    return found


def _compare(found: Findings, named: Mapping[str, Named]) -> None:
    digests = found.container.digests
    for manifest, _ in found.signed.values():
        for one in manifest.files:
            if one.name not in digests:
                found.missing.append(_missing(one.name))
            elif not one.hash_name:
                found.weak.append(one.name)
            elif digests[one.name][one.hash_name] != one.digest:
                there = digests[one.name][one.hash_name]
                found.altered.append(
                    Diagnosis(
                        DiagnosisClass.FILE_ALTERED,
                        count=1,
                        path=one.name,
                        stored=one.digest,
                        recomputed=there,
                    )
                )
    found.beside += _said_beside(found.container)
    proof = {*found.signed, *(manifest.signature for manifest, _ in found.signed.values())}
    for name in digests:
        if name in named or name in proof or name == MIMETYPE_FILE:
            continue
        if name.startswith(META):
            found.beside.append(name)
        else:
            why = "No manifest in the container names it: whoever had the file can have added it."
            found.added.append(
                Diagnosis(DiagnosisClass.FILE_ADDED, count=1, path=name, explanations=(why,))
            )


def _said_beside(container: Container) -> Iterator[str]:
    """Yield what a container says that no manifest can name."""
    yield from (f"{folder} (an empty folder)" for folder in container.lone_folders)
    if container.has_comment:
        yield "the comment of the archive"


def _missing(name: str) -> Diagnosis:
    return Diagnosis(DiagnosisClass.FILE_MISSING, count=1, path=name)


def _integrity(found: Findings) -> DimensionVerdict:
    parts = [failed(DiagnosisClass.FILE_ALTERED)] if found.altered else []
    parts += [failed(Code.MALFORMED_SOURCE)] if found.faults or found.container.flaws else []
    broken = [one.verdict for one in found.signatures if one.holds is False]
    parts += [failed(one.code or Code.SIG_CRYPTO_FAILURE) for one in broken]
    parts += [indeterminate(Code.CRYPTO_CONSTRAINTS_FAILURE)] if found.weak else []
    if not found.anchored and any(one.holds is None for one in found.signatures):
        parts.append(indeterminate(Code.NOT_RECOMPUTABLE))
    if not found.signed:
        parts.append(indeterminate(Code.UNKNOWN_PROFILE if _is_xades(found) else Code.UNPROTECTED))
    elif not any(manifest.files for manifest, _ in found.signed.values()):
        parts.append(indeterminate(Code.NO_RECORDS))
    return worst(parts or [passed(Code.ANCHORED if found.anchored else Code.SELF_CONSISTENT)])


def _is_xades(found: Findings) -> bool:
    names = (name for name in found.container.held if name.startswith(META))
    return any("signatures" in name.lower() and name.endswith(".xml") for name in names)


def _authenticity(found: Findings, bench: Bench) -> DimensionVerdict:
    rows = [one.verdict for one in found.signatures]
    parts = [
        DimensionVerdict(
            row.indication, row.signer if row.indication is Indication.PASSED else row.code
        )
        for row in rows
    ]
    green = [part for part in parts if part.indication is Indication.PASSED]
    red = [part for part in parts if part.indication is Indication.FAILED]
    parts = [*red, *green] if green else parts
    signers = {row.fingerprint for row in rows if row.indication is Indication.PASSED}
    if signers and len(signers) < bench.trust.threshold:
        parts.append(indeterminate(Code.TOO_FEW_SIGNERS))
    return worst(parts, empty=Code.NO_SIGNATURE)


def _completeness(found: Findings) -> DimensionVerdict:
    parts = [failed(DiagnosisClass.FILE_MISSING)] if found.missing else []
    parts += [failed(DiagnosisClass.FILE_ADDED)] if found.added else []
    parts += [indeterminate(Code.PARTIAL_COVERAGE)] if found.beside else []
    good = passed(Code.ANCHORED) if found.anchored else indeterminate(Code.NO_ANCHOR)
    return worst((*parts, good))


def _time(found: Findings) -> DimensionVerdict:
    stamps = [one.stamp for one in found.signatures if one.stamp is not None]
    bad = [failed(s.code or "") for s in stamps if s.indication is Indication.FAILED]
    signed = [one for one in found.signatures if one.trusted]
    proven = [passed(s.trusted_by) for s in stamps if s.proven is not None]
    open_ = [indeterminate(s.code or Code.NO_TRUSTED_TIME) for s in stamps if s.proven is None]
    undated = not signed or any(not (one.stamp and one.stamp.proven) for one in signed)
    return worst((*bad, *(open_ if undated else proven)), empty=Code.NO_TRUSTED_TIME)


def _assurance(found: Findings) -> tuple[AssuranceRange, ...]:
    count = len(found.container.digests)
    if not count:
        return ()
    flags: set[AssuranceFlag] = set()
    if _integrity(found).indication is Indication.PASSED:
        flags.add(AssuranceFlag.CONSISTENT)
        flags |= {AssuranceFlag.SIGNED} if found.anchored else set()
        dated = _time(found).indication is Indication.PASSED
        flags |= {AssuranceFlag.TIMESTAMPED} if dated else set()
    return (AssuranceRange(1, count, frozenset(flags)),)


def _rows(found: Findings) -> Iterator[SignatureVerdict]:
    for name, (_, signature) in found.signed.items():
        yield signature.verdict
        if signature.stamp is not None:
            yield signature.stamp.as_signature(f"time stamp over the signature of {name}")


def _notes(found: Findings) -> Iterator[str]:
    yield from (*found.container.flaws, *found.faults)
    for signature in found.signatures:
        yield signature.why
        if signature.stamp is not None:
            yield f"Time stamp: {signature.stamp.why}"
    if found.weak:
        yield f"Of {', '.join(found.weak[:20])} no digest is named that counts."
    if not found.signed and _is_xades(found):
        yield "It is signed in XML (XAdES), which is not read here."
    yield "What lies in it is not judged by itself: take it out, and verify it too."


def _steps(found: Findings, subject: Subject, digest: str) -> Iterator[Step]:
    did = (
        "Hashed each member of the container from its own bytes; looked at how it is put together."
    )
    flaws = " ".join(found.container.flaws)
    result = flaws or f"{len(found.container.digests):,} members, mimetype first."
    yield Step(f"{CLAUSE} A.1", did, result, by_hand.because("unzip -l lists what lies in it."))
    for name, (manifest, signature) in found.signed.items():
        did = f"Verified {manifest.signature} over {name}, and who signed."
        why = by_hand.because(
            "Take both out, then: openssl cms -verify -binary -inform DER -in SIGNATURE -content "
            "MANIFEST -CAfile ROOT -purpose any"
        )
        yield Step("ETSI EN 319 122-1", did, signature.why, why)
        did = f"Compared the digests that {name} names with those of the members."
        yield Step(f"{CLAUSE} A.4", did, _compared(found), by_hand.because("sha256sum MEMBER"))
    did = "Hashed the container."
    yield Step("FIPS 180-4", did, f"SHA-256 {digest}.", *by_hand.of_subject(subject, digest))


def _compared(found: Findings) -> str:
    return (
        f"{len(found.altered):,} differ, {len(found.missing):,} are missing, "
        f"{len(found.added):,} are named by no manifest."
    )


VERIFIER = PackageVerifier()
