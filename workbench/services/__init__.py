"""What a user can ask for: one module a use case, none imports another."""
