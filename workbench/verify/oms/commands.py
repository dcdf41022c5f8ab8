"""How a reader checks a model by hand: the signature file, its signatures, then every file."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from workbench.evidence.subject import Subject
from workbench.model.model_signature import Manifest, ModelSignature
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.model.verdict import Code, DiagnosisClass, Indication
from workbench.verify.by_hand import (
    SCRATCH,
    because,
    can_be_listed,
    command,
    define,
    file_at,
    folder_at,
    hashed,
    listing,
    python,
    write,
)
from workbench.verify.oms.compare import Comparison, recipe_of
from workbench.verify.oms.inventory import relative_name
from workbench.verify.oms.proof import Proof
from workbench.verify.oms.signatures import Judged
from workbench.verify.sigstore.findings import Scratch

#: What a command is given, and what it prints.
ByHand = tuple[str, str]

_SUMS = {"sha256": "sha256sum", "blake2b": "b2sum"}
_MOST_SHOWN = 12
_LONGEST_SHOWN = 80

_BUNDLE = (
    "import base64, json, ssl, sys; b = json.load(open(sys.argv[1])); e = b['dsseEnvelope']; "
    "c = lambda x: base64.b64decode(x.translate({45: 43, 95: 47})); "
    "w = lambda n, d: open(sys.argv[2] + n, 'wb').write(d)"
)
_PAYLOAD = "p = c(e['payload']); t = e['payloadType'].encode(); w('.payload', p)"
_PAE = "w('.pae', b'DSSEv1 %d %s %d %s' % (len(t), t, len(p), p))"
#: OMS 1.0, 11.2: what model_signing 0.2 signed in place of the encoding.
_PAE_0_2 = "w('.pae', b'DSSEV1 %d %s %d %s' % (len(t), t, len(p), repr(p).encode()))"
_CHAIN = (
    "v = b['verificationMaterial']; k = v.get('x509CertificateChain'); "
    "r = [ssl.DER_cert_to_PEM_cert(c(x['rawBytes'])) for x in "
    "(k['certificates'] if k else [v['certificate']])]; "
    "w('.leaf', r[0].encode()); w('.chain', ''.join(r).encode())"
)
_ROOT = (
    "import hashlib, json, sys; r = json.load(open(sys.argv[1]))['predicate']['resources']; "
    "print(hashlib.sha256(bytes.fromhex(''.join(x['digest'] for x in r))).hexdigest())"
)
_LINES = "json.load(open(sys.argv[1]))['predicate']['resources']"
_LINES_0_2 = "json.load(open(sys.argv[1]))['subject']"
_LISTS = (
    "import json, sys; r = [({name}, {digest}) for x in {lines}]; "
    "w = lambda n, l: open(sys.argv[2] + n, 'w', encoding='utf-8').write(''.join(l)); "
    "w('.sums', [d + 2 * ' ' + n + chr(10) for n, d in r]); "
    "w('.names', sorted({{n + chr(10) for n, d in r}}))"
)
_SHARDS = (
    "import hashlib, json, os, sys; r = json.load(open(sys.argv[1]))['predicate']['resources']; "
    "n = [(*x['name'].rsplit(':', 2), x['digest']) for x in r]; "
    "a = lambda p: os.path.join(sys.argv[2], p); "
    "z = dict(sorted((p, int(e)) for p, s, e, d in n)); "
    "g = lambda f, s, e: (f.seek(s), f.read(e - s))[1]; "
    "h = lambda p, s, e: hashlib.{name}(g(open(a(p), 'rb'), s, e)).hexdigest(); "
    "k = {{p for p in z if os.path.isfile(a(p)) and os.path.getsize(a(p)) == z[p]}}; "
    "k -= {{p for p, s, e, d in n if p in k and h(p, int(s), int(e)) != d}}; print(len(k))"
)


def scratch(number: int) -> Scratch:
    """Return where commands find the bundle of the ``number``-th signature file."""
    place = f"$S/{number}"

    def run(code: str) -> str:
        begin = "m = b['verificationMaterial']"
        return python(f"{begin}; {code}", '"$B"', f'"{place}"', after="P")

    return Scratch(run, place)


def of_file(proof: Proof, number: int) -> ByHand:
    """Return the commands for the signature file itself."""
    begin = f"{SCRATCH}\n" if number == 1 else ""
    if not proof.sha256:
        return begin + because("No command: the signature file was not read."), ""
    return f"{begin}{file_at(proof.file, 'B')}\n{hashed('$B')}", proof.sha256


def of_payload(signature: ModelSignature, judged: Iterable[Judged], number: int) -> ByHand:
    """Return the commands that take out the payload and put its encoding around it."""
    encoding = _PAE_0_2 if any(one.legacy for one in judged) else _PAE
    read = python(f"{_PAYLOAD}; {encoding}", '"$B"', f'"$S/{number}"', after="P")
    take = f"{define('P', _BUNDLE)}\n{read}" if number == 1 else read
    digest = hashlib.sha256(signature.payload).hexdigest()
    return f"{take}\n{hashed(f'$S/{number}.payload')}", digest


def of_signature(
    signature: ModelSignature,
    judged: Judged,
    anchors: Iterable[TrustAnchor],
    *,
    at: tuple[int, int],
) -> ByHand:
    """Return the commands for one signature; ``at``: number of the file, and in it from 0."""
    number, n = at
    broken = judged.verdict.code == Code.SIG_CRYPTO_FAILURE
    key = _key(signature, judged, anchors, number)
    if not judged.hash_name or key is None:
        return because("No command: it is by no key that the auditor trusts for models."), ""
    value = f'"$S/{number}.sig{n}"'
    cut = f"w('.sig{n}', c(e['signatures'][{n}]['sig']))"
    check = command(
        f"openssl dgst -{judged.hash_name} -verify",
        f'"$S/{number}.key{n}" -signature',
        f'{value} "$S/{number}.pae"',
        *(["2> /dev/null || true"] if broken else []),
    )
    commands = (python(cut, '"$B"', f'"$S/{number}"', after="P"), *key[0], check)
    said = (key[1], "Verification failure" if broken else "Verified OK")
    return "\n".join(part.replace("KEY", f"{number}.key{n}") for part in commands), "\n".join(said)


def _key(
    signature: ModelSignature, judged: Judged, anchors: Iterable[TrustAnchor], number: int
) -> tuple[tuple[str, ...], str] | None:
    """Return the commands that write the signer's key to ``$S/KEY``, and what they print."""
    if signature.certificates:
        leaf = python(_CHAIN, '"$B"', f'"$S/{number}"', after="P")
        take = f'openssl x509 -in "$S/{number}.leaf" -pubkey -noout > "$S/KEY"'
        look = f'openssl x509 -in "$S/{number}.leaf" -outform DER | sha256sum | cut -c-64'
        return (leaf, look, take), hashlib.sha256(signature.certificates[0]).hexdigest()
    named = judged.verdict.fingerprint
    meant = [a for a in anchors if named and named in {a.fingerprint, a.key_fingerprint}]
    if not meant:
        return None
    given = write(meant[0].der, f"{number}.der")
    turn = f'openssl pkey -pubin -inform DER -in "$S/{number}.der" -out "$S/KEY"'
    if meant[0].kind is AnchorKind.CERTIFICATE:
        turn = f'openssl x509 -inform DER -in "$S/{number}.der" -pubkey -noout > "$S/KEY"'
    return (given, hashed(f"$S/{number}.der"), turn), meant[0].fingerprint


