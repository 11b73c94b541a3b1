"""What certtui keeps on the user's disk: atomic, versioned, private to the user."""
