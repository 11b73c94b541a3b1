"""Looking again and again: when, what changed, and who is told. It knows the core only, and no screen."""
