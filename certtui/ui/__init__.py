"""The explorer: the only room that knows Textual and Rich."""

import os

# Textual paints at most 60 times a second unless it is told before it is imported; a key would wait two frames for what
# it led to, which is most of what a user waits for.
os.environ.setdefault("TEXTUAL_FPS", "100")
