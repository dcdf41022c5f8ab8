"""How a reader checks a signed head by hand: its signature, then its Merkle root over the log."""

import base64
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.evidence.file import EvidenceFile
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, SignatureVerdict
from workbench.verify.by_hand import (
    because,
    command,
    define,
    file_at,
    hashed,
    python,
    write,
)
from workbench.verify.chain.claims import Claim, named
from workbench.verify.chain.recipe_line import LINES
from workbench.verify.chain.survey import Survey
from workbench.verify.keys import public_key_of

_UNSIGNED = (because("No command for its signature: it is by no key that the auditor trusts."), "")

#: RFC 6962 2.1: 0x00 before a leaf, 0x01 before a node, cut at the largest power of two.
_ROOT = (
    f"import base64, hashlib, sys; {LINES}; h = lambda b: hashlib.sha256(b).digest(); "
    "c = lambda n: 1 << (n - 1).bit_length() - 1; "
    "m = lambda l: h(b'\\x00' + l[0]) if len(l) == 1 else "
    "h(b'\\x01' + m(l[:c(len(l))]) + m(l[c(len(l)):])); "
    "print(base64.b64encode(m(l[:int(sys.argv[2])])).decode())"
)
#: C2SP signed-note: a text, a blank line, lines of an em dash, a name, base64 of key id and value.
_NOTE = (
    "import base64, sys; t, _, s = open(sys.argv[1], 'rb').read().rpartition(b'\\n\\n'); "
    "open(sys.argv[2], 'wb').write(t + b'\\n'); v = s.splitlines()[int(sys.argv[4])].split()[2]; "
    "open(sys.argv[3], 'wb').write(base64.b64decode(v)[4:])"
)


class Heads:
    """The signed heads of one log, and what of the commands for them was given already."""

    def __init__(self, files: Iterable[EvidenceFile], trust: Trust) -> None:
        self._files = {named(file): file for file in files}
        self._trust = trust
        self._given: set[str] = set()

    def by_hand(self, claim: Claim, seen: Survey, number: int) -> tuple[str, str]:
        """Return the commands for one claim, and what they print."""
        file = self._files.get(claim.source)
        if file is None:
            why = "No command: compare what it states with the count and the digests above."
            return because(why), ""
        good = [n for n, s in enumerate(claim.signatures) if s.indication is Indication.PASSED]
        at = good[0] if good else 0
        note, value = f'"$S/{number}.note"', f'"$S/{number}.sig"'
        pairs = [
            *self._once("N", define("N", _NOTE)),
            (file_at(file, "H"), ""),
            (python("", '"$H"', note, value, str(at), after="N"), ""),
            *(self._signature(claim.signatures[at], number) if good else [_UNSIGNED]),
            *self._agreement(claim, seen, number),
        ]
        commands, said = zip(*pairs, strict=True)
        return "\n".join(commands), "\n".join(filter(None, said))

    def _once(self, what: str, commands: str, prints: str = "") -> list[tuple[str, str]]:
        """Return commands the first time, nothing after that."""
        if what in self._given:
            return []
        self._given.add(what)
        return [(commands, prints)]

    def _signature(self, signature: SignatureVerdict, number: int) -> list[tuple[str, str]]:
        """Return the commands for a signature by a trusted key."""
        anchors = self._trust.anchors
        anchor = next(a for a in anchors if a.fingerprint == signature.fingerprint)
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
                return [(because("No command for its signature: an unusual kind of key."), "")]
        give = f"{write(anchor.der, name)}\n{hashed(f'$S/{name}')}"
        return [*self._once(name, give, anchor.fingerprint), check]

    def _agreement(self, claim: Claim, seen: Survey, number: int) -> list[tuple[str, str]]:
        """Return the commands for what the head states, and for the same of the log."""
        if claim.size is None or claim.root is None:
            return []
        stated = f"{claim.size}\n{base64.b64encode(claim.root).decode()}"
        told = (f'sed -n 2,3p "$S/{number}.note"', stated)
        root = seen.roots.get(claim.size)
        if root is None:
            return [told, (because("No command for its root: so many records are not here."), "")]
        if seen.document is not None:
            why = "No command for its root: it is over the exact bytes of elements of a JSON array."
            return [told, (because(why), "")]
        run = python("", '"$F"', str(claim.size), after="M")
        same = base64.b64encode(root).decode()
        return [told, *self._once("M", define("M", _ROOT)), (run, same)]
