"""What the view of a moment is made of: what was in production then, and who had approved it."""
