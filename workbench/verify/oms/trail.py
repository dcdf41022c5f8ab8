"""The proof trail of a model: each step with its clause, and a shell recipe that does the same.

The recipes need a POSIX shell, coreutils, grep and openssl. They build on each other: what one
writes (``payload.json``, ``pae``, ``key.pem``), the next reads.
"""

from datetime import datetime
from shlex import quote

from workbench.evidence.subject import Subject
from workbench.model.model_signature import Manifest, ModelSignature, SignatureKind
from workbench.model.verdict import Step
from workbench.verify.oms.compare import Comparison, recipe_of
from workbench.verify.oms.hashing import Recipe
from workbench.verify.oms.proof import Proof
from workbench.verify.oms.signatures import Judged

#: Names written out in a step or note; the rest is counted.
MOST_NAMES = 20

_SUMS = {"sha256": "sha256sum", "blake2b": "b2sum", "blake3": "b3sum"}


def names(values: tuple[str, ...]) -> str:
    """Return names as one text, the first ones written out."""
    shown = ", ".join(values[:MOST_NAMES])
    rest = len(values) - MOST_NAMES
    return f"{shown} and {rest} more" if rest > 0 else shown


def proof_steps(proof: Proof, judged: tuple[Judged, ...], at: datetime) -> list[Step]:
    """Return the steps from the signature file to the signed manifest, judged for ``at``."""
    where = quote(proof.file.path)
    read = Step(
        "OMS 1.0, 8.1",
        f"Read {proof.file.display} ({proof.file.size} bytes) as a Sigstore bundle, strictly.",
        proof.message or f"SHA-256 {proof.sha256}; one DSSE envelope.",
        f"sha256sum {where}",
    )
    if proof.signature is None:
        return [read]
    bundle = proof.signature
    signatures = [_signature_step(bundle, n, one, where) for n, one in enumerate(judged)]
    statement = [] if proof.manifest is None else _manifest_steps(proof.manifest)
    path = [_path_step(judged, where, at)] if bundle.certificates and judged else []
    return [read, _payload_step(bundle, where), *signatures, *path, *statement]


def _payload_step(signature: ModelSignature, where: str) -> Step:
    extract = f"{_member('payload', where)} > payload.json"
    encode = (
        '{ printf "DSSEv1 28 application/vnd.in-toto+json %d " "$(wc -c < payload.json)"; '
        "cat payload.json; } > pae"
    )
    return Step(
        "DSSE 1.0, protocol",
        "Take the payload's bytes as they are and put the pre-authentication encoding around them.",
        f"{len(signature.payload)} bytes of {signature.payload_type}.",
        f"{extract}\n{encode}",
    )


def _signature_step(signature: ModelSignature, n: int, judged: Judged, where: str) -> Step:
    """Return the step of one signature; a key that we cannot name is left to the reader."""
    hash_name = judged.hash_name or "sha256"
    write = _member("sig", where, n) + " > signature.der"
    key = "# key.pem: the public key that you trust (hash: of its curve)"
    if signature.kind is not SignatureKind.KEY:
        leaf = _member("rawBytes", where)
        key = f"{leaf} | openssl x509 -inform DER -pubkey -noout > key.pem"
    legacy = (
        '\npython3 -c \'import sys; p = open("payload.json", "rb").read(); sys.stdout.write('
        'f"DSSEV1 28 application/vnd.in-toto+json {len(p)} {p!r}")\' > pae'
    )
    check = f"openssl dgst -{hash_name} -verify key.pem -signature signature.der pae"
    verdict = judged.verdict
    code = f" {verdict.code}" if verdict.code else ""
    return Step(
        "OMS 1.0, 8.2",
        f"Check signature {n + 1} of {len(signature.signatures)} over the encoding.",
        f"{verdict.indication}{code}: {judged.why}",
        f"{write}\n{key}{legacy if judged.legacy else ''}\n{check}",
    )


def _path_step(judged: tuple[Judged, ...], where: str, at: datetime) -> Step:
    chain = (
        f'grep -o \'"rawBytes": *"[^"]*"\' {where} | cut -d \'"\' -f 4 | while read -r one; do '
        'printf %s "$one" | base64 -d | openssl x509 -inform DER; done > chain.pem'
    )
    check = (
        f"openssl verify -attime {int(at.timestamp())} -CAfile root.pem -untrusted chain.pem "
        "chain.pem  # root.pem: the certificate that you trust"
    )
    found = sorted({one.verdict.trusted_by for one in judged if one.verdict.trusted_by})
    return Step(
        "RFC 5280 6.1; OMS 1.0, 8.2",
        f"Look for a path from the signer's certificate to one that you trust, for {at}.",
        f"It leads to {', '.join(found)}." if found else "It leads to nothing that you trust.",
        f"{chain}\n{check}",
    )


