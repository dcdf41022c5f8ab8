"""RULE: packs of checks over the case."""
