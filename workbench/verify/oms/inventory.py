"""What lies in a model's folder, seen as the signed manifest wants it seen (OMS 1.0, 6.1, 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile
from workbench.evidence.links import folders_above
from workbench.evidence.subject import Subject
from workbench.model.model_signature import Manifest

#: OMS 1.0, 6.2.1: left out at the top of the model, whatever the manifest says.
DEFAULT_IGNORED = (".git", ".gitignore", ".gitattributes", ".github")

#: A file called so holds weights: nobody should have to find out that it was left out.
_WEIGHTS = (
    ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".onnx", ".gguf", ".pkl", ".joblib", ".keras",
    ".h5", ".tflite", ".npz", ".npy", ".pb", ".msgpack",
)  # fmt: skip

#: Of several bundles in a folder those called so are proof; any other is a file like the rest.
_PROOFS = (".sig", ".sigstore", ".sigstore.json")

_MOST_HOPS = 40


@dataclass(frozen=True, slots=True)
class Inventory:
    """The files of a model by their name in the manifest.

    Attributes:
        files: name to file; a followed link stands under its own name.
        ignored: names that the manifest or the default leaves out.
        followed: names of links that were followed.
        refused: name of each link that was not followed, with the reason.
        unsaid: links to folders of the model of which the manifest says nothing: the reference
            signer passes them over, so that nobody can tell since when they are there.
    """

    files: Mapping[str, EvidenceFile]
    ignored: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()

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
    if not subject.base and len(everything) == 1:
        # OMS 1.0, 6.1.2 (5): a model of one file has its last name; model_signing writes ".".
        name = "." if "." in named else next(iter(everything)).rpartition("/")[2]
        return Inventory({name: subject.files[0]})
    files = {
        name: file
        for name, file in everything.items()
        if name in named or (name not in ignored and (file.path, file.member) not in proofs)
    }
    links = _Links(subject, everything)
    followed, refused, unsaid = _follow(links, manifest, ignored, allow_links=allow_links)
    left_out = sorted(name for name in (*everything, *links.names) if name in ignored)
    return Inventory({**files, **followed}, tuple(left_out), tuple(followed), refused, unsaid)


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


def _follow(
    links: "_Links", manifest: Manifest, ignored: _Ignored, *, allow_links: bool
) -> tuple[dict[str, EvidenceFile], dict[str, str], tuple[str, ...]]:
    """Return the files that links stand for, links not followed and why, and links unsaid.

    A signer that follows links to folders signs what lies below them, under the link's name; the
    reference one does not (``pathlib``'s recursive glob). The manifest tells which it was.
    """
    followed: dict[str, EvidenceFile] = {}
    refused: dict[str, str] = {}
    unsaid: list[str] = []
    for name in (name for name in links.names if name not in ignored):
        if not manifest.allow_symlinks:
            refused[name] = "the signed manifest does not allow links"
        elif not allow_links:
            refused[name] = "you do not allow links"
        elif (file := links.file_behind(name)) is not None:
            followed[name] = file
        elif not links.is_folder(name):
            refused[name] = "its target lies outside the model or is not there"
        elif any(path.startswith(f"{name}/") for path in manifest.paths):
            below = links.below(name)
            followed.update({path: file for path, file in below.items() if path not in ignored})
        else:
            unsaid.append(name)
    if links.names and manifest.allow_symlinks and allow_links:
        through = {name: links.file_behind(name) for name in manifest.paths if links.leads(name)}
        followed.update({name: file for name, file in through.items() if file is not None})
    return followed, refused, tuple(unsaid)


class _Links:
    """The links of a model and what they lead to; the disk is not asked again."""

    def __init__(self, subject: Subject, files: Mapping[str, EvidenceFile]) -> None:
        base = subject.base
        names = {link: link.place.removeprefix(base) for link in subject.links}
        inside = (n for n in names if n.leads.inside and f"{n.end}/".startswith(base))
        self._ends = {names[link]: f"{link.end}/"[len(base) : -1] for link in inside}
        self._files = files
        self._folders = {"", *(folder for name in files for folder in folders_above(name))}
        self.names = sorted(names.values())

    def leads(self, name: str) -> bool:
        """Tell whether a folder on the way to ``name`` is a link."""
        return any(folder in self._ends for folder in folders_above(name))

    def file_behind(self, name: str) -> EvidenceFile | None:
        """Return the file that ``name`` leads to within the model, or None."""
        return self._files.get(self._resolve(name))

    def is_folder(self, name: str) -> bool:
        """Tell whether ``name`` leads to a folder within the model."""
        return self._resolve(name) in self._folders

    def below(self, name: str) -> dict[str, EvidenceFile]:
        """Return the files in the folder that ``name`` leads to, under names below ``name``."""
        prefix = f"{self._resolve(name)}/".lstrip("/")
        rests = [n[len(prefix) :] for n in (*self._files, *self.names) if n.startswith(prefix)]
        found = {f"{name}/{rest}": self.file_behind(f"{name}/{rest}") for rest in rests}
        return {path: file for path, file in found.items() if file is not None}

    def _resolve(self, name: str) -> str:
        """Return the place that ``name`` leads to, links on the way replaced by their ends."""
        for _ in range(_MOST_HOPS):
            link = next((n for n in (*folders_above(name), name) if n in self._ends), None)
            if link is None:
                break
            name = f"{self._ends[link]}{name[len(link) :]}".lstrip("/")
        return name
