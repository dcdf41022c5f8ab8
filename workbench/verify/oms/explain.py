"""Say of one file what happened to it, and which innocent causes were tested on its bytes."""

from collections.abc import Iterable, Mapping
from unicodedata import normalize

from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.line_ends import tested_line_ends
from workbench.verify.oms.hashing import Content, Recipe, digests_of
from workbench.verify.oms.inventory import Inventory
from workbench.verify.verifier import Bench


class Explainer:
    """Writes the diagnoses of one comparison.

    ``signed`` and ``found`` give the content of each file as signed and as it lies there.
    """

    def __init__(
        self,
        signed: Mapping[str, Content],
        found: Mapping[str, Content],
        inventory: Inventory,
        recipe: Recipe,
        bench: Bench,
    ) -> None:
        self._signed = signed
        self._found = found
        self._inventory = inventory
        self._recipe = recipe
        self._bench = bench
        self._names = {content: name for name, content in reversed(list(signed.items()))}

    def altered(self, name: str) -> Diagnosis:
        """Say where a file differs; for shards, from which byte on at the latest."""
        stored, now = self._signed[name], self._found[name]
        pairs = enumerate(zip(stored, now, strict=False))
        first = next((n for n, (a, b) in pairs if a != b), min(len(stored), len(now)))
        other = self._names.get(now)
        reasons = [] if other is None else [f"Its bytes are those signed as {other!r}."]
        reasons.append(self._line_ends(name, stored))
        size = self._recipe.shard_size
        return Diagnosis(
            DiagnosisClass.FILE_ALTERED,
            count=1,
            path=name,
            offset=None if size is None else first * size,
            stored="".join(stored[first : first + 1]),
            recomputed="".join(now[first : first + 1]),
            explanations=tuple(reasons),
        )

    def renamed(self, old: str, new: str) -> Diagnosis:
        """Say what the name of a file became, and whether a copy explains it."""
        reasons = [f"The same bytes now lie at {new!r}."]
        one, other = normalize("NFC", old), normalize("NFC", new)
        if one == other:
            reasons.append(
                "Tested: the two names are the same text in different Unicode forms (NFC, NFD), "
                "as copying through some systems leaves them; the bytes are the signed ones."
            )
        elif one.casefold() == other.casefold():
            reasons.append("Tested: the names differ only in case; the bytes are the signed ones.")
        return Diagnosis(
            DiagnosisClass.FILE_RENAMED,
            count=1,
            path=old,
            stored=_short(self._signed[old]),
            recomputed=_short(self._found[new]),
            explanations=tuple(reasons),
        )

    def missing(self, name: str) -> Diagnosis:
        """Say that a signed file is not there, or only as a link that is not followed."""
        reasons: tuple[str, ...] = ()
        if (why := self._inventory.refused.get(name)) is not None:
            reasons = (f"There is a link of this name; not followed: {why}.",)
        elif name == ".":
            reasons = ("The signature is about one single file, not about a folder.",)
        stored = _short(self._signed[name])
        return Diagnosis(
            DiagnosisClass.FILE_MISSING, count=1, path=name, stored=stored, explanations=reasons
        )

    def added(self, name: str) -> Diagnosis:
        """Say that a file or link is there that nobody signed."""
        reason = "The signed manifest neither names nor ignores it."
        if (why := self._inventory.refused.get(name)) is not None:
            reason = f"It is a link; not followed: {why}."
        return Diagnosis(
            DiagnosisClass.FILE_ADDED,
            count=1,
            path=name,
            recomputed=_short(self._found.get(name, ())),
            explanations=(reason,),
        )

    def changed(self, name: str) -> Diagnosis:
        """Say that a file is not the one of the intake any more."""
        return Diagnosis(DiagnosisClass.EVIDENCE_CHANGED, count=1, path=name)

    def _line_ends(self, name: str, stored: Content) -> str:
        def is_signed(data: Iterable[bytes]) -> bool:
            return digests_of(data, self._recipe) == stored

        return tested_line_ends(self._inventory.files[name], is_signed, self._bench)


def _short(content: Content) -> str:
    """Return the digest, or the first of several with their number."""
    if not content:
        return ""
    return content[0] if len(content) == 1 else f"{content[0]} and {len(content) - 1} more"
