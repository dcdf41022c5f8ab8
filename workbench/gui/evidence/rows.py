"""The sources of a case as rows: what each is, how much, its digest, its verdict."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from workbench.gui.amounts import size
from workbench.gui.judged import LETTERS, Judged, mark_cells, records_of
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.digest import shortened
from workbench.gui.parts.mark import Mark
from workbench.gui.text import tr
from workbench.model.case import ControlTotal, ControlTotalState
from workbench.model.case_source import CaseSource, Presence
from workbench.model.locator import Locator
from workbench.model.source import Role
from workbench.model.verdict import Dimension

_MARK = 28
ICONS = {
    Role.SUBJECT: "archive",
    Role.SIGNATURE: "signature",
    Role.ANCHOR: "stamp",
    Role.TRUST: "key-round",
    Role.CONTEXT: "file",
}
FORMATS = {
    "chain": "Hash-chained log",
    "oms": "OpenSSF Model Signing",
    "attestation": "Attestation",
    "in-toto": "in-toto layout",
    "file": "File",
    "model": "Model folder, unsigned",
    "log": "Log, no chain",
    "mlflow": "MLflow database",
    "openlineage": "OpenLineage events",
    "head": "Signed head",
    "tlog": "Transparency log, tiled",
    "asice": "Evidence package (ASiC-E)",
    "closed-archive": "Archive, not opened",
    "bagit": "Bag (BagIt)",
    "pangea": "Pangea audit log export",
    "pangea-root": "Published root (Pangea)",
    "sshsig": "SSH signature",
    "minisign": "minisign signature",
    "openpgp": "OpenPGP signature",
    "tlog-proof": "Proof of inclusion in a log",
    "signature": "Signature, form not known",
    "archive": "Archive",
    "unknown": "Not recognised",
}
COLUMNS = (
    Column("source", "Source", CellKind.PATH, width=300, least=270, rank=0, stretch=True),
    Column("role", "Role", width=82, least=76, rank=5, sortable=True),
    Column("format", "Format recognised", width=170, least=170, rank=3, sortable=True),
    Column("size", "Size", CellKind.NUMBER, width=84, least=84, rank=2, sortable=True),
    Column("records", "Records", CellKind.NUMBER, width=76, least=76, rank=1, sortable=True),
    Column("totals", "Control totals", CellKind.MARK, width=140, least=112, rank=4),
    Column("sha256", "SHA-256", CellKind.MONO, width=120, least=120, rank=2),
    *(
        Column(
            which.value,
            LETTERS[which],
            CellKind.MARK,
            width=_MARK,
            least=_MARK,
            rank=1,
            name=which.value.capitalize(),
        )
        for which in Dimension
    ),
    Column("state", "Bytes", width=84, least=84, rank=5),
    Column("problems", "Problems", width=130, least=90, rank=4),
)


def source_rows(found: Sequence[Judged], chosen: Collection[int] | None = None) -> ListSource:
    """Return the sources, or those of them that a filter chose."""
    shared = shared_folder([each.source.path for each in found])
    wanted = (each for each in found if chosen is None or each.source.id in chosen)
    rows = tuple(_row(each, shared) for each in wanted)
    return ListSource(_ranked(found), rows, tr("sources"))


def _ranked(found: Sequence[Judged]) -> tuple[Column, ...]:
    """Return the columns; what no source has goes first where there is no room."""
    has = {
        "totals": any(each.source.totals for each in found),
        "problems": any(each.source.problems for each in found),
    }
    return tuple(replace(c, rank=1) if has.get(c.id) else c for c in COLUMNS)


def format_name(source: CaseSource) -> str:
    """Return what a format is called."""
    from workbench.formats.sniff import title_of  # loads every reader: at the first source

    return FORMATS.get(source.format) or title_of(source.format)


def shared_folder(paths: Sequence[str]) -> str:
    """Return the folder that all paths lie in, with its slash; "" where they share none."""
    folders = {path.partition("/")[0] for path in paths if "/" in path}
    alone = len(folders) == 1 and all("/" in path for path in paths)
    return f"{folders.pop()}/" if alone else ""


def _row(each: Judged, shared: str) -> Row:
    source = each.source
    count = records_of(each)
    tone = Tone.STRONG if each.is_subject else Tone.NORMAL
    cells = (
        Cell(source.display.removeprefix(shared), tone, icon=ICONS[source.role]),
        Cell(source.role.value, Tone.QUIET),
        Cell(format_name(source), Tone.QUIET if source.format == "unknown" else Tone.NORMAL),
        Cell(size(source.size)),
        Cell("" if count is None else f"{count:,}"),
        totals_cell(source),
        Cell(shortened(source.sha256) if source.sha256 else tr("not computed")),
        *(mark_cells(each) if each.is_subject else [Cell("")] * len(Dimension)),
        _state(each.presence),
        _problems(source),
    )
    return Row(cells, each, Locator(source.path, source.member))


def totals_cell(source: CaseSource) -> Cell:
    """Return how stated totals compare with what was counted, the worst of them."""
    if not source.totals:
        needed = source.role is Role.SUBJECT
        return Cell(tr("None given"), mark=Mark.NONE) if needed else Cell(tr("Not needed"))
    if all(total.state is ControlTotalState.NOT_COUNTED for total in source.totals):
        return Cell(tr("{} not compared").format(len(source.totals)), mark=Mark.NONE)
    worst = max(source.totals, key=_gravity)
    match worst.state:
        case ControlTotalState.MATCH:
            return Cell(tr("{} match").format(f"{worst.stated:,}"), mark=Mark.PASSED)
        case ControlTotalState.DIFFERS:
            by = (worst.counted or 0) - worst.stated
            return Cell(tr("differ by {}").format(f"{by:+,}"), mark=Mark.INDETERMINATE)
        case ControlTotalState.NOT_COUNTED:
            return Cell(tr("not counted"), mark=Mark.INDETERMINATE)


def _gravity(total: ControlTotal) -> int:
    order = (ControlTotalState.MATCH, ControlTotalState.NOT_COUNTED, ControlTotalState.DIFFERS)
    return order.index(total.state)


def _state(presence: Presence) -> Cell:
    match presence:
        case Presence.HERE:
            return Cell(tr("Here"), Tone.QUIET)
        case Presence.MISSING:
            return Cell(tr("Not there"), Tone.AMBER)
        case Presence.CHANGED:
            return Cell(tr("Other size"), Tone.RED)


def _problems(source: CaseSource) -> Cell:
    if not source.problems:
        return Cell("")
    more = f" +{len(source.problems) - 1:,}" if len(source.problems) > 1 else ""
    return Cell(f"{source.problems[0].code}{more}", Tone.AMBER)
