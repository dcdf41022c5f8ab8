"""How a reader checks an attestation by hand."""

import hashlib
import json

from workbench.evidence.file import EvidenceFile
from workbench.model.attestation import Attestation, Form
from workbench.verify.attestation.reading import Seal
from workbench.verify.by_hand import (
    SCRATCH,
    because,
    command,
    define,
    file_at,
    hashed,
    python,
    word,
    write,
)
from workbench.verify.keys.rsa_padding import RsaScheme
from workbench.verify.keys.signable import Check, Judged, PgpCheck
from workbench.verify.sigstore.findings import Scratch

#: What a command is given, and what it prints.
ByHand = tuple[str, str]

#: Leads to what is signed: the file, the line and the way in it (JSON), what outputs begin with.
_READ = (
    "import base64, functools, json, sys; t = open(sys.argv[1], encoding='utf-8').read(); "
    "r = json.loads(sys.argv[2]); d = json.loads(t.split(chr(10))[r[0] - 1] if r[0] else t); "
    "e = functools.reduce(lambda x, k: x[k], r[1:], d); "
    "c = lambda x: base64.b64decode(x.translate({45: 43, 95: 47})); "
    "w = lambda n, x: open(sys.argv[3] + n, 'wb').write(x)"
)
_PAYLOAD = "p = c(e['payload']); w('.payload', p)"
_PAE = "y = e['payloadType'].encode(); w('.signed', b'DSSEv1 %d %s %d %s' % (len(y), y, len(p), p))"
_BARE = "w('.signed', p)"
#: OLPC canonical JSON: names in order; of texts only quote and backslash are escaped.
_CANONICAL = (
    "q = lambda t: chr(34) + t.replace(chr(92), 2 * chr(92)).replace(chr(34), chr(92) + chr(34)) "
    "+ chr(34); f = lambda x: q(x) if isinstance(x, str) "
    "else '[' + ','.join(map(f, x)) + ']' if isinstance(x, list) "
    "else '{' + ','.join(q(k) + ':' + f(x[k]) for k in sorted(x)) + '}' if isinstance(x, dict) "
    "else 'null' if x is None else str(x).lower(); w('.signed', f(e['signed']).encode())"
)
_LEAF = (
    "m = d['verificationMaterial']; k = m.get('certificate') or "
    "m['x509CertificateChain']['certificates'][0]; w('.leaf', c(k['rawBytes']))"
)
_NAMED = (
    "import json, sys; s = json.load(open(sys.argv[1], encoding='utf-8'))['subject']; "
    "print(sys.argv[2] in [v for x in s for v in x['digest'].values()])"
)


def begin(file: EvidenceFile, digest: str) -> ByHand:
    """Return the commands for the digest by which the register names the file; they come first."""
    return f"{SCRATCH}\n{file_at(file)}\n{hashed('$F')}", digest


def of_seal(seal: Seal, number: int) -> ByHand:
    """Return the commands for a file of attestations."""
    if not seal.sha256:
        return because("No command: the file of attestations was not read."), ""
    lines = [file_at(seal.file, f"B{number}"), hashed(f"$B{number}")]
    if number == 1:
        lines.insert(0, define("R", _READ))
    return "\n".join(lines), seal.sha256


def of_payload(attestation: Attestation, place: str, *, bare: bool) -> ByHand:
    """Return the commands that take out the payload; ``place``: ``N.M`` of file and attestation."""
    if attestation.envelope is None:
        return because("No command: the signature is over the bytes of the artifact itself."), ""
    code = f"{_PAYLOAD}; {_BARE if bare else _PAE}"
    digest = hashlib.sha256(attestation.envelope.payload).hexdigest()
    return f"{_run(code, attestation, place)}\n{hashed(f'$S/{place}.payload')}", digest


def of_canonical(attestation: Attestation, place: str) -> ByHand:
    """Return the commands that write a link in the form in which it was signed."""
    payload = attestation.envelope.payload if attestation.envelope else b""
    digest = hashlib.sha256(payload).hexdigest()
    return f"{_run(_CANONICAL, attestation, place)}\n{hashed(f'$S/{place}.signed')}", digest


