"""What tables show: pages of rows that are read when they come on screen."""
