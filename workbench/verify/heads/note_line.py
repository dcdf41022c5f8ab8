"""How a reader checks a signature of a note by hand."""

from workbench.model.trust import Trust
from workbench.model.verdict import SignatureVerdict
from workbench.verify.by_hand import because, command, hashed, write

NO_SIGNATURE = (
    because("No command for its signature: it is by no key that the auditor trusts."),
    "",
)

#: C2SP signed-note: a text, a blank line, lines of an em dash, a name, base64 of key id and value.
SPLIT_NOTE = (
    "import base64, sys; t, _, s = open(sys.argv[1], 'rb').read().rpartition(b'\\n\\n'); "
    "open(sys.argv[2], 'wb').write(t + b'\\n'); v = s.splitlines()[int(sys.argv[4])].split()[2]; "
    "open(sys.argv[3], 'wb').write(base64.b64decode(v)[4:])"
)


def signature_by_hand(
    signature: SignatureVerdict, trust: Trust, number: int
) -> tuple[tuple[str, str, str] | None, tuple[str, str]]:
    """Return what gives a key (its name, commands, what they print), and what checks a signature.

    The note lies in ``$S/NUMBER.note``, the signature in ``$S/NUMBER.sig``.
    """
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from workbench.verify.keys.public import public_key_of

    anchor = next(a for a in trust.anchors if a.fingerprint == signature.fingerprint)
    name = f"{anchor.fingerprint[:12]}.key"
    key = f'-keyform DER -inkey "$S/{name}"'
    note, value = f'"$S/{number}.note"', f'"$S/{number}.sig"'
    match public_key_of(anchor):
        case Ed25519PublicKey():
            words = ("openssl pkeyutl -verify -pubin", key, "-rawin -in", note, "-sigfile")
            check = command(*words, value), "Signature Verified Successfully"
        case EllipticCurvePublicKey():
            key = f'-keyform DER -verify "$S/{name}"'
            words = ("openssl dgst -sha256", key, "-signature", value, note)
            check = command(*words), "Verified OK"
        case _:
            return None, (because("No command for its signature: an unusual kind of key."), "")
    return (name, f"{write(anchor.der, name)}\n{hashed(f'$S/{name}')}", anchor.fingerprint), check
