"""Readers of plain logs that have something of their own, loaded by the first log of their kind."""
