"""Full screens and dialogs; each asks or shows one thing."""
