"""The button of the saved views of a list: use one, keep what is shown, rename, remove."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from workbench.gui.context import WindowContext, read_only
from workbench.gui.parts.buttons import IconButton
from workbench.gui.text import action_text, tr
from workbench.model.case import CaseChanges
from workbench.model.query_fields import Area
from workbench.model.view import SavedView

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def rests_on_remarks(query: str, changes: CaseChanges) -> bool:
    """Tell whether what is shown may be another after a tag or note was put or taken back."""
    return "remarks" in changes.areas and any(word in query.lower() for word in ("tag", "note"))


class ViewsButton(IconButton):
    """``used`` gives the query of a view; ``query`` says what is shown now, to be kept."""

    used = Signal(str)

    def __init__(
        self,
        context: WindowContext,
        area: Area,
        query: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context.theme, "bookmark", tr("Saved views"), parent=parent)
        self._context = context
        self._area = area
        self._query = query
        self.clicked.connect(self._read)

    def menu_of(self, views: Sequence[SavedView]) -> QMenu:
        """Return the menu over the views of this list."""
        menu = QMenu(self)
        for view in views:
            menu.addAction(action_text(view.name), partial(self.used.emit, view.query))
        if views:
            menu.addSeparator()
        keep = menu.addAction(tr("Save this view…"), self._ask_name)
        for title, act in ((tr("Rename"), self._ask_other_name), (tr("Remove"), self.remove)):
            below = menu.addMenu(title)
            for view in views:
                below.addAction(action_text(view.name), partial(act, view.name))
            below.setEnabled(bool(views) and not read_only(self._context.services))
        keep.setEnabled(not read_only(self._context.services))
        return menu

    def save(self, name: str) -> None:
        """Keep what is shown under a name; one of that name is replaced."""
        area, query = self._area, self._query()

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import views

            views.save(case, name, area, query, replace=True)

        self._act(tr("Save the view"), work, tr("Kept as {}.").format(name))

    def call(self, name: str, new: str) -> None:
        """Call a view something else."""

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import views

            views.rename(case, name, new)

        self._act(tr("Rename the view"), work, tr("It is called {} now.").format(new))

    def remove(self, name: str) -> None:
        """Keep a view no more."""

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import views

            views.remove(case, name)

        self._act(tr("Remove the view"), work, tr("{} is kept no more.").format(name))

    def _read(self) -> None:
        def read(case: "CaseStore") -> list[SavedView]:
            from workbench.services import views

            return [view for view in views.every(case) if view.area is self._area]

        self._context.services.read(
            read, owner=self, on_done=self._open, on_failed=self._context.notices.fail
        )

    def _open(self, views: Sequence[SavedView]) -> None:
        self.menu_of(views).popup(self.mapToGlobal(QPoint(0, self.height())))

    def _ask_name(self) -> None:
        name, wanted = QInputDialog.getText(self, tr("Save this view"), tr("Name"))
        if wanted and name.strip():
            self.save(name)

    def _ask_other_name(self, name: str) -> None:
        new, wanted = QInputDialog.getText(self, tr("Rename"), tr("Name"), text=name)
        if wanted and new.strip() and new != name:
            self.call(name, new)

    def _act(
        self, title: str, work: "Callable[[CaseStore, object, object], None]", said: str
    ) -> None:
        self._context.services.act(
            title, work, listed=False, owner=self,
            on_done=lambda _none: self._context.notices.say(said),
            on_failed=self._context.notices.fail,
        )  # fmt: skip
