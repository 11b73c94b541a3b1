"""Chromium, headless, driven with the DevTools protocol over a pair of pipes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.browsers import (
    ACCEPTED,
    NO_ADDRESS,
    NO_ANSWER,
    PAGE_SECONDS,
    START_SECONDS,
    BrowserError,
    Deadline,
    bounded,
    home,
    make_nss_store,
    own_environment,
    running,
)

PROGRAM = "chromium"
_AS_3_AND_4 = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'
"""The protocol is spoken on descriptors 3 and 4, and those are what this shell makes of 0 and 1."""
_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    # Tests may run as root, in a container, where Chromium's own sandbox cannot start; it sees this street only.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    # One process for all pages is quicker, and there is nothing to keep apart.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    # Nothing on its own: no updates, lists, experiments, reports, look-ups.
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-pings",
    "--no-proxy-server",
)


class Chromium:
    """A running Chromium; each visit has a page of its own."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads = reads
        self._writes = writes
        self._gathered = b""
        self._last_id = 0

    def visit(self, url: str, *, seconds: float = PAGE_SECONDS) -> str:
        """Return `ACCEPTED`, or the `net::ERR_…` that the error page shows.

        The error page itself may wait three seconds for the news that a captive portal is in the way, so what
        the network says counts where it comes first.
        """
        with self._own_page() as session:
            deadline = Deadline(seconds)
            number = self._send("Page.navigate", session, url=url)
            try:
                while (message := self._next(deadline)).get("id") != number:
                    code = _code_of_failure(message, session)
                    if code is not None:
                        return code
            except TimeoutError:
                return NO_ANSWER
            return str(_result("Page.navigate", message).get("errorText", ACCEPTED))

    @contextmanager
    def _own_page(self) -> Iterator[str]:
        """Open a page for one visit, so that nothing of an earlier one is in its way, and give its session."""
        deadline = Deadline(PAGE_SECONDS)
        target = self._ask("Target.createTarget", deadline, url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", deadline, targetId=target, flatten=True)
        session: str = attached["sessionId"]
        self._ask("Network.enable", deadline, session)
        yield session
        self._ask("Target.closeTarget", Deadline(PAGE_SECONDS), targetId=target)

    def version(self, deadline: Deadline) -> str:
        """Return what it calls itself."""
        return str(self._ask("Browser.getVersion", deadline)["product"])

    def close(self) -> None:
        """Ask it to go."""
        self._ask("Browser.close", Deadline(PAGE_SECONDS))

    def _ask(
        self, method: str, deadline: Deadline, session: str | None = None, **parameters: object
    ) -> dict[str, Any]:
        number = self._send(method, session, **parameters)
        while (message := self._next(deadline)).get("id") != number:
            pass  # events, and answers that nobody waits for any more
        return _result(method, message)

    def _send(self, method: str, session: str | None, **parameters: object) -> int:
        self._last_id += 1
        question: dict[str, object] = {"id": self._last_id, "method": method, "params": parameters}
        if session is not None:
            question["sessionId"] = session
        os.write(self._writes, json.dumps(question).encode() + b"\0")
        return self._last_id

    def _next(self, deadline: Deadline) -> dict[str, Any]:
        while b"\0" not in self._gathered:
            self._gathered = bounded(self._gathered + deadline.read(self._reads))
        message, _, self._gathered = self._gathered.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded


def _result(method: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise BrowserError(f"{method}: {answer['error']}")
    result: dict[str, Any] = answer["result"]
    return result


def _code_of_failure(event: Mapping[str, Any], session: str) -> str | None:
    """Return why the page of this session could not be loaded, None for any other event."""
    if event.get("sessionId") != session or event.get("method") != "Network.loadingFailed":
        return None
    failure = event["params"]
    return str(failure["errorText"]) if failure["type"] == "Document" else None


@contextmanager
def chromium(root_pems: Sequence[str], addresses: Mapping[str, str]) -> Iterator[Chromium]:
    """Run Chromium that trusts these roots too and knows the addresses of these hosts only."""
    with home() as folder:
        make_nss_store(folder / ".pki" / "nssdb", root_pems)
        with running(_command(folder, addresses), own_environment(folder)) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            browser = Chromium(process.stdout.fileno(), process.stdin.fileno())
            browser.version(Deadline(START_SECONDS))  # it answers when it is ready
            yield browser
            browser.close()


def _command(folder: Path, addresses: Mapping[str, str]) -> list[str]:
    rules = [f"MAP {host} {_place(address)}" for host, address in addresses.items()]
    rules.append("MAP * ~NOTFOUND")
    own = [f"--user-data-dir={folder / 'profile'}", f"--host-resolver-rules={', '.join(rules)}"]
    return ["sh", "-c", _AS_3_AND_4, "sh", PROGRAM, *_OPTIONS, *own]


def _place(address: str) -> str:
    if address == NO_ADDRESS:
        return "~NOTFOUND"
    return f"[{address}]" if ":" in address else address
