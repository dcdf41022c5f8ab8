"""Heads of logs that are not here: who signed them, and whether they contradict each other."""

from workbench.verify.verifier import Later

VERIFIER = Later("head", "workbench.verify.lone_head.verifier")
