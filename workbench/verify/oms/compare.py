"""Compare a model's files with a manifest, and say what happened to each that differs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, blocks
from workbench.model.model_signature import Manifest
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.oms.hashing import Content, Hashed, Recipe, digests_of
from workbench.verify.oms.inventory import Inventory
from workbench.verify.verifier import Bench

#: So many diagnoses of a class are written out; the rest is counted in the last of them.
MOST_OF_A_CLASS = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a manifest and a model's files say of each other.

    Attributes:
        manifest: the manifest.
        inventory: what lies in the folder.
        agreeing: files whose bytes are the signed ones.
        diagnoses: what differs.
        unread: name of each signed file that could not be read, with the code of the reason.
        uncovered: files that the manifest's method cannot cover.
    """

    manifest: Manifest
    inventory: Inventory
    agreeing: int
    diagnoses: tuple[Diagnosis, ...]
    unread: tuple[tuple[str, str], ...] = ()
    uncovered: tuple[str, ...] = ()


def recipe_of(manifest: Manifest) -> Recipe:
    """Return how the manifest writes the content of a file."""
    return Recipe(manifest.hash_type, manifest.shard_size)


def compare(manifest: Manifest, inventory: Inventory, hashed: Hashed, bench: Bench) -> Comparison:
    """Compare every file named with every file present (OMS 1.0, 8.4)."""
    recipe, signed = recipe_of(manifest), _signed(manifest)
    found, unread = _contents(inventory, hashed, recipe)
    names = [name for name in signed if name in found]
    altered = [name for name in names if found[name] != signed[name]]
    missing = [n for n in signed if n not in inventory.files]
    extra = [n for n in (*inventory.files, *inventory.refused) if n not in signed]
    # A file without bytes has no shard, so a manifest of shards cannot name it.
    uncovered = [n for n in extra if recipe.shard_size and found.get(n) == ()]
    added = [n for n in extra if n not in uncovered]
    renamed = _renamed(missing, added, signed, found)
    parts = (
        *_many(_altered(name, signed, found, inventory, bench, recipe) for name in altered),
        *_many(_rename(old, new, signed[old]) for old, new in renamed.items()),
        *_many(_missing(n, signed[n], inventory) for n in missing if n not in renamed),
        *_many(_added(n, found, inventory) for n in added if n not in renamed.values()),
        *_changed(unread),
    )
    return Comparison(
        manifest=manifest,
        inventory=inventory,
        agreeing=len(names) - len(altered),
        diagnoses=parts,
        unread=tuple((name, error.code) for name, error in unread.items() if name in signed),
        uncovered=tuple(uncovered),
    )


def _signed(manifest: Manifest) -> dict[str, Content]:
    """Return the content of each file as signed, its shards in the order of their bytes."""
    signed: dict[str, list[str]] = {}
    for line in sorted(manifest.resources, key=lambda r: r.span or (0, 0)):
        signed.setdefault(line.path, []).append(line.digest)
    return {path: tuple(digests) for path, digests in signed.items()}


def _contents(
    inventory: Inventory, hashed: Hashed, recipe: Recipe
) -> tuple[dict[str, Content], dict[str, SourceError]]:
    found: dict[str, Content] = {}
    unread: dict[str, SourceError] = {}
    for name, file in inventory.files.items():
        outcome = hashed[file]
        if isinstance(outcome, SourceError):
            unread[name] = outcome
        else:
            found[name] = outcome.by_recipe[recipe]
    return found, unread


def _renamed(
    missing: Iterable[str],
    added: Iterable[str],
    signed: dict[str, Content],
    found: dict[str, Content],
) -> dict[str, str]:
    """Pair each missing file with an added one of the same content, a like name first."""
    by_content: dict[Content, list[str]] = {}
    for name in added:
        if name in found:
            by_content.setdefault(found[name], []).append(name)
    pairs: dict[str, str] = {}
    for old in missing:
        if candidates := by_content.get(signed[old]):
            new = next((n for n in candidates if _same_text(n, old)), candidates[0])
            candidates.remove(new)
            pairs[old] = new
    return pairs


def _same_text(one: str, other: str) -> bool:
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


def _rename(old: str, new: str, content: Content) -> Diagnosis:
    reasons = [f"The same bytes now lie at {new!r}."]
    if normalize("NFC", old) == normalize("NFC", new):
        reasons.append(
            "Tested: the two names are the same text in different Unicode forms (NFC, NFD), as "
            "copying through some systems leaves them; the bytes are the signed ones."
        )
    elif _same_text(old, new):
        reasons.append("Tested: the two names differ only in case; the bytes are the signed ones.")
    return Diagnosis(
        DiagnosisClass.FILE_RENAMED,
        count=1,
        path=old,
        stored=_short(content),
        recomputed=_short(content),
        explanations=tuple(reasons),
    )


