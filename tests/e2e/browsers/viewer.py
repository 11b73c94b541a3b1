"""Chromium as a reader of files: what a page shows, how wide it is, and whatever it tries to fetch.

All of its traffic is sent to a proxy that only counts who calls, so that no request can go unseen.
"""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.browsers import START_SECONDS, Deadline, home, own_environment, running
from tests.e2e.browsers.chromium import _AS_3_AND_4, _OPTIONS, PROGRAM, Chromium

_OPEN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page as it was shown."""

    text: str
    """What stands on it, as a reader would select and copy it; what is folded too."""
    requests: tuple[str, ...]
    """Every address that it asked for but its own."""
    complaints: tuple[str, ...]
    """What the browser logged: errors of scripts, and what the page's own policy forbade."""
    inner_width: int
    scroll_width: int
    answer: object
    """What the expression came to that was asked for."""


class Viewer(Chromium):
    """A running Chromium that opens files."""

    def look(
        self, page: Path, width: int, height: int, *, ask: str = "null", picture: Path | None = None
    ) -> Seen:
        """Open a file at a size and return what came of it; `ask` is JavaScript of the test's own."""
        with self._own_page() as session:
            deadline = Deadline(_OPEN_SECONDS)
            for domain in ("Page", "Runtime", "Log"):
                self._ask(f"{domain}.enable", deadline, session)
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
            self._ask("Emulation.setDeviceMetricsOverride", deadline, session, **size)
            events = self._open(page.as_uri(), session, deadline)
            shown = self._evaluate(_SHOWN, session, deadline)
            answer = self._evaluate(ask, session, deadline)
            if picture is not None:
                self._take(picture, session, deadline)
        return Seen(
            text=shown["text"],
            requests=tuple(_requests(events, page.as_uri())),
            complaints=tuple(_complaints(events)),
            inner_width=shown["inner"],
            scroll_width=shown["scroll"],
            answer=answer,
        )

    def _open(self, url: str, session: str, deadline: Deadline) -> list[dict[str, Any]]:
        """Return what happened until the page had loaded."""
        self._send("Page.navigate", session, url=url)
        events: list[dict[str, Any]] = []
        while not events or events[-1].get("method") != "Page.loadEventFired":
            message = self._next(deadline)
            if message.get("sessionId") == session and "method" in message:
                events.append(message)
        return events

    def _evaluate(self, expression: str, session: str, deadline: Deadline) -> Any:
        answer = self._ask("Runtime.evaluate", deadline, session, expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def _take(self, picture: Path, session: str, deadline: Deadline) -> None:
        answer = self._ask("Page.captureScreenshot", deadline, session)
        picture.write_bytes(base64.b64decode(answer["data"]))


_SHOWN = """(() => {
  const inner = window.innerWidth, scroll = document.documentElement.scrollWidth;
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  document.querySelectorAll("article").forEach(each => { each.style.contentVisibility = "visible"; });
  return {text: document.body.innerText, inner, scroll: Math.max(scroll, document.documentElement.scrollWidth)};
})()"""
"""What is folded, or left out until it is scrolled to, is laid out, since that too must fit."""


def _requests(events: list[dict[str, Any]], own: str) -> Iterator[str]:
    for event in events:
        if event["method"] == "Network.requestWillBeSent" and event["params"]["request"]["url"] != own:
            yield event["params"]["request"]["url"]


def _complaints(events: list[dict[str, Any]]) -> Iterator[str]:
    for event in events:
        if event["method"] == "Log.entryAdded":
            yield event["params"]["entry"]["text"]
        if event["method"] in ("Runtime.exceptionThrown", "Page.javascriptDialogOpening"):
            yield str(event["params"])


class CountingProxy:
    """A port that takes every request, and forwards none.

    Browsers call their makers unasked, so that what counts is whom a page's words could have made them call.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._called: list[str] = []
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def called(self) -> tuple[str, ...]:
        """The hosts that were asked for, with their ports where these were named."""
        return tuple(self._called)

    def _take(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return  # closed
            with caller, caller.makefile("rb") as asked:
                line = asked.readline(8192).decode("latin-1").split(" ")
                if len(line) > 1:
                    self._called.append(line[1].removeprefix("http://").partition("/")[0])

    def close(self) -> None:
        """Take no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@contextmanager
def viewer() -> Iterator[tuple[Viewer, CountingProxy]]:
    """Run Chromium with nothing but a counting proxy between it and the world."""
    proxy = CountingProxy()
    with home() as folder:
        options = [each for each in _OPTIONS if each != "--no-proxy-server"]
        # Not even this machine itself is spoken to without the proxy.
        own = [f"--user-data-dir={folder / 'profile'}", f"--proxy-server={proxy.address}"]
        command = [PROGRAM, *options, *own, "--proxy-bypass-list=<-loopback>"]
        with running(["sh", "-c", _AS_3_AND_4, "sh", *command], own_environment(folder)) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            browser = Viewer(process.stdout.fileno(), process.stdin.fileno())
            browser.version(Deadline(START_SECONDS))
            yield browser, proxy
            browser.close()
    proxy.close()
