"""Heads of logs: signed notes, tree heads and the Merkle trees that they are of (C2SP, RFC 6962).

Read and proven here; which log a head is of, and what it then says of it, is judged elsewhere.
"""
