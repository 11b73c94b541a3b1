"""Extensions made of DER values, and what is said of them."""

from __future__ import annotations

from cryptography import x509

from certtui.core import der
from certtui.core.extensions import Extension
from tests.core.forge import tlv
from tests.core.varied_certificates import oid

NULL = b"\x05\x00"


def oid_value(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER as cryptography encodes it."""
    written = x509.ExtendedKeyUsage([oid(dotted)]).public_bytes()
    return written[2:]


def sequence(*contents: bytes) -> bytes:
    """Return a SEQUENCE."""
    return tlv(der.SEQUENCE, *contents)


def integer(value: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return tlv(der.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def lines_of(dotted: str, value: bytes) -> tuple[str, ...]:
    """Return an extension in words, by its OID and its value."""
    return Extension(dotted, False, value).lines


def lines_that_say(extension: x509.ExtensionType) -> tuple[str, ...]:
    """Return an extension that cryptography writes in words."""
    return lines_of(extension.oid.dotted_string, extension.public_bytes())
