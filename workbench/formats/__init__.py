"""READ: recognise what a file of the drop is, without judging it."""
