"""Values to lines: what everything looks like. Nothing here knows a widget."""
