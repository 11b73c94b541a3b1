"""OpenSSL as an independent judge of a chain at a given moment."""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from certtui.core.names import as_ip

_ERROR = re.compile(r"^error (\d+) at \d+ depth lookup", re.MULTILINE)


def verify_errors(
    chain: Sequence[bytes], anchors: Sequence[bytes], host: str, now: datetime, folder: Path, *options: str
) -> set[int]:
    """Return the numbers of the errors that `openssl verify` tells of a server's chain; empty if it accepts.

    Level 2 is what Debian's clients run at: it judges keys and digests too.
    """
    files = {"leaf": chain[:1], "sent": chain[1:], "anchors": anchors}
    for name, certificates in files.items():
        text = "".join(ssl.DER_cert_to_PEM_cert(each) for each in certificates)
        (folder / f"{name}.pem").write_text(text)
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", str(folder / "anchors.pem")]
    if chain[1:]:
        command += ["-untrusted", str(folder / "sent.pem")]
    command += ["-verify_hostname" if as_ip(host) is None else "-verify_ip", host]
    command += ["-attime", str(int(now.timestamp())), "-purpose", "sslserver", "-auth_level", "2", *options]
    outcome = subprocess.run(
        [*command, str(folder / "leaf.pem")], capture_output=True, text=True, check=False, timeout=20
    )
    errors = {int(number) for number in _ERROR.findall(outcome.stdout + outcome.stderr)}
    assert bool(errors) == bool(outcome.returncode), outcome.stderr
    return errors
