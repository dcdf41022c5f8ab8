"""The table of the window: one view, one delegate, for lists of ten rows and of ten million."""
