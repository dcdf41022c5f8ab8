"""The whole way of an auditor, by keyboard and mouse: from what is dropped to a signed report.

Nothing is reached around here: every step is a key, a press or a drop, and what is waited for is
what stands on the screen.
"""

import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import workbench
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.cases import ALTERED, TAMPERED
from workbench import resources
from workbench.gui.app import discover_pages, make_window
from workbench.gui.context import WindowContext
from workbench.gui.frame.job_row import JobRow
from workbench.gui.main_window import MainWindow
from workbench.gui.parts.diagnosis import DiagnosisCard
from workbench.gui.parts.hexview import HexView
from workbench.gui.settings import Settings
from workbench.gui.text import PlainLabel
from workbench.services import cases, findings, sample
from workbench.services.verification import case as verification

TRUST = resources.path("sample") / "trust"
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
VERIFYING = "Verify all sources"


class User:
    """Somebody before the window, with eyes, a keyboard and a mouse."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._bot = qtbot
        self.window = window

    def drops(self, path: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        at, copy = QPointF(700, 400), Qt.DropAction.CopyAction
        QApplication.sendEvent(self.window, QDragEnterEvent(at.toPoint(), copy, mime, LEFT, NONE))
        QApplication.sendEvent(self.window, QDropEvent(at, copy, mime, LEFT, NONE))

    def presses(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is."""
        self._bot.keyClick(self.window.focusWidget() or self.window, key, modifiers)

    def types(self, text: str, into: QWidget) -> None:
        self._bot.mouseClick(into, LEFT)
        self._bot.keyClicks(into, text)

    def clicks(self, words: str, on: QWidget | None = None) -> None:
        """Press the button with these words, as soon as it can be pressed."""
        self.waits_for(lambda: self._button(words, on) is not None)
        button = self._button(words, on)
        assert button is not None
        self._bot.mouseClick(button, LEFT)

    def clicks_at(self, widget: QWidget, place: QPoint) -> None:
        self._bot.mouseClick(widget, LEFT, pos=place)

    def sees(self, text: str, on: QWidget | None = None) -> None:
        """Wait until a text stands on the screen."""
        self.waits_for(lambda: text in self.reads(on))

    def reads(self, on: QWidget | None = None) -> str:
        """Return all that stands there."""
        labels = (on or self.window).findChildren(PlainLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def waits_for(self, seen) -> None:
        self._bot.waitUntil(seen)

    def _button(self, words: str, on: QWidget | None) -> QPushButton | None:
        found = (on or self.window).findChildren(QPushButton)
        can = (
            b
            for b in found
            if words in {b.text(), b.accessibleName()} and b.isVisible() and b.isEnabled()
        )
        return next(can, None)


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def user(qtbot: QtBot, qapp: QApplication, context: WindowContext) -> Iterator[User]:
    """Return a user before the window as it is started."""
    window = opened(qtbot, qapp, context.settings)
    yield User(qtbot, window)
    assert window.context.jobs.close(60_000), "a job did not stop"
    window.context.services.close()


def opened(qtbot: QtBot, qapp: QApplication, settings: Settings) -> MainWindow:
    window = make_window(qapp, (), pages=discover_pages(), settings=settings)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_from_what_is_dropped_to_a_report_that_a_stranger_verifies(user, qtbot):
    window, services = user.window, user.window.context.services

    # 1. Drop the sample: it is taken in and verified, and the overview says what is broken.
    user.drops(sample.load().evidence)
    user.sees("Integrity")
    user.clicks("Open diagnosis")

    # 2. The diagnosis says which record; its bytes are those of the file.
    user.sees(f"{ALTERED:,}")
    card = shown(user, DiagnosisCard)
    user.sees("792 bytes")
    user.clicks("Show bytes")
    view = shown(user, HexView)
    log = sample.load().evidence / TAMPERED.partition("/")[2]
    assert view._data == log.read_bytes().split(b"\n")[ALTERED - 1]

    # 3. From what rests on it to the model, and from the model to the data it was trained on.
    user.clicks("model version credit-scoring 8")
    catalog = window.stack.currentWidget()
    user.waits_for(lambda: catalog.table.row() is not None)
    user.clicks_at(
        catalog.table.viewport(), catalog.table.visualRect(catalog.table.currentIndex()).center()
    )
    user.presses(Qt.Key.Key_Return)
    trace_to_data(user)

    # 4. Back to the diagnosis, and a finding of it.
    user.presses(Qt.Key.Key_3, CTRL)
    card = shown(user, DiagnosisCard)
    user.clicks("New finding", card)
    page = window.stack.currentWidget()
    user.waits_for(lambda: page.editor.title.hasFocus())
    qtbot.keyClicks(page.editor.title, "An approval was changed after it was given")
    user.types("Not established", page.editor.texts["cause"])
    user.sees("\nsaved ")
    (kept,) = findings.every(services.case)
    assert (kept.title, kept.cause) == (
        "An approval was changed after it was given", "Not established",
    )  # fmt: skip
    assert kept.evidence[0].locator.record == ALTERED

    # 5. The report is signed, and whoever gets it checks it with the command it names.
    user.presses(Qt.Key.Key_9, CTRL)
    panel = window.stack.currentWidget().panel
    user.sees("Choose the key file")
    user.types(str(TRUST / "demo-auditor.p12"), panel.key.field)
    user.types((TRUST / "demo-passphrase.txt").read_text().rstrip("\r\n"), panel.secret)
    user.presses(Qt.Key.Key_Return)
    user.clicks("Copy the command to check it")
    require_passed(QGuiApplication.clipboard().text())

    # 6. The window is closed with the keyboard; the case has every act, in order.
    folder = services.case.folder
    with qtbot.waitSignal(window.closed):
        user.presses(Qt.Key.Key_Q, CTRL)
    with cases.open_case(folder) as case:
        assert cases.standing(case).journal.broken is None
        acts = [entry.act for entry in cases.journal_entries(case)]
    once = list(dict.fromkeys(acts))
    assert once == [
        "case.new", "evidence.add", "case.verify", "index.write", "finding.add", "finding.change",
        "report.sign",
    ]  # fmt: skip


def shown(user: User, kind: type[QWidget]):
    """Return the one widget of a kind that is on screen, as soon as it is."""
    user.waits_for(lambda: len(visible(user.window, kind)) == 1)
    return visible(user.window, kind)[0]


def visible(window: MainWindow, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in window.findChildren(kind) if widget.isVisible()]


def trace_to_data(user: User) -> None:
    """Go from the model in the middle to the run, and on to what the run read, with keys."""
    page = user.window.stack.currentWidget()
    user.waits_for(lambda: page.canvas.shown is not None)
    canvas = page.canvas

    def chosen() -> str:
        box = canvas.shown.scene.boxes.get(canvas.chosen)
        return box.node.title if box else ""

    user.waits_for(lambda: chosen() == "credit-scoring")
    (box,) = [b for n, b in canvas.shown.scene.boxes.items() if n == canvas.chosen]
    user.clicks_at(canvas, canvas.lens.transform.map(box.area.center()).toPoint())
    user.presses(Qt.Key.Key_Left)
    while chosen() != "credit-scoring-v8":
        before = chosen()
        user.presses(Qt.Key.Key_Down)
        assert chosen() != before, "the run that made the model is among its neighbours"
    user.presses(Qt.Key.Key_Left, SHIFT)
    user.waits_for(
        lambda: any(
            each.node.title == "applications_2026-04" for each in canvas.shown.scene.boxes.values()
        )
    )
    user.presses(Qt.Key.Key_Left)
    assert chosen() == "applications_2026-04"
    user.sees("applications_2026-04", user.window.dock.inspector)


def require_passed(command: str) -> None:
    """Run a command as it was copied, with the root and the signer that one was told of."""
    program, *arguments = shlex.split(command)
    assert program == "workbench"
    root = str(TRUST / "report-root.pem")
    given = [root if argument == "ROOT.pem" else argument for argument in arguments]
    done = workbench(*given, "--expect", signer())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].endswith(": PASSED")


