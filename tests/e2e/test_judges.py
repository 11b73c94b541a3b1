"""The demo street before independent judges: OpenSSL, curl and GnuTLS find what certtui is expected to find there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from certtui.core.names import as_ip
from certtui.lab import House, Street
from tests.requirements import needs

ACCEPTED = 0
OPENSSL = {
    "good": ACCEPTED,
    "expired": 10,
    "not-yet-valid": 9,
    "expiring": ACCEPTED,
    "wrong-name": 62,
    "twin": 62,
    "a.b.wildcard": 62,
    "web1": ACCEPTED,  # s_client takes a wildcard within a label; curl doesn't
    "cn-only": ACCEPTED,  # it falls back to the common name, as browsers and Go don't
    "many-names": 62,
    "xn--bcher-kva": ACCEPTED,
    "self-signed": 18,
    "unknown-ca": 20,
    "unknown-root": 19,
    "many-faults": 10,
    "incomplete": 21,
    "wrong-intermediate": 21,
    "misordered": ACCEPTED,
    "duplicate": ACCEPTED,
    "unrelated": ACCEPTED,
    "root-sent": ACCEPTED,
    "old-intermediate": 10,
    "rsa-1024": 66,
    "sha-1": 68,
    "client-only": 26,
    "key-usage": ACCEPTED,  # GnuTLS refuses it
    "ca-as-leaf": ACCEPTED,
    "issuer-not-ca": 26,
    "path-length": 25,
    "critical": 34,
    "bad-signature": 7,
    "policy": ACCEPTED,  # it looks at policies only where -policy_check says so; Chrome always does
    "no-key-identifier": ACCEPTED,  # only -x509_strict, and so Python 3.13, refuses it
    "name-constraint": 47,
    "malformed-name": ACCEPTED,
    "revoked": ACCEPTED,  # it shows the stapled response and goes on
    "stale-staple": ACCEPTED,
    "must-staple": ACCEPTED,
    "stapled": ACCEPTED,
    "hostile": 62,
    "127.0.0.1": ACCEPTED,
    "127.0.0.2": 64,
    "mail": ACCEPTED,
}
"""What `openssl s_client` gives as its verify return code for each house that shows a certificate."""

CURL = {
    "good": ACCEPTED,
    "expired": 60,
    "wrong-name": 60,
    "web1": 60,
    "self-signed": 60,
    "incomplete": 60,
    "misordered": ACCEPTED,
    "bad-signature": 35,
    "client-certificate": 56,
    "tls-1-0": 35,
    "plain-http": 35,
    "name-refused": 35,
    "silent": 28,
    "drip": 28,
    "reset": 35,
    "closed": 7,
}
"""What curl ends with."""

MANY_FAULTS = {10, 26, 62, 66, 68}
"""All that OpenSSL names along its way: expired, purpose, name, weak key, weak digest."""


@pytest.fixture(scope="module")
def root(street: Street, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street's root in a file."""
    path = tmp_path_factory.mktemp("judges") / "root.pem"
    path.write_text(street.root_pem)
    return path


def s_client(house: House, root: Path) -> str:
    """Return all that OpenSSL's client says about a house."""
    host = house.target.host
    command = ["openssl", "s_client", "-connect", f"{house.address}:{house.port}"]
    command += ["-CAfile", str(root), "-no-CApath", "-no-CAstore"]
    by_name = ["-servername", host, "-verify_hostname", host]
    command += by_name if as_ip(host) is None else ["-noservername", "-verify_ip", host]
    if house.target.starttls:
        command += ["-starttls", house.target.starttls]
    outcome = subprocess.run(command, input="", capture_output=True, text=True, check=False, timeout=20)
    return outcome.stdout + outcome.stderr


@needs("openssl")
@pytest.mark.parametrize("name", OPENSSL)
def test_openssl_gives_the_code_of_the_fault(name: str, street: Street, root: Path) -> None:
    said = s_client(street.house(name), root)

    assert re.findall(r"Verify return code: (\d+)", said)[-1:] == [str(OPENSSL[name])]


@needs("openssl")
def test_openssl_meets_every_fault_of_the_house_with_many(street: Street, root: Path) -> None:
    said = s_client(street.house("many-faults"), root)

    assert {int(number) for number in re.findall(r"verify error:num=(\d+)", said)} >= MANY_FAULTS


@needs("curl")
@pytest.mark.parametrize("name", CURL)
def test_curl_ends_with_the_code_of_the_fault(name: str, street: Street, root: Path) -> None:
    house = street.house(name)
    to = f"::{house.address}:{house.port}"
    command = ["curl", "--silent", "--output", "/dev/null", "--max-time", "3", "--cacert", str(root)]

    outcome = subprocess.run(
        [*command, "--connect-to", to, f"https://{house.target.host}:{house.port}/"],
        check=False,
        timeout=20,
    )

    assert outcome.returncode == CURL[name]


@needs("gnutls-cli")
@pytest.mark.parametrize(("name", "refuses"), [("good", False), ("key-usage", True), ("web1", True)])
def test_gnutls_refuses_what_openssl_lets_pass(name: str, refuses: bool, street: Street, root: Path) -> None:
    house = street.house(name)
    command = ["gnutls-cli", "--x509cafile", str(root), "--verify-hostname", house.target.host]

    outcome = subprocess.run(
        [*command, "--port", str(house.port), house.address],
        input="",
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert bool(outcome.returncode) is refuses


def test_every_house_with_a_fault_of_its_certificate_has_been_before_openssl(street: Street) -> None:
    unjudged = {
        house.name.removesuffix(".demo.test") for house in street.houses if house.chain
    } - OPENSSL.keys()

    assert unjudged == {
        "::1",  # the same certificate as that of 127.0.0.1
        "client-certificate",
        "tls-1-0",
        "plain-http",
        "name-refused",
        "silent",
        "drip",
        "reset",
        "closed",
        "nowhere",
        "mail-plain",
    } - ({"::1"} if not any(house.name == "::1" for house in street.houses) else set())
