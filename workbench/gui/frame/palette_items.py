"""What the palette lists for a text: commands, pages, and things of the case."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from workbench.gui.commands import Command, CommandTable
from workbench.gui.context import FindKind, Hit
from workbench.gui.frame.command_list import NOT_IN_PALETTE
from workbench.gui.text import tr

ONLY_COMMANDS = ">"
#: Rows of one group while several are shown.
_FEW = 6


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the palette; a row without ``run`` is the head of a group."""

    title: str
    detail: str = ""
    icon: str = ""
    key: str = ""
    run: Callable[[], object] | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the text asks for."""

    text: str
    commands: bool
    kind: FindKind

    @property
    def finds(self) -> bool:
        """Whether the case is searched."""
        return bool(self.text) and (not self.commands or self.kind is FindKind.ANYTHING)


def wanted(text: str) -> Wanted:
    """Read the prefix: ``>`` commands only, ``#`` records, ``@`` actors."""
    if text.startswith(ONLY_COMMANDS):
        return Wanted(text[1:].strip(), commands=True, kind=FindKind.ANYTHING)
    for kind in (FindKind.RECORDS, FindKind.ACTORS):
        if text.startswith(kind.value):
            return Wanted(text[1:].strip(), commands=False, kind=kind)
    return Wanted(text.strip(), commands=True, kind=FindKind.ANYTHING)


def listed(
    text: str, table: CommandTable, hits: Sequence[Hit], go: Callable[[Hit], None]
) -> list[Item]:
    """Return the rows, in groups."""
    asked = wanted(text)
    only = text.startswith(ONLY_COMMANDS)
    pages = [c for c in table.all if _is_page(c)]
    others = [c for c in table.all if not _is_page(c) and c.id not in NOT_IN_PALETTE]
    found: list[Item] = []
    if asked.commands:
        rows = [_command(command, table) for command in matching(others, asked.text)]
        found += _group(tr("Commands"), rows if only else rows[:_FEW])
    if asked.commands and not only:
        found += _group(
            tr("Go to"), [_command(c, table, tr("page")) for c in matching(pages, asked.text)]
        )
    for title, some in groupby([] if only else hits, key=lambda hit: hit.group):
        found += _group(title or tr("In this case"), [_hit(hit, go) for hit in some])
    return found


def matching(commands: Iterable[Command], text: str) -> list[Command]:
    """Return the commands whose words begin with the words typed; those that can run first."""
    typed = text.lower().split()
    fit = [command for command in commands if _fits(tr(command.title).lower(), typed)]
    return sorted(fit, key=lambda c: (bool(c.when()), not _leads(c, typed)))


def _fits(title: str, typed: list[str]) -> bool:
    words = title.replace("…", "").split()
    return all(any(word.startswith(each) for word in words) for each in typed)


def _leads(command: Command, typed: list[str]) -> bool:
    return bool(typed) and tr(command.title).lower().startswith(typed[0])


def _is_page(command: Command) -> bool:
    return command.id.startswith("go.") and command.id not in {"go.back", "go.forward"}


def _command(command: Command, table: CommandTable, detail: str = "") -> Item:
    why = command.when()
    return Item(
        title=tr(command.title),
        detail=why or command.detail or detail,
        icon=command.icon,
        key=command.shortcut,
        run=lambda: table.run(command.id),
        why_not=why,
    )


def _hit(hit: Hit, go: Callable[[Hit], None]) -> Item:
    if not (hit.page or hit.narrow):
        return Item(f"{hit.title} {hit.detail}".strip())
    return Item(hit.title, hit.detail, hit.icon, run=lambda: go(hit))


def _group(title: str, rows: list[Item]) -> list[Item]:
    return [Item(title), *rows] if rows else []
