"""Which folder or file a model signature is about, and which folders hold unsigned models."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of
from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.links import LinkEnd
from workbench.evidence.strict_json import parse
from workbench.evidence.subject import Subject
from workbench.model.json_place import MalformedSignature

if TYPE_CHECKING:
    from workbench.model.model_signature import Manifest

SIGNATURE_BYTES = 64 * MIB

#: Files by which a folder shows that it holds a model.
_MODEL_NAMES = {"MLmodel", "saved_model.pb", "pytorch_model.bin", "weights.bin"}
#: A ``.bin`` file may be anything; beside a model, or the settings of one, it is weights.
_WEIGHTS, _SETTINGS = ".bin", "config.json"
_MODEL_SUFFIXES = (
    "model.bin",
    ".npy",
    ".pb",
    ".msgpack",
    ".safetensors",
    ".onnx",
    ".gguf",
    ".pt",
    ".pth",
    ".ckpt",
    ".pkl",
    ".joblib",
    ".keras",
    ".h5",
    ".tflite",
    ".npz",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one signature file is about.

    Attributes:
        signature: the signature file.
        path: file or folder it was paired with.
        base: prefix of the paths of that folder's files, or "" for a single file.
        rivals: other paths it could be about as well.
    """

    signature: EvidenceFile
    path: str
    base: str
    rivals: tuple[str, ...] = ()


def claim_of(
    signature: EvidenceFile, files: Sequence[EvidenceFile], *, said: str | None = None
) -> Claim:
    """Return what ``signature`` is about: as said, as stated inside, or by convention."""
    if said is not None:
        folder = any(file.place.startswith(f"{said}/") for file in files)
        return Claim(signature, said, f"{said}/" if folder else "")
    manifest = _manifest(signature)
    here = folder_of(signature)
    if manifest is not None:
        if manifest.paths == (".",):
            return _single_file(signature, manifest, here, files)
        found = _stated(manifest, here, signature.name.rpartition(".")[0], files)
        if len(found) == 1:
            return Claim(signature, found[0], _prefix(found[0]))
        if found:
            return Claim(signature, found[0], _prefix(found[0]), tuple(found[1:]))
    return _conventional(signature, manifest, here, files)


def _manifest(signature: EvidenceFile) -> "Manifest | None":
    from workbench.model.model_signature import manifest_of

    try:
        data = read_whole(signature, limit=SIGNATURE_BYTES)
        what = signature.display
        return manifest_of(parse(data, what=what), partial(parse, what=f"statement in {what}"))
    except (SourceError, MalformedSignature):
        return None


def _stated(manifest: "Manifest", here: str, stem: str, files: Sequence[EvidenceFile]) -> list[str]:
    """Return the folders the manifest may be about: those that hold any file named in it.

    The folder around the signature wins, then the one called as the subject or the signature:
    a better copy elsewhere must not take the signature away from the model it lies with.
    """
    names = set(manifest.paths)
    scores: dict[str, int] = {}
    for folder in (here, *_folders_in(here, files)):
        prefix = _prefix(folder)
        present = {f.place[len(prefix) :] for f in files if f.place.startswith(prefix)}
        scores[folder] = len(names & present)
    found = sorted((f for f, score in scores.items() if score), key=lambda f: -scores[f])
    if here in found:
        return [here]
    named = [f for f in found if f.rpartition("/")[2] in {manifest.subject_name, stem}]
    return named if len(named) == 1 else found


def _single_file(
    signature: EvidenceFile, manifest: "Manifest", here: str, files: Sequence[EvidenceFile]
) -> Claim:
    beside = [f for f in files if folder_of(f) == here]
    named = [f for f in beside if f.name == manifest.subject_name]
    named = named or [f for f in beside if f.place.rpartition("/")[0] == here]  # as delivered
    paths = [f.place for f in named]
    if not paths:
        return Claim(signature, _prefix(here) + (manifest.subject_name or "model"), "")
    return Claim(signature, paths[0], "", tuple(paths[1:]))


