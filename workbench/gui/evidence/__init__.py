"""What the page of evidence is made of."""
