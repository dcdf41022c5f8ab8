"""ASK: the Qt window; the only package with Qt."""