def _manifest_steps(manifest: Manifest) -> list[Step]:
    files = f"{len(manifest.paths)} file(s)"
    if manifest.legacy:
        did = "Read the statement of model_signing 0.2: one subject a file, SHA-256."
        return [Step("OMS 1.0, 5.1 and 11.2", did, f"It names {files}; it has no root digest.")]
    agrees = "the stated one"
    if manifest.contradicts_itself:
        agrees = f"but {manifest.subject_digest} is stated: the manifest contradicts itself"
    statement = Step(
        "OMS 1.0, 8.3",
        "Read the payload as an in-toto statement: its type, its predicate, exactly one subject.",
        f"Method {manifest.method!r}, hash {manifest.hash_type!r}; it names {files}.",
    )
    root = Step(
        "OMS 1.0, 6.5.1",
        "Recompute the root digest: SHA-256 over the digests of all lines in order.",
        f"{manifest.root_digest}, {agrees}.",
        "grep -o '\"digest\": *\"[0-9a-f]*\"' payload.json | cut -d '\"' -f 4 | tr -d '\\n' "
        "| tr a-f A-F | basenc --base16 -d | sha256sum",
    )
    return [statement, root]


def comparison_steps(comparison: Comparison, subject: Subject) -> list[Step]:
    """Return the steps from the manifest to the files."""
    manifest, inventory = comparison.manifest, comparison.inventory
    recipe = recipe_of(manifest)
    folder = quote(subject.path)
    unit = "each file" if recipe.shard_size is None else f"each {recipe.shard_size} bytes of a file"
    found = ", ".join(sorted({diagnosis.kind.value for diagnosis in comparison.diagnoses}))
    compared = Step(
        "OMS 1.0, 8.4",
        f"Hash {unit} with {recipe.hash_type} and compare with the manifest.",
        f"{comparison.agreeing} of {len(manifest.paths)} file(s) agree. "
        + (f"Found: {found}." if found else "None is missing, none was added."),
        _files_recipe(subject, folder, recipe, through_links=bool(inventory.followed)),
    )
    left_out = Step(
        "OMS 1.0, 6.2",
        "List what the manifest or the default leaves out; nothing protects it.",
        f"{len(inventory.ignored)} file(s): {names(inventory.ignored)}."
        if inventory.ignored
        else "Nothing is left out.",
    )
    return [compared, left_out, *_link_step(comparison, subject)]


def _files_recipe(subject: Subject, folder: str, recipe: Recipe, *, through_links: bool) -> str:
    if recipe.shard_size is not None:
        return "# a shard: tail -c +$((START + 1)) FILE | head -c $((END - START)) | sha256sum"
    tool = _SUMS[recipe.hash_type]
    if not subject.base:
        return f"{tool} {folder}"
    find = "find -L" if through_links else "find"
    return f"(cd {folder} && {find} . -type f -exec {tool} {{}} +)"


def _link_step(comparison: Comparison, subject: Subject) -> list[Step]:
    if not subject.links:
        return []
    inventory = comparison.inventory
    allowed = "allows" if comparison.manifest.allow_symlinks else "does not allow"
    refused = tuple(f"{name}: {why}" for name, why in inventory.refused.items())
    found = [
        f"{len(inventory.followed)} file(s) stand behind links.",
        f"Out of the model's folder lead: {names(inventory.beyond)}." if inventory.beyond else "",
        f"Not followed: {names(refused)}." if refused else "",
        f"Covered by nothing: {names(inventory.unsaid)}." if inventory.unsaid else "",
    ]
    return [
        Step(
            "OMS 1.0, 6.1.1",
            f"Look at {len(subject.links)} symbolic link(s); the signed manifest {allowed} links.",
            " ".join(filter(None, found)),
            f"find {quote(subject.path)} -type l -exec ls -l {{}} +",
        )
    ]


def _member(key: str, where: str, n: int = 0) -> str:
    """Return a command that prints the bytes of the n-th base64 member of a JSON file."""
    return (
        f'grep -o \'"{key}": *"[^"]*"\' {where} | sed -n {n + 1}p | cut -d \'"\' -f 4 '
        "| tr -d '\\\\' | tr -- -_ +/ | base64 -d"
    )
