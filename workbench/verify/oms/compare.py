"""Compare a model's files with a manifest, and say what happened to each that differs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from workbench.errors import SourceError
from workbench.model.model_signature import Manifest
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.oms.explain import Explainer
from workbench.verify.oms.hashing import Content, Hashed, Recipe
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

    @property
    def intact(self) -> bool:
        """Tell whether everything named agrees and nothing else is there."""
        complete = self.agreeing == len(self.manifest.paths) and not self.diagnoses
        return complete and not self.manifest.contradicts_itself


def recipe_of(manifest: Manifest) -> Recipe:
    """Return how the manifest writes the content of a file."""
    return Recipe(manifest.hash_type, manifest.shard_size)


def compare(manifest: Manifest, inventory: Inventory, hashed: Hashed, bench: Bench) -> Comparison:
    """Compare every file named with every file present (OMS 1.0, 8.4)."""
    recipe, signed = recipe_of(manifest), _signed(manifest)
    found, unread = _contents(inventory, hashed, recipe)
    read = [name for name in signed if name in found]
    altered = [name for name in read if found[name] != signed[name]]
    missing = [name for name in signed if name not in inventory.files]
    extra = [name for name in (*inventory.files, *inventory.refused) if name not in signed]
    # A file without bytes has no shard, so a manifest of shards cannot name it.
    uncovered = [name for name in extra if recipe.shard_size and found.get(name) == ()]
    renamed = _renamed(missing, extra, signed, found)
    explained = {*uncovered, *renamed.values()}
    explain = Explainer(signed, found, inventory, recipe, bench)
    return Comparison(
        manifest=manifest,
        inventory=inventory,
        agreeing=len(read) - len(altered),
        diagnoses=(
            *_many(explain.altered, altered),
            *_many(lambda old: explain.renamed(old, renamed[old]), list(renamed)),
            *_many(explain.missing, [name for name in missing if name not in renamed]),
            *_many(explain.added, [name for name in extra if name not in explained]),
            *_many(explain.changed, _changed(unread)),
        ),
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
    missing: Sequence[str],
    extra: Sequence[str],
    signed: Mapping[str, Content],
    found: Mapping[str, Content],
) -> dict[str, str]:
    """Pair each missing file with an extra one of the same content, like names first."""
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for like in (_folded, _any):
        free: dict[tuple[Content, str], list[str]] = {}
        for name in reversed(extra):
            if found.get(name) and name not in taken:
                free.setdefault((found[name], like(name)), []).append(name)
        for old in missing:
            candidates = free.get((signed[old], like(old)))
            if candidates and old not in pairs:
                pairs[old] = candidates.pop()
                taken.add(pairs[old])
    return pairs


def _folded(name: str) -> str:
    """Return a name without what systems change when they copy: Unicode form and case."""
    return normalize("NFC", name).casefold()


def _any(_name: str) -> str:
    return ""


def _changed(unread: Mapping[str, SourceError]) -> list[str]:
    return [n for n, error in unread.items() if error.code == DiagnosisClass.EVIDENCE_CHANGED]


def _many(explain: Callable[[str], Diagnosis], names: Sequence[str]) -> Iterator[Diagnosis]:
    """Yield a diagnosis of each of the first names, and one that counts the rest."""
    yield from map(explain, names[:MOST_OF_A_CLASS])
    if rest := names[MOST_OF_A_CLASS:]:
        why = f"This one and those after it, {len(rest)} in all, are counted but not written out."
        yield replace(explain(rest[0]), count=len(rest), explanations=(why,))
