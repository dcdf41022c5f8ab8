"""SSHSIG: signatures of ssh-keygen -Y sign (openssh-portable, PROTOCOL.sshsig).

A signature carries the public key that it is by, so that without any trusted key it can still be
told whether the bytes are those that were signed; who signed them takes the auditor's key.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.model.verdict import Code, Step
from workbench.verify import by_hand
from workbench.verify.content import Content
from workbench.verify.detached.checked import (
    Checked,
    Question,
    best_of,
    covers,
    identity_of,
    malformed,
    not_known,
    reasons,
    verdict_by,
    worth_of,
)
from workbench.verify.keys.public import spki_of, verify_signature
from workbench.verify.keys.security import Touch, is_security_key, read_security_key
from workbench.verify.keys.ssh import (
    FILE_NAMESPACE,
    SshKey,
    SshLine,
    load_ssh_key,
    read_ssh_line,
    ssh_line,
)
from workbench.verify.keys.strength import weakness_of
from workbench.verify.keys.vkey import decode_base64

CLAUSE = "PROTOCOL.sshsig"
_MAGIC = b"SSHSIG"
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
_HASHES = {"sha256", "sha512"}
#: A byte of flags, four of a counter (PROTOCOL.u2f, SSH U2F signatures).
_TOUCH_BYTES = 5
_RSA: dict[str, hashes.HashAlgorithm] = {
    "rsa-sha2-256": hashes.SHA256(),
    "rsa-sha2-512": hashes.SHA512(),
}


class _Malformed(Exception):  # noqa: N818 - a reason, as data, that never leaves this module
    pass


@dataclass(frozen=True, slots=True)
class SshSignature:
    """A signature, read but not yet judged.

    Attributes:
        blob: the public key in the encoding of RFC 4253 6.6.
        key: the same, or None where it is of a kind that is not used here.
        namespace: what the signature is for.
        hash: name of the hash over the message.
        reserved: bytes kept for later, signed with the rest.
        algorithm: name of the signature algorithm.
        value: the signature itself.
        touch: what a security key states beside it, or None.
    """

    blob: bytes
    key: SshKey | None
    namespace: str
    hash: str
    reserved: bytes
    algorithm: str
    value: bytes
    touch: Touch | None = None

    @property
    def shown(self) -> str:
        """Return the key's fingerprint as OpenSSH prints it."""
        encoded = base64.b64encode(hashlib.sha256(self.blob).digest())
        return f"SHA256:{encoded.decode().rstrip('=')}"

    def signed(self, content: Content) -> bytes:
        """Return the bytes that are signed."""
        parts = (self.namespace.encode(), self.reserved, self.hash.encode())
        return _MAGIC + b"".join(map(_string, (*parts, content.digest(self.hash))))

    def holds(self, content: Content) -> bool:
        """Tell whether it is by its own key over ``content``."""
        if self.key is None:
            return False
        if is_security_key(self.blob):
            return self._is_by_security_key(content)
        match self.key:
            case Ed25519PublicKey():
                fits = self.algorithm == "ssh-ed25519" and len(self.value) == 64
                return fits and verify_signature(self.key, self.value, self.signed(content))
            case EllipticCurvePublicKey():
                value = _ecdsa_value(self.value)
                fits = self.algorithm == _ecdsa_name(self.blob) and value is not None
                return fits and verify_signature(self.key, value or b"", self.signed(content))
            case _:
                chosen = _RSA.get(self.algorithm)
                signed = self.signed(content)
                return chosen is not None and verify_signature(self.key, self.value, signed, chosen)

    def _is_by_security_key(self, content: Content) -> bool:
        """Tell whether the security key with its key signed for its application."""
        held = read_security_key(self.blob)
        if held is None or self.touch is None or self.algorithm != held.algorithm:
            return False
        signed = self.touch.signed(held.application, self.signed(content))
        if isinstance(held.key, Ed25519PublicKey):
            return len(self.value) == 64 and verify_signature(held.key, self.value, signed)
        value = _ecdsa_value(self.value)
        return value is not None and verify_signature(held.key, value, signed)


