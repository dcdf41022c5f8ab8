"""ASK, with a window: the only package with Qt. A page is one file in ``pages``."""