def of_path(
    judged: Iterable[Judged], anchors: Mapping[str, TrustAnchor], at: datetime, number: int
) -> ByHand:
    """Return the commands for the path from the signer's certificate to a trusted one."""
    passed = [j.verdict.trusted_by for j in judged if j.verdict.indication is Indication.PASSED]
    root = next((anchors[name] for name in passed if name in anchors), None)
    if root is None:
        return because("No command: no path leads to a certificate that the auditor trusts."), ""
    name = f'"$S/{number}.root"'
    turn = f'openssl x509 -inform DER -in "$S/{number}.der" -out {name}'
    check = command(
        f"openssl verify -partial_chain -no-CApath -attime {int(at.timestamp())}",
        f'-CAfile {name} -untrusted "$S/{number}.chain"',
        f'< "$S/{number}.leaf"',
    )
    commands = (write(root.der, f"{number}.der"), hashed(f"$S/{number}.der"), turn, check)
    return "\n".join(commands), f"{root.fingerprint}\nstdin: OK"


def of_root(manifest: Manifest, number: int) -> ByHand:
    """Return the command for the root digest."""
    return python(_ROOT, f'"$S/{number}.payload"'), manifest.root_digest


def of_files(comparison: Comparison, subject: Subject, number: int) -> ByHand:
    """Return the commands that count the files whose bytes are the signed ones."""
    recipe, manifest = recipe_of(comparison.manifest), comparison.manifest
    why = _why_not(comparison, subject)
    if why:
        return because(f"No command: {why}."), ""
    if not subject.base:
        return _of_one_file(comparison, subject)
    place = folder_at(subject)
    if recipe.shard_size is not None:
        code = _SHARDS.format(name=recipe.hash_type)
        count = python(code, f'"$S/{number}.payload"', '"$D"')
    else:
        old = {"name": "x['name']", "digest": "x['digest']['sha256']", "lines": _LINES_0_2}
        new = {"name": "x['name']", "digest": "x['digest']", "lines": _LINES}
        code = _LISTS.format(**(old if manifest.legacy else new))
        lists = python(code, f'"$S/{number}.payload"', f'"$S/{number}"')
        sums = f'{_SUMS[recipe.hash_type]} -c "$S/{number}.sums" 2> /dev/null'
        count = f"{lists}\n(cd \"$D\" && {sums} || true) | grep -c ': OK$' || true"
    return f"{place}\n{count}", str(comparison.agreeing)


