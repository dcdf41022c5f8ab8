"""What the view of what is odd in time is made of."""
