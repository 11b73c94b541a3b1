"""A Report for other programs and people: text and JSON. It knows no network and no screen."""
