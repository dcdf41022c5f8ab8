"""C2SP signed notes: a text and who signed it (https://c2sp.org/signed-note@v1.0.0).

What holds here:

* there is one way to read a note, or none: no repair, and base64 only in its one spelling;
* a signature is checked over the note's own bytes;
* a line of a key that the auditor trusts either verifies or fails the note; a line of an
  unknown key is listed and changes nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.heads.tree_head import read_tree_head
from workbench.verify.keys.life import limit_of
from workbench.verify.keys.public import PublicKey, public_key_of, spki_of, verify_signature
from workbench.verify.keys.vkey import NoteKeyType, decode_base64, is_note_name, note_key_id

NOTE_BYTES = 1_000_000
MOST_SIGNATURES = 100
_DASH = "\u2014 "


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line.

    Attributes:
        name: who signed, as the line claims.
        key_id: four bytes that, with the name, tell which key it claims to be by.
        value: the signature itself.
    """

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text.

    Attributes:
        text: exactly the bytes that are signed, with the newline at their end.
        signatures: the signature lines, in order; at least one.
    """

    text: bytes
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class NoteProblem:
    """Why bytes are not a note: a sentence, and the line from 1 where there is one."""

    message: str
    line: int | None = None


def read_note(data: bytes) -> Note | NoteProblem:
    """Return the note that ``data`` is, or why it is none."""
    if len(data) > NOTE_BYTES:
        return NoteProblem(f"It has {len(data)} bytes; a signed note has at most {NOTE_BYTES}.")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        return NoteProblem("It is not UTF-8.", data.count(b"\n", 0, error.start) + 1)
    control = next((i for i, c in enumerate(whole) if c < " " and c != "\n"), None)
    if control is not None:
        mark = f"U+{ord(whole[control]):04X}"
        line = whole.count("\n", 0, control) + 1
        return NoteProblem(f"It holds a control character ({mark}).", line)
    text, blank, block = whole.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        return NoteProblem("It does not end with a blank line and signature lines.")
    return _with_signatures(text + "\n", block.removesuffix("\n").split("\n"))


def judge_note(
    note: Note, trust: Trust, *, role: TrustRole, covers: str
) -> tuple[SignatureVerdict, ...]:
    """Return what each signature line is worth for ``role``, in order.

    ``covers`` says in words what is signed.
    """
    return tuple(_judge(note.text, line, trust, role, covers) for line in note.signatures)


def _with_signatures(text: str, lines: list[str]) -> Note | NoteProblem:
    if len(lines) > MOST_SIGNATURES:
        return NoteProblem(f"It has {len(lines)} signatures; at most {MOST_SIGNATURES} are read.")
    signatures: list[NoteSignature] = []
    for number, line in enumerate(lines, text.count("\n") + 2):
        signature = _signature(line)
        if signature is None:
            return NoteProblem("This is not a signature line.", number)
        signatures.append(signature)
    return Note(text.encode(), tuple(signatures))


def _signature(line: str) -> NoteSignature | None:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    blob = decode_base64(encoded)
    if not (line.startswith(_DASH) and space and is_note_name(name) and blob and len(blob) > 4):
        return None
    return NoteSignature(name, blob[:4], blob[4:])


@dataclass(frozen=True, slots=True)
class _Match:
    """A trusted key that a line says it is by, and whether it is."""

    anchor: TrustAnchor
    kind: NoteKeyType
    verifies: bool


def _judge(
    text: bytes, line: NoteSignature, trust: Trust, role: TrustRole, covers: str
) -> SignatureVerdict:
    """Judge one line; of several trusted keys that it could be by, the best decides."""
    found = _matches(text, line, trust)
    verdicts = [_verdict(match, line, role, covers, trust) for match in found]
    unknown = SignatureVerdict(
        Indication.INDETERMINATE,
        Code.NO_TRUST_ANCHOR,
        signer=f"{line.name} (key id {line.key_id.hex()})",
        covers=covers,
    )
    return min(verdicts, key=_goodness, default=unknown)


def _goodness(verdict: SignatureVerdict) -> tuple[int, bool]:
    return verdict.indication.severity, verdict.code != Code.SELF_SUPPLIED_KEY


def _matches(text: bytes, line: NoteSignature, trust: Trust) -> Iterator[_Match]:
    """Yield the trusted keys whose name and key id stand in ``line``."""
    for anchor in trust.keys:
        if anchor.note_name not in {None, line.name}:
            continue
        key = public_key_of(anchor)
        for kind, raw in _forms(key):
            if note_key_id(line.name, kind, raw) == line.key_id:
                yield _Match(anchor, kind, _verifies(key, kind, line, text))


def _forms(key: PublicKey) -> list[tuple[NoteKeyType, bytes]]:
    """Return the signature types that a key can make, with the key as that type writes it."""
    log_id = (NoteKeyType.TREE_HEAD, hashlib.sha256(spki_of(key)).digest())
    match key:
        case Ed25519PublicKey():
            raw = key.public_bytes_raw()
            return [(NoteKeyType.ED25519, raw), (NoteKeyType.COSIGNATURE, raw)]
        case EllipticCurvePublicKey():
            return [(NoteKeyType.ECDSA, spki_of(key)), log_id]
        case RSAPublicKey():
            return [log_id]  # C2SP gives RSA keys no other id


def _verifies(key: PublicKey, kind: NoteKeyType, line: NoteSignature, text: bytes) -> bool:
    match kind:
        case NoteKeyType.ED25519:
            return verify_signature(key, line.value, text)
        case NoteKeyType.ECDSA:
            # Transparency logs sign notes with SHA-256 on whatever curve.
            return verify_signature(key, line.value, text, hashes.SHA256())
        case NoteKeyType.COSIGNATURE:
            # C2SP tlog-cosignature: eight bytes of time, then a signature over both.
            seconds, signature = int.from_bytes(line.value[:8]), line.value[8:]
            message = b"cosignature/v1\ntime %d\n" % seconds + text
            fits = len(signature) == 64 and seconds < 1 << 63
            return fits and verify_signature(key, signature, message)
        case NoteKeyType.TREE_HEAD:
            found = read_tree_head(line.name, line.value, text)
            if found is None or found.by_rsa is not isinstance(key, RSAPublicKey):
                return False
            return verify_signature(key, found.signature, found.signed, hashes.SHA256())


def _verdict(
    match: _Match, line: NoteSignature, role: TrustRole, covers: str, trust: Trust
) -> SignatureVerdict:
    """Say what a line of a trusted key is worth (VERDICTS section 2)."""
    anchor = match.anchor
    witness = match.kind is NoteKeyType.COSIGNATURE
    wanted = TrustRole.WITNESS if witness else role
    indication, code = Indication.INDETERMINATE, None  # type: Indication, str | None
    if not match.verifies:
        indication, code = Indication.FAILED, Code.SIG_CRYPTO_FAILURE
    elif anchor.kind is not AnchorKind.PUBLIC_KEY or anchor.role not in {None, wanted}:
        # A note names keys and knows no certificates, so a certificate vouches for none, least of
        # all a CA's. A cosignature says when somebody saw the note: it is a witness's.
        code = Code.ROLE_MISMATCH
    elif not anchor.counts:
        code = Code.SELF_SUPPLIED_KEY
    elif limit := limit_of(anchor, trust):
        code = limit[0]
    else:
        indication = Indication.PASSED
    return SignatureVerdict(
        indication,
        code,
        signer=line.name,
        fingerprint=anchor.fingerprint,
        trusted_by=anchor.name,
        time=_time(line) if witness and indication is Indication.PASSED else None,
        covers=f"{covers}, seen by a witness" if witness else covers,
        witness=witness,
    )


def _time(line: NoteSignature) -> datetime | None:
    """Return when a witness says that it saw the note, or None for no time of a calendar."""
    try:
        return datetime.fromtimestamp(int.from_bytes(line.value[:8]), UTC)
    except (ValueError, OverflowError, OSError):
        return None