def judge_sshsig(question: Question) -> Checked:
    """Return what an SSHSIG is worth."""
    found = read_sshsig(question.data)
    if isinstance(found, str):
        return malformed(question, "SSHSIG", found)
    if found.key is None:
        why = "The key in it is damaged, or of a kind that is not used here."
        return not_known(question, "SSHSIG", Code.UNKNOWN_PROFILE, why)
    if weak := weakness_of(found.key):
        why = f"The key in it {weak}."
        return not_known(question, "SSHSIG", Code.CRYPTO_CONSTRAINTS_FAILURE, why)
    holds = found.holds(question.content)
    own = hashlib.sha256(spki_of(found.key)).hexdigest()
    known = [a for a in question.trust.anchors if a.key_fingerprint == own and _is_of(a, found)]
    worth = best_of(
        worth_of(
            a,
            question.role,
            question.trust,
            holds=holds,
            limit=_limit(a, found, question.trust.moment),
        )
        for a in known
    )
    covered = covers(question, f"SSHSIG for {found.namespace}")
    return Checked(
        over=question.over,
        verdict=verdict_by(
            worth,
            unknown=f"SSH key {found.shown}",
            covered=covered,
            proven=question.trust.proven,
        ),
        identity=identity_of(worth),
        holds=holds,
        again=found.holds,
        notes=(*reasons([worth]), *_touched(found)),
        steps=tuple(_steps(question, found, holds=holds)),
    )


def _is_of(anchor: TrustAnchor, found: SshSignature) -> bool:
    """Tell whether a trusted key is that of a signature; one in a security key with all of it."""
    if anchor.kind is AnchorKind.SSH_SIGNER:
        return read_ssh_line(anchor.der.decode()).blob == found.blob
    return anchor.kind is AnchorKind.PUBLIC_KEY and not is_security_key(found.blob)


def _touched(found: SshSignature) -> tuple[str, ...]:
    """Say what a security key saw of whoever used it: who that was it does not tell."""
    return () if found.touch is None else (f"As it says, {found.touch.shown}.",)


def read_sshsig(data: bytes) -> SshSignature | str:
    """Return the signature that a file holds, or why it holds none. It never raises."""
    try:
        return _read(unarmoured(data))
    except _Malformed as reason:
        return str(reason)


def key_in(data: bytes) -> bytes:
    """Return the public key that a signature file brings along, or nothing."""
    found = read_sshsig(data)
    return b"" if isinstance(found, str) else found.blob


def unarmoured(data: bytes) -> bytes:
    """Return the bytes between the lines that begin and end a signature."""
    lines = [line.rstrip(b"\r") for line in data.strip(b"\r\n").split(b"\n")]
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise _Malformed("it lacks the lines that begin and end an SSH signature.")
    blob = decode_base64(b"".join(lines[1:-1]))
    if blob is None:
        raise _Malformed("its base64 is damaged.")
    return blob


def _read(blob: bytes) -> SshSignature:
    if not blob.startswith(_MAGIC) or blob[6:10] != b"\0\0\0\1":
        raise _Malformed("it is no SSHSIG of version 1.")
    key, namespace, reserved, name, signature = _strings(blob[10:], 5)
    (algorithm, value), touch = _signature(signature, key)
    if not namespace:
        raise _Malformed("it names no namespace.")
    if name.decode("ascii", "replace") not in _HASHES:
        raise _Malformed("its hash is neither sha256 nor sha512.")
    return SshSignature(
        blob=key,
        key=load_ssh_key(key),
        namespace=_text(namespace),
        hash=_text(name),
        reserved=reserved,
        algorithm=_text(algorithm),
        value=value,
        touch=touch,
    )


def _signature(data: bytes, key: bytes) -> tuple[list[bytes], Touch | None]:
    """Return algorithm and value; after those of a security key stand flags and a counter."""
    if not is_security_key(key):
        return _strings(data, 2), None
    if len(data) < _TOUCH_BYTES:
        raise _Malformed("it ends too early.")
    parts, end = _strings(data[:-_TOUCH_BYTES], 2), data[-_TOUCH_BYTES:]
    return parts, Touch(end[0], int.from_bytes(end[1:]))


