"""What the view of mappings is made of."""
