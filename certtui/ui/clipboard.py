"""Copying text: a native command where there is one, else the terminal (OSC 52), and an honest word on which.

It knows nothing of Textual. Nothing that it is given runs in a shell.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

MOST_ENCODED = 74_994
"""Characters of base64 that terminals take in one OSC 52 sequence; longer ones are dropped without a word."""
_TIMEOUT_SECONDS = 2.0
_SAVE_INSTEAD = "press e to save to a file instead"


@dataclass(frozen=True, slots=True)
class Copied:
    """The text was handed over."""

    how: str
    """Completes a sentence: `copied with xclip`."""


@dataclass(frozen=True, slots=True)
class NotCopied:
    """The text was not handed over."""

    why: str
    """What went wrong and what to do."""


@dataclass(frozen=True, slots=True)
class _Command:
    arguments: tuple[str, ...]
    how: str


async def copy(
    text: str,
    *,
    write_to_terminal: Callable[[str], object] | None,
    environment: Mapping[str, str],
    is_terminal: bool,
) -> Copied | NotCopied:
    """Put `text` on the clipboard and say how.

    Inside tmux its buffer is set, and through it the outer terminal's clipboard where tmux is allowed to. Over SSH
    the clipboard of the far machine would be of no use, so that only the terminal is asked. `CERTTUI_CLIPBOARD`
    can be `native`, `osc52` or `off`.
    """
    wish = environment.get("CERTTUI_CLIPBOARD", "auto")
    if wish == "off":
        return NotCopied(f"CERTTUI_CLIPBOARD is off; {_SAVE_INSTEAD}")
    if wish != "osc52":
        for command in _commands(environment):
            if shutil.which(command.arguments[0]) and await _feed(command.arguments, text):
                return Copied(command.how)
        if wish == "native":
            return NotCopied(f"no clipboard command worked; {_SAVE_INSTEAD}")
    return _send(text, write_to_terminal if is_terminal else None, environment)


def _commands(environment: Mapping[str, str]) -> Iterator[_Command]:
    if environment.get("TMUX"):
        # -w, since tmux 3.2, passes the buffer on to the outer terminal as well.
        how = "in tmux's buffer, and passed on to the terminal where set-clipboard allows it"
        yield _Command(("tmux", "load-buffer", "-w", "-"), how)
        yield _Command(("tmux", "load-buffer", "-"), "in tmux's buffer")
    if environment.get("SSH_TTY") or environment.get("SSH_CONNECTION"):
        return
    yield _Command(("pbcopy",), "copied with pbcopy")
    if environment.get("WAYLAND_DISPLAY"):
        yield _Command(("wl-copy",), "copied with wl-copy")
    if environment.get("DISPLAY"):
        yield _Command(("xclip", "-selection", "clipboard"), "copied with xclip")
        yield _Command(("xsel", "--clipboard", "--input"), "copied with xsel")
    yield _Command(("clip.exe",), "copied with clip.exe")


async def _feed(arguments: tuple[str, ...], text: str) -> bool:
    """Return whether a command took the text on its standard input and ended well in time."""
    silent = asyncio.subprocess.DEVNULL  # xclip stays in the background and would keep a pipe open
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments, stdin=asyncio.subprocess.PIPE, stdout=silent, stderr=silent
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            await process.communicate(text.encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return process.returncode == 0


def _send(
    text: str, write_to_terminal: Callable[[str], object] | None, environment: Mapping[str, str]
) -> Copied | NotCopied:
    if write_to_terminal is None or environment.get("TERM", "dumb") == "dumb":
        return NotCopied(
            f"there is no clipboard command, and this terminal takes no clipboard; {_SAVE_INSTEAD}"
        )
    encoded = base64.b64encode(text.encode()).decode("ascii")
    if len(encoded) > MOST_ENCODED:
        return NotCopied(
            f"too long for the terminal's clipboard ({len(encoded)} characters); {_SAVE_INSTEAD}"
        )
    write_to_terminal(_wrapped(f"\x1b]52;c;{encoded}\x07", environment))
    return Copied("sent to the terminal (OSC 52), which does not confirm it")


def _wrapped(sequence: str, environment: Mapping[str, str]) -> str:
    """Return the sequence as tmux and GNU screen pass it through to the terminal around them."""
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("TERM", "").startswith("screen"):
        # GNU screen takes at most 768 octets in one of these strings.
        chunks = [sequence[start : start + 700] for start in range(0, len(sequence), 700)]
        return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    return sequence
