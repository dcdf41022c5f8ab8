"""How a reader checks what is particular to Sigstore by hand."""

from datetime import datetime

from workbench.model.bundle import InclusionProof, LogEntry
from workbench.verify.by_hand import because, command, python, write
from workbench.verify.sigstore.findings import Scratch

#: What a command is given, and what it prints.
ByHand = tuple[str, str]

#: RFC 9162 2.1.3.2, step by step; ``p`` is the proof, ``i`` the index, ``z`` the last leaf.
_PROOF = (
    "import hashlib, json, sys; h = lambda x: hashlib.sha256(x).digest(); "
    "b = open(sys.argv[1], 'rb').read(); i, z = int(sys.argv[2]), int(sys.argv[3]) - 1; "
    "p = [bytes.fromhex(x) for x in sys.argv[4].split(',') if x]; "
    "f = lambda r, i, z, p: r if not p else g(r, i, z, p) if i % 2 or i == z "
    "else f(h(bytes([1]) + r + p[0]), i >> 1, z >> 1, p[1:]); "
    "u = lambda i, z: (i, z) if i % 2 or not i else u(i >> 1, z >> 1); "
    "g = lambda r, i, z, p: (lambda v: f(h(bytes([1]) + p[0] + r), v[0] >> 1, v[1] >> 1, p[1:]))"
    "(u(i, z)); print(f(h(bytes([0]) + b), i, z, p).hex())"
)


def of_proof(scratch: Scratch, entry: LogEntry, number: int, proof: InclusionProof) -> ByHand:
    """Return the commands that compute the root which a proof of inclusion leads to."""
    take = scratch.run(f"w('.body{number}', c(m['tlogEntries'][{number}]['canonicalizedBody']))")
    hashes = ",".join(digest.hex() for digest in proof.hashes)
    if len(proof.hashes) > 1:
        name = f'"{scratch.prefix}.way{number}"'
        give = write(hashes.encode(), f"{scratch.prefix.removeprefix('$S/')}.way{number}")
        argument = f'"$(cat {name})"'
    else:
        give, argument = "", f"'{hashes}'"
    body = f'"{scratch.prefix}.body{number}"'
    run = python(_PROOF, body, str(proof.index), str(proof.size), argument)
    lines = [take, *([give] if give else []), run]
    return "\n".join(lines), proof.root.hex() if entry.body else ""


def of_path(
    scratch: Scratch, path: tuple[bytes, ...], at: datetime | None, *, good: bool
) -> ByHand:
    """Return the commands for a path of certificates, the signer's first, at a time."""
    if len(path) < 2 or at is None or not good:
        return because("No command: no path leads to a certificate that the auditor trusts."), ""
    place = scratch.prefix.removeprefix("$S/")
    lines = [write(der, f"{place}.c{n}") for n, der in enumerate(path)]
    for n in range(len(path)):
        out = f'-out "{scratch.prefix}.c{n}.pem"'
        lines.append(command(f'openssl x509 -inform DER -in "{scratch.prefix}.c{n}"', out))
    between = [f'-untrusted "{scratch.prefix}.c{n}.pem"' for n in range(1, len(path) - 1)]
    check = command(
        f"openssl verify -partial_chain -no-CApath -attime {int(at.timestamp())}",
        f'-CAfile "{scratch.prefix}.c{len(path) - 1}.pem"',
        *between,
        f'< "{scratch.prefix}.c0.pem"',
    )
    return "\n".join((*lines, check)), "stdin: OK"
