"""Signatures of minisign, and of signify, which it grew from.

https://jedisct1.github.io/minisign/, "Signature format". Of the two comments only the trusted one
is signed: together with the signature itself, by a second signature, so that neither can be
taken from one signature file into another.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.errors import LimitError
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.model.verdict import Code, Indication, SignatureVerdict, Step
from workbench.verify import by_hand
from workbench.verify.content import Content
from workbench.verify.detached.checked import (
    Checked,
    Question,
    Worth,
    best_of,
    covers,
    identity_of,
    malformed,
    reasons,
    verdict_by,
    worth_of,
)
from workbench.verify.keys.minisign import COMMENT, MinisignKey, minisign_key
from workbench.verify.keys.public import public_key_of, spki_of, verify_signature
from workbench.verify.keys.vkey import decode_base64

CLAUSE = "minisign, signature format"
_TRUSTED = b"trusted comment: "
_WHOLE, _HASHED = b"Ed", b"ED"
_SIGNATURE_BYTES, _HEADER_BYTES = 64, 10


@dataclass(frozen=True, slots=True)
class MinisignSignature:
    """A signature, read but not yet judged.

    Attributes:
        prehashed: whether BLAKE2b-512 of the file is signed, or else the file itself.
        id: eight bytes that name the key.
        value: the signature.
        comment: the trusted comment, or None: signify writes none.
        over_comment: the signature over the first one and the trusted comment, or b"".
    """

    prehashed: bool
    id: bytes
    value: bytes
    comment: bytes | None
    over_comment: bytes

    @property
    def shown(self) -> str:
        """Return the id of its key as minisign prints it."""
        return MinisignKey(self.id, b"").shown

    def signed(self, content: Content) -> bytes:
        """Return the bytes that are signed."""
        return content.digest("blake2b") if self.prehashed else content.whole()

    def holds(self, key: Ed25519PublicKey, content: Content) -> bool:
        """Tell whether both signatures are by ``key``: over the content, and over the comment."""
        if self.comment is not None:
            both = self.value + self.comment
            if not verify_signature(key, self.over_comment, both):
                return False
        return verify_signature(key, self.value, self.signed(content))


def judge_minisign(question: Question) -> Checked:
    """Return what a signature of minisign or signify is worth."""
    found = read_minisign(question.data)
    if isinstance(found, str):
        return malformed(question, "minisign", found)
    form = "minisign" if found.prehashed else "minisign over the whole file"
    covered = covers(question, form)
    known = [a for a in question.trust.anchors if _is_named(a, found)]
    try:
        worths = [_worth(anchor, found, question) for anchor in known]
    except LimitError as error:
        verdict = SignatureVerdict(Indication.INDETERMINATE, Code.LIMIT_EXCEEDED, covers=covered)
        return Checked(question.over, verdict, notes=(error.message,))
    worth = best_of(worths)
    key = None if worth is None else _key(worth.anchor)
    return Checked(
        over=question.over,
        verdict=verdict_by(
            worth,
            unknown=f"minisign key {found.shown}",
            covered=covered,
            proven=question.trust.proven,
        ),
        identity=identity_of(worth),
        holds=None if worth is None else worth.code != Code.SIG_CRYPTO_FAILURE,
        again=None if key is None else lambda content: found.holds(key, content),
        notes=(*reasons([worth]), *_notes(found, worth)),
        steps=(_step(question, found, worth),),
    )


def read_minisign(data: bytes) -> MinisignSignature | str:
    """Return the signature that a file holds, or why it holds none. It never raises."""
    lines = data.removesuffix(b"\n").split(b"\n")
    lines = [line.removesuffix(b"\r") for line in lines]
    if len(lines) not in {2, 4} or not lines[0].startswith(COMMENT):
        return "it has not the lines of a signature of minisign or signify."
    blob = decode_base64(lines[1])
    if blob is None or len(blob) != _HEADER_BYTES + _SIGNATURE_BYTES:
        return "its signature is not 74 bytes in base64."
    if blob[:2] not in {_WHOLE, _HASHED}:
        return "its algorithm is none of minisign's."
    comment, over_comment = None, b""
    if len(lines) == 4:
        over_comment = decode_base64(lines[3]) or b""
        if not lines[2].startswith(_TRUSTED) or len(over_comment) != _SIGNATURE_BYTES:
            return "its trusted comment, or the signature over that, cannot be read."
        comment = lines[2].removeprefix(_TRUSTED)
    elif blob[:2] == _HASHED:
        return "it lacks the trusted comment."
    return MinisignSignature(blob[:2] == _HASHED, blob[2:10], blob[10:], comment, over_comment)


def _is_named(anchor: TrustAnchor, found: MinisignSignature) -> bool:
    key = minisign_key(anchor.der) if anchor.kind is AnchorKind.MINISIGN_KEY else None
    return key is not None and key.id == found.id


def _key(anchor: TrustAnchor) -> Ed25519PublicKey:
    key = public_key_of(anchor)
    if not isinstance(key, Ed25519PublicKey):  # a minisign key is no other
        raise TypeError(f"{anchor.name} is not an Ed25519 key")
    return key


def _worth(anchor: TrustAnchor, found: MinisignSignature, question: Question) -> Worth:
    holds = found.holds(_key(anchor), question.content)
    return worth_of(anchor, question.role, question.trust, holds=holds)


def _notes(found: MinisignSignature, worth: Worth | None) -> tuple[str, ...]:
    if found.comment is None or worth is None or worth.code == Code.SIG_CRYPTO_FAILURE:
        return ()
    comment = found.comment.decode("utf-8", "replace")
    return (f"Trusted comment, signed by {worth.anchor.name}: {comment}",)


def _step(question: Question, found: MinisignSignature, worth: Worth | None) -> Step:
    what = "BLAKE2b-512 of the file" if found.prehashed else "the whole file"
    comment = "no trusted comment" if found.comment is None else "a trusted comment"
    did = (
        f"Read {question.file.display}: a signature over {what} with {comment}, by the key "
        f"{found.shown}; verified it over {question.over.display}, and the second one over the "
        "first and the trusted comment."
    )
    if worth is None:
        result = "Not verified: the auditor trusts no minisign key of this id."
        return Step(CLAUSE, did, result, by_hand.because("No command: the key is not here."))
    bad = worth.code == Code.SIG_CRYPTO_FAILURE
    result = "One of them does not verify." if bad else "They verify."
    return Step(CLAUSE, did, result, *_by_hand(question, found, worth.anchor, bad=bad))


#: Takes the parts of a signature file; the second line is algorithm, key id, signature.
_PARTS = (
    "import base64, sys; l = open(sys.argv[1], 'rb').read().splitlines(); d = sys.argv[2]; "
    "s = base64.b64decode(l[1])[10:]; open(d + '.sig', 'wb').write(s); "
    "len(l) > 2 and (open(d + '.both', 'wb').write(s + l[2][17:]), "
    "open(d + '.global', 'wb').write(base64.b64decode(l[3])))"
)


def _by_hand(
    question: Question, found: MinisignSignature, anchor: TrustAnchor, *, bad: bool
) -> tuple[str, str]:
    """Return the commands that do with openssl what ``minisign -V`` does."""
    if bad:
        return by_hand.because("No command: minisign -V refuses it as well."), ""
    n = question.number
    hashed = f'openssl dgst -blake2b512 -binary "$F" > "$S/{n}.in"'
    lines = [
        by_hand.SCRATCH,
        by_hand.file_at(question.over, "F"),
        by_hand.file_at(question.file, "G"),
        by_hand.write(spki_of(_key(anchor)), f"{n}.key"),
        by_hand.hashed(f"$S/{n}.key"),
        by_hand.python(_PARTS, '"$G"', f'"$S/{n}"'),
        hashed if found.prehashed else f'cp "$F" "$S/{n}.in"',
        _verify(n, "in", "sig"),
    ]
    prints = [anchor.key_fingerprint, _GOOD]
    if found.comment is not None:
        lines.append(_verify(n, "both", "global"))
        prints.append(_GOOD)
    return "\n".join(lines), "\n".join(prints)


_GOOD = "Signature Verified Successfully"


def _verify(number: int, data: str, signature: str) -> str:
    key = f'-keyform DER -inkey "$S/{number}.key"'
    given = (f'-rawin -in "$S/{number}.{data}"', f'-sigfile "$S/{number}.{signature}"')
    return by_hand.command("openssl pkeyutl -verify -pubin", key, *given)
