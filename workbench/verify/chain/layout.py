"""How the records of a profile lie in one file: kind, delimiter, columns, header."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.table_cells import DELIMITERS, tables
from workbench.model.profile import ChainProfile, Container, ContainerKind
from workbench.verify.chain.frame import BOM, Cut, cut_lines
from workbench.verify.chain.reading import TABLE, TEXT
from workbench.verify.chain.rows import cut_rows

_TEXTS = {ContainerKind.KEY_VALUE, ContainerKind.CEF}


def laid_out(profile: ChainProfile, container: str, head: bytes) -> ChainProfile | None:
    """Return the profile with its container as it is in a file; None where it cannot lie so.

    Args:
        profile: the recipe.
        container: what the file was recognised as.
        head: its first lines.
    """
    usual = profile.container
    if container == TABLE:
        return _table(profile, head.removeprefix(BOM)) if usual.reads_tables else None
    if container == TEXT:
        return profile if usual.kind in _TEXTS else None
    if usual.kind in _TEXTS or usual.kind in {ContainerKind.CSV, ContainerKind.TSV_JSON}:
        return None
    return profile


def _table(profile: ChainProfile, head: bytes) -> ChainProfile | None:
    usual = profile.container
    kind = usual.kind if usual.kind is ContainerKind.TSV_JSON else ContainerKind.CSV
    wanted = {name[0] for name in profile.present}
    for found in tables(head, (usual.delimiter, *DELIMITERS)):
        columns = set(found.columns)
        inside = kind is ContainerKind.TSV_JSON and usual.json_column in columns
        if not (inside or wanted <= columns) or len(columns) != len(found.columns):
            continue
        return replace(profile, container=_of_file(usual, found, kind, found.columns, header=True))
    for found in tables(head, (usual.delimiter,)):
        if usual.columns and len(found.columns) == len(usual.columns):
            bare = _of_file(usual, found, kind, usual.columns, header=False)
            return replace(profile, container=bare)
    return None


def _of_file(
    usual: Container,
    found: Container,
    kind: ContainerKind,
    columns: tuple[str, ...],
    *,
    header: bool,
) -> Container:
    return replace(
        usual,
        kind=kind,
        delimiter=found.delimiter,
        quoted=found.quoted,
        columns=columns,
        header=header,
    )


def cuts_of(
    blocks: Iterable[bytes],
    file: EvidenceFile,
    container: str,
    layout: Container,
    limits: Limits,
) -> Iterator[Cut]:
    """Yield the records of a file that is no JSON document."""
    if container == TABLE:
        return cut_rows(blocks, layout, limits, cut_off=file.cut_off)
    return cut_lines(blocks, limits, cut_off=file.cut_off)
