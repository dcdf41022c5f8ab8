"""What the auditor wants in the report beside what the case holds."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Panel, column
from workbench.gui.parts.path_field import PathField
from workbench.gui.reporting.drafting import Wish
from workbench.gui.text import PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.edition import EditionAsked

_PAUSE_MS = 800
_AS_WIDE_AS_ROOM = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
#: Characters of an entry that are always shown.
_FEWEST = 12


class Wishes(Panel):
    """Fields for all that can be chosen; ``changed`` when a choice was made."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, edges="n")
        self.auditor, self.to = QLineEdit(), QLineEdit()
        self.pack, self.template, self.language = QComboBox(), QComboBox(), QComboBox()
        self.own = PathField(
            theme, tr("Template of your own"), saves=False, kinds=tr("Templates (*.yaml)")
        )
        self.own.field.setPlaceholderText(tr("Instead, a YAML file"))
        self.marking = QLineEdit()
        self.look = PathField(
            theme, tr("Look of your house"), saves=False, kinds=tr("Looks (*.yaml)")
        )
        self.look.field.setPlaceholderText(tr("A YAML file"))
        self.draft = QCheckBox(tr("Mark as draft, signed or not"))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self._fill()
        self._lay_out(theme)
        self._connect()

    def wish(self) -> Wish:
        """Return what was typed and chosen."""
        return Wish(
            auditor=self.auditor.text().strip(),
            to=self.to.text().strip(),
            pack=str(self.pack.currentData() or ""),
            edition=self._edition(),
        )

    def _edition(self) -> EditionAsked:
        own = self.own.path()
        return EditionAsked(
            template=str(own or self.template.currentData() or ""),
            branding=self.look.path(),
            classification=self.marking.text().strip(),
            draft=self.draft.isChecked(),
            language=str(self.language.currentData()),
        )

    def _fill(self) -> None:
        from workbench.services import checking, reports

        for box in (self.pack, self.template, self.language):
            # As wide as there is room: not as its longest entry.
            box.setSizeAdjustPolicy(_AS_WIDE_AS_ROOM)
            box.setMinimumContentsLength(_FEWEST)
        self.pack.addItem(tr("None"), "")
        for pack in checking.packs():
            self.pack.addItem(pack.title, pack.id)
        for key, name in reports.languages():
            self.language.addItem(name, key)
        for each in reports.templates():
            self.template.addItem(tr(each.title), each.id if each.sha256 else "")

    def _connect(self) -> None:
        for field in (self.auditor, self.to, self.marking):
            field.textEdited.connect(self._wait)
        self.own.changed.connect(self._wait)
        self.look.changed.connect(self._wait)
        self.draft.toggled.connect(self._now)
        for box in (self.pack, self.template, self.language):
            box.activated.connect(self._now)

    def _wait(self) -> None:
        self._pause.start()

    def _now(self) -> None:
        self._pause.stop()
        self.changed.emit()

    def _lay_out(self, theme: Theme) -> None:
        lines = column(margin=16, gap=4)
        for label, field in (
            (tr("Who answers for it"), self.auditor),
            (tr("Prepared for"), self.to),
            (tr("Template"), self.template),
            (tr("Template of your own"), self.own),
            (tr("Checks to print"), self.pack),
            (tr("Language of the report"), self.language),
            (tr("Classification"), self.marking),
            (tr("Look of your house"), self.look),
        ):
            field.setAccessibleName(label)
            lines.addWidget(PlainLabel(theme, label, Face.SECONDARY, "secondary"))
            lines.addWidget(field)
            lines.addSpacing(6)
        lines.addWidget(self.draft)
        self.setLayout(lines)
