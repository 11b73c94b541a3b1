"""nginx with one certificate. By hand: `python -m tests.e2e.servers.nginx` serves an expired one until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from certtui.lab.pki import Authority, Issued, Wish, now_to_the_second

_CONFIGURATION = """
daemon off;
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {folder}/fullchain.pem;
        ssl_certificate_key {folder}/key.pem;
        return 200 "certtui\\n";
    }}
}}
"""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def nginx(chain: Sequence[Issued], folder: Path) -> Iterator[int]:
    """Serve `chain`, its own certificate first, and give the port; the server ends with the block."""
    port = free_port()
    install(chain, folder)
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port))
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(configuration)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server, folder)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=10)


def install(chain: Sequence[Issued], folder: Path) -> None:
    """Write a chain and its key where the server of this folder reads them."""
    (folder / "fullchain.pem").write_text("".join(issued.pem for issued in chain))
    (folder / "key.pem").write_text(chain[0].key_pem)


def reload(folder: Path) -> None:
    """Have the server of this folder read its files again, as `nginx -s reload` does."""
    os.kill(int((folder / "nginx.pid").read_text()), signal.SIGHUP)


def _wait_for(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        log = folder / "error.log"
        assert server.poll() is None, log.read_text() if log.exists() else "nginx ended"
        assert time.monotonic() < deadline, "nginx does not listen"
        time.sleep(0.02)


def expired_chain(name: str) -> tuple[Authority, tuple[Issued, Issued]]:
    """Return a root, and a chain below it whose certificate for `name` expired 10 days ago."""
    root = Authority.root("End-to-end Root", now=now_to_the_second())
    issuer = root.intermediate("End-to-end CA")
    wish = Wish(names=(name,), begins=timedelta(days=-100), ends=timedelta(days=-10))
    return root, (issuer.issue(name, wish), issuer)


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as place,
        nginx(expired_chain("localhost")[1], Path(place)) as its_port,
    ):
        print(f"try: certtui localhost:{its_port}")  # noqa: T201 - for the person who runs it
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(3600)
