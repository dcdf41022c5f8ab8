"""How the files of a store lie in its folders: what each is of, by its path.

    mlruns/EXPERIMENT/{meta.yaml,tags/NAME,datasets/ID/meta.yaml}
    mlruns/EXPERIMENT/RUN/{meta.yaml,params/NAME,metrics/NAME,tags/NAME}
    mlruns/EXPERIMENT/RUN/{inputs,outputs}/ID/meta.yaml
    mlruns/EXPERIMENT/models/ID/{meta.yaml,params/NAME,metrics/NAME,tags/NAME}
    mlruns/models/NAME/{meta.yaml,tags/NAME,aliases/NAME,version-N/{meta.yaml,tags/NAME}}

A deleted experiment lies in ``.trash``. A name may hold slashes, which are folders then.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_range
from workbench.formats.mlflow_files import META, kind_of

TRASH, MODELS, TRACES = ".trash", "models", "traces"
#: How many folders up from that of a ``meta.yaml`` the store begins.
_UP = {"experiment": 1, "run": 2, "logged_model": 3, "model": 2, "version": 3}
_HEAD = 16 * 1024
_VALUES = {"params", "metrics", "tags", "aliases"}
_LINKED = {"inputs", "outputs", "datasets"}


@dataclass(slots=True)
class Folder:
    """What has a ``meta.yaml``, with the files that belong to it.

    Attributes:
        name: of the folder: the id of a run, the number of a version.
        meta: its ``meta.yaml``, or None where it is missing.
        values: files of parameters, metrics, tags and aliases, each with its name.
        linked: the ``meta.yaml`` of inputs, outputs and datasets, each with its folder.
        inner: what lies in it that has a ``meta.yaml`` of its own: runs, models, versions.
        others: files that no part of MLflow's catalog is known to lie in.
    """

    name: str
    meta: EvidenceFile | None = None
    values: dict[str, list[tuple[str, EvidenceFile]]] = field(default_factory=dict)
    linked: dict[str, list[tuple[str, EvidenceFile]]] = field(default_factory=dict)
    inner: dict[str, "Folder"] = field(default_factory=dict)
    logged: dict[str, "Folder"] = field(default_factory=dict)

    def add(self, steps: list[str], file: EvidenceFile) -> bool:
        """Take in a file of this very folder; False: it is no part of it."""
        first, rest = steps[0], steps[1:]
        if steps == [META]:
            self.meta = file
        elif first in _VALUES and rest:
            self.values.setdefault(first, []).append(("/".join(rest), file))
        elif first in _LINKED and len(rest) == 2 and rest[1] == META:
            self.linked.setdefault(first, []).append((rest[0], file))
        else:
            return False
        return True


@dataclass(slots=True)
class Shape:
    """A whole store.

    Attributes:
        experiments: by the names of their folders.
        models: registered models by the names of their folders.
        traces: files of traces, which are no part of a catalog.
        strays: files that say they are of a store and lie where none has them.
    """

    experiments: dict[str, Folder] = field(default_factory=dict)
    models: dict[str, Folder] = field(default_factory=dict)
    traces: list[EvidenceFile] = field(default_factory=list)
    strays: list[EvidenceFile] = field(default_factory=list)

    def add(self, steps: list[str], file: EvidenceFile) -> bool:
        """Take in a file by its path within the store; False: it is no part of it."""
        if steps[:1] == [TRASH]:
            steps = steps[1:]
        if len(steps) < 2:
            return False
        if steps[0] == MODELS:
            return self._add_model(steps[1:], file)
        return self._add_experiment(steps[0], steps[1:], file)

    def _add_model(self, steps: list[str], file: EvidenceFile) -> bool:
        if len(steps) < 2:
            return False
        model = self.models.setdefault(steps[0], Folder(steps[0]))
        if not steps[1].startswith("version-"):
            return model.add(steps[1:], file)
        number = steps[1].removeprefix("version-")
        version = model.inner.setdefault(number, Folder(number))
        return bool(steps[2:]) and version.add(steps[2:], file)

    def _add_experiment(self, name: str, steps: list[str], file: EvidenceFile) -> bool:
        experiment = self.experiments.setdefault(name, Folder(name))
        if steps[0] == TRACES and len(steps) > 1:
            self.traces.append(file)
            return True
        if experiment.add(steps, file):
            return True
        if steps[0] == MODELS and len(steps) > 2:
            model = experiment.logged.get(steps[1]) or Folder(steps[1])
            return _kept(experiment.logged, model, steps[2:], file)
        if len(steps) < 2:
            return False
        run = experiment.inner.get(steps[0]) or Folder(steps[0])
        return _kept(experiment.inner, run, steps[1:], file)


def _kept(held: dict[str, Folder], folder: Folder, steps: list[str], file: EvidenceFile) -> bool:
    """Take in a file of an inner folder, which is one by that."""
    is_part = folder.add(steps, file)
    if is_part:
        held[folder.name] = folder
    return is_part


def stores_of(
    marks: Iterable[EvidenceFile], files: Iterable[EvidenceFile]
) -> dict[str, list[EvidenceFile]]:
    """Return the files of each store by its folder.

    Args:
        marks: each ``meta.yaml`` that shows what it is about.
        files: all that may belong to them.
    """
    shapes: dict[str, dict[int, tuple[Shape, set[str]]]] = {}
    for mark in marks:
        root, missing, top = _root_of(mark)
        shapes.setdefault(root, {}).setdefault(missing, (Shape(), set()))[1].add(top)
    found: dict[str, list[EvidenceFile]] = {}
    for file in files:
        store = _store_of(file, shapes)
        if store is not None:
            found.setdefault(store, []).append(file)
    return found


def _store_of(
    file: EvidenceFile, shapes: dict[str, dict[int, tuple[Shape, set[str]]]]
) -> str | None:
    """Return the folder of the nearest store that has a place for a file, or None."""
    around = file.place
    while around:
        around = around.rpartition("/")[0]
        for missing, (shape, tops) in shapes.get(around, {}).items():
            steps = steps_of(file, around, missing)
            if _top(steps) in tops and shape.add(steps, file):
                return around
    return None


def shape_of(files: Iterable[EvidenceFile], base: str) -> Shape:
    """Return how the files of one store lie."""
    listed = list(files)
    marks = (_root_of(file) for file in listed if file.name == META and _kind(file))
    missing = max((missing for root, missing, _ in marks if root == base), default=0)
    shape = Shape()
    for file in listed:
        if not shape.add(steps_of(file, base, missing), file):
            shape.strays.append(file)
    return shape


def steps_of(file: EvidenceFile, root: str, missing: int) -> list[str]:
    """Return the path of a file within a store; what was not handed over around it is nameless."""
    prefix = f"{root}/" if root else ""
    if not file.place.startswith(prefix):
        return []
    return [""] * missing + file.place[len(prefix) :].split("/")


def _top(steps: list[str]) -> str:
    return steps[1] if steps[0] == TRASH and len(steps) > 1 else steps[0]


def _kind(file: EvidenceFile) -> str:
    try:
        return kind_of(read_range(file, 0, _HEAD))
    except SourceError:
        return ""


def _root_of(mark: EvidenceFile) -> tuple[str, int, str]:
    """Return the folder of a store, how many folders of it are missing, and its topmost one."""
    folders = mark.place.split("/")[:-1]
    up = _UP.get(_kind(mark), 1)
    missing = max(0, up - len(folders))
    root = folders[: max(0, len(folders) - up)]
    if root and root[-1] == TRASH:
        root = root[:-1]
    steps = steps_of(mark, "/".join(root), missing)
    return "/".join(root), missing, _top(steps)