def _missing(name: str, content: Content, inventory: Inventory) -> Diagnosis:
    reasons: tuple[str, ...] = ()
    if name in inventory.refused:
        reasons = (f"There is a link of this name; not followed: {inventory.refused[name]}.",)
    elif name == ".":
        reasons = ("The signature is about one single file, not about a folder.",)
    return Diagnosis(
        DiagnosisClass.FILE_MISSING, count=1, path=name, stored=_short(content),
        explanations=reasons,
    )  # fmt: skip


def _added(name: str, found: dict[str, Content], inventory: Inventory) -> Diagnosis:
    reasons = ("The signed manifest neither names nor ignores it.",)
    if name in inventory.refused:
        reasons = (f"It is a link; not followed: {inventory.refused[name]}.",)
    return Diagnosis(
        DiagnosisClass.FILE_ADDED, count=1, path=name, recomputed=_short(found.get(name, ())),
        explanations=reasons,
    )  # fmt: skip


def _altered(
    name: str,
    signed: dict[str, Content],
    found: dict[str, Content],
    inventory: Inventory,
    bench: Bench,
    recipe: Recipe,
) -> Diagnosis:
    stored, recomputed = signed[name], found[name]
    n = next((n for n, (a, b) in enumerate(zip(stored, recomputed, strict=False)) if a != b), None)
    first = min(len(stored), len(recomputed)) if n is None else n
    others = [other for other, content in signed.items() if content == recomputed]
    reasons = [f"Its bytes are those signed as {other!r}." for other in others[:1]]
    reasons.append(_line_ends(inventory.files[name], stored, recipe, bench))
    return Diagnosis(
        DiagnosisClass.FILE_ALTERED,
        count=1,
        path=name,
        offset=None if recipe.shard_size is None else first * recipe.shard_size,
        stored=_short(stored[first : first + 1]),
        recomputed=_short(recomputed[first : first + 1]),
        explanations=tuple(reasons),
    )


def _line_ends(file: EvidenceFile, stored: Content, recipe: Recipe, bench: Bench) -> str:
    """Say whether other line ends give the signed bytes back."""
    if file.size > bench.limits.document:
        return "Line ends were not tested: the file is too large to be a text."
    if b"\0" in next(blocks(file, cancel=bench.cancel), b""):
        return "Line ends were not tested: the file is not a text."
    for ends, convert in (("CR LF", _with_lf), ("LF", _with_crlf)):
        if digests_of(convert(blocks(file, cancel=bench.cancel)), recipe) == stored:
            return (
                f"Tested: only the line ends differ (now {ends}), as a checkout by git with "
                "autocrlf or a copy through another system leaves them; the text is the signed one."
            )
    return "Tested: other line ends do not give the signed bytes back."


def _with_lf(data: Iterable[bytes]) -> Iterator[bytes]:
    """Yield text with CR LF made LF, also where a block ends between the two."""
    held = b""
    for block in data:
        whole = held + block
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole.removesuffix(held).replace(b"\r\n", b"\n")
    yield held


def _with_crlf(data: Iterable[bytes]) -> Iterator[bytes]:
    """Yield text with every line end made CR LF."""
    for block in _with_lf(data):
        yield block.replace(b"\n", b"\r\n")


def _changed(unread: dict[str, SourceError]) -> Iterator[Diagnosis]:
    for name, error in unread.items():
        if error.code == DiagnosisClass.EVIDENCE_CHANGED:
            yield Diagnosis(DiagnosisClass.EVIDENCE_CHANGED, path=name)


def _many(diagnoses: Iterable[Diagnosis]) -> Iterator[Diagnosis]:
    """Yield the first ones as they are, and one that counts the rest."""
    rest = 0
    last: Diagnosis | None = None
    for n, diagnosis in enumerate(diagnoses):
        if n < MOST_OF_A_CLASS:
            yield diagnosis
        else:
            rest, last = rest + 1, last or diagnosis
    if last is not None:
        why = f"This one and the following, {rest} in all, are not written out."
        yield Diagnosis(last.kind, count=rest, path=last.path, explanations=(why,))


def _short(content: Content) -> str:
    """Return the digest, or the first of several with their number."""
    if not content:
        return ""
    return content[0] if len(content) == 1 else f"{content[0]} and {len(content) - 1} more"
