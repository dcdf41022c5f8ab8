"""The proof trail of a model: each step with its clause, and the commands that do the same."""

from workbench.evidence.subject import Subject
from workbench.model.model_signature import Manifest, ModelSignature, SignatureKind
from workbench.model.trust import AnchorKind, Trust
from workbench.model.verdict import Step
from workbench.verify.by_hand import because
from workbench.verify.oms import commands
from workbench.verify.oms.compare import Comparison, recipe_of
from workbench.verify.oms.proof import Proof
from workbench.verify.oms.signatures import Judged

#: Names written out in a step or note; the rest is counted.
MOST_NAMES = 20


def names(values: tuple[str, ...]) -> str:
    """Return names as one text, the first ones written out."""
    shown = ", ".join(values[:MOST_NAMES])
    rest = len(values) - MOST_NAMES
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def files(count: int) -> str:
    """Return a number of files in words."""
    return f"{count:,} file" if count == 1 else f"{count:,} files"


def proof_steps(
    proof: Proof, judged: tuple[Judged, ...], trust: Trust, *, number: int
) -> list[Step]:
    """Return the steps from the ``number``-th signature file to the signed manifest."""
    read = Step(
        "OMS 1.0, 8.1",
        f"Read {proof.file.display} ({proof.file.size:,} bytes) as a Sigstore bundle, strictly.",
        proof.message or f"SHA-256 {proof.sha256}; one DSSE envelope.",
        *commands.of_file(proof, number),
    )
    bundle = proof.signature
    if bundle is None:
        return [read]
    payload = Step(
        "DSSE 1.0, protocol",
        "Take the payload's bytes as they are and put the pre-authentication encoding around them.",
        f"{len(bundle.payload):,} bytes of {bundle.payload_type}.",
        *commands.of_payload(bundle, judged, number),
    )
    signatures = [
        _signature_step(bundle, one, trust, at=(number, n)) for n, one in enumerate(judged)
    ]
    by_path = bundle.kind is SignatureKind.CERTIFICATE and judged
    path = [_path_step(judged, trust, number)] if by_path else []
    path += [step for one in judged if one.sealed for step in one.sealed.steps]
    statement = [] if proof.manifest is None else _manifest_steps(proof.manifest, number)
    return [read, payload, *signatures, *path, *statement]


def _signature_step(
    signature: ModelSignature, judged: Judged, trust: Trust, *, at: tuple[int, int]
) -> Step:
    verdict = judged.verdict
    code = f" {verdict.code}" if verdict.code else ""
    return Step(
        "OMS 1.0, 8.2",
        f"Check signature {at[1] + 1} of {len(signature.signatures)} over the encoding.",
        f"{verdict.indication}{code}: {judged.why}",
        *commands.of_signature(signature, judged, trust.anchors, at=at),
    )


def _path_step(judged: tuple[Judged, ...], trust: Trust, number: int) -> Step:
    found = sorted({one.verdict.trusted_by for one in judged if one.verdict.trusted_by})
    roots = {a.name: a for a in trust.anchors if a.kind is AnchorKind.CERTIFICATE}
    at = f"{trust.at:%Y-%m-%dT%H:%M:%SZ}"
    nothing = "It leads to nothing that the auditor trusts."
    return Step(
        "RFC 5280 6.1; OMS 1.0, 8.2",
        f"Look for a path from the signer's certificate to one that the auditor trusts, for {at}.",
        f"It leads to {', '.join(found)}." if found else nothing,
        *commands.of_path(judged, roots, trust.at, number),
    )


def _manifest_steps(manifest: Manifest, number: int) -> list[Step]:
    named = files(len(manifest.paths))
    read = because("No command: this step reads the payload; python3 -m json.tool shows it.")
    if manifest.legacy:
        did = "Read the statement of model_signing 0.2: one subject a file, SHA-256."
        result = f"It names {named}; it has no root digest."
        return [Step("OMS 1.0, 5.1 and 11.2", did, result, read)]
    agrees = "the stated one"
    if manifest.contradicts_itself:
        agrees = f"but {manifest.subject_digest} is stated: the manifest contradicts itself"
    statement = Step(
        "OMS 1.0, 8.3",
        "Read the payload as an in-toto statement: its type, its predicate, exactly one subject.",
        f"Method {manifest.method!r}, hash {manifest.hash_type!r}; it names {named}.",
        read,
    )
    root = Step(
        "OMS 1.0, 6.5.1",
        "Recompute the root digest: SHA-256 over the digests of all lines in order.",
        f"{manifest.root_digest}, {agrees}.",
        *commands.of_root(manifest, number),
    )
    return [statement, root]


def comparison_steps(comparison: Comparison, subject: Subject, *, number: int) -> list[Step]:
    """Return the steps from the manifest of the ``number``-th signature file to the files."""
    manifest, inventory = comparison.manifest, comparison.inventory
    recipe = recipe_of(manifest)
    shard = recipe.shard_size
    unit = "each file" if shard is None else f"each {shard:,} bytes of a file"
    found = ", ".join(sorted({diagnosis.kind.value for diagnosis in comparison.diagnoses}))
    compared = Step(
        "OMS 1.0, 8.4",
        f"Hash {unit} with {recipe.hash_type} and compare with the manifest.",
        f"{comparison.agreeing:,} of {files(len(manifest.paths))} agree. "
        + (f"Found: {found}." if found else "None is missing, none was added."),
        *commands.of_files(comparison, subject, number),
    )
    left_out = Step(
        "OMS 1.0, 6.2",
        "List what the manifest or the default leaves out; nothing protects it.",
        f"{files(len(inventory.ignored))}: {names(inventory.ignored)}."
        if inventory.ignored
        else "Nothing is left out.",
        *commands.of_names(comparison, subject, number),
    )
    return [compared, left_out, *_link_step(comparison, subject)]


def digest_step(subject: Subject, digest: str) -> Step:
    """Return the step that names the model by one digest."""
    whole = "the list of its files (digest, two spaces, name), sorted by name"
    what = whole if subject.base else "the file"
    did = f"Hash {what}, for the register of evidence."
    return Step("FIPS 180-4", did, f"SHA-256 {digest}", *commands.of_folder(subject, digest))


def _link_step(comparison: Comparison, subject: Subject) -> list[Step]:
    if not subject.links:
        return []
    inventory = comparison.inventory
    allowed = "allows" if comparison.manifest.allow_symlinks else "does not allow"
    refused = tuple(f"{name}: {why}" for name, why in inventory.refused.items())
    behind = len(inventory.followed)
    found = [
        f"{files(behind)} {'stands' if behind == 1 else 'stand'} behind links.",
        f"Out of the model's folder lead: {names(inventory.beyond)}." if inventory.beyond else "",
        f"Not followed: {names(refused)}." if refused else "",
        f"Covered by nothing: {names(inventory.unsaid)}." if inventory.unsaid else "",
    ]
    count = len(subject.links)
    return [
        Step(
            "OMS 1.0, 6.1.1",
            f"Look at each symbolic link ({count:,}); the signed manifest {allowed} links.",
            " ".join(filter(None, found)),
            because("No command: find -type l lists the links; the manifest decides about each."),
        )
    ]
