"""Saved views, as the journal keeps them: the last act about a name holds."""

from sqlalchemy.orm import Session

from workbench.model.case import JournalState
from workbench.model.query_fields import Area
from workbench.model.view import SavedView
from workbench.store import journal
from workbench.store.case_store import Act

SAVE, RENAME, REMOVE = "view.save", "view.rename", "view.remove"
AREA = "views"


def put(act: Act, name: str, area: Area, query: str) -> None:
    """State in an act what a view asks."""
    act.subject, act.detail, act.areas = name, {"list": area.value, "query": query}, {AREA}


def rename(act: Act, name: str, new: str) -> None:
    """State in an act what a view is called from now on."""
    act.subject, act.detail, act.areas = name, {"to": new}, {AREA}


def remove(act: Act, name: str) -> None:
    """State in an act that a view is no more."""
    act.subject, act.areas = name, {AREA}


def every(session: Session, state: JournalState) -> dict[str, SavedView]:
    """Return the views of a case by their names, in that order, as far as the journal holds."""
    found: dict[str, SavedView] = {}
    for entry, detail in journal.sayings(session, state, (SAVE, RENAME, REMOVE)):
        match entry.act, detail:
            case "view.save", {"list": str(area), "query": str(query)} if area in set(Area):
                view = SavedView(entry.subject, Area(area), query, entry.who, entry.at)
                found[entry.subject] = view
            case "view.rename", {"to": str(new)} if entry.subject in found:
                old = found.pop(entry.subject)
                found[new] = SavedView(new, old.area, old.query, entry.who, entry.at)
            case "view.remove", _:
                found.pop(entry.subject, None)
            case _:
                pass
    return dict(sorted(found.items()))
