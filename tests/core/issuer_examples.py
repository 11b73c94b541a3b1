"""Examples of findings about issuers, policies, strict profiles and the list as a whole (see `examples`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certtui.core.catalogue import Code
from certtui.lab.pki import CA_WISH, Issued
from tests.core.examples import GOOD, ISSUER, ROOT, STRANGER, Chain, Example, chain, example, leaf
from tests.core.forge import forged

ISSUER_NAME = 3
"""Where the issuer stands among the fields of a tbsCertificate that has a version."""
_POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.55555.7.1")
_OTHER_POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.55555.7.2")
_ANY_POLICY = x509.ObjectIdentifier("2.5.29.32.0")


def issuer_examples() -> list[Example]:
    """Return every example."""
    return [*_issuers(), *_policies(), *_strict(), *_purposes(), *_one_path(), *_lists()]


def _issuers() -> Iterator[Example]:
    def below(**changes: object) -> Chain:
        wish = replace(CA_WISH, **changes)  # type: ignore[arg-type]
        return chain(leaf(), ROOT.intermediate("Example CA", wish=wish))

    yield example(
        Code.ISSUER_NOT_CA,
        "no CA by its own word, against a CA",
        below(is_ca=False),
        openssl=(24, 79),
    )
    yield example(
        Code.KEY_USAGE_WRONG,
        "a CA that may not sign certificates, against one that may",
        below(usages=("digital_signature", "crl_sign")),
        openssl=(32, 79),
    )
    client = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    yield example(
        Code.EKU_WRONG,
        "a CA for clients' certificates, against any purpose",
        below(purposes=client),
        below(purposes=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, ExtendedKeyUsageOID.SERVER_AUTH)),
        (26, 79),
    )
    short = ROOT.intermediate("Short CA", wish=replace(CA_WISH, path_length=0))
    second = short.intermediate("Example CA 2")
    self_issued = short.intermediate("Short CA", key_label="the next key")
    yield example(
        Code.PATH_LENGTH_EXCEEDED,
        "a CA too many, against a self-issued one, which does not count",
        chain(leaf(second), second, short),
        chain(leaf(self_issued), self_issued, short),
        (25,),
    )
    yield example(
        Code.NAME_CONSTRAINT_VIOLATED,
        "permitted elsewhere, against here",
        below(extensions=(_permitted("example.org"),)),
        below(extensions=(_permitted("example.test"),)),
        (47,),
    )
    yield example(
        Code.NAME_CONSTRAINT_VIOLATED,
        "excluded here, against elsewhere",
        below(extensions=(_excluded("example.test"),)),
        below(extensions=(_excluded("example.org"),)),
        (48,),
    )


def _permitted(name: str) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints([x509.DNSName(name)], None), True


def _excluded(name: str) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints(None, [x509.DNSName(name)]), True


def _below(*extensions: tuple[x509.ExtensionType, bool], **changes: object) -> Chain:
    """Return a good leaf of policy `_POLICY` below a CA with these extensions."""
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=extensions, **changes))  # type: ignore[arg-type]
    return chain(leaf(extensions=(_holding(_POLICY),)), ca)


def _holding(*policies: x509.ObjectIdentifier) -> tuple[x509.ExtensionType, bool]:
    return x509.CertificatePolicies([x509.PolicyInformation(policy, None) for policy in policies]), False


def _policies() -> Iterator[Example]:
    demanded = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None), True
    no_policy_valid, checked = (43,), ("-policy_check", "-policy", "2.5.29.32.0")
    yield example(
        Code.POLICY_CONSTRAINT_VIOLATED,
        "a policy is demanded and the CA has another, against has it",
        _below(_holding(_OTHER_POLICY), demanded),
        _below(_holding(_POLICY), demanded),
        no_policy_valid,
        options=checked,
    )
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=(_holding(_POLICY), demanded)))
    yield example(
        Code.POLICY_CONSTRAINT_VIOLATED,
        "a policy is demanded and the leaf has none, against the CA demands none",
        chain(leaf(), ca),
        chain(
            leaf(), ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=(_holding(_POLICY),)))
        ),
        no_policy_valid,
        options=checked,
    )
    inhibited = x509.InhibitAnyPolicy(0), True
    yield example(
        Code.POLICY_CONSTRAINT_VIOLATED,
        "any policy no longer counts below the root's CA, against counts",
        _two_levels(inhibited),
        _two_levels(),
        no_policy_valid,
        options=checked,
    )


def _two_levels(*extensions: tuple[x509.ExtensionType, bool]) -> Chain:
    """Return a chain whose upper CA demands a policy, and whose lower CA holds any."""
    demanded = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None), True
    upper = ROOT.intermediate(
        "Upper CA", wish=replace(CA_WISH, extensions=(_holding(_POLICY), demanded, *extensions))
    )
    lower = upper.intermediate("Lower CA", wish=replace(CA_WISH, extensions=(_holding(_ANY_POLICY),)))
    return chain(leaf(lower, extensions=(_holding(_POLICY),)), lower, upper)


def _strict() -> Iterator[Example]:
    strict = ("-x509_strict",)
    yield example(
        Code.STRICT_PROFILE_GAP,
        "no authority key identifier, against one",
        chain(leaf(has_authority_key_id=False), ISSUER),
        openssl=(85,),
        options=strict,
    )
    for what, number, changes in (
        ("a CA without subject key identifier, against with one", 86, {"has_subject_key_id": False}),
        ("basicConstraints not critical, against critical", 89, {"is_basic_constraints_critical": False}),
        ("a CA without key usage, against with one", 92, {"usages": ()}),
    ):
        ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, **changes))
        yield example(Code.STRICT_PROFILE_GAP, what, chain(leaf(), ca), openssl=(number,), options=strict)
    nameless = x509.Name([])
    yield example(
        Code.STRICT_PROFILE_GAP,
        "an empty subject beside names that are not critical, against a subject",
        chain(leaf(subject=nameless), ISSUER),
        openssl=(88,),
        options=strict,
    )
    yield example(
        Code.STRICT_PROFILE_GAP,
        "a server that may sign certificates, against a server that may not",
        chain(leaf(usages=("digital_signature", "key_cert_sign")), ISSUER),
        openssl=(82,),
        options=strict,
    )

    other_key = x509.AuthorityKeyIdentifier(b"x" * 20, None, None), False
    yield example(
        Code.STRICT_PROFILE_GAP,
        "the identifier of another key than the issuer's, against the issuer's",
        chain(leaf(has_authority_key_id=False, extensions=(other_key,)), ISSUER),
        openssl=(20,),
    )
    yield example(
        Code.STRICT_PROFILE_GAP,
        "the issuer's key but another serial number, against the issuer's own",
        chain(_naming_issuer(12345), ISSUER),
        chain(_naming_issuer(ISSUER.certificate.serial_number), ISSUER),
        (20,),
    )
    shouting = forged(leaf(), ISSUER, _write_issuer_in_capitals)
    yield example(
        Code.STRICT_PROFILE_GAP,
        "the issuer's name in capitals, which OpenSSL takes, against as it writes itself",
        chain(shouting, ISSUER),
    )


def _naming_issuer(serial: int) -> Issued:
    """Return a leaf that names its issuer's certificate by key identifier, issuer and serial number."""
    key_id = x509.SubjectKeyIdentifier.from_public_key(ISSUER.certificate.public_key()).digest
    place = [x509.DirectoryName(ROOT.certificate.subject)]
    named = x509.AuthorityKeyIdentifier(key_id, place, serial), False
    return leaf(has_authority_key_id=False, extensions=(named,))


