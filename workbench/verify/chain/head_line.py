"""How a reader checks a signed head by hand: its signature, then its Merkle root over the log."""

import base64
from collections.abc import Iterable

from workbench.evidence.file import EvidenceFile
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, SignatureVerdict
from workbench.verify.by_hand import because, define, file_at, python
from workbench.verify.chain.claims import Claim, named
from workbench.verify.chain.recipe_line import LINES
from workbench.verify.chain.survey import Survey
from workbench.verify.heads.note_line import NO_SIGNATURE, SPLIT_NOTE, signature_by_hand

#: RFC 6962 2.1: 0x00 before a leaf, 0x01 before a node, cut at the largest power of two.
_ROOT = (
    f"import base64, hashlib, sys; {LINES}; h = lambda b: hashlib.sha256(b).digest(); "
    "c = lambda n: 1 << (n - 1).bit_length() - 1; "
    "m = lambda l: h(b'\\x00' + l[0]) if len(l) == 1 else "
    "h(b'\\x01' + m(l[:c(len(l))]) + m(l[c(len(l)):])); "
    "print(base64.b64encode(m(l[:int(sys.argv[2])])).decode())"
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
        good = [n for n, s in enumerate(claim.signatures) if _is_by_log(s)]
        at = good[0] if good else 0
        note, value = f'"$S/{number}.note"', f'"$S/{number}.sig"'
        pairs = [
            *self._once("N", define("N", SPLIT_NOTE)),
            (file_at(file, "H"), ""),
            (python("", '"$H"', note, value, str(at), after="N"), ""),
            *(self._signature(claim.signatures[at], number) if good else [NO_SIGNATURE]),
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
        give, check = signature_by_hand(signature, self._trust, number)
        return [*self._once(*give), check] if give else [check]

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


def _is_by_log(signature: SignatureVerdict) -> bool:
    """Tell whether a signature can be checked over the note alone, as that of a witness cannot."""
    return signature.indication is Indication.PASSED and not signature.witness
