"""One module per category: what is known of a case, to findings. A check must never fetch or ask the clock."""