def _why_not(comparison: Comparison, subject: Subject) -> str:
    """Return why the files cannot be compared by a short command, or ""."""
    if comparison.manifest.hash_type not in _SUMS:
        return f"no program named here computes {comparison.manifest.hash_type} (b3sum does)"
    packed = any(file.member is not None for file in subject.files)
    if comparison.inventory.refused or (subject.links and packed):
        return "the model holds symbolic links, which the signed manifest decides about one by one"
    if comparison.unread:
        return "files could not be read"
    if not can_be_listed(comparison.manifest.paths) or (subject.base and not folder_at(subject)):
        return "names or places of files do not fit a short command"
    return ""


def _of_one_file(comparison: Comparison, subject: Subject) -> ByHand:
    """Return the commands for a model of one file."""
    recipe = recipe_of(comparison.manifest)
    if len(subject.files) != 1 or recipe.shard_size is not None:
        return because("No command: a model of one file in shards, or not one file."), ""
    altered = [d for d in comparison.diagnoses if d.kind is DiagnosisClass.FILE_ALTERED]
    digest = altered[0].recomputed if altered else comparison.manifest.resources[0].digest
    tool = _SUMS[recipe.hash_type]
    lines = f'{file_at(subject.files[0])}\n{tool} < "$F" | cut -c-64'
    return lines, digest[:64]


def of_names(comparison: Comparison, subject: Subject, number: int) -> ByHand:
    """Return the commands that list what is missing, and with a ``+`` what nobody signed."""
    listed = recipe_of(comparison.manifest).shard_size is None
    if not subject.base or not listed or subject.links or _why_not(comparison, subject):
        return because("No command: the list of files is compared by the step before."), ""
    signed = set(comparison.manifest.paths)
    proofs = [f for f in subject.signatures if f.place.startswith(subject.base)]
    found = {relative_name(file, subject) for file in (*subject.files, *proofs)}
    if not can_be_listed(found):
        return because("No command: names of files do not fit a short command."), ""
    order = sorted(signed ^ found, key=lambda name: name.encode("utf-8", "surrogateescape"))
    lines = [name if name in signed else f"+ {name}" for name in order]
    find = f'(cd "$D" && find . -type f | cut -c3- | LC_ALL=C sort) > "$S/{number}.found"'
    join = command(
        f'LC_ALL=C sort "$S/{number}.names"',
        "| LC_ALL=C comm -3 --output-delimiter='+ ' -",
        f'"$S/{number}.found"',
    )
    if len(lines) <= _MOST_SHOWN and all(map(_can_be_shown, lines)):
        return f"{find}\n{join}", "\n".join(lines)
    return f"{find}\n{join} \\\n| wc -l", str(len(lines))


def _can_be_shown(line: str) -> bool:
    return line.isascii() and line.isprintable() and len(line) <= _LONGEST_SHOWN


def of_folder(subject: Subject, digest: str) -> ByHand:
    """Return the command for the digest by which the register names the model."""
    if not subject.base:
        return f"{file_at(subject.files[0])}\n{hashed('$F')}", digest
    inside = [f for f in subject.signatures if f.place.startswith(subject.base)]
    beside = [relative_name(f, subject) for f in inside if f not in subject.files]
    names = [relative_name(file, subject) for file in subject.files]
    place = folder_at(subject)
    if not place or not can_be_listed((*names, *beside)):
        return because("No command: names or places of files do not fit a short command."), ""
    return f"{place}\n{listing(beside)}", digest
