"""Settings: each is declared once in ``gui.settings`` and takes effect at once."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import boxed, column, row, scrolled
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.settings import SETTINGS, Setting, Value, config_folder, data_folder
from workbench.gui.text import Paragraph, PlainLabel, tr

_WIDEST = 880
_LABEL = 176
_STEP = 10
_WORDS = {
    "system": "As the system has it",
    "light": "Light",
    "dark": "Dark",
    "contrast": "High contrast",
    "24": "24, dense",
    "26": "26, usual",
    "28": "28, wide",
}


class SettingsPage(PageWidget):
    """A row a setting: name, control, what it does."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self.controls: dict[str, QWidget] = {}
        self._readers: dict[str, Callable[[], None]] = {}
        theme = context.theme
        lines = column(gap=16)
        lines.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        for setting in SETTINGS:
            lines.addWidget(self._line(setting))
        lines.addSpacing(16)
        lines.addWidget(PlainLabel(theme, tr("Where settings live"), Face.SECTION))
        for label, folder in (
            (tr("Settings"), config_folder()),
            (tr("Cases without a place"), data_folder()),
        ):
            lines.addWidget(self._named(label, Paragraph(theme, str(folder), Face.MONO), ""))
        said = tr("Settings hold nothing of a case: a case is its own folder, and yours to move.")
        lines.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        for problem in context.settings.problems:
            lines.addWidget(Paragraph(theme, problem, Face.BODY, "failed"))
        lines.addStretch()
        body = boxed(lines)
        body.setMaximumWidth(theme.px(_WIDEST))
        usual = Button(theme, tr("Use the usual settings"), "rotate-cw")
        usual.clicked.connect(self._reset)
        outer = column()
        facts = tr("Every change takes effect at once.")
        outer.addWidget(PageHeader(theme, tr("Settings"), facts, (usual,)))
        outer.addWidget(scrolled(body), 1)
        self.setLayout(outer)
        context.settings.changed.connect(self._read)

    def _line(self, setting: Setting) -> QWidget:
        control = self._control(setting)
        control.setAccessibleName(tr(setting.title))
        control.setAccessibleDescription(tr(setting.help))
        self.controls[setting.key] = control
        return self._named(tr(setting.title), control, tr(setting.help))

    def _named(self, label: str, control: QWidget, said: str) -> QWidget:
        theme = self._context.theme
        name = PlainLabel(theme, label, Face.BUTTON)
        name.setFixedWidth(theme.px(_LABEL))
        if isinstance(control, QLineEdit | QComboBox):
            name.setFixedHeight(control.sizeHint().height())
        line, words = row(gap=16), column(gap=4)
        words.addWidget(control)
        if said:
            words.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return boxed(line)

    def _control(self, setting: Setting) -> QWidget:
        if isinstance(setting.default, bool):
            return self._switch(setting)
        if setting.choices:
            return self._choice(setting)
        if isinstance(setting.default, str):
            return self._text(setting)
        return self._number(setting)

    def _switch(self, setting: Setting) -> QWidget:
        box = QCheckBox(tr("On"))
        self._bind(setting, lambda value: box.setChecked(bool(value)))
        box.toggled.connect(lambda on: self._choose(setting.key, on))
        return box

    def _choice(self, setting: Setting) -> QWidget:
        box = QComboBox()
        for value in setting.choices:
            box.addItem(tr(_WORDS.get(str(value), str(value))), value)
        self._bind(setting, lambda value: box.setCurrentIndex(setting.choices.index(value)))
        box.currentIndexChanged.connect(lambda at: self._choose(setting.key, setting.choices[at]))
        return box

    def _text(self, setting: Setting) -> QWidget:
        field = QLineEdit()
        self._bind(setting, lambda value: field.setText(str(value)))
        field.editingFinished.connect(lambda: self._choose(setting.key, field.text().strip()))
        return field

    def _number(self, setting: Setting) -> QWidget:
        """Return a list of shares, in percent; one between them that is in force is shown, too."""
        box = QComboBox()
        for percent in range(round(setting.least * 100), round(setting.most * 100) + 1, _STEP):
            box.addItem(f"{percent} %", percent / 100)

        def show(value: Value) -> None:
            if box.findData(value) < 0:
                box.addItem(f"{round(float(value) * 100)} %", value)
            box.setCurrentIndex(box.findData(value))

        self._bind(setting, show)
        box.currentIndexChanged.connect(
            lambda _at: self._choose(setting.key, float(box.currentData()))
        )
        return box

    def _bind(self, setting: Setting, show: Callable[[Value], None]) -> None:
        """Show the value now, and whenever something else changes it."""

        def read() -> None:
            show(self._context.settings.value(setting.key))

        self._readers[setting.key] = read
        read()

    def _read(self, key: str) -> None:
        self._readers[key]()

    def _choose(self, key: str, value: Value) -> None:
        if self._context.settings.value(key) != value:
            self._context.settings.choose(key, value)

    def _reset(self) -> None:
        """Take back every choice but the name, which is no matter of taste."""
        for setting in SETTINGS:
            if setting.key != "who":
                self._choose(setting.key, setting.default)


PAGE = Page(
    "settings", "Settings", "settings", 2, Group.FOOT, SettingsPage, inspects=False, of_case=False
)
