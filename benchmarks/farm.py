"""A farm of TLS servers on loopback and the C client to measure against, both from a folder of C sources."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PORT = 28443


@dataclass(frozen=True, slots=True, kw_only=True)
class Farm:
    """A running farm."""

    folder: Path
    hosts: tuple[tuple[str, str], ...]
    """Address and name of each host."""
    grabber: Path

    @property
    def root(self) -> Path:
        """The PEM file of the root that every host's chain ends in."""
        return self.folder / "root.pem"

    def grab(self, concurrency: int, processes: int = 1) -> float:
        """Return hosts per second of the C client: fetch, parse and verify."""
        command = [
            self.grabber,
            self.folder / "hosts.txt",
            str(PORT),
            "-c",
            str(concurrency),
            "-x",
            "-v",
            self.root,
        ]
        outcome = subprocess.run(
            [*command, "-p", str(processes)], capture_output=True, text=True, check=True, timeout=300
        )
        return float(json.loads(outcome.stdout.splitlines()[-1])["rate"])


@contextlib.contextmanager
def running_farm(sources: Path, count: int, build: Path) -> Iterator[Farm]:
    """Build what is missing in `build`, start the servers, and stop them in the end."""
    build.mkdir(parents=True, exist_ok=True)
    for program in ("tlsfarm", "tlsgrab"):
        if not (build / program).exists():
            source = sources / f"{program}.c"
            subprocess.run(["gcc", "-O2", "-o", build / program, source, "-lssl", "-lcrypto"], check=True)
    folder = build / f"farm-{count}"
    if not (folder / "hosts.txt").exists():
        subprocess.run([sys.executable, sources / "make_farm.py", folder, str(count)], check=True)
    lines = (folder / "hosts.txt").read_text().splitlines()
    hosts = tuple((address, name) for address, name in map(str.split, lines))
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([build / "tlsfarm", folder, str(PORT)], stdout=subprocess.PIPE, stderr=log)
        try:
            assert server.stdout is not None
            if not server.stdout.readline():
                log.seek(0)
                raise SystemExit(f"the farm did not start: {log.read().decode(errors='replace').strip()}")
            yield Farm(folder=folder, hosts=hosts, grabber=build / "tlsgrab")
        finally:
            server.terminate()
            server.wait()
