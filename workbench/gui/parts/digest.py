"""A digest in one line: its ends are shown, all of it is copied and compared."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.buttons import IconButton
from workbench.gui.text import PlainLabel, set_tooltip, tr
from workbench.gui.theme import Theme

_GROUP = 8


def shortened(digest: str, head: int = 8) -> str:
    """Return the first characters of a digest, …, and its last four."""
    prefix, _, value = digest.rpartition(":")
    lead = f"{prefix}:" if prefix else ""
    return digest if len(value) <= head + 5 else f"{lead}{value[:head]}…{value[-4:]}"


def grouped(digest: str, line: int = 4) -> str:
    """Return a digest in groups of eight, four to a line."""
    groups = [digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP)]
    lines = (groups[at : at + line] for at in range(0, len(groups), line))
    return "\n".join(" ".join(each) for each in lines)


def compared(digest: str, pasted: str) -> str:
    """Return in words how a pasted fingerprint compares; form and case do not matter."""
    ours, theirs = _bare(digest), _bare(pasted)
    if not theirs:
        return tr("Nothing to compare: paste a digest.")
    if re.fullmatch("[0-9a-f]+", theirs) is None:
        return tr("Not a digest: hex digits are needed.")
    if theirs == ours:
        return tr("The same: all {} digits agree.").format(len(ours))
    if ours.startswith(theirs):
        return tr("Too short to tell: the first {} digits agree.").format(len(theirs))
    same = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    if same is None:
        return tr("Different: one of them is longer.")
    return tr("Different: it differs from digit {} on.").format(same + 1)


def _bare(digest: str) -> str:
    named = re.sub(
        r"^(?:sha|blake|md)-?(?:1|2b|3|5|224|256|384|512)[:\s=]+", "", digest.strip().lower()
    )
    return re.sub(r"[\s:.-]", "", named)


class HashLabel(QWidget):
    """The ends of a digest and a button that copies all of it; so does Ctrl+C."""

    copied = Signal(str)

    def __init__(
        self,
        theme: Theme,
        digest: str,
        *,
        head: int = 8,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._head = head
        self._whole = whole
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._label = PlainLabel(theme, "", Face.MONO)
        self._copy = IconButton(theme, "copy", tr("Copy the digest"), small=True)
        self._copy.clicked.connect(self.copy)
        row.addWidget(self._label)
        row.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        self.show_digest(digest)

    def show_digest(self, digest: str) -> None:
        """Show another digest."""
        self._digest = digest
        shown = grouped(digest) if self._whole else shortened(digest, self._head)
        self._label.setText(shown or "–")
        self._copy.setVisible(bool(digest))
        self.setAccessibleName(digest or tr("not computed"))
        set_tooltip(self._label, "" if self._whole else grouped(digest))

    def copy(self) -> None:
        """Copy all of it."""
        QGuiApplication.clipboard().setText(self._digest)
        self.copied.emit(self._digest)

    def compare(self, pasted: str) -> str:
        """Return in words how a pasted fingerprint compares."""
        return compared(self._digest, pasted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy on Ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Copy all of it."""
        self.copy()
        super().mouseDoubleClickEvent(event)
