"""What the page of verification is made of."""
