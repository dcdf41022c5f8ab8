"""Audit Workbench: prove what an export of an ML catalog or audit log can prove, offline."""

__version__ = "0.1.0"
