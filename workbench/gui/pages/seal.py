"""Seal a folder: what the audited side does before it hands evidence over."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit

from workbench.gui.context import WindowContext
from workbench.gui.page import Group, Page
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.path_field import PathField, PathsField
from workbench.gui.signing.key import KeyField, TypedKey
from workbench.gui.signing.stamps import By, StampFields, Stamps
from workbench.gui.tasks.page import TaskPage, Told
from workbench.gui.tasks.places import first, free, no_file, no_place
from workbench.gui.text import tr
from workbench.model.progress import Cancel, Progress
from workbench.output import require_apart

if TYPE_CHECKING:
    from workbench.services.sealing import Sealed
    from workbench.store.case_store import CaseStore

_PEM = "PEM (*.pem);;* (*)"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a folder is to be sealed, as it was typed."""

    folder: Path
    out: Path
    key: TypedKey
    stamps: Stamps
    origin: str
    log_key: Path | None
    public_key: Path | None
    secrets: tuple[Path, ...]

    @property
    def query(self) -> Path | None:
        """Return where a query for a time stamp goes, or None."""
        by_file = self.stamps.by is By.FILE
        return self.out.with_name(f"{self.out.name}.tsq") if by_file else None


@dataclass(frozen=True, slots=True)
class Done:
    """What was made, and the fingerprint that the auditor has to be told."""

    asked: Asked
    sealed: "Sealed"
    fingerprint: str


def sealed(case: "CaseStore | None", asked: Asked, progress: Progress, cancel: Cancel) -> Done:
    """Seal a folder, whole or not at all; what opens the keys is forgotten.

    Raises:
        WorkbenchError: nothing was written.
    """
    from workbench.services import sealing
    from workbench.sign.keys import load_signing_key
    from workbench.store.handing import require_outside
    from workbench.verify.trust.anchors import load_trust

    try:
        keys = filter(None, (asked.key.path, *asked.stamps.inputs, asked.log_key))
        private = (*keys, *asked.secrets)
        sealing.require_sealable(asked.folder, asked.out, private=private, case=case)
        require_apart(asked.out, asked.public_key, asked.query)
        require_outside(case, asked.public_key, asked.query, inputs=[asked.folder, *private])
        at, log_key = datetime.now(UTC), asked.log_key
        wanted = sealing.Asked(
            key=asked.key.opened(),
            at=at,
            origin=sealing.required_name(asked.origin),
            trust=load_trust((), secrets=[str(path) for path in asked.secrets], at=at),
            log_key=None if log_key is None else load_signing_key(log_key, None),
            in_place=asked.out == asked.folder,
            stamper=asked.stamps.stamper(),
            server=asked.stamps.server,
            public_key=asked.public_key,
            to_stamp=asked.query,
        )
        made = sealing.seal(
            asked.folder, asked.out, wanted, case=case, progress=progress, cancel=cancel
        )
        return Done(asked, made, wanted.key.key_fingerprint)
    finally:
        asked.key.forget()
        asked.stamps.forget()


def stamped(case: "CaseStore | None", folder: Path, reply: Path) -> Path:
    """Put an answer into a sealed folder.

    Raises:
        WorkbenchError: it is over something else, or the folder is not sealed, or is evidence.
    """
    from workbench.services import sealing

    return sealing.stamped(folder, reply, case=case)


