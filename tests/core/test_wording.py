"""Extensions of RFC 5280 are put into words, whole and one statement a line, and so is any octet of any extension."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der, standard_wording, vendor_wording
from certtui.core.certificate import Certificate
from certtui.core.extensions import EXTENSION_NAMES, Extension
from certtui.core.primitives import string_words
from certtui.core.wording import all_extension_lines
from certtui.report.x509_text import certificate_text
from tests.core.examples import ISSUER, ROOT
from tests.core.forge import forged, tlv
from tests.core.varied_certificates import every_extension, oid
from tests.core.wording_examples import integer, lines_of, lines_that_say, oid_value, sequence


def test_no_extension_that_can_be_written_is_left_undecoded() -> None:
    for extension, _ in every_extension():
        assert not any("cannot be decoded" in line for line in lines_that_say(extension))


def test_general_names_of_every_kind_are_told_with_their_kind() -> None:
    lines = lines_that_say(every_extension()[0][0])

    assert lines == (
        "DNS:*.example.com",
        "IP:192.0.2.1",
        "IP:2001:db8::1",
        "email:mail@example.com",
        "URI:http://example.com/name",
        "dirName:CN=elsewhere",
        "registeredID:1.2.3.4",
        "otherName:user principal name:upn@example.com",
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (tlv(0xA3, b"\x01\x02"), "x400Address:01:02"),
        (
            tlv(0xA5, tlv(0xA0, tlv(0x0C, b"Acme")), tlv(0xA1, tlv(0x0C, b"me"))),
            "ediPartyName:Acme, me",
        ),
        (tlv(0xA0, oid_value("1.2.3"), tlv(0xA0, sequence(integer(1)))), "otherName:1.2.3:02:01:01"),
        (tlv(0x89, b"?"), "tag 0x89:3f"),
        (tlv(0x87, b"abc"), "IP:malformed:616263"),
    ],
    ids=[
        "X.400",
        "EDI",
        "a name of an unknown type",
        "a kind that there is not",
        "an address of three octets",
    ],
)
def test_names_that_few_have_seen_are_told_too(name: bytes, line: str) -> None:
    assert lines_of("2.5.29.17", sequence(name)) == (line,)


def test_points_of_revocation_lists_tell_reasons_and_issuers() -> None:
    (extension,) = (each for each, _ in every_extension() if isinstance(each, x509.CRLDistributionPoints))

    assert lines_that_say(extension) == (
        "http://example.com/a.crl",
        "  only for keyCompromise, cACompromise",
        "  its issuer: dirName:CN=elsewhere",
        "below its issuer's name: CN=crl1",
    )


def test_policies_tell_their_qualifiers() -> None:
    (extension,) = (each for each, _ in every_extension() if isinstance(each, x509.CertificatePolicies))

    assert lines_that_say(extension) == (
        "domain validated (CA/Browser Forum): 2.23.140.1.2.1",
        "  CPS: http://example.com/cps",
        "  user notice by reference: Acme, notice 1, 2",
        "  user notice: the notice",
        "1.3.6.1.4.1.55555.7",
    )


def test_all_three_parts_of_an_authority_key_identifier_are_told() -> None:
    issuer = x509.DirectoryName(x509.Name([]))

    lines = lines_that_say(x509.AuthorityKeyIdentifier(b"\x01\x02", [issuer], 0x1234))

    assert lines == (
        "01:02",
        "issuer of that certificate: dirName:",
        "serial number of that certificate: 12:34",
    )


@pytest.mark.parametrize(
    ("octets", "shown"),
    [("05", "05"), ("00ab42", "ab:42"), ("ab42", "-54:be"), ("80", "-80"), ("00", "00"), ("ff", "-01")],
)
def test_the_serial_number_of_an_authority_is_told_as_a_certificates_own(octets: str, shown: str) -> None:
    value = bytes.fromhex(octets)
    identifier = sequence(tlv(0x82, value))

    def edit(fields: list[bytes]) -> None:
        fields[1] = tlv(der.INTEGER, value)

    text = certificate_text(Certificate.of(forged(ISSUER, ROOT, edit)))

    assert lines_of("2.5.29.35", identifier)[-1] == f"serial number of that certificate: {shown}"
    assert f"\n        {shown}\n" in text


@pytest.mark.parametrize(("tag", "encoding"), [(0x0C, "utf-8"), (0x1C, "utf-32-be"), (0x1E, "utf-16-be")])
@pytest.mark.parametrize("before", range(4))
def test_a_long_text_is_cut_between_two_characters(tag: int, encoding: str, before: int) -> None:
    text = "a" * before + "é€" * 2_000

    said = string_words(tag, text.encode(encoding))

    assert "\ufffd" not in said
    assert text.startswith(said.partition("…")[0])
    assert len(said) < 1_100
    assert said.endswith(f"({len(text.encode(encoding))} octets)")


@pytest.mark.parametrize(
    ("extension", "lines"),
    [
        (
            x509.NameConstraints(
                [x509.DNSName("a.test"), x509.IPAddress(ipaddress.ip_network("10.0.0.0/8"))],
                [x509.UniformResourceIdentifier("b.test")],
            ),
            ("permitted DNS:a.test", "permitted IP:10.0.0.0/255.0.0.0", "excluded URI:b.test"),
        ),
        (
            x509.PolicyConstraints(0, 2),
            (
                "an explicit policy is required for the whole path",
                "policies may not be mapped after 2 more certificates",
            ),
        ),
        (
            x509.PolicyConstraints(1, 0),
            (
                "an explicit policy is required after 1 more certificate",
                "policies may not be mapped from the next certificate on",
            ),
        ),
        (x509.InhibitAnyPolicy(1), ("anyPolicy does not count after 1 more certificate",)),
        (
            x509.PrivateKeyUsagePeriod(
                datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None),
                datetime(2027, 1, 2, tzinfo=UTC).replace(tzinfo=None),
            ),
            (
                "its private key may sign from 2026-01-02 00:00 UTC",
                "its private key may sign until 2027-01-02 00:00 UTC",
            ),
        ),
        (
            x509.MSCertificateTemplate(oid("1.3.6.1.4.1.311.21.8.1"), 100, 4),
            ("template 1.3.6.1.4.1.311.21.8.1, version 100.4",),
        ),
        (x509.PrecertPoison(), ("a precertificate, which is no certificate to use",)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cryptography_writes_is_put_into_words(
    extension: x509.ExtensionType, lines: tuple[str, ...]
) -> None:
    assert lines_that_say(extension) == lines


def test_the_whole_of_an_extension_leaves_nothing_out() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName(f"host{n}.test") for n in range(1_000)])
    octets = Extension("1.2.3.4", False, b"\xab" * 1_000)

    assert len(all_extension_lines(Extension("2.5.29.17", False, names.public_bytes()))) == 1_000
    assert "".join(all_extension_lines(octets)).replace(" ", "") == "ab" * 1_000


@pytest.mark.parametrize("dotted", [*standard_wording.WRITERS, *vendor_wording.WRITERS])
def test_content_of_the_wrong_form_is_called_undecodable_and_shown(dotted: str) -> None:
    lines = lines_of(dotted, b"\x3f\x01")

    assert lines[0].startswith("cannot be decoded: ")
    assert lines[1:] == ("3f 01",)


@given(
    st.sampled_from([*EXTENSION_NAMES, "1.2.3.4"]),
    st.binary(max_size=120),
    st.lists(st.sampled_from([0x30, 0x31, 0xA0, 0xA1, 0x03, 0x04, 0x02, 0x06, 0x80, 0x81]), max_size=5),
)
def test_any_nesting_of_any_octets_is_put_into_words(dotted: str, octets: bytes, tags: list[int]) -> None:
    value = octets
    for tag in tags:
        value = tlv(tag, value)

    assert all(isinstance(line, str) for line in lines_of(dotted, value))
    assert all_extension_lines(Extension(dotted, False, value))


_VALUES = [(each.oid.dotted_string, each.public_bytes()) for each, _ in every_extension()]


@given(st.sampled_from(range(len(_VALUES))), st.data())
def test_a_damaged_extension_is_put_into_words_all_the_same(number: int, data: st.DataObject) -> None:
    dotted, value = _VALUES[number]
    octets = bytearray(value)
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))

    assert lines_of(dotted, bytes(octets)[: data.draw(st.integers(1, len(octets)))])
