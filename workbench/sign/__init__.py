"""SIGN with our keys: log heads and reports."""
