"""Firefox, headless, driven with its own Marionette protocol over TCP."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

from tests.e2e.browsers import (
    ACCEPTED,
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

PROGRAM = "firefox-esr"
_PORT_FILE = "MarionetteActivePort"
_OPTIONS = ("--headless", "--no-remote", "--marionette", "--remote-allow-system-access")
_PREFERENCES: Mapping[str, object] = {
    "marionette.port": 0,
    # Whatever is not the tests' goes to a proxy that is not there, so nothing leaves this machine.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.trr.mode": 5,
    "network.dns.native_https_query": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
    # Nobody else is asked about certificates, and the machine's own roots don't count.
    "security.enterprise_roots.enabled": False,
    "security.certerrors.mitm.priming.enabled": False,
    "security.remote_settings.crlite_filters.enabled": False,
    "security.remote_settings.intermediates.enabled": False,
    "services.settings.server": "data:,",
    # One process for all pages is quicker, and there is nothing to keep apart.
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": False,
    "fission.autostart": False,
    # Nothing on its own: no updates, lists, studies, reports, pages.
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
}
_CODE_OF_THE_PAGE = """
    if (!/^about:(neterror|certerror)/.test(document.documentURI)) { return null; }
    for (const ask of ["getFailedCertSecurityInfo", "getNetErrorInfo"]) {
        try {
            const code = document[ask]().errorCodeString;
            if (code) { return code; }
        } catch (error) { /* this kind of page has no such thing */ }
    }
    return new URL(document.documentURI).searchParams.get("e");
"""
"""The code that an error page shows: NSS's where it was TLS, else the name of the page; null for any other page."""
_SET_ADDRESSES = """
    const hosts = Cc["@mozilla.org/network/native-dns-override;1"].getService(Ci.nsINativeDNSResolverOverride);
    for (const [host, address] of Object.entries(arguments[0])) { hosts.addIPOverride(host, address || "N/A"); }
"""
"""Tells where each host is; one with `NO_ADDRESS` does not resolve."""


class Firefox:
    """A running Firefox with one page."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._gathered = b""
        self._last_id = 0
        self._version = ""

    def visit(self, url: str, *, seconds: float = PAGE_SECONDS) -> str:
        """Return `ACCEPTED`, or the code that the error page shows."""
        self._ask("WebDriver:SetTimeouts", Deadline(PAGE_SECONDS), pageLoad=int(seconds * 1000))
        try:
            self._ask("WebDriver:Navigate", Deadline(seconds + PAGE_SECONDS), url=url)
        except BrowserError as problem:
            if "timeout" in str(problem):
                return NO_ANSWER
        code = self._run(_CODE_OF_THE_PAGE, sandbox="system")
        return ACCEPTED if code is None else str(code)

    def open_page(self, addresses: Mapping[str, str], deadline: Deadline) -> None:
        """Open the page that visits are made in, and tell where hosts are."""
        self._next(deadline)  # it introduces itself
        wishes = {"alwaysMatch": {"acceptInsecureCerts": False}}
        session = self._ask("WebDriver:NewSession", deadline, capabilities=wishes)
        self._version = session["capabilities"]["browserVersion"]
        self._ask("Marionette:SetContext", deadline, value="chrome")
        self._run(_SET_ADDRESSES, addresses)
        self._ask("Marionette:SetContext", deadline, value="content")

    def version(self) -> str:
        """Return what it calls itself."""
        return f"Firefox {self._version}"

    def close(self) -> None:
        """Ask it to go."""
        self._ask("Marionette:Quit", Deadline(PAGE_SECONDS), flags=["eForceQuit"])

    def _run(self, script: str, *arguments: object, sandbox: str = "default") -> object:
        answer = self._ask(
            "WebDriver:ExecuteScript",
            Deadline(PAGE_SECONDS),
            script=script,
            args=arguments,
            sandbox=sandbox,
        )
        return answer["value"]

    def _ask(self, command: str, deadline: Deadline, **parameters: object) -> dict[str, Any]:
        self._last_id += 1
        question = json.dumps([0, self._last_id, command, parameters]).encode()
        self._connection.sendall(b"%d:%b" % (len(question), question))
        while True:
            _, number, error, result = self._next(deadline)
            if number == self._last_id:
                break
        if error:
            raise BrowserError(f"{command}: {error['error']}: {error['message']}")
        answer: dict[str, Any] = result
        return answer

    def _next(self, deadline: Deadline) -> Any:
        while b":" not in self._gathered:
            self._gathered = bounded(self._gathered + deadline.read(self._connection.fileno()))
        size, _, self._gathered = self._gathered.partition(b":")
        while len(self._gathered) < int(size):
            self._gathered = bounded(self._gathered + deadline.read(self._connection.fileno()))
        message, self._gathered = self._gathered[: int(size)], self._gathered[int(size) :]
        return json.loads(message)


@contextmanager
def firefox(root_pems: Sequence[str], addresses: Mapping[str, str]) -> Iterator[Firefox]:
    """Run Firefox that trusts these roots too and reaches no hosts but these."""
    with home() as folder:
        profile = folder / "profile"
        make_nss_store(profile, root_pems)
        (profile / "user.js").write_text(_preferences(addresses))
        command = [PROGRAM, *_OPTIONS, "--profile", str(profile)]
        with running(command, own_environment(folder)) as process:
            deadline = Deadline(START_SECONDS)
            port = _port_of(profile / _PORT_FILE, process, deadline)
            with socket.create_connection(("127.0.0.1", port), timeout=deadline.seconds_left) as connection:
                browser = Firefox(connection)
                browser.open_page(addresses, deadline)
                yield browser
                browser.close()


def _preferences(addresses: Mapping[str, str]) -> str:
    direct: Mapping[str, object] = {
        "network.proxy.no_proxies_on": ", ".join({*addresses, "127.0.0.0/8", "::1"})
    }
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in {**_PREFERENCES, **direct}.items()
    )
    return "\n".join(lines)


def _port_of(place: Path, process: Popen[bytes], deadline: Deadline) -> int:
    """Return the port that Firefox writes into its profile when it listens."""
    while deadline.seconds_left:
        if process.poll() is not None:
            raise BrowserError(f"{PROGRAM} ended with {process.returncode}")
        try:
            return int(place.read_text())
        except (FileNotFoundError, ValueError):
            time.sleep(0.05)  # a file has no event to wait for
    raise BrowserError(f"{PROGRAM} was not ready within {START_SECONDS:.0f} seconds")
