"""What the page of findings is made of."""
