"""The button of the saved views of a list: use one, keep what is shown, rename, remove."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from workbench.gui.context import WindowContext, read_only
from workbench.gui.parts.buttons import IconButton
from workbench.gui.parts.writing import LineEdit
from workbench.gui.text import action_text, tr
from workbench.model.case import CaseChanges
from workbench.model.query_fields import Area
from workbench.model.view import SavedView, named

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
        keep = menu.addMenu(tr("Save this view"))
        self._add_field(keep, menu, tr("Name, and Enter"), "", self.save)
        rename, remove = menu.addMenu(tr("Rename")), menu.addMenu(tr("Remove"))
        for view in views:
            below = rename.addMenu(action_text(view.name))
            call = partial(self.call, view.name)
            self._add_field(below, menu, tr("New name, and Enter"), view.name, call)
            remove.addAction(action_text(view.name), partial(self.remove, view.name))
        may_write = not read_only(self._context.services)
        keep.setEnabled(may_write)
        for below in (rename, remove):
            below.setEnabled(bool(views) and may_write)
        return menu

    def _add_field(
        self, below: QMenu, menu: QMenu, hint: str, text: str, then: Callable[[str], None]
    ) -> None:
        """Add a field to a menu; Enter closes the whole menu and does something with the text."""
        field = LineEdit(self._context.theme, hint, hint)
        field.show_text(text)

        def entered() -> None:
            menu.close()
            if field.value().strip() and field.value() != text:
                then(field.value())

        field.returnPressed.connect(entered)
        action = QWidgetAction(below)
        action.setDefaultWidget(field)
        below.addAction(action)
        below.aboutToShow.connect(field.setFocus)

    def save(self, name: str) -> None:
        """Keep what is shown under a name; one of that name in this list is replaced."""
        area, query = self._area, self._query()

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import views

            same = any((v.name, v.area) == (named(name), area) for v in views.every(case))
            views.save(case, name, area, query, replace=same)

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

    def _act(
        self, title: str, work: "Callable[[CaseStore, object, object], None]", said: str
    ) -> None:
        self._context.services.act(
            title, work, listed=False, owner=self,
            on_done=lambda _none: self._context.notices.say(said),
            on_failed=self._context.notices.fail,
        )  # fmt: skip
