"""What the catalog is made of: the question it asks, its facets, its rows."""
