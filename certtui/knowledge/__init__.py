"""Facts as data: a page for each finding, recipes that pages share, what clients say, limits with their sources."""
