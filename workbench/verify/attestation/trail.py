"""The proof trail of attestations: each step with its clause, and the commands that do the same."""

from collections.abc import Iterator, Sequence

from workbench.evidence.file import EvidenceFile
from workbench.model.attestation import Attestation, Form
from workbench.model.statement import Claimed
from workbench.model.verdict import Step
from workbench.verify.attestation import commands
from workbench.verify.attestation.artifact import Relation
from workbench.verify.attestation.policy import Answer
from workbench.verify.attestation.reading import Seal
from workbench.verify.attestation.verdict import Weighed
from workbench.verify.by_hand import because

#: Names written out in a step or note; the rest is counted.
MOST_NAMES = 20


def names(values: Sequence[str]) -> str:
    """Return names as one text, the first ones written out."""
    rest = len(values) - MOST_NAMES
    shown = ", ".join(values[:MOST_NAMES])
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def digest_step(file: EvidenceFile, digest: str) -> Step:
    """Return the step that names the subject by its digest; it comes first."""
    did = f"Hash {file.display}."
    return Step("FIPS 180-4", did, f"SHA-256 {digest}.", *commands.begin(file, digest))


def seal_step(seal: Seal, number: int) -> Step:
    """Return the step that reads a file of attestations."""
    count = len(seal.attestations)
    many = "1 attestation" if count == 1 else f"{count:,} attestations"
    bad = next((a.message for a in seal.attestations if a.message), "")
    return Step(
        "DSSE 1.0, envelope; in-toto Attestation 1.0, bundle",
        f"Read {seal.file.display} ({seal.file.size:,} bytes), strictly.",
        f"SHA-256 {seal.sha256}; {many}. {bad}".strip() if seal.sha256 else bad,
        *commands.of_seal(seal, number),
    )


def attestation_steps(one: Weighed, place: str, sha256: str, *, artifact: bool) -> Iterator[Step]:
    """Yield the steps from an envelope to what it says of the artifact.

    Args:
        one: the attestation.
        place: ``N.M``, number of the file and of the attestation in it.
        sha256: digest of the artifact.
        artifact: whether there is one.
    """
    attestation = one.attestation
    if not attestation.readable:
        return
    bare = any(judged.check is not None and judged.check.bare for judged in one.judged)
    if attestation.form is Form.METABLOCK:
        yield _canonical_step(attestation, place)
    else:
        yield _payload_step(attestation, place, bare=bare)
    for number, judged in enumerate(one.judged):
        verdict = judged.verdict
        code = f" {verdict.code}" if verdict.code else ""
        check = commands.of_signature(attestation, judged, place, number, artifact=artifact)
        yield Step(
            "DSSE 1.0, protocol" if attestation.envelope else "Sigstore bundle, message signature",
            f"Check signature {number + 1} of {len(one.judged)}.",
            f"{verdict.indication}{code}: {judged.why}",
            *check,
        )
        yield from judged.steps
    if attestation.statement is not None or attestation.claimed:
        yield _subject_step(one, place, sha256, artifact=artifact)


def _canonical_step(attestation: Attestation, place: str) -> Step:
    size = len(attestation.envelope.payload) if attestation.envelope else 0
    return Step(
        "in-toto 1.0, 4.1; OLPC canonical JSON",
        "Write what is signed in canonical JSON: names in order, no white space.",
        f"{size:,} bytes.",
        *commands.of_canonical(attestation, place),
    )


def _payload_step(attestation: Attestation, place: str, *, bare: bool) -> Step:
    envelope = attestation.envelope
    if envelope is None:
        did, result = "Take the signature.", "It is over the bytes of the artifact."
        return Step("Sigstore bundle, message signature", did, result, *commands.of_payload(
            attestation, place, bare=False
        ))  # fmt: skip
    did = (
        "Take the payload's bytes as they are and put the pre-authentication encoding around them."
    )
    if bare:
        did = "Take the payload's bytes as they are: Cloud Build signed them without the encoding."
    result = f"{len(envelope.payload):,} bytes of {envelope.payload_type}."
    return Step(
        "DSSE 1.0, signature definition",
        did,
        result,
        *commands.of_payload(attestation, place, bare=bare),
    )


def _subject_step(one: Weighed, place: str, sha256: str, *, artifact: bool) -> Step:
    said = one.attestation.statement
    kind = f"an in-toto statement ({said.predicate_type})" if said else "what is signed"
    claims = one.attestation.claimed
    what = f"Read {kind}; look for the artifact's digest among its subjects ({len(claims):,})."
    if not artifact:
        what = f"Read {kind} and list its subjects ({len(claims):,})."
    command = because("No command: this step reads what the step before took out."), ""
    if artifact and said is not None and "sha256" in _algorithms(claims):
        named = any(value == sha256 for c in claims for _, value in c.digests)
        command = commands.of_subject(place, sha256, named=named)
    return Step("in-toto Attestation 1.0, Statement", what, _told(one, claims), *command)


def _algorithms(claims: Sequence[Claimed]) -> set[str]:
    return {name for claimed in claims for name, _ in claimed.digests}


def _told(one: Weighed, claims: Sequence[Claimed]) -> str:
    match one.held.relation:
        case Relation.COVERS:
            name = one.held.claimed.name if one.held.claimed else ""
            return f"It is there{f', as {name}' if name else ''}."
        case Relation.DIFFERS:
            return "It is not there, though one of them is called so or it is meant."
        case _:
            listed = [c.name or "a subject without a name" for c in claims]
            return f"They are {names(listed)}." if listed else "It names none."


def rest_step(count: int) -> Step:
    """Return the step that stands for further attestations of the same file."""
    why = because("No command: as before, with the number of the line.")
    did = f"Judge the other attestations of the file ({count:,}) in the same way."
    return Step("DSSE 1.0, protocol", did, "Their signatures are listed.", why)


def policy_step(answers: Sequence[Answer]) -> Step:
    """Return the step that holds signed statements against what the auditor asks for."""
    told = "; ".join(f"{answer.asked}: {answer.said}" for answer in answers)
    why = because("No command: read builder and source in the payload that was taken out above.")
    did = "Hold what trusted statements say against what the auditor asks for."
    return Step("SLSA 1.0, Verifying artifacts", did, f"{told}.", why)