def signer() -> str:
    """Return the SHA-256 of the certificate that the auditor signs with."""
    secret = (TRUST / "demo-passphrase.txt").read_bytes().rstrip(b"\r\n")
    _, certificate, _ = pkcs12.load_key_and_certificates(
        (TRUST / "demo-auditor.p12").read_bytes(), secret
    )
    assert certificate is not None
    return certificate.fingerprint(hashes.SHA256()).hex()


class Held:
    """Real verification that goes no further, once it is under way, until it is asked to stop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_under_way = False
        real = verification.verify_case

        def judge(case, request, *, progress, cancel, **more):
            self._cancel, self._progress = cancel, progress
            return real(case, request, progress=self, cancel=cancel, **more)

        monkeypatch.setattr(verification, "verify_case", judge)

    def advance(self, done: int, total: int | None, what: str) -> None:
        self._progress.advance(done, total, what)
        self.is_under_way = True
        while not self._cancel.asked:
            time.sleep(0.005)


def test_verification_cancelled_with_the_mouse_leaves_a_case_that_says_what_was_not_done(
    user, monkeypatch
):
    held = Held(monkeypatch)
    user.drops(sample.load().evidence)
    user.waits_for(lambda: held.is_under_way)
    user.clicks("Cancel", job_row(user))
    user.sees("Verification was stopped. 7 subjects stay unverified")
    user.sees("Stopped. What was finished is kept; the rest stays unverified.")
    user.presses(Qt.Key.Key_3, CTRL)
    user.sees("No verdict yet")
    assert "PASSED" not in user.reads(), "never a provisional verdict"
    folder = user.window.context.services.case.folder
    monkeypatch.undo()
    user.presses(Qt.Key.Key_Q, CTRL)
    with cases.open_case(folder) as case:
        standing = cases.standing(case)
        assert standing.journal.broken is None
        assert (len(standing.sources), len(standing.unjudged)) == (20, 7)


def test_the_window_closed_in_mid_verification_keeps_every_act_and_is_opened_again(
    user, qtbot, qapp, context, sample_case, monkeypatch
):
    window, held = user.window, Held(monkeypatch)
    user.drops(sample_case)
    user.sees("Integrity")
    user.presses(Qt.Key.Key_8, CTRL)
    user.clicks("New finding")
    page = window.stack.currentWidget()
    user.waits_for(lambda: page.editor.title.hasFocus())
    user.presses(Qt.Key.Key_V, CTRL | SHIFT)
    user.waits_for(lambda: held.is_under_way)
    qtbot.keyClicks(page.editor.title, "Typed while it runs")
    user.presses(Qt.Key.Key_Q, CTRL)
    assert "Close again to leave." in window.status._notice.text()
    with qtbot.waitSignal(window.closed):
        user.presses(Qt.Key.Key_Q, CTRL)
    assert window.context.jobs.close(60_000)
    monkeypatch.undo()

    again = User(qtbot, opened(qtbot, qapp, context.settings))
    again.drops(sample_case)
    again.sees("Integrity")
    again.presses(Qt.Key.Key_8, CTRL)
    page = again.window.stack.currentWidget()
    again.waits_for(lambda: page.editor.title.value() == "Typed while it runs")
    services = again.window.context.services
    standing = services.standing
    assert standing.journal.broken is None
    assert standing.unjudged == (), "the verdicts of before stay"
    assert services.case.writable
    acts = [entry.act for entry in cases.journal_entries(services.case)]
    assert acts[-2:] == ["finding.add", "finding.change"]
    again.window.close()


def job_row(user: User) -> JobRow:
    """Return the row of the verification that runs."""
    rows = visible(user.window, JobRow)
    return next(row for row in rows if row.accessibleName().startswith(VERIFYING))


class Strays(QObject):
    """Notes what is shown as a window of its own."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.seen: list[str] = []

    def eventFilter(self, of: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(of, QWidget) and of.isWindow():
            self.seen += [] if of is self._window else [repr(of)]
        return False


def test_no_page_shows_anything_outside_the_window(user, qapp, sample_case):
    """What comes up without a parent takes the keyboard from the window for good."""
    strays = Strays(user.window)
    qapp.installEventFilter(strays)
    user.drops(sample_case)
    user.sees("Integrity")
    for page in user.window.rail.items.values():
        user.clicks_at(page, page.rect().center())
        user.waits_for(lambda: user.window.context.jobs.is_idle)
    qapp.removeEventFilter(strays)
    assert strays.seen == []
    assert user.window.isActiveWindow()
