"""The explorer: the only room that knows Textual and Rich."""
