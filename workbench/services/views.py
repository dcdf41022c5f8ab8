"""Saved views: questions with a name, kept in the case and told by its journal."""

from workbench.errors import UsageError
from workbench.model.case import CaseChanges
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.model.view import SavedView, named
from workbench.store import views
from workbench.store.case_store import CaseStore


def every(case: CaseStore) -> tuple[SavedView, ...]:
    """Return the views of a case, by name."""
    with case.reading() as session:
        return tuple(views.every(session, case.journal_at_opening).values())


def get(case: CaseStore, name: str) -> SavedView:
    """Return the view of a name.

    Raises:
        UsageError: there is none.
    """
    clean = named(name)
    found = next((view for view in every(case) if view.name == clean), None)
    if found is None:
        raise UsageError(f"This case has no view {clean}.")
    return found


def save(case: CaseStore, name: str, area: Area, query: str, *, replace: bool = False) -> SavedView:
    """Keep a question under a name.

    Raises:
        UsageError: the name is taken and ``replace`` is False, or it is none.
        QueryError: the question cannot be understood.
        StoreError: it could not be recorded.
    """
    clean = named(name)
    parse(query, FIELDS[area])
    if not replace and any(view.name == clean for view in every(case)):
        raise UsageError(f"This case has a view {clean} already.")
    with case.acting(views.SAVE) as act:
        views.put(act, clean, area, query.strip())
    return get(case, clean)


def rename(case: CaseStore, name: str, new: str) -> CaseChanges:
    """Call a view something else.

    Raises:
        UsageError: there is none, or the new name is taken or none.
        StoreError: it could not be recorded.
    """
    old, clean = get(case, name).name, named(new)
    if any(view.name == clean for view in every(case)):
        raise UsageError(f"This case has a view {clean} already.")
    with case.acting(views.RENAME) as act:
        views.rename(act, old, clean)
        return act.changes


def remove(case: CaseStore, name: str) -> CaseChanges:
    """Keep a view no more.

    Raises:
        UsageError: there is none.
        StoreError: it could not be recorded.
    """
    old = get(case, name).name
    with case.acting(views.REMOVE) as act:
        views.remove(act, old)
        return act.changes
