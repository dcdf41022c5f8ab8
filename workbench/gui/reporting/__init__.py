"""The page of the report, in parts: what it shows, what it asks, what it hands over."""
