"""What lies in a model's folder, seen as the signed manifest wants it seen (OMS 1.0, 6.1, 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile
from workbench.evidence.links import folders_above
from workbench.evidence.subject import Subject
from workbench.model.model_signature import Manifest
from workbench.verify.oms.links import follow

#: OMS 1.0, 6.2.1: left out at the top of the model, whatever the manifest says.
DEFAULT_IGNORED = (".git", ".gitignore", ".gitattributes", ".github")

#: A file called so holds weights: nobody should have to find out that it was left out.
_WEIGHTS = (
    ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".onnx", ".gguf", ".pkl", ".joblib", ".keras",
    ".h5", ".tflite", ".npz", ".npy", ".pb", ".msgpack",
)  # fmt: skip

#: Of several bundles in a folder those called so are proof; any other is a file like the rest.
_PROOFS = (".sig", ".sigstore", ".sigstore.json")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The files of a model by their name in the manifest.

    Attributes:
        files: name to file; a followed link stands under its own name.
        ignored: names that the manifest or the default leaves out.
        followed: names of links that were followed.
        refused: name of each link that was not followed, with the reason.
        unsaid: links of which the manifest says nothing, and that may lead to a folder: the
            reference signer passes those over, so that nobody can tell since when they are there.
        beyond: links that lead out of the model's folder to something that was handed over.
    """

    files: Mapping[str, EvidenceFile]
    ignored: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()

    @property
    def ignored_weights(self) -> tuple[str, ...]:
        """Return what looks like weights among the files that nothing protects."""
        return tuple(name for name in self.ignored if name.lower().endswith(_WEIGHTS))


def take_inventory(subject: Subject, manifest: Manifest, *, allow_links: bool) -> Inventory:
    """Return what of ``subject`` the manifest speaks about."""
    named, ignored = set(manifest.paths), _Ignored(manifest)
    everything = {relative_name(file, subject): file for file in subject.files}
    several = len(subject.signatures) > 1
    proofs = {
        (file.path, file.member)
        for file in subject.signatures
        if not several or file.name.endswith(_PROOFS)
    }
    if not subject.base and len(everything) == 1 and not subject.links:
        # OMS 1.0, 6.1.2 (5): a model of one file has its last name; model_signing writes ".".
        name = "." if "." in named else next(iter(everything)).rpartition("/")[2]
        return Inventory({name: subject.files[0]})

    def belongs(name: str, file: EvidenceFile) -> bool:
        is_proof = (file.path, file.member) in proofs
        return name in named or (name not in ignored and not is_proof)

    files = {name: file for name, file in everything.items() if belongs(name, file)}
    links = sorted(link.place.removeprefix(subject.base) for link in subject.links)
    heeded = (name for name in links if name not in ignored)
    followed = follow(subject, manifest, heeded, allow_links=allow_links)
    through = {name: file for name, file in followed.files.items() if belongs(name, file)}
    return Inventory(
        files={**files, **through},
        ignored=tuple(sorted(name for name in (*everything, *links) if name in ignored)),
        followed=tuple(through),
        refused=followed.refused,
        unsaid=tuple(followed.unsaid),
        beyond=tuple(followed.beyond),
    )


def relative_name(file: EvidenceFile, subject: Subject) -> str:
    """Return the name of a file below the model's folder; an archive counts as a folder."""
    path = file.path if file.member is None else f"{file.path}/{file.member}"
    return path.removeprefix(subject.base)


class _Ignored:
    """What is left out: the paths of the manifest and the default ones (OMS 1.0, 6.2.1)."""

    def __init__(self, manifest: Manifest) -> None:
        self._named = frozenset(manifest.paths)
        signed = (path.rstrip("/") for path in manifest.ignore_paths)
        self._paths = frozenset((*DEFAULT_IGNORED, *signed)) - {""}

    def __contains__(self, name: str) -> bool:
        """Tell whether a name is, or lies below, an ignored path; a signed name never is."""
        below = any(path in self._paths for path in (name, *folders_above(name)))
        return below and name not in self._named
