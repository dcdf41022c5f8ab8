"""What verification found of one source: its map, its diagnoses, its four answers."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.context import WindowContext, read_only
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.judged import Judged, read_map
from workbench.gui.parts.boxes import Line, boxed, clear, column, row, scrolled
from workbench.gui.parts.buttons import IconButton
from workbench.gui.parts.causes import holds_of
from workbench.gui.parts.diagnosis import DiagnosisCard, DiagnosisView
from workbench.gui.parts.explain import Explanation
from workbench.gui.parts.log_map import LogMap
from workbench.gui.parts.mark import SMALL, mark_of
from workbench.gui.parts.pips import LevelPips
from workbench.gui.parts.tamper import TamperMap
from workbench.gui.parts.word import VerdictWord
from workbench.gui.records import event_at
from workbench.gui.text import ElidingLabel, Paragraph, PlainLabel, tr
from workbench.gui.verification.blast import Blast, read_blast
from workbench.model.event import IndexedEvent
from workbench.model.moment import text_of
from workbench.model.verdict import Diagnosis, SubjectVerdict
from workbench.report.glossary import words
from workbench.report.phrases import indication_of, subject_card
from workbench.report.sentences import sentence
from workbench.report.short_words import JUDGED_TWICE

_MARGIN = 24
_NAME = 104


class Detail(QWidget):
    """The source in the middle of the page.

    ``record_chosen`` gives a record that was pressed on the map; ``bytes_asked`` and
    ``finding_asked`` the number of a diagnosis.
    """

    record_chosen = Signal(int)
    diagnosis_chosen = Signal(int)
    bytes_asked = Signal(int)
    finding_asked = Signal(int)

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._theme = context.theme
        self._each: Judged | None = None
        self._number = 0
        self.map: TamperMap | None = None
        self._head = column(gap=0)
        self._body = column(gap=0)
        self._head.setContentsMargins(_MARGIN, 12, _MARGIN, 10)
        self._body.setContentsMargins(_MARGIN, 12, _MARGIN, 16)
        outer = column()
        outer.addLayout(self._head)
        outer.addWidget(Line(self._theme))
        outer.addWidget(scrolled(boxed(self._body)), 1)
        self.setLayout(outer)

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The diagnosis on the card, or None."""
        found = self._each.verdict.diagnoses if self._each and self._each.verdict else ()
        return found[self._number] if self._number < len(found) else None

    @property
    def number(self) -> int:
        """The place of that diagnosis in the verdict, from 0."""
        return self._number

    def show_source(self, each: Judged, number: int = 0) -> None:
        """Show a source, and one of its diagnoses."""
        self._each = each
        self._number = number
        self._show_head()
        self._show_body()
        self.setAccessibleName(tr("Verification of {}").format(each.name))

    def step(self, by: int) -> None:
        """Go to the next diagnosis, or the one before."""
        verdict = self._each.verdict if self._each else None
        if verdict is not None and verdict.diagnoses:
            self._turn_to((self._number + by) % len(verdict.diagnoses))

    def _turn_to(self, number: int) -> None:
        self._number = number
        self._show_body()
        self.diagnosis_chosen.emit(number)

    def _show_head(self) -> None:
        clear(self._head)
        self.map = None
        each = self._each
        if each is None:
            return
        line = row(gap=12)
        line.addWidget(ElidingLabel(self._theme, each.name, Face.SECTION, middle=True))
        records = each.verdict.records if each.verdict else None
        unit = each.unit
        told = tr("Not verified") if each.verdict is None else ""
        if records is not None:
            told = f"{records:,} {unit}" if records == 1 else f"{records:,} {unit}s"
        if each.is_log and records:
            told = tr("Tamper map, records 1 – {}").format(f"{records:,}")
        line.addWidget(ElidingLabel(self._theme, told, Face.BODY, "secondary"))
        line.addStretch()
        self._head.addLayout(line)
        if each.is_log:
            self._add_map(line, each)

    def _add_map(self, line: QHBoxLayout, each: Judged) -> None:
        self._head.addSpacing(8)
        shown = TamperMap(self._theme, LogMap(each.verdict.records or 0 if each.verdict else 0))
        self.map = shown
        self._head.addWidget(shown)
        self._head.addSpacing(8)
        self._head.addWidget(self._legend(each))
        for icon, name, act in (
            ("zoom-out", tr("Show more records (-)"), lambda: shown.zoom(0.5)),
            ("zoom-in", tr("Show fewer records (+)"), lambda: shown.zoom(2)),
            ("maximize", tr("Show all records (0)"), shown.fit),
        ):
            button = IconButton(self._theme, icon, name)
            button.clicked.connect(act)
            line.addWidget(button)
        self._context.services.read(
            lambda case: read_map(case, each),
            owner=shown,
            on_done=lambda log: self._map_read(shown, log),
            on_failed=lambda fault: self._map_missing(shown, fault),
        )

    def _map_missing(self, shown: TamperMap, fault: Fault) -> None:
        """Say in place of the map why it cannot be drawn."""
        shown.hide()
        told = tr("The map cannot be drawn. {}").format(fault.sentence)
        self._head.addWidget(Paragraph(self._theme, told, Face.BODY, "secondary"))

    def _map_read(self, shown: TamperMap, log: LogMap) -> None:
        shown.show_log(log)
        found = self.diagnosis
        if found is not None and found.record:
            shown.look_at(found.record)
        shown.record_chosen.connect(self._chosen_on_map)

    def _chosen_on_map(self, record: int) -> None:
        verdict = self._each.verdict if self._each else None
        numbers = (
            [n for n, d in enumerate(verdict.diagnoses) if d.record == record] if verdict else []
        )
        if numbers and numbers[0] != self._number:
            self._turn_to(numbers[0])
        else:
            self.record_chosen.emit(record)

    def _legend(self, each: Judged) -> QWidget:
        line = row(gap=16)
        levels = {part.level for part in each.verdict.assurance} if each.verdict else set()
        for level in sorted(levels - {0}, reverse=True):
            line.addWidget(LevelPips(self._theme, level))
        if each.verdict and any(d.record for d in each.verdict.diagnoses):
            line.addWidget(VerdictWord(self._theme, mark_of(each.worst), tr("Broken"), size=SMALL))
        told = tr("Ticks below the strip: signed heads")
        line.addWidget(ElidingLabel(self._theme, told, Face.SECONDARY, "secondary"), 1)
        return boxed(line)

    def _show_body(self) -> None:
        clear(self._body)
        each = self._each
        verdict = each.verdict if each else None
        if each is None or verdict is None:
            why = tr("This source was not verified since it was taken in.")
            self._body.addWidget(Paragraph(self._theme, why, Face.BODY, "secondary"))
            self._body.addStretch()
            return
        if verdict.diagnoses:
            self._add_card(each, verdict)
            self._body.addSpacing(16)
            self._body.addWidget(Line(self._theme))
            self._body.addSpacing(12)
        self._body.addWidget(self._answers(each, verdict))
        if verdict.second_opinion is not None:
            told = f"{tr('Judged twice.')} {JUDGED_TWICE[verdict.second_opinion]}"
            self._body.addSpacing(10)
            self._body.addWidget(Paragraph(self._theme, told, Face.BODY, "secondary"))
        self._body.addStretch()

    def _add_card(self, each: Judged, verdict: SubjectVerdict) -> None:
        count = len(verdict.diagnoses)
        if count > 1:
            self._body.addWidget(self._pager(count))
            self._body.addSpacing(8)
        holder = column(gap=0)
        box = boxed(holder)
        self._body.addWidget(box)
        found = verdict.diagnoses[self._number]
        record = found.record if each.source.events is not None else None
        answer, holds = indication_of(found, verdict), tuple(holds_of(verdict))
        view = DiagnosisView(found, answer, holds=holds, sought=record is not None)
        self._put_card(holder, view)
        if record is None:
            return
        read, source = self._context.services.read, each.source.id

        def show(event: IndexedEvent, blast: tuple[Blast, ...] | None = None) -> None:
            self._put_card(holder, view_of(found, verdict, event, blast), blast or ())

        def ask_blast(event: IndexedEvent) -> None:
            show(event)
            read(
                lambda case: read_blast(case, event),
                owner=box,
                on_done=lambda blast: show(event, blast),
            )

        read(lambda case: event_at(case, source, record), owner=box, on_done=ask_blast)

    def _put_card(
        self, holder: QVBoxLayout, view: DiagnosisView, blast: tuple[Blast, ...] = ()
    ) -> None:
        number = self._number
        clear(holder)
        card = DiagnosisCard(self._theme, view)
        card.finding.allow(read_only(self._context.services))
        places = {each.words: each for each in blast}
        card.blast_chosen.connect(lambda words: self._go_to(places.get(words)))
        card.show_bytes.connect(lambda: self.bytes_asked.emit(number))
        card.new_finding.connect(lambda: self.finding_asked.emit(number))
        holder.addWidget(card)

    def _go_to(self, blast: Blast | None) -> None:
        if blast is not None:
            self._context.navigation.go(blast.page, blast.place)

    def _pager(self, count: int) -> QWidget:
        line = row(gap=4)
        told = tr("Diagnosis {} of {}").format(self._number + 1, f"{count:,}")
        line.addWidget(PlainLabel(self._theme, told, Face.STRONG))
        for icon, name, by in (
            ("chevron-left", tr("Previous problem ([)"), -1),
            ("chevron-right", tr("Next problem (])"), 1),
        ):
            button = IconButton(self._theme, icon, name, small=True)
            button.clicked.connect(lambda _checked=False, by=by: self.step(by))
            line.addWidget(button)
        line.addStretch()
        return boxed(line)

    def _answers(self, each: Judged, verdict: SubjectVerdict) -> QWidget:
        """Return the four answers of the source, each with its sentence."""
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(0, self._theme.px(_NAME))
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for line, given in enumerate(subject_card(verdict, each.unit).rows):
            which, answer = given.dimension, given.verdict
            said = sentence(verdict, which, each.unit)
            name = PlainLabel(self._theme, words()[which].short, Face.STRONG)
            word = VerdictWord(self._theme, mark_of(answer), answer.indication.value, asks=True)
            word.explain.connect(
                lambda word=word, answer=answer, which=which, said=said: Explanation(
                    self._theme, answer, dimension=which, why=said, parent=self
                ).open_at(word)
            )
            told = column(gap=2)
            told.addWidget(Paragraph(self._theme, said))
            if given.codes:
                codes = " · ".join(given.codes)
                told.addWidget(Paragraph(self._theme, codes, Face.MONO, "secondary"))
            grid.addWidget(name, line, 0, top)
            grid.addWidget(word, line, 1, top)
            grid.addWidget(boxed(told), line, 2)
        return box


def view_of(
    found: Diagnosis,
    verdict: SubjectVerdict,
    read: IndexedEvent,
    blast: tuple[Blast, ...] | None,
) -> DiagnosisView:
    """Return what the card shows once the record was read; ``blast`` None: not known yet."""
    event = read.event
    radius = (*found.blast_radius, *(each.words for each in blast or ()))
    by = tr("by {}").format(event.actor) if event.actor else ""
    at = event.time_text if event.time_ns is None else text_of(event.time_ns)
    time = tr("claimed {}").format(at) if at else ""
    said = " · ".join(part for part in (event.action, event.object, by, time) if part)
    return DiagnosisView(
        replace(found, blast_radius=radius),
        indication_of(found, verdict),
        place=event.locator,
        event=said,
        holds=tuple(holds_of(verdict)),
        sought=blast is None,
    )
