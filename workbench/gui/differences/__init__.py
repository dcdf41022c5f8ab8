"""What the view of differences between two exports is made of."""
