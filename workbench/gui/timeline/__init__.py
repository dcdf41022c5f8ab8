"""What the timeline is made of: the question it asks, its rows, its axis."""
