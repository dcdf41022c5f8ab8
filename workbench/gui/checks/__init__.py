"""What the page of checks is made of."""
