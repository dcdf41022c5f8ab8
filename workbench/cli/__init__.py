"""ASK from a terminal: commands, exit codes, text and JSON."""
