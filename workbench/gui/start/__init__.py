"""What the page of starting is made of."""
