"""The houses whose certificates are wrong in themselves: keys, signatures, extensions, policies, revocations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certtui.core.catalogue import Code
from certtui.lab.pki import CA_WISH, UNKNOWN_OID, KeyKind, raw_san, with_broken_signature
from certtui.lab.plan import DOMAIN, HOSTILE, Plan, Town, plan
from certtui.lab.responses import ocsp_response


def certificate_houses(town: Town) -> Iterator[Plan]:
    """Yield the plan of each of them."""
    yield from _weak_and_wrong(town)
    yield from _constrained(town)
    yield from _revoked(town)
    yield _hostile(town)


def _weak_and_wrong(town: Town) -> Iterator[Plan]:
    weak = town.leaf("rsa-1024", key=KeyKind.RSA_1024, usages=("digital_signature", "key_encipherment"))
    yield plan("rsa-1024", "an RSA key of 1024 bits", (weak, town.issuer), Code.WEAK_KEY)
    sha1 = town.leaf("sha-1", is_signed_with_sha1=True)
    yield plan("sha-1", "signed with SHA-1", (sha1, town.issuer), Code.WEAK_SIGNATURE)
    client = town.leaf("client-only", purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,))
    yield plan("client-only", "for clients, not for servers", (client, town.issuer), Code.EKU_WRONG)
    usage = town.leaf("key-usage", usages=("key_agreement",))
    yield plan("key-usage", "its key may not sign", (usage, town.issuer), Code.KEY_USAGE_WRONG)
    ca = town.leaf("ca-as-leaf", is_ca=True, usages=("digital_signature", "key_cert_sign"))
    yield plan("ca-as-leaf", "a CA's certificate", (ca, town.issuer), Code.CA_AS_LEAF)
    signed = town.no_ca.issue(f"issuer-not-ca.{DOMAIN}")
    yield plan("issuer-not-ca", "its issuer is no CA", (signed, town.no_ca), Code.ISSUER_NOT_CA)
    deep = town.below_short.issue(f"path-length.{DOMAIN}")
    chain = (deep, town.below_short, town.short_issuer)
    yield plan("path-length", "one CA too many", chain, Code.PATH_LENGTH_EXCEEDED)
    unknown = (x509.UnrecognizedExtension(UNKNOWN_OID, b"\x05\x00"), True)
    critical = town.leaf("critical", extensions=(unknown,))
    yield plan(
        "critical", "an unknown critical extension", (critical, town.issuer), Code.UNKNOWN_CRITICAL_EXTENSION
    )
    broken = with_broken_signature(town.leaf("bad-signature"))
    yield plan(
        "bad-signature", "one bit of its signature is wrong", (broken, town.issuer), Code.SIGNATURE_INVALID
    )


def _constrained(town: Town) -> Iterator[Plan]:
    policy = x509.PolicyInformation(x509.ObjectIdentifier("1.3.6.1.4.1.55555.7.1"), None)
    demands = (x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None), True)
    strict_ca = town.root.intermediate(
        "Policy CA", wish=replace(CA_WISH, extensions=((x509.CertificatePolicies([policy]), False), demands))
    )
    without = strict_ca.issue(f"policy.{DOMAIN}")
    yield plan(
        "policy",
        "holds no policy though its CA demands one",
        (without, strict_ca),
        Code.POLICY_CONSTRAINT_VIOLATED,
    )
    anonymous = town.leaf("no-key-identifier", has_authority_key_id=False)
    yield plan(
        "no-key-identifier",
        "Python 3.13 refuses it, others don't",
        (anonymous, town.issuer),
        Code.STRICT_PROFILE_GAP,
    )
    elsewhere = x509.NameConstraints([x509.DNSName("other.example")], None)
    narrow = town.root.intermediate("Narrow CA", wish=replace(CA_WISH, extensions=((elsewhere, True),)))
    outside = narrow.issue(f"name-constraint.{DOMAIN}")
    yield plan(
        "name-constraint", "its CA may not issue for it", (outside, narrow), Code.NAME_CONSTRAINT_VIOLATED
    )
    url = x509.DNSName(f"https://malformed-name.{DOMAIN}/")
    malformed = town.leaf("malformed-name", more_names=(url,))
    yield plan("malformed-name", "a URL where a name should be", (malformed, town.issuer), Code.SAN_MALFORMED)


def _revoked(town: Town) -> Iterator[Plan]:
    revoked = town.leaf("revoked")
    told = ocsp_response(revoked, town.issuer, town.now, revoked_at=town.now - timedelta(days=3))
    yield replace(
        plan("revoked", "revoked three days ago", (revoked, town.issuer), Code.LEAF_REVOKED), staple=told
    )
    stale = town.leaf("stale-staple")
    old = ocsp_response(stale, town.issuer, town.now - timedelta(days=30))
    yield replace(
        plan("stale-staple", "staples an old OCSP response", (stale, town.issuer), Code.STAPLE_INVALID),
        staple=old,
    )
    feature = (x509.TLSFeature([x509.TLSFeatureType.status_request]), False)
    demanding = town.leaf("must-staple", extensions=(feature,))
    yield plan(
        "must-staple",
        "demands a stapled response, has none",
        (demanding, town.issuer),
        Code.MUST_STAPLE_MISSING,
    )
    kept = town.leaf("stapled", extensions=(feature,))
    fresh = ocsp_response(kept, town.issuer, town.now)
    yield replace(plan("stapled", "demands a stapled response and has it", (kept, town.issuer)), staple=fresh)


def _hostile(town: Town) -> Plan:
    """Every field that can hold text holds what would harm a terminal that it reached."""
    attributes = [
        x509.NameAttribute(NameOID.COMMON_NAME, HOSTILE[:64]),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, HOSTILE[:64]),
        x509.NameAttribute(NameOID.LOCALITY_NAME, HOSTILE),
    ]
    ascii_octets = HOSTILE.encode("ascii", "ignore")
    names = raw_san(
        (0x82, ascii_octets),
        (0x81, ascii_octets),
        (0x86, b"http://" + ascii_octets + b"/"),
        (0xA4, x509.Name(attributes).public_bytes()),
    )
    text = (
        x509.UnrecognizedExtension(x509.ObjectIdentifier("2.16.840.1.113730.1.13"), HOSTILE.encode()),
        False,
    )
    hostile = town.leaf(
        "hostile",
        subject=x509.Name(attributes),
        names=None,
        ca_issuers=ascii_octets.decode("ascii"),
        extensions=((names, False), text),
    )
    return plan(
        "hostile",
        "escapes, markup and marks in every field",
        (hostile, town.issuer),
        Code.HOST_MISMATCH,
        Code.SAN_MALFORMED,
    )
