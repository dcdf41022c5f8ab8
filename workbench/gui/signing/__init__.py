"""What signs and stamps, as it is typed: keys with their secrets, who stamps, how long it lasts."""
