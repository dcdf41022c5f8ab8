"""The status bar: what is always true (offline, read-only), and what is going on."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.context import CaseHeader
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Panel, row
from workbench.gui.parts.buttons import DropButton
from workbench.gui.parts.word_icon import WordIcon
from workbench.gui.text import ElidingLabel, PlainLabel, tr
from workbench.gui.theme import Theme

HEIGHT = 28
_STAYS_MS = 8_000


class StatusBar(Panel):
    """The bar. ``jobs_asked`` says that the user wants to see the jobs."""

    jobs_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "chrome", edges="n", height=HEIGHT, parent=parent)
        self._narrow = False
        self._header: CaseHeader | None = None
        self._asked = ""
        self._offline = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self._offline_icon = WordIcon(theme, "wifi-off")
        self._lock = WordIcon(theme, "lock")
        self._sources = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self._notice = ElidingLabel(theme, "", Face.SECONDARY, "text")
        self._journal = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self._zone = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self.jobs = DropButton(theme, "", arrow="chevron-up", quiet=True)
        self.jobs.clicked.connect(self.jobs_asked)
        self._timer = QTimer(self, singleShot=True, interval=_STAYS_MS)
        self._timer.timeout.connect(lambda: self._notice.setText(""))
        self._lay_out()
        self.show_zone(local=False)
        self.show_jobs(0)
        self.show_header(None)

    def show_header(self, header: CaseHeader | None) -> None:
        """Show what is true of another case."""
        self._header = header
        self._say()

    def show_network(self, server: str) -> None:
        """Say from now on that a server was asked, whatever case is open."""
        self._asked = server
        self._say()

    def show_zone(self, *, local: bool) -> None:
        """Say in which zone times are shown."""
        self._zone.setText(tr("Local times, with offset") if local else tr("All times UTC"))

    def show_jobs(self, running: int) -> None:
        """Say how many jobs run."""
        if not running:
            self.jobs.say(tr("No jobs running"))
        else:
            self.jobs.say(tr("1 job") if running == 1 else tr("{} jobs").format(running))

    def say(self, sentence: str) -> None:
        """Say something for a while."""
        self._notice.setText(sentence)
        self._timer.start()

    def be_narrow(self, narrow: bool) -> None:
        """Use fewer words."""
        self._narrow = narrow
        self._say()

    def _say(self) -> None:
        header = self._header
        recorded = bool(header and header.network)
        online = recorded or bool(self._asked)
        if recorded:
            words = tr("Network was used: see the journal")
        elif online:
            words = tr("Network was used: {} was asked").format(self._asked)
        else:
            words = tr("Offline") if self._narrow else tr("Offline: no network is used")
        self._offline.setText(words)
        self._offline.recolour("indeterminate" if online else "secondary")
        self._offline_icon.setVisible(not online)
        has_evidence = bool(header and header.sources)
        self._lock.setVisible(has_evidence)
        count = header.sources if header else 0
        opened = tr("1 source open read-only") if count == 1 else tr("{} sources open read-only")
        words = tr("Evidence read-only") if self._narrow else opened.format(f"{count:,}")
        self._sources.setText(words if has_evidence else "")
        entries = header.journal_entries if header else 0
        told = tr("Journal: {}") if self._narrow else tr("{} journal entries")
        self._journal.setText(told.format(f"{entries:,}") if header is not None else "")

    def _lay_out(self) -> None:
        line = row(gap=7)
        line.setContentsMargins(12, 1, 12, 0)
        for widget in (self._offline_icon, self._offline):
            line.addWidget(widget)
        line.addSpacing(8)
        for widget in (self._lock, self._sources):
            line.addWidget(widget)
        line.addSpacing(8)
        line.addWidget(self._notice, 1)
        for label in (self._journal, self._zone):
            line.addWidget(label)
            line.addSpacing(8)
        line.addWidget(self.jobs)
        self.setLayout(line)
