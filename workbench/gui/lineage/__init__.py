"""What the lineage page is made of: its picture, its list, its inspector."""
