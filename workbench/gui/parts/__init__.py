"""What the window is made of: small widgets that show the words of the model."""
