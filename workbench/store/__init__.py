"""KEEP: the case, in SQLite through SQLAlchemy, and its rebuildable index of events."""
