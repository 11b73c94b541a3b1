"""Where trust anchors come from: Mozilla's list, the system's store, the user's own CA."""
