"""What a user gives to judge by: lists of revoked certificates and of certificate transparency logs."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from certtui.lab import Street
from certtui.lab.pki import Issued
from tests.cli.test_check import Run, certtui_run, check, root

__all__ = ["check", "root"]
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


def crl_of(street: Street, *revoked: Issued, encoding: serialization.Encoding = PEM) -> bytes:
    """Return a list of the street's issuer that holds these certificates."""
    town = street.town
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(town.issuer.certificate.subject)
        .last_update(town.now)
        .next_update(town.now + (town.issuer.certificate.not_valid_after_utc - town.now) / 2)
        .add_extension(x509.CRLNumber(7), critical=False)
    )
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(town.now).build())
    return builder.sign(town.issuer.key, hashes.SHA256()).public_bytes(encoding)


def served(street: Street, name: str) -> Issued:
    """Return the certificate of a house, without its key."""
    certificate = x509.load_der_x509_certificate(street.house(name).chain[0])
    return Issued(certificate=certificate, key=street.town.issuer.key)


@pytest.mark.parametrize("encoding", [PEM, DER], ids=["PEM", "DER"])
def test_a_host_on_the_list_is_revoked_and_another_is_cleared(
    street: Street, check: Run, tmp_path: Path, encoding: serialization.Encoding
) -> None:
    path = tmp_path / "ca.crl"
    path.write_bytes(crl_of(street, served(street, "good"), encoding=encoding))

    revoked = check(street.house("good"), "--crl", str(path))
    cleared = check(street.house("twin"), "--crl", str(path))

    assert revoked.returncode == 1
    assert "error leaf-revoked" in revoked.stdout
    assert "leaf-revoked" not in cleared.stdout
    assert "revocation of the certificate" not in cleared.stdout


def test_a_list_of_another_ca_leaves_a_host_unchecked(street: Street, check: Run, tmp_path: Path) -> None:
    path = tmp_path / "ca.crl"
    path.write_bytes(crl_of(street))

    outcome = check(street.house("policy"), "--crl", str(path))

    assert "revocation-unreachable" not in outcome.stdout
    assert "not checked: revocation of the certificate of policy" in outcome.stdout


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--crl", b"hello", "holds no revocation list: it is neither PEM nor DER"),
        ("--crl", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "(X509 CRL)"),
        ("--ct-logs", b"{}", "operators"),
        ("--ct-logs", b"hello", "JSON"),
    ],
)
def test_a_file_that_is_something_else_is_told_before_anything_is_looked_at(
    option: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)

    outcome = certtui_run("check", "127.0.0.1:9", option, str(path))

    assert outcome.returncode == 2
    assert said in " ".join(outcome.stderr.split())
    assert outcome.stdout == ""


@pytest.mark.parametrize("option", ["--crl", "--ct-logs"])
def test_a_file_that_is_not_there_is_named(option: str, tmp_path: Path) -> None:
    outcome = certtui_run("check", "127.0.0.1:9", option, str(tmp_path / "nothing"))

    assert outcome.returncode == 2
    assert "there is no such file" in outcome.stderr
