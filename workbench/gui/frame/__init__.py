"""What stands around every page: top bar, rail, inspector, jobs, status, palette."""
