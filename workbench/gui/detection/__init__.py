"""What the view of detection rules is made of."""