def _strings(data: bytes, count: int) -> list[bytes]:
    """Return exactly ``count`` strings (RFC 4251 section 5) with nothing after them."""
    found = []
    for _ in range(count):
        length = int.from_bytes(data[:4])
        if len(data) < 4 + length or len(data) < 4:
            raise _Malformed("it ends too early.")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data:
        raise _Malformed("something stands after its end.")
    return found


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _Malformed("a name in it is not UTF-8.") from error


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _ecdsa_name(blob: bytes) -> str:
    return blob[4 : 4 + int.from_bytes(blob[:4])].decode("ascii", "replace")


def _ecdsa_value(value: bytes) -> bytes | None:
    """Return a signature of RFC 5656 3.1.2, two numbers, in DER; None for any other encoding."""
    try:
        numbers = [_number(part) for part in _strings(value, 2)]
    except _Malformed:
        return None
    return encode_dss_signature(*numbers)


def _number(part: bytes) -> int:
    """Return a positive number in its one encoding (RFC 4251 section 5, mpint)."""
    number = int.from_bytes(part)
    if not number or part != number.to_bytes(number.bit_length() // 8 + 1):
        raise _Malformed("a number in it is not written as it must be.")
    return number


def _limit(anchor: TrustAnchor, found: SshSignature, at: datetime) -> tuple[str, str] | None:
    """Return why a trusted key may not sign this, as its line in the trust file says."""
    line = SshLine(b"")
    if anchor.kind is AnchorKind.SSH_SIGNER:
        line = read_ssh_line(anchor.der.decode())
    if not line.allows(found.namespace):
        allowed = ", ".join(line.namespaces) or FILE_NAMESPACE
        why = f"{anchor.name} may sign for {allowed}, and this is for {found.namespace}."
        return Code.SIG_CONSTRAINTS_FAILURE, why
    if line.first is not None and at < line.first:
        return Code.NOT_YET_VALID, f"{anchor.name} may sign only from {line.first:%Y-%m-%d} on."
    if line.last is not None and at >= line.last:
        why = f"{anchor.name} may sign only before {line.last:%Y-%m-%d}; when this was signed "
        return Code.OUT_OF_BOUNDS_NO_POE, why + "is not shown by anything trusted."
    return None


def _steps(question: Question, found: SshSignature, *, holds: bool) -> tuple[Step, ...]:
    clause = CLAUSE
    did = (
        f"Read {question.file.display}: SSHSIG version 1, namespace {found.namespace}, hash "
        f"{found.hash}, {found.algorithm}, by {found.shown}; hashed {question.over.display}, put "
        "magic, namespace, hash name and digest together and verified the signature over them."
    )
    if found.touch is not None:
        clause += "; PROTOCOL.u2f"
        did += f" Signed too: the digest of its application, and that {found.touch.shown}."
    result = "It verifies." if holds else "It does not verify over these bytes."
    return (Step(clause, did, result, *_by_hand(question, found, holds=holds)),)


def _by_hand(question: Question, found: SshSignature, *, holds: bool) -> tuple[str, str]:
    """Return the commands of OpenSSH, which say the same of the key that is in the signature."""
    if not holds:
        return by_hand.because("No command: ssh-keygen -Y verify refuses it as well."), ""
    allowed = f"{question.number}.signers"
    line = b"signer " + ssh_line(found.blob) + b"\n"
    check = ("ssh-keygen -Y verify -q -I signer", "-f", f'"$S/{allowed}"', "-n")
    end = ("-s", '"$G"', "<", '"$F"', "&&", "echo verified")
    commands = (
        by_hand.SCRATCH,
        by_hand.file_at(question.over, "F"),
        by_hand.file_at(question.file, "G"),
        by_hand.write(line, allowed),
        f'ssh-keygen -lf "$S/{allowed}" | cut -d" " -f2',
        by_hand.command(*check, by_hand.word(found.namespace), *end),
    )
    return "\n".join(commands), f"{found.shown}\nverified"
