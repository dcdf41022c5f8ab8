"""What the pages of single tasks are made of: a form, one act, and what came of it."""
