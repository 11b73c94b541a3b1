"""A certificate that triggers each finding, a near miss that doesn't, and what OpenSSL says of the trigger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from certtui.core.catalogue import Code
from certtui.lab.pki import (
    CA_WISH,
    UNKNOWN_OID,
    Authority,
    Issued,
    KeyKind,
    Wish,
    self_signed,
    with_broken_signature,
)
from tests.core.forge import rsa_spki, with_key, with_validity

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOST = "www.example.test"
ROOT = Authority.root("Example Root", now=NOW)
ISSUER = ROOT.intermediate("Example CA")
STRANGER = Authority.root("Strange Root", now=NOW)
STRANGE_ISSUER = STRANGER.intermediate("Strange CA")
_SECOND = timedelta(seconds=1)
_SUBJECT_ALT_NAME = x509.ObjectIdentifier("2.5.29.17")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What is sent, and what it is judged against."""

    sent: tuple[bytes, ...]
    host: str = HOST
    anchors: tuple[bytes, ...] = (ROOT.der,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One finding, shown."""

    code: Code
    what: str
    trigger: Chain
    near_miss: Chain
    openssl: frozenset[int] = frozenset()
    """The errors of which `openssl verify` names at least one for the trigger; empty where it sees no fault."""
    options: tuple[str, ...] = ()
    """What `openssl verify` must be told so that it looks at all."""


def leaf(issuer: Authority = ISSUER, **changes: object) -> Issued:
    """Return a good certificate for `HOST` but for the changes."""
    wish = replace(Wish(names=(HOST,)), **changes)  # type: ignore[arg-type]
    return issuer.issue(HOST, wish)


def chain(*sent: Issued | bytes, host: str = HOST, anchors: tuple[Issued, ...] = (ROOT,)) -> Chain:
    """Return a chain as sent."""
    octets = tuple(each if isinstance(each, bytes) else each.der for each in sent)
    return Chain(sent=octets, host=host, anchors=tuple(anchor.der for anchor in anchors))


GOOD = chain(leaf(), ISSUER)


def example(
    code: Code,
    what: str,
    trigger: Chain,
    near_miss: Chain = GOOD,
    openssl: tuple[int, ...] = (),
    *,
    options: tuple[str, ...] = (),
) -> Example:
    """Return an example; a good chain is the near miss unless another is given."""
    return Example(
        code=code,
        what=what,
        trigger=trigger,
        near_miss=near_miss,
        openssl=frozenset(openssl),
        options=options,
    )


def examples() -> list[Example]:
    """Return every example."""
    return [*_validity(), *_names(), *_trust(), *_installation(), *_weakness(), *_profile()]


def _validity() -> Iterator[Example]:
    long_ago = timedelta(days=-100)
    yield example(
        Code.LEAF_EXPIRED,
        "a second ago, against in a second",
        chain(leaf(begins=long_ago, ends=-_SECOND), ISSUER),
        chain(leaf(begins=long_ago, ends=_SECOND), ISSUER),
        (10,),
    )
    yield example(
        Code.LEAF_NOT_YET_VALID,
        "in a second, against a second ago",
        chain(leaf(begins=_SECOND), ISSUER),
        chain(leaf(begins=-_SECOND), ISSUER),
        (9,),
    )
    young = Authority.root("Example Root", now=NOW, wish=replace(CA_WISH, begins=_SECOND))
    yield example(
        Code.INTERMEDIATE_NOT_YET_VALID,
        "the anchor, against an older certificate of the same root",
        replace(GOOD, anchors=(young.der,)),
        replace(GOOD, anchors=(young.der, ROOT.der)),
        (9,),
    )
    expired = ROOT.intermediate("Example CA", wish=replace(CA_WISH, ends=-_SECOND))
    yield example(
        Code.INTERMEDIATE_EXPIRED,
        "the only one, against one of two for the same key",
        chain(leaf(), expired),
        chain(leaf(), expired, ISSUER),
        (10,),
    )
    early = ROOT.intermediate("Example CA", wish=replace(CA_WISH, begins=_SECOND))
    yield example(
        Code.INTERMEDIATE_NOT_YET_VALID,
        "the only one, against one of two for the same key",
        chain(leaf(), early),
        chain(leaf(), early, ISSUER),
        (9,),
    )
    old = Authority.root("Example Root", now=NOW, wish=replace(CA_WISH, ends=-_SECOND))
    yield example(
        Code.ROOT_EXPIRED,
        "the anchor, against a younger certificate of the same root",
        replace(GOOD, anchors=(old.der,)),
        replace(GOOD, anchors=(old.der, ROOT.der)),
        (10,),
    )
    since = timedelta(days=-60)
    yield example(
        Code.EXPIRING_SOON,
        "29 of 89 days left, against 31 of 91",
        chain(leaf(begins=since, ends=timedelta(days=29)), ISSUER),
        chain(leaf(begins=since, ends=timedelta(days=31)), ISSUER),
    )
    yield example(
        Code.TIME_MALFORMED,
        "from after until, against from before until",
        chain(with_validity(leaf(), ISSUER, "270101000000Z", "260101000000Z"), ISSUER),
        chain(with_validity(leaf(), ISSUER, "260101000000Z", "270101000000Z"), ISSUER),
        (9, 10),
    )
    yield example(
        Code.TIME_MALFORMED,
        "a month that is none, against one that is",
        chain(with_validity(leaf(), ISSUER, "261301000000Z", "270101000000Z"), ISSUER),
        chain(with_validity(leaf(), ISSUER, "261101000000Z", "270101000000Z"), ISSUER),
        (13,),
    )


def _names() -> Iterator[Example]:
    mismatch = (62,)
    yield example(
        Code.HOST_MISMATCH,
        "another name, against the name in capitals with a final dot",
        chain(leaf(), ISSUER, host="mail.example.test"),
        chain(leaf(), ISSUER, host="WWW.Example.Test"),
        mismatch,
    )
    yield example(
        Code.SIBLING_NAME_MISSING,
        "the twin alone, against both",
        chain(leaf(), ISSUER, host="example.test"),
        chain(leaf(names=(HOST, "example.test")), ISSUER, host="example.test"),
        mismatch,
    )
    wildcard = leaf(names=("*.example.test",))
    yield example(
        Code.WILDCARD_DEPTH,
        "two labels for a star, against one",
        chain(wildcard, ISSUER, host="a.b.example.test"),
        chain(wildcard, ISSUER, host="a.example.test"),
        mismatch,
    )
    yield example(
        Code.WILDCARD_DEPTH,
        "the parent of the star, against the parent beside it",
        chain(wildcard, ISSUER, host="example.test"),
        chain(leaf(names=("*.example.test", "example.test")), ISSUER, host="example.test"),
        mismatch,
    )
    yield example(
        Code.WILDCARD_FORM,
        "a star before a single label, against before two",
        chain(leaf(names=("*.test",)), ISSUER, host="example.test"),
        chain(wildcard, ISSUER),
        mismatch,
    )
    yield example(
        Code.WILDCARD_FORM,
        "a star within a label, which OpenSSL takes, against one that is the label",
        chain(leaf(names=("w*.example.test",)), ISSUER),
        chain(wildcard, ISSUER),
    )
    as_dns = leaf(names=(), more_names=(x509.DNSName("192.0.2.1"),))
    yield example(
        Code.IP_NOT_IN_SAN,
        "the address as a DNS name, against as an address",
        chain(as_dns, ISSUER, host="192.0.2.1"),
        chain(leaf(names=("192.0.2.1",)), ISSUER, host="192.0.2.1"),
        (64,),
    )
    yield example(
        Code.SAN_MISSING,
        "a common name alone, which OpenSSL takes, against an alternative name alone",
        chain(leaf(names=None), ISSUER),
        chain(leaf(subject=x509.Name([]), names=(HOST,)), ISSUER),
    )


def _trust() -> Iterator[Example]:
    alone = self_signed(HOST, Wish(names=(HOST,)), now=NOW)
    yield example(
        Code.SELF_SIGNED_LEAF,
        "nobody's, against trusted itself",
        chain(alone),
        chain(alone, anchors=(alone,)),
        (18,),
    )
    strange = leaf(STRANGE_ISSUER)
    yield example(
        Code.UNTRUSTED_ROOT_SENT,
        "its root is not in the store, against is",
        chain(strange, STRANGE_ISSUER, STRANGER),
        chain(strange, STRANGE_ISSUER, STRANGER, anchors=(STRANGER,)),
        (19,),
    )
    yield example(
        Code.UNTRUSTED_ISSUER,
        "its root is neither sent nor in the store, against in the store",
        chain(strange, STRANGE_ISSUER),
        chain(strange, STRANGE_ISSUER, anchors=(STRANGER,)),
        (20,),
    )
    there = leaf(ca_issuers="http://ca.example.test/ca.cer")
    yield example(
        Code.CHAIN_INCOMPLETE,
        "its issuer is left out, against sent",
        chain(there),
        chain(there, ISSUER),
        (20,),
    )
    namesake = ROOT.intermediate("Example CA", key_label="another key")
    yield example(
        Code.WRONG_INTERMEDIATE,
        "the namesake alone, against beside the right one",
        chain(leaf(), namesake),
        chain(leaf(), ISSUER, namesake),
        (20,),
    )

    namesake_root = Authority.root("Example Root", now=NOW, key_label="another root's key")
    yield example(
        Code.UNTRUSTED_ISSUER,
        "a namesake of the root is sent and the root is not in the store, against is",
        chain(leaf(), ISSUER, namesake_root, anchors=(STRANGER,)),
        chain(leaf(), ISSUER, namesake_root),
        (19, 20),
    )


def _installation() -> Iterator[Example]:
    second = ISSUER.intermediate("Example CA 2")
    below = leaf(second)
    yield example(
        Code.CHAIN_MISORDERED,
        "upper first, against lower first",
        chain(below, ISSUER, second),
        chain(below, second, ISSUER),
    )
    yield example(Code.CHAIN_DUPLICATE, "twice, against once", chain(leaf(), ISSUER, ISSUER))
    cross = STRANGER.intermediate("Example CA")
    yield example(
        Code.CHAIN_UNRELATED,
        "another's issuer, against a cross-certificate of its own",
        chain(leaf(), ISSUER, STRANGE_ISSUER),
        chain(leaf(), ISSUER, cross),
    )
    yield example(Code.ROOT_SENT, "the anchor is sent, against is not", chain(leaf(), ISSUER, ROOT))
    expired = ROOT.intermediate("Example CA", wish=replace(CA_WISH, ends=-_SECOND))
    yield example(
        Code.EXPIRED_UNUSED_SENT,
        "an expired cross-certificate beside a good one, against a good one",
        chain(leaf(), ISSUER, expired),
        chain(leaf(), ISSUER, cross),
    )


def _weakness() -> Iterator[Example]:
    usages = ("digital_signature", "key_encipherment")
    yield example(
        Code.WEAK_KEY,
        "RSA of 1024 bits, against 2048",
        chain(leaf(key=KeyKind.RSA_1024, usages=usages), ISSUER),
        chain(leaf(key=KeyKind.RSA_2048, usages=usages), ISSUER),
        (66,),
    )
    yield example(
        Code.WEAK_KEY,
        "an elliptic curve of 192 bits, against 256",
        chain(with_key(leaf(), ISSUER, _spki(ec.SECP192R1())), ISSUER),
        chain(with_key(leaf(), ISSUER, _spki(ec.SECP256R1())), ISSUER),
        (66,),
    )
    modulus = (1 << 2047) + 12345
    yield example(
        Code.WEAK_KEY,
        "an RSA exponent of 1, which OpenSSL takes, against 3",
        chain(with_key(leaf(), ISSUER, rsa_spki(modulus, 1)), ISSUER),
        chain(with_key(leaf(), ISSUER, rsa_spki(modulus, 3)), ISSUER),
    )
    sha1_root = Authority.root("Example Root", now=NOW, wish=replace(CA_WISH, is_signed_with_sha1=True))
    yield example(
        Code.WEAK_SIGNATURE,
        "SHA-1 on the leaf, against on the anchor",
        chain(leaf(is_signed_with_sha1=True), ISSUER),
        replace(GOOD, anchors=(sha1_root.der,)),
        (68,),
    )
    sha1_issuer = ROOT.intermediate("Example CA", wish=replace(CA_WISH, is_signed_with_sha1=True))
    yield example(
        Code.WEAK_SIGNATURE,
        "SHA-1 on the intermediate, against on one that nothing needs",
        chain(leaf(), sha1_issuer),
        chain(leaf(), ISSUER, sha1_issuer),
        (68,),
    )


def _spki(curve: ec.EllipticCurve) -> bytes:
    key = ec.generate_private_key(curve).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _profile() -> Iterator[Example]:
    yield example(
        Code.SIGNATURE_INVALID,
        "a bit of the signature turned over, against as it was",
        chain(with_broken_signature(leaf()), ISSUER),
        GOOD,
        (7,),
    )
    client, server = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
    yield example(
        Code.EKU_WRONG,
        "for clients, against for clients and servers",
        chain(leaf(purposes=(client,)), ISSUER),
        chain(leaf(purposes=(client, server)), ISSUER),
        (26,),
    )
    yield example(
        Code.KEY_USAGE_WRONG,
        "a key that may only agree on keys, which OpenSSL takes, against one that says nothing",
        chain(leaf(usages=("key_agreement",)), ISSUER),
        chain(leaf(usages=()), ISSUER),
    )
    both = ("digital_signature", "key_cert_sign")
    yield example(
        Code.CA_AS_LEAF,
        "a CA that may sign handshakes, which OpenSSL takes, against no CA",
        chain(leaf(is_ca=True, usages=both), ISSUER),
    )
    yield example(
        Code.CA_AS_LEAF,
        "a CA that may sign certificates alone, against a server that may sign handshakes",
        chain(leaf(is_ca=True, usages=("key_cert_sign", "crl_sign")), ISSUER),
        openssl=(26,),
    )
    place = x509.UniformResourceIdentifier("http://ca.example.test/ca.cer")
    access = x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)]
    )
    yield example(
        Code.UNKNOWN_CRITICAL_EXTENSION,
        "one that is never to be critical, against as it should be",
        chain(leaf(extensions=((access, True),)), ISSUER),
        chain(leaf(extensions=((access, False),)), ISSUER),
        (34,),
    )
    unknown = x509.UnrecognizedExtension(UNKNOWN_OID, b"\x05\x00")
    yield example(
        Code.UNKNOWN_CRITICAL_EXTENSION,
        "critical, against not",
        chain(leaf(extensions=((unknown, True),)), ISSUER),
        chain(leaf(extensions=((unknown, False),)), ISSUER),
        (34,),
    )
    garbage = x509.UnrecognizedExtension(_SUBJECT_ALT_NAME, b"\xff\xff")
    yield example(
        Code.CERTIFICATE_UNDECODABLE,
        "garbage for names, against for something unknown",
        chain(leaf(names=None, extensions=((garbage, False),)), ISSUER),
        chain(leaf(extensions=((x509.UnrecognizedExtension(UNKNOWN_OID, b"\xff\xff"), False),)), ISSUER),
        (20, 62),
    )