def _write_issuer_in_capitals(fields: list[bytes]) -> None:
    fields[ISSUER_NAME] = fields[ISSUER_NAME].replace(b"Example CA", b"EXAMPLE CA")


def _purposes() -> Iterator[Example]:
    anything, server = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, ExtendedKeyUsageOID.SERVER_AUTH
    yield example(
        Code.EKU_WRONG,
        "any purpose alone, against beside serverAuth",
        chain(leaf(purposes=(anything,)), ISSUER),
        chain(leaf(purposes=(anything, server)), ISSUER),
        (26,),
    )
    yield example(
        Code.KEY_USAGE_WRONG,
        "a key that may only vouch for contents, against one that may sign handshakes as well",
        chain(leaf(usages=("content_commitment",)), ISSUER),
        chain(leaf(usages=("content_commitment", "digital_signature")), ISSUER),
        (26,),
    )
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://ca.example.test/ca.crl")], None, None, None
    )
    yield example(
        Code.UNKNOWN_CRITICAL_EXTENSION,
        "critical distribution points, which OpenSSL takes, against as they should be",
        chain(leaf(extensions=((x509.CRLDistributionPoints([point]), True),)), ISSUER),
        chain(leaf(extensions=((x509.CRLDistributionPoints([point]), False),)), ISSUER),
    )


def _one_path() -> Iterator[Example]:
    for what, wish, numbers in (
        ("one for clients alone", replace(CA_WISH, purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,)), (26, 79)),
        ("one for other names", replace(CA_WISH, extensions=(_permitted("example.org"),)), (47,)),
    ):
        narrow = ROOT.intermediate("Example CA", wish=wish)
        yield example(
            Code.CHAIN_MISORDERED,
            f"{what} before the issuer that serves, against behind it",
            chain(leaf(), narrow, ISSUER),
            chain(leaf(), ISSUER, narrow),
            numbers,
        )
    namesake = ROOT.intermediate(
        "Example CA", key_label="another key", wish=replace(CA_WISH, has_subject_key_id=False)
    )
    yield example(
        Code.CHAIN_MISORDERED,
        "a namesake with another key and no identifier before the issuer, against behind it",
        chain(leaf(), namesake, ISSUER),
        chain(leaf(), ISSUER, namesake),
        (7,),
    )
    narrow = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=(_permitted("example.org"),)))
    yield example(
        Code.CHAIN_MISORDERED,
        "a namesake that is narrower, against where the serial number tells them apart",
        chain(leaf(), narrow, ISSUER),
        chain(_naming_issuer(ISSUER.certificate.serial_number), narrow, ISSUER),
        (47,),
    )
    cross = STRANGER.intermediate("Example CA")
    yield example(
        Code.CHAIN_MISORDERED,
        "a cross-certificate of an unknown root before the issuer, against behind it",
        chain(leaf(), cross, ISSUER),
        chain(leaf(), ISSUER, cross),
        (20,),
    )


def _lists() -> Iterator[Example]:
    yield example(
        Code.LEAF_NOT_FIRST,
        "the issuer first, against second; OpenSSL sees the issuer alone",
        chain(ISSUER, leaf()),
        GOOD,
        (62,),
    )
    yield example(
        Code.CHAIN_TOO_BIG,
        "eleven certificates, against ten",
        chain(leaf(), *[ISSUER] * 10),
        chain(leaf(), *[ISSUER] * 9),
    )
    many = leaf(names=("www.example.test", *(f"host-number-{n}.example.test" for n in range(700))))
    few = leaf(names=("www.example.test", *(f"host-number-{n}.example.test" for n in range(500))))
    yield example(
        Code.CHAIN_TOO_BIG,
        "700 names, against 500",
        chain(many, ISSUER),
        chain(few, ISSUER),
    )