class SealPage(TaskPage):
    """Folder, who seals it with what, where it goes."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr("For the side that is audited: provable by your public key alone.")
        act = (tr("Seal folder"), "lock")
        super().__init__(context, tr("Seal a folder"), facts, act)
        theme = context.theme
        self.folder = PathField(theme, tr("Folder to seal"), saves=False, folder=True)
        self.in_place = QCheckBox(tr("Make the folder itself the sealed one"))
        self.out = PathField(theme, tr("Sealed folder to make"), saves=True)
        self.origin = QLineEdit()
        self.origin.setPlaceholderText("example.com")
        self.signer = KeyField(theme, tr("Your key"), tokens=False)
        self.log_key = PathField(theme, tr("Key for heads of logs"), saves=False, kinds=_PEM)
        self.public_key = PathField(theme, tr("Public key to write"), saves=True, kinds=_PEM)
        self.secrets = PathsField(theme, tr("Secrets of keyed logs"))
        self.stamps = StampFields(theme, tuple(By))
        self.stamps.on_asked = context.notices.use_network
        self.reply = PathField(theme, tr("Answer"), saves=False, kinds=tr("Answers (*.tsr);;* (*)"))
        self.put_in = Button(theme, tr("Put the answer in"), "stamp")
        self.beside.addWidget(self.put_in)
        self.put_in.clicked.connect(self._put_in)
        self.signer.entered.connect(self.ask)
        self.folder.changed.connect(self.suggest)
        self.in_place.toggled.connect(lambda on: self.form.show_field(self.out, shown=not on))
        self._fill()
        self.watch(
            self.folder, self.in_place, self.out, self.origin, self.signer, self.log_key,
            self.public_key, self.secrets, self.stamps, self.reply,
        )  # fmt: skip

    def why_not(self) -> str:
        """Return why it cannot be sealed now, or ""."""
        folder, log_key, public = self.folder.path(), self.log_key.path(), self.public_key.path()
        if folder is None or not folder.is_dir():
            return tr("Choose the folder to seal.") if folder is None else tr("No such folder.")
        in_place = self.in_place.isChecked()
        return first(
            (
                "" if in_place else no_place(self.out.path(), tr("Say where it goes.")),
                self.signer.why_not(tr("Choose the key that seals.")),
                "" if log_key is None else no_file(log_key, ""),
                "" if public is None else no_place(public, ""),
                self.secrets.missing(),
                self.stamps.why_not(),
            )
        )

    def check(self, *changed: object) -> None:
        """Say why it cannot be sealed, and whether an answer can be put in."""
        super().check(*changed)
        missing = no_file(self.reply.path(), tr("Choose the answer and the sealed folder."))
        self.put_in.allow(self._busy or missing)

    def begin(self) -> None:
        """Seal it."""
        folder, key, stamps = self.folder.path(), self.signer.take(), self.stamps.take()
        out = folder if self.in_place.isChecked() else self.out.path()
        if folder is None or out is None or key is None:
            return
        asked = Asked(
            folder,
            out,
            key,
            stamps,
            self.origin.text().strip() or "sealed",
            self.log_key.path(),
            self.public_key.path(),
            self.secrets.paths(),
        )
        title = tr("Seal {}").format(folder.name)
        self.do(title, lambda case, *job: sealed(case, asked, *job), self._show)

    def _show(self, done: Done) -> None:
        asked, made = done.asked, done.sealed
        count = tr("{} files, {} bytes").format(f"{made.files:,}", f"{made.size:,}")
        lines: list[Told] = [(tr("Folder"), str(made.folder)), (tr("Holds"), count)]
        for name, records in made.heads.items():
            lines.append((tr("Head"), tr("{}: {} records").format(name, f"{records:,}")))
        lines += [(tr("Note"), remark) for remark in made.remarks]
        told = tr("{} was asked for a time stamp")
        lines += [(tr("Network"), told.format(server)) for server in made.network]
        if asked.query is not None:
            lines.append((tr("To be stamped"), str(asked.query)))
        if asked.public_key is not None:
            lines.append((tr("Public key"), str(asked.public_key)))
        lines.append((tr("Fingerprint"), HashLabel(self.theme, done.fingerprint, head=12)))
        said = tr(
            "Give the auditor the folder on one way, and the key or its fingerprint on another."
        )
        self.tell(tr("Sealed"), lines, said)

    def _put_in(self) -> None:
        folder, reply = self.folder.path(), self.reply.path()
        if folder is not None and reply is not None:
            self.do(
                tr("Put a time stamp into {}").format(folder.name),
                lambda case, _progress, _cancel: stamped(case, folder, reply),
                lambda place: self.tell(tr("The time stamp is in"), [(tr("File"), str(place))]),
            )

    def suggest(self) -> None:
        """Name a place beside what it is made of."""
        folder = self.folder.path()
        if folder is not None and folder.is_dir():
            self.propose(self.out, free(folder.with_name(f"{folder.name} sealed")))

    def _fill(self) -> None:
        form = self.form
        form.add(tr("Folder to seal"), self.folder, tr("It is not changed, unless you say so."))
        form.add("", self.in_place)
        form.add(tr("Sealed folder to make"), self.out)
        form.add(
            tr("Your key, PEM or PKCS#12"),
            self.signer,
            tr("Ed25519 signs the heads of logs too: how many records each has, and its end."),
        )
        form.add(
            tr("Ed25519 key for heads of logs (PEM, no passphrase)"),
            self.log_key,
            tr("Only where your key is of another kind."),
        )
        form.add(tr("Who seals"), self.origin, tr("A name without spaces, as example.com."))
        form.add(tr("Secrets of keyed logs (HMAC)"), self.secrets)
        form.add(tr("Write the public key to (may be empty)"), self.public_key)
        form.add(tr("Time stamp"), self.stamps)
        form.add(
            tr("Answer of an authority (.tsr), for a folder that is sealed already"), self.reply
        )


PAGE = Page("seal", "Seal a folder", "lock", 5, Group.TASK, SealPage, inspects=False, of_case=False)
