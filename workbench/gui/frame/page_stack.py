"""The pages, built when they are first looked at and told what changed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.faults import fault_of
from workbench.gui.page import Group, Page, PageWidget, views_of
from workbench.gui.parts.boxes import column
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.text import tr
from workbench.model.case import CaseChanges


class _Broken(PageWidget):
    """Stands in for a page that could not be built."""

    def __init__(self, context: WindowContext, page: Page, why: str) -> None:
        super().__init__()
        layout = column()
        missing = tr("{} cannot be shown").format(tr(page.title))
        layout.addWidget(EmptyState(context.theme, page.icon, missing, why))
        self.setLayout(layout)


class PageStack(QStackedWidget):
    """Shows one page at a time; ``shown`` gives it, ``turning`` its name just before."""

    turning = Signal(str)
    shown = Signal(object)

    def __init__(
        self, context: WindowContext, pages: Sequence[Page], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._pages = {page.id: page for page in pages}
        self._built: dict[str, PageWidget] = {}
        self._missed: dict[str, frozenset[str]] = {}
        self._current: Page | None = None

    @property
    def pages(self) -> Sequence[Page]:
        """The pages that the rail or another page leads to."""
        return [page for page in self._pages.values() if page.group is not Group.START]

    @property
    def current(self) -> Page | None:
        """The page on screen."""
        return self._current

    def widget_of(self, page: str) -> PageWidget | None:
        """Return the widget of a page, if it was built."""
        return self._built.get(page)

    def show_page(self, page: str, place: object = None) -> None:
        """Show a page, built and up to date, at a place."""
        if page not in self._pages:
            return
        self.turning.emit(page)
        self._current = self._pages[page]
        widget = self._built.get(page) or self._build(self._current)
        missed = self._missed.pop(page, None)
        if missed is not None:
            widget.refresh(CaseChanges(missed))
        self.setCurrentWidget(widget)
        self._context.acts.show(widget.acts())
        if place is not None:
            widget.reveal(place)
        self.shown.emit(self._current)

    def refresh(self, changes: CaseChanges) -> None:
        """Tell the page on screen at once, the others when they come on screen."""
        for name, widget in self._built.items():
            if self._current is not None and name == self._current.id:
                widget.refresh(changes)
                self._context.acts.show(widget.acts())
            else:
                self._missed[name] = self._missed.get(name, frozenset()) | changes.areas

    def keep_typed(self) -> str:
        """Let every page write what is typed and not in the case yet; return what is not in it."""
        unkept = [widget.keep_typed() for widget in self._built.values()]
        return next(filter(None, [*unkept, self._context.unsaved.said()]), "")

    def forget(self) -> None:
        """Let go of every page: another case is open."""
        for widget in self._built.values():
            self.removeWidget(widget)
            widget.deleteLater()
        self._built.clear()
        self._missed.clear()
        self._current = None

    def _build(self, page: Page) -> PageWidget:
        try:
            widget = page.build(self._context)
        except Exception as error:  # noqa: BLE001 - one page must not take the others with it
            fault = fault_of(error)
            self._context.notices.fail(fault)
            widget = _Broken(self._context, page, fault.sentence)
        self._show_views(page, widget)
        self._built[page.id] = widget
        self.addWidget(widget)
        return widget

    def next_view(self) -> str:
        """Return the view after the one on screen, or "": there is no other."""
        here = self._current
        views = views_of(self._pages.values(), here) if here is not None else []
        ids = [view.id for view in views]
        return ids[(ids.index(here.id) + 1) % len(ids)] if here is not None and ids else ""

    def _show_views(self, page: Page, widget: PageWidget) -> None:
        """Put the views of a page into its head."""
        header = getattr(widget, "header", None)
        views = views_of(self._pages.values(), page)
        if isinstance(header, PageHeader) and views:
            header.show_views([(view.id, tr(view.view)) for view in views], page.id)
            header.view_asked.connect(self._context.navigation.go)