def _conventional(
    signature: EvidenceFile, manifest: "Manifest | None", here: str, files: Sequence[EvidenceFile]
) -> Claim:
    """Pair by name: the folder called as the signature or its subject, else the one around it."""
    stem = signature.name.rpartition(".")[0]
    wanted = [name for name in (manifest.subject_name if manifest else None, stem) if name]
    folders = _folders_in(here, files)
    for name in wanted:
        if _prefix(here) + name in folders:
            return Claim(signature, _prefix(here) + name, f"{_prefix(here)}{name}/")
    if len(folders) == 1:
        return Claim(signature, folders[0], f"{folders[0]}/")
    return Claim(signature, here, _prefix(here))


def _folders_in(here: str, files: Sequence[EvidenceFile]) -> list[str]:
    prefix = _prefix(here)
    below = {folder[len(prefix) :] for f in files if (folder := folder_of(f)).startswith(prefix)}
    return sorted({prefix + folder.partition("/")[0] for folder in below if folder})


def signed_subjects(claims: Iterable[Claim], drop: Drop) -> list[Subject]:
    """Make one subject of each folder or file that signatures are about.

    What was signed is what was delivered: an archive in a signed folder is one of its files.
    """
    by_place: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        by_place.setdefault((claim.path, claim.base), []).append(claim)
    return [_signed(path, base, mine, drop) for (path, base), mine in by_place.items()]


def _signed(path: str, base: str, claims: list[Claim], drop: Drop) -> Subject:
    whole = bool(base) or not path  # below a folder, or the drop itself
    signatures = tuple(claim.signature for claim in claims)
    if whole:
        # One signature is proof; of several, each may be a signed file or a stranger's addition.
        proof = signatures if len(signatures) == 1 else ()
        inside = [f for f in drop.delivered_below(base) if f not in proof]
    else:
        inside = [f for f in (*drop.files, *drop.containers) if f.place == path]
    rivals = sorted({rival for claim in claims for rival in claim.rivals})
    return Subject(
        path=path or ".",
        member=None,
        format="oms",
        files=tuple(inside),
        base=base,
        signatures=signatures,
        ambiguous=tuple(rivals),
        links=drop.links_below(base) if whole else (),
        linked=drop.linked_from(base) if whole else (),
    )


def unsigned_subjects(
    files: Sequence[EvidenceFile], others: Sequence[EvidenceFile], drop: Drop
) -> list[Subject]:
    """Make a subject of each folder that holds a model and no signature.

    A folder in or below which something else is judged is not taken whole: then the model
    files themselves are the subjects.

    Args:
        files: what nothing has taken yet.
        others: those of them that are judged, or are proof, by themselves.
        drop: where they lie.
    """
    apart = set(others)
    marked = [f for f in _model_files(files, drop) if f not in apart]
    folders = sorted({folder_of(f) for f in marked})
    tops = [f for f in folders if not any(f.startswith(_prefix(o)) for o in folders if o != f)]
    subjects: list[Subject] = []
    for folder in tops:
        prefix = _prefix(folder)
        if not folder or any(o.place.startswith(prefix) for o in others):
            mine = [f for f in marked if f.place.startswith(prefix)]
            subjects += [Subject(f.path, f.member, "model", (f,)) for f in mine]
        else:
            inside, links = drop.delivered_below(prefix), drop.links_below(prefix)
            subjects.append(Subject(folder, None, "model", inside, prefix, links=links))
    return subjects


def _model_files(files: Sequence[EvidenceFile], drop: Drop) -> list[EvidenceFile]:
    """Return the files that are a model, or part of one, by their names or those of links."""
    links = [link for link in drop.links if is_model_name(link.name)]
    sure = {link.end for link in links if link.leads is LinkEnd.FILE}
    sure |= {f.place for f in files if is_model_name(f.name)}
    homes = {folder_of(f) for f in files if f.place in sure or f.name == _SETTINGS}
    return [
        f
        for f in files
        if f.place in sure or (f.name.lower().endswith(_WEIGHTS) and folder_of(f) in homes)
    ]


def is_model_name(name: str) -> bool:
    """Tell whether a file is called as a model, or a part of one."""
    return name in _MODEL_NAMES or name.lower().endswith(_MODEL_SUFFIXES)


def _prefix(folder: str) -> str:
    return f"{folder}/" if folder else ""
