"""How long a signature can be checked: its level, who stamps it, what says nobody was withdrawn."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.form import Form
from workbench.gui.parts.path_field import PathField, PathsField
from workbench.gui.signing.key import TypedKey
from workbench.gui.signing.stamps import By, StampFields, Stamps
from workbench.gui.text import Paragraph, tr
from workbench.gui.theme import Theme
from workbench.model.report_signature import Level

if TYPE_CHECKING:
    from workbench.services.reports import Lasting

LISTS = "CRL, OCSP, PEM (*.crl *.ocsp *.der *.pem *.crt *.cer);;* (*)"
CERTIFICATES = "PEM, DER (*.pem *.crt *.cer *.der);;* (*)"
_LEVELS = {
    Level.B: ("B-B: the signature", "Checkable while the certificate is valid and not withdrawn."),
    Level.T: (
        "B-T: and a time stamp",
        "Checkable after the certificate ended: the time stamp shows that the signature is older.",
    ),
    Level.LT: (
        "B-LT: and revocation lists",
        "Checkable also when nobody publishes those lists any more.",
    ),
    Level.LTA: (
        "B-LTA: and a time stamp over all",
        "Checkable as long as the certificate of that time stamp; renew it in time.",
    ),
}
_OWN = (
    "Checkable while the certificate is valid: a time stamp by a key of your own proves no time, "
    "and so no earlier signing."
)
_BY_FILE = "Until the answer is put in it is B-B; for B-LTA all of it is stamped after that."


def told_of(level: Level, by: By) -> str:
    """Return how long a signature of a level can be checked that is stamped so."""
    said = tr(_LEVELS[level][1])
    if level is Level.B:
        return said
    return {By.OWN: tr(_OWN), By.FILE: f"{said} {tr(_BY_FILE)}"}.get(by, said)


@dataclass(frozen=True, slots=True)
class Lasts:
    """What makes a signature last, as it was chosen.

    Attributes:
        level: the level to reach.
        stamps: who stamps.
        query: where a query for a time stamp goes, or None.
        lists: revocation lists, OCSP responses, certificates.
        trust: whom the user trusts: ``[ROLE=]FILE``.
    """

    level: Level = Level.B
    stamps: Stamps = Stamps()  # noqa: RUF009 - it is frozen
    query: Path | None = None
    lists: tuple[Path, ...] = ()
    trust: tuple[str, ...] = ()

    def opened(self) -> "Lasting":
        """Return what is asked for, with the keys open.

        Raises:
            SigningError: the time-stamping key cannot be opened.
        """
        from workbench.services import reports

        own = None if self.stamps.own is None else self.stamps.own.opened()
        return reports.Lasting(
            level=self.level,
            own_stamper=own,
            server=self.stamps.server,
            network=self.stamps.network,
            query=self.query,
            lists=self.lists,
            trust=self.trust,
            told=self.stamps.told,
        )

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        trusted = (Path(spec.removeprefix("tsa=")) for spec in self.trust)
        return (*self.stamps.inputs, *self.lists, *trusted)


@dataclass(frozen=True, slots=True)
class Signs:
    """Who signs, what that means (21 CFR 11.50), and what makes it last."""

    key: TypedKey
    lasts: Lasts
    meaning: str
    location: str = ""

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        return (self.key.path, *self.lasts.inputs)

    def forget(self) -> None:
        """Forget what opens the keys, where they were not opened."""
        self.key.forget()
        self.lasts.stamps.forget()


class LastingFields(QWidget):
    """The fields."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.level = QComboBox()
        for level, (name, _) in _LEVELS.items():
            self.level.addItem(tr(name), level.value)
        self.told = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.stamps = StampFields(theme, tuple(By))
        self.lists = PathsField(theme, tr("Revocation lists"), kinds=LISTS)
        self.tsa = PathField(
            theme, tr("Root of the time-stamping authority"), saves=False, kinds=CERTIFICATES
        )
        self._form = Form(theme, quiet=True, gap=8)
        self._lay_out()
        self.level.currentIndexChanged.connect(self._turn)
        for field in (self.stamps, self.lists, self.tsa):
            field.changed.connect(self._turn)
        self._turn()

    @property
    def by_file(self) -> bool:
        """Whether a query for a time stamp is to be written."""
        return self.stamps.by is By.FILE

    def why_not(self) -> str:
        """Return why it cannot last so long, or ""."""
        if why := self.stamps.why_not() or self.lists.missing():
            return why
        level, path = Level(self.level.currentData()), self.tsa.path()
        if self._form.is_shown(self.tsa) and path is not None and not path.is_file():
            return tr("There is no file {}.").format(path.name)
        if level is not Level.B and self.stamps.by is By.NOBODY:
            return tr("{} needs a time stamp: say who gives it.").format(level.value)
        if level.rank >= Level.LT.rank and not self.lists.paths():
            return tr("{} needs revocation lists: choose them.").format(level.value)
        return ""

    def take(self, query: Path | None, trust: tuple[str, ...] = ()) -> Lasts:
        """Return what was chosen; ``query`` is where one goes, should it be asked by file."""
        root = self.tsa.path() if self._form.is_shown(self.tsa) else None
        more = () if root is None else (f"tsa={root}",)
        return Lasts(
            Level(self.level.currentData()),
            self.stamps.take(),
            query if self.by_file else None,
            self.lists.paths(),
            (*trust, *more),
        )

    def _turn(self) -> None:
        self.told.setText(told_of(Level(self.level.currentData()), self.stamps.by))
        self._form.show_field(self.tsa, shown=self.stamps.by in {By.OWN, By.SERVER})
        self.changed.emit()

    def _lay_out(self) -> None:
        self._form.add(tr("Level (PAdES)"), self.level)
        self._form.add("", self.told)
        self._form.add(tr("Time stamp"), self.stamps)
        self._form.add(
            tr("Root of the time-stamping authority"),
            self.tsa,
            tr("Where it is another than that of the signing key."),
        )
        self._form.add(
            tr("Revocation lists, OCSP responses, certificates"),
            self.lists,
            tr("Put into the report from B-LT on. Who is on one of them does not sign."),
        )
        lines = column()
        lines.addWidget(self._form)
        self.setLayout(lines)