def of_signature(
    attestation: Attestation, judged: Judged, place: str, number: int, *, artifact: bool
) -> ByHand:
    """Return the commands that check one signature."""
    check = judged.check
    if judged.openpgp is not None:
        return _gpgv(judged.openpgp, place, number)
    if check is None:
        return because("No command: it is by no key that is known here."), ""
    if attestation.envelope is None and not artifact:
        return because("No command: the bytes that were signed are not here."), ""
    value = "c(e['signature'])"
    if attestation.envelope is not None:
        value = f"c(e['signatures'][{number}]['sig'])"
        if attestation.form is Form.METABLOCK:
            value = f"bytes.fromhex(e['signatures'][{number}]['sig'])"
    take = _run(f"w('.sig{number}', {value})", attestation, place)
    key = f"{place}.key{number}"
    signed = '"$F"' if attestation.envelope is None else f'"$S/{place}.signed"'
    look = _openssl(check, f'"$S/{key}"', f'"$S/{place}.sig{number}"', signed)
    lines = (take, *_key(attestation, check, place, key), hashed(f"$S/{key}"), look[0])
    return "\n".join(lines), f"{hashlib.sha256(check.der).hexdigest()}\n{look[1]}"


def _gpgv(check: PgpCheck, place: str, number: int) -> ByHand:
    """Return the command of GnuPG; the signature is put together again from its parts."""
    ring, packet = f"{place}.ring{number}", f"{place}.pgp{number}"
    look = command(
        f'gpgv --keyring "$S/{ring}" --status-fd 1 "$S/{packet}" "$S/{place}.signed"',
        "2> /dev/null | grep -oE",
        "'VALIDSIG [0-9A-F]+'",
    )
    lines = (write(check.certificate, ring), write(check.packet, packet), look)
    return "\n".join(lines), f"VALIDSIG {check.fingerprint.upper()}"


def _key(attestation: Attestation, check: Check, place: str, key: str) -> tuple[str, ...]:
    """Return the commands that write the key: out of the certificate, or as it was given."""
    if attestation.bundle is None or not attestation.bundle.certificates:
        return (write(check.der, key),)
    leaf = f'"$S/{place}.leaf"'
    turn = command(
        f"openssl x509 -inform DER -in {leaf} -pubkey -noout",
        f'| openssl pkey -pubin -outform DER -out "$S/{key}"',
    )
    return _run(_LEAF, attestation, place), turn


def _openssl(check: Check, key: str, signature: str, signed: str) -> ByHand:
    failing = [] if check.verifies else ["2> /dev/null || true"]
    if not check.hash_name:
        words = (
            f"openssl pkeyutl -verify -pubin -keyform DER -inkey {key}",
            f"-rawin -in {signed}",
            f"-sigfile {signature}",
            *failing,
        )
        done = "Successfully" if check.verifies else "Failure"
        verb = "Verified" if check.verifies else "Verification"
        return command(*words), f"Signature {verb} {done}"
    pss = check.scheme is RsaScheme.PSS
    more = ["-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"] if pss else []
    words = (
        f"openssl dgst -{check.hash_name}",
        *more,
        f"-keyform DER -verify {key}",
        f"-signature {signature}",
        signed,
        *failing,
    )
    return command(*words), "Verified OK" if check.verifies else "Verification failure"


def scratch(attestation: Attestation, place: str) -> Scratch:
    """Return where commands find the verification material of a bundle."""
    begin = "m = d['verificationMaterial']"
    return Scratch(lambda code: _run(f"{begin}; {code}", attestation, place), f"$S/{place}")


def of_subject(place: str, digest: str, *, named: bool) -> ByHand:
    """Return the command that looks for a digest among the subjects of a statement."""
    return python(_NAMED, f'"$S/{place}.payload"', digest), str(named)


def _run(code: str, attestation: Attestation, place: str) -> str:
    """Return a command that goes on from where the signed thing was found."""
    number = place.partition(".")[0]
    route = json.dumps([attestation.line or 0, *attestation.route], separators=(",", ":"))
    return python(code, f'"$B{number}"', word(route), f'"$S/{place}"', after="R")
