"""PRINT: verdicts in, pages out."""
