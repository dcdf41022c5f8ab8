"""The left of the page of checks: packs with what they say, and the frameworks they map to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from workbench.gui.checks.inspecting import in_force
from workbench.gui.checks.rows import pack_card
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, Panel, boxed, clear, column, scrolled
from workbench.gui.parts.cards import CardList
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.header import MARGIN
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.policy import CheckResult, Framework, Pack

WIDTH = 216


class PackList(Panel):
    """Packs above, the frameworks of the chosen one below."""

    def __init__(self, theme: Theme, frameworks: Sequence[Framework]) -> None:
        super().__init__(theme, edges="e")
        self._theme = theme
        self._frameworks = {framework.id: framework for framework in frameworks}
        self.list = CardList(theme, tr("Packs"))
        self._below = column(gap=12)
        self._below.setContentsMargins(MARGIN, 12, 12, 12)
        self._shown = ""
        head = PlainLabel(theme, tr("Packs"), Face.HEAD, "secondary")
        head.setContentsMargins(MARGIN, 10, 0, 8)
        layout = column()
        layout.addWidget(head)
        layout.addWidget(Line(theme))
        layout.addWidget(self.list)
        layout.addWidget(scrolled(boxed(self._below)), 1)
        self.setLayout(layout)
        self.setFixedWidth(theme.px(WIDTH))

    def show_packs(
        self, packs: Sequence[Pack], results: Mapping[str, Mapping[str, CheckResult]], current: str
    ) -> None:
        """Show packs, each with what its checks said."""
        cards = [pack_card(pack, results.get(pack.id, {})) for pack in packs]
        self.list.show_cards(cards, current)
        rows = sum(self.list.sizeHintForRow(n) for n in range(len(cards)))
        self.list.setFixedHeight(min(rows + 2, self._theme.px(380)))
        chosen = next(pack for pack in packs if pack.id == current)
        if current != self._shown:
            self._shown = current
            self._show_frameworks(chosen)

    def _show_frameworks(self, pack: Pack) -> None:
        clear(self._below)
        theme, today = self._theme, datetime.now(UTC).date()
        self._below.addWidget(PlainLabel(theme, tr("SHA-256 of the pack"), Face.HEAD, "secondary"))
        self._below.addWidget(HashLabel(theme, pack.sha256, head=12))
        self._below.addWidget(PlainLabel(theme, tr("Maps to"), Face.HEAD, "secondary"))
        named = {clause.framework for check in pack.checks for clause in check.mappings}
        for framework in (f for f in self._frameworks.values() if f.id in named):
            box = column(gap=2)
            box.addWidget(Paragraph(theme, framework.title, Face.BODY))
            words = in_force(framework, today)
            box.addWidget(Paragraph(theme, words, Face.SECONDARY, "secondary"))
            self._below.addWidget(boxed(box))
        self._below.addStretch()
