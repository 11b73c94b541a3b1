"""Bits of a BIT STRING beyond those that it counts are none (X.690 §11.2.1): OpenSSL reads a keyUsage so too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

import certtui
from certtui.core import extensions
from certtui.core.catalogue import Code
from certtui.core.outline import outline
from certtui.lab.pki import CA_WISH
from tests.core.examples import HOST, NOW, ROOT, leaf
from tests.core.forge import tlv
from tests.core.openssl import verify_errors
from tests.requirements import needs


@pytest.mark.parametrize(
    ("value", "usages"),
    [
        ("03020780", {"digitalSignature"}),
        ("030207ff", {"digitalSignature"}),
        ("03020784", {"digitalSignature"}),
        ("03020284", {"digitalSignature", "keyCertSign"}),
        ("03030780ff", {"digitalSignature", "decipherOnly"}),
        ("030107", set()),
        ("030100", set()),
    ],
)
def test_bits_that_are_not_counted_are_not_set(value: str, usages: set[str]) -> None:
    assert extensions.decode_key_usage(bytes.fromhex(value)) == usages


def test_reasons_are_counted_in_the_outline_and_in_points_too() -> None:
    assert extensions.flags_set(bytes.fromhex("067f"), extensions.REASON_FLAGS) == ("keyCompromise",)
    usage = tlv(0x30, tlv(0x06, b"\x55\x1d\x0f"), tlv(0x04, bytes.fromhex("030207ff")))
    assert all("keyCertSign" not in node.value for node in outline(usage))


@needs("openssl")
@pytest.mark.parametrize("value", ["03020106", "03020784", "03020284", "030205a6"])
def test_openssl_takes_the_same_cas_to_sign_certificates(value: str, tmp_path: Path) -> None:
    usage = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.15"), bytes.fromhex(value))
    issuer = ROOT.intermediate("Example CA", wish=replace(CA_WISH, usages=(), extensions=((usage, True),)))
    sent = [leaf(issuer).der, issuer.der]

    report = certtui.diagnose(sent, host=HOST, anchors=[ROOT.der], now=NOW)

    errors = verify_errors(sent, [ROOT.der], HOST, NOW, tmp_path)
    assert bool(errors & {32, 79}) == any(each.code is Code.KEY_USAGE_WRONG for each in report.findings)
    assert bool(errors) == (value == "03020784" or value == "030205a6")
