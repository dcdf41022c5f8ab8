"""One OpenLineage event as it was read: what it is about, by names, with the places of its parts.

The three kinds have no discriminator (specification, "Core model"): an event with ``run`` and
``job`` is about a run, with ``job`` alone about a job, with ``dataset`` about a dataset.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from workbench.evidence.strict_json import JsonValue
from workbench.formats.thing_key import key_of

#: Namespace and name: what identifies a job or a dataset.
Name = tuple[str, str]
Members = Mapping[str, JsonValue]
Fault = tuple[str, str]

_SIDES = ("inputs", "outputs")
_NOTHING: Members = {}
_NAMELESS = "has no namespace and name"
#: Names that events repeat, whose keys are worth keeping.
_KEYS = 50_000


class DatasetPart(NamedTuple):
    """A dataset as an event mentions it.

    Attributes:
        side: ``inputs``, ``outputs`` or ``dataset``.
        pointer: JSON pointer to it within the event.
        name: its namespace and name.
        members: what is said about it.
    """

    side: str
    pointer: str
    name: Name
    members: Members


class Event(NamedTuple):
    """What an event is about.

    Attributes:
        run: id of the run, or "" where there is none that could be one.
        job: name of the job, or None.
        datasets: what it mentions.
        members: the event itself.
    """

    run: str
    job: Name | None
    datasets: list[DatasetPart]
    members: Members


def event_of(value: JsonValue, faults: list[Fault]) -> Event | None:
    """Return what an event is about, or None where the value is none.

    Args:
        value: a parsed record.
        faults: what is wrong with it is added, as pointer and message.
    """
    members = value if isinstance(value, dict) else _NOTHING
    run, job, dataset = members.get("run"), members.get("job"), members.get("dataset")
    if not (isinstance(run, dict) or isinstance(job, dict) or isinstance(dataset, dict)):
        faults.append(("", "is no event: it has neither run nor job nor dataset"))
        return None
    parts: list[DatasetPart] = []
    for side in _SIDES:
        listed = members.get(side)
        if listed and isinstance(listed, list):
            _add_parts(parts, side, listed, faults)
    if dataset is not None:
        name = _name(dataset, "/dataset", faults)
        if name is not None:
            parts.append(DatasetPart("dataset", "/dataset", name, _object(dataset)))
    return Event(
        _run_id(run, faults) if run is not None else "",
        _name(job, "/job", faults) if job is not None else None,
        parts,
        members,
    )


def _add_parts(
    parts: list[DatasetPart], side: str, listed: list[JsonValue], faults: list[Fault]
) -> None:
    for n, part in enumerate(listed):
        name = name_in(part) if isinstance(part, dict) else None
        if name is not None and isinstance(part, dict):
            parts.append(DatasetPart(side, f"/{side}/{n}", name, part))
        else:
            faults.append((f"/{side}/{n}", _NAMELESS))


def _run_id(run: JsonValue, faults: list[Fault]) -> str:
    found = run.get("runId") if isinstance(run, dict) else None
    if type(found) is str and found:
        return found
    faults.append(("/run/runId", "has no run id"))
    return ""


def _name(part: JsonValue, pointer: str, faults: list[Fault]) -> Name | None:
    name = name_in(part) if isinstance(part, dict) else None
    if name is None:
        faults.append((pointer, _NAMELESS))
    return name


def name_in(members: Members) -> Name | None:
    """Return the namespace and name that an object states, or None."""
    namespace, name = members.get("namespace"), members.get("name")
    # A number that is spelled oddly is a ``str`` of another class.
    return (namespace, name) if type(namespace) is type(name) is str and name else None


def _object(value: JsonValue) -> Members:
    return value if isinstance(value, dict) else _NOTHING


def text_in(members: Members, name: str) -> str:
    """Return a text member, or ""."""
    found = members.get(name)
    return found if type(found) is str else ""


def facets_of(part: object, member: str = "facets") -> Members:
    """Return the facets of a run, job or dataset."""
    found = part.get(member) if isinstance(part, dict) else None
    return found if isinstance(found, dict) else _NOTHING


def facet(facets: Members, name: str) -> Members:
    """Return one facet; one that was taken back is as none."""
    found = _object(facets.get(name))
    return _NOTHING if found.get("_deleted") is True else found


@lru_cache(_KEYS)
def dataset_key(name: Name) -> str:
    """Return the key of a dataset."""
    return key_of("dataset", *name)


@lru_cache(_KEYS)
def job_key(name: Name) -> str:
    """Return the key of a job."""
    return key_of("job", *name)


def run_key(run: str) -> str:
    """Return the key of a run."""
    return key_of("run", run)


def escaped(name: str) -> str:
    """Return a name as it stands in a JSON pointer (RFC 6901 section 3)."""
    return name.replace("~", "~0").replace("/", "~1")
