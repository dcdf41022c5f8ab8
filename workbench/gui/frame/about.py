"""About: which version this is, under which licence, and whose work is in it."""

import platform
from collections.abc import Iterator
from importlib import metadata

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QWidget

from workbench import __version__, resources
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import boxed, column, scrolled
from workbench.gui.parts.fields import Fields
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme

_WIDTH, _HEIGHT, _LABEL = 560, 560, 168
_SHORT = 80
#: What is installed beside it and does not end up in its window or files.
_NOT_OURS = frozenset({"pip", "setuptools", "wheel", "audit-workbench"})


class About(QDialog):
    """A window of its own, which blocks nothing."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About Audit Workbench"))
        stack = column(gap=12)
        stack.addWidget(PlainLabel(theme, "Audit Workbench", Face.TITLE))
        own = Fields(theme, label=_LABEL)
        own.add(tr("Version"), __version__)
        own.add(tr("Licence"), tr("Apache License 2.0, see LICENSE"))
        own.add("Python", platform.python_version())
        own.add("Qt", qVersion())
        stack.addWidget(own)
        for title, found in (
            (tr("Fonts and icons in it"), shipped()),
            (tr("Libraries it uses"), installed()),
        ):
            stack.addSpacing(8)
            stack.addWidget(PlainLabel(theme, title, Face.SECTION))
            fields = Fields(theme, label=_LABEL)
            for name, told in found:
                fields.add(name, told)
            stack.addWidget(fields)
        said = tr("Offline: it never looks for another version.")
        stack.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        stack.addStretch()
        layout = column(margin=24)
        layout.addWidget(scrolled(boxed(stack)))
        self.setLayout(layout)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))


def shipped() -> Iterator[tuple[str, str]]:
    """Yield what of others ships with the program, and its licence."""
    for folder in sorted(resources.path("third_party").iterdir()):
        origin = folder / "ORIGIN.txt"
        lines = origin.read_bytes().decode("utf-8").splitlines()
        told = dict(line.split(": ", 1) for line in lines if ": " in line)
        yield told["What"].split(" (")[0].split(",")[0], told["Licence"]


def installed() -> Iterator[tuple[str, str]]:
    """Yield the libraries beside the program, and the licence each states."""
    found = {each.metadata["Name"]: each for each in metadata.distributions()}
    for name in sorted(found, key=str.lower):
        if name.lower() not in _NOT_OURS:
            yield f"{name} {found[name].version}", _licence(found[name])


def _licence(of: metadata.Distribution) -> str:
    """Return an expression, or a short name; the first line of a whole text says nothing."""
    stated = of.metadata.get_all("License-Expression") or of.metadata.get_all("License") or []
    classified = [
        line.rpartition(" :: ")[2]
        for line in of.metadata.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    short = next((text.strip() for text in stated if 0 < len(text.strip()) <= _SHORT), "")
    return short or ", ".join(classified) or tr("See its own files")
