"""Category, severity and code of every finding: one table. It must never hold a rule or a sentence of advice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters, gravest first."""

    ERROR = "error"
    """Mainstream clients refuse."""
    WARNING = "warning"
    """Some clients refuse, or will soon."""
    NOTICE = "notice"
    """Worth knowing; nobody refuses."""


SEVERITIES = tuple(Severity)
"""All severities, gravest first."""


class Category(StrEnum):
    """What a badge shows: the kind of fault a host has."""

    TRUSTED = "trusted"
    REVOKED = "revoked"
    SELF_SIGNED = "self-signed"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    NAME = "name"
    INVALID = "invalid"
    INSTALLATION = "installation"
    WEAK = "weak"
    POLICY = "policy"
    EXPIRING = "expiring"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Badge:
    """How a category looks: told apart by glyph alone and by word alone; colour repeats the severity."""

    glyph: str
    """One cell wide in every terminal."""
    ascii_glyph: str
    """The same for terminals without Unicode."""
    word: str
    """Upper case, at most 13 characters."""
    short_word: str
    """The same in at most 8 characters, for narrow lists."""


BADGES: dict[Category, Badge] = {
    Category.TRUSTED: Badge("✓", "+", "TRUSTED", "OK"),
    Category.REVOKED: Badge("⊘", "R", "REVOKED", "REVOKED"),
    Category.SELF_SIGNED: Badge("↻", "S", "SELF-SIGNED", "SELF"),
    Category.UNTRUSTED: Badge("?", "?", "UNTRUSTED CA", "UNKNOWN"),
    Category.EXPIRED: Badge("✗", "X", "EXPIRED", "EXPIRED"),
    Category.NOT_YET_VALID: Badge("◷", "Y", "NOT YET VALID", "TOO SOON"),
    Category.NAME: Badge("≠", "N", "WRONG NAME", "NAME"),
    Category.INVALID: Badge("‼", "I", "INVALID CERT", "INVALID"),
    Category.INSTALLATION: Badge("⚙", "B", "BAD INSTALL", "INSTALL"),
    Category.WEAK: Badge("▽", "W", "WEAK CRYPTO", "WEAK"),
    Category.POLICY: Badge("§", "P", "POLICY", "POLICY"),
    Category.EXPIRING: Badge("!", "!", "EXPIRES SOON", "EXPIRES"),
    Category.CONNECTION: Badge("∅", "-", "NO CONNECTION", "NO CONN"),
}
"""One badge a category. Their order is the order of precedence among findings of equal severity."""

STATUS_BADGE = Badge("⊖", "r", "REVOCATION", "REVOC. ?")
"""What a fault of revocation shows by which nothing is known to be revoked: that word would say what is not so."""
FILE_BADGE = Badge("⊠", "F", "NO FILE", "NO FILE")
"""What a file shows that cannot be read: nobody was to be connected to."""

PRECEDENCE = {category: rank for rank, category in enumerate(BADGES)}
"""Which badge a host shows first among findings of equal severity: lower wins."""


class Code(StrEnum):
    """The stable name of a finding, as JSON, exit codes, documentation and tests use it."""

    LEAF_EXPIRED = "leaf-expired"
    INTERMEDIATE_EXPIRED = "intermediate-expired"
    ROOT_EXPIRED = "root-expired"
    LEAF_NOT_YET_VALID = "leaf-not-yet-valid"
    INTERMEDIATE_NOT_YET_VALID = "intermediate-not-yet-valid"
    EXPIRING_SOON = "expiring-soon"
    HOST_MISMATCH = "host-mismatch"
    SIBLING_NAME_MISSING = "sibling-name-missing"
    WILDCARD_DEPTH = "wildcard-depth"
    WILDCARD_FORM = "wildcard-form"
    IP_NOT_IN_SAN = "ip-not-in-san"
    SAN_MISSING = "san-missing"
    SAN_MALFORMED = "san-malformed"
    INTERNAL_NAME = "internal-name"
    MIXED_SCRIPT_NAME = "mixed-script-name"
    SELF_SIGNED_LEAF = "self-signed-leaf"
    UNTRUSTED_ROOT_SENT = "untrusted-root-sent"
    UNTRUSTED_ISSUER = "untrusted-issuer"
    PRIVATE_CA = "private-ca"
    STORES_DISAGREE = "stores-disagree"
    CA_DISTRUSTED = "ca-distrusted"
    ROOT_LEAVING_STORE = "root-leaving-store"
    INTERCEPTION_SUSPECTED = "interception-suspected"
    CHAIN_INCOMPLETE = "chain-incomplete"
    WRONG_INTERMEDIATE = "wrong-intermediate"
    CHAIN_MISORDERED = "chain-misordered"
    LEAF_NOT_FIRST = "leaf-not-first"
    CHAIN_DUPLICATE = "chain-duplicate"
    CHAIN_UNRELATED = "chain-unrelated"
    ROOT_SENT = "root-sent"
    CHAIN_TOO_BIG = "chain-too-big"
    EXPIRED_UNUSED_SENT = "expired-unused-sent"
    SNI_REFUSED = "sni-refused"
    LEAF_REVOKED = "leaf-revoked"
    INTERMEDIATE_REVOKED = "intermediate-revoked"
    MUST_STAPLE_MISSING = "must-staple-missing"
    STAPLE_INVALID = "staple-invalid"
    REVOCATION_UNREACHABLE = "revocation-unreachable"
    REVOCATION_ABSENT = "revocation-absent"
    CRL_STALE = "crl-stale"
    WEAK_KEY = "weak-key"
    KNOWN_BAD_KEY = "known-bad-key"
    WEAK_SIGNATURE = "weak-signature"
    UNSUPPORTED_KEY_TYPE = "unsupported-key-type"
    NO_POST_QUANTUM = "no-post-quantum"
    SIGNATURE_INVALID = "signature-invalid"
    TIME_MALFORMED = "time-malformed"
    EKU_WRONG = "eku-wrong"
    KEY_USAGE_WRONG = "key-usage-wrong"
    CA_AS_LEAF = "ca-as-leaf"
    ISSUER_NOT_CA = "issuer-not-ca"
    PATH_LENGTH_EXCEEDED = "path-length-exceeded"
    NAME_CONSTRAINT_VIOLATED = "name-constraint-violated"
    POLICY_CONSTRAINT_VIOLATED = "policy-constraint-violated"
    UNKNOWN_CRITICAL_EXTENSION = "unknown-critical-extension"
    STRICT_PROFILE_GAP = "strict-profile-gap"
    CERTIFICATE_UNDECODABLE = "certificate-undecodable"
    LIFETIME_TOO_LONG = "lifetime-too-long"
    CT_INSUFFICIENT = "ct-insufficient"
    CLIENT_AUTH_EKU = "client-auth-eku"
    LINT = "lint"
    DNS_FAILED = "dns-failed"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RESET = "reset"
    NOT_TLS = "not-tls"
    PROTOCOL_UNSUPPORTED = "protocol-unsupported"
    CLIENT_CERTIFICATE_REQUIRED = "client-certificate-required"
    STARTTLS_REFUSED = "starttls-refused"
    ECH_REQUIRED = "ech-required"
    WEAK_EPHEMERAL_KEY = "weak-ephemeral-key"
    FILE_UNREADABLE = "file-unreadable"
    INTERNAL_ERROR = "internal-error"


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's row: where it belongs and how grave it is unless the context says otherwise."""

    category: Category
    severity: Severity
    title: str
    """A few plain words for lists and headings."""


_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

CATALOGUE: dict[Code, Entry] = {
    Code.LEAF_EXPIRED: Entry(Category.EXPIRED, _ERROR, "The certificate has expired"),
    Code.INTERMEDIATE_EXPIRED: Entry(Category.EXPIRED, _ERROR, "An intermediate certificate has expired"),
    Code.ROOT_EXPIRED: Entry(Category.EXPIRED, _ERROR, "The root certificate has expired"),
    Code.LEAF_NOT_YET_VALID: Entry(Category.NOT_YET_VALID, _ERROR, "The certificate is not valid yet"),
    Code.INTERMEDIATE_NOT_YET_VALID: Entry(
        Category.NOT_YET_VALID, _ERROR, "An issuer's certificate is not valid yet"
    ),
    Code.EXPIRING_SOON: Entry(Category.EXPIRING, _WARNING, "The certificate expires soon"),
    Code.HOST_MISMATCH: Entry(Category.NAME, _ERROR, "The certificate is for other names"),
    Code.SIBLING_NAME_MISSING: Entry(
        Category.NAME, _ERROR, "Only one of a name and its www. twin is covered"
    ),
    Code.WILDCARD_DEPTH: Entry(Category.NAME, _ERROR, "The wildcard covers a different number of labels"),
    Code.WILDCARD_FORM: Entry(
        Category.NAME, _WARNING, "A wildcard is written in a form that clients dispute"
    ),
    Code.IP_NOT_IN_SAN: Entry(Category.NAME, _ERROR, "The IP address is not in the certificate"),
    Code.SAN_MISSING: Entry(Category.NAME, _ERROR, "The certificate has no subject alternative names"),
    Code.SAN_MALFORMED: Entry(Category.NAME, _WARNING, "A subject alternative name is malformed"),
    Code.INTERNAL_NAME: Entry(Category.NAME, _WARNING, "A public CA certified a name that is not public"),
    Code.MIXED_SCRIPT_NAME: Entry(Category.NAME, _NOTICE, "A name mixes letters of several scripts"),
    Code.SELF_SIGNED_LEAF: Entry(Category.SELF_SIGNED, _ERROR, "The certificate signs itself"),
    Code.UNTRUSTED_ROOT_SENT: Entry(
        Category.UNTRUSTED, _ERROR, "The chain ends in a root that is not trusted"
    ),
    Code.UNTRUSTED_ISSUER: Entry(Category.UNTRUSTED, _ERROR, "The issuer is not known"),
    Code.PRIVATE_CA: Entry(Category.UNTRUSTED, _NOTICE, "The certificate comes from your own CA"),
    Code.STORES_DISAGREE: Entry(Category.UNTRUSTED, _WARNING, "Not every root store holds this root"),
    Code.CA_DISTRUSTED: Entry(Category.UNTRUSTED, _ERROR, "Clients no longer trust this CA"),
    Code.ROOT_LEAVING_STORE: Entry(Category.UNTRUSTED, _WARNING, "The root will leave a root store"),
    Code.INTERCEPTION_SUSPECTED: Entry(
        Category.UNTRUSTED, _WARNING, "The connection seems to be intercepted"
    ),
    Code.CHAIN_INCOMPLETE: Entry(Category.INSTALLATION, _ERROR, "An intermediate certificate is missing"),
    Code.WRONG_INTERMEDIATE: Entry(Category.INSTALLATION, _ERROR, "The wrong intermediate is installed"),
    Code.CHAIN_MISORDERED: Entry(Category.INSTALLATION, _WARNING, "The chain is sent in the wrong order"),
    Code.LEAF_NOT_FIRST: Entry(
        Category.INSTALLATION, _ERROR, "The server's own certificate is not the first"
    ),
    Code.CHAIN_DUPLICATE: Entry(Category.INSTALLATION, _NOTICE, "A certificate is sent more than once"),
    Code.CHAIN_UNRELATED: Entry(Category.INSTALLATION, _NOTICE, "A certificate is sent that nothing needs"),
    Code.ROOT_SENT: Entry(Category.INSTALLATION, _NOTICE, "The root certificate is sent needlessly"),
    Code.CHAIN_TOO_BIG: Entry(Category.INSTALLATION, _NOTICE, "The chain is needlessly big"),
    Code.EXPIRED_UNUSED_SENT: Entry(
        Category.INSTALLATION, _NOTICE, "An expired certificate is sent that nothing needs"
    ),
    Code.SNI_REFUSED: Entry(
        Category.INSTALLATION, _ERROR, "The server does not know the name that was asked for"
    ),
    Code.LEAF_REVOKED: Entry(Category.REVOKED, _ERROR, "The certificate has been revoked"),
    Code.INTERMEDIATE_REVOKED: Entry(
        Category.REVOKED, _ERROR, "An intermediate certificate has been revoked"
    ),
    Code.MUST_STAPLE_MISSING: Entry(
        Category.REVOKED, _ERROR, "A stapled OCSP response is demanded and missing"
    ),
    Code.STAPLE_INVALID: Entry(Category.REVOKED, _WARNING, "The stapled OCSP response is no good"),
    Code.REVOCATION_UNREACHABLE: Entry(Category.REVOKED, _WARNING, "Whether it is revoked cannot be told"),
    Code.REVOCATION_ABSENT: Entry(
        Category.REVOKED, _WARNING, "The certificate names no way to learn of a revocation"
    ),
    Code.CRL_STALE: Entry(Category.REVOKED, _WARNING, "A revocation list is out of date"),
    Code.WEAK_KEY: Entry(Category.WEAK, _ERROR, "The public key is too weak"),
    Code.KNOWN_BAD_KEY: Entry(Category.WEAK, _ERROR, "The private key is known to others or can be computed"),
    Code.WEAK_SIGNATURE: Entry(Category.WEAK, _ERROR, "The signature uses a broken hash"),
    Code.UNSUPPORTED_KEY_TYPE: Entry(Category.WEAK, _WARNING, "The kind of key is not accepted everywhere"),
    Code.NO_POST_QUANTUM: Entry(Category.WEAK, _NOTICE, "The key exchange is not post-quantum"),
    Code.SIGNATURE_INVALID: Entry(Category.INVALID, _ERROR, "A signature does not verify"),
    Code.TIME_MALFORMED: Entry(Category.INVALID, _ERROR, "The validity dates are malformed"),
    Code.EKU_WRONG: Entry(Category.INVALID, _ERROR, "The certificate is not meant for servers"),
    Code.KEY_USAGE_WRONG: Entry(Category.INVALID, _ERROR, "The key usage does not allow what the key does"),
    Code.CA_AS_LEAF: Entry(Category.INVALID, _WARNING, "A CA certificate is used as the server's own"),
    Code.ISSUER_NOT_CA: Entry(Category.INVALID, _ERROR, "The issuer is not a CA"),
    Code.PATH_LENGTH_EXCEEDED: Entry(Category.INVALID, _ERROR, "The chain is longer than its CA allows"),
    Code.NAME_CONSTRAINT_VIOLATED: Entry(Category.INVALID, _ERROR, "A CA may not issue for this name"),
    Code.POLICY_CONSTRAINT_VIOLATED: Entry(
        Category.INVALID, _ERROR, "The chain breaks a CA's certificate policies"
    ),
    Code.UNKNOWN_CRITICAL_EXTENSION: Entry(Category.INVALID, _ERROR, "A critical extension is not known"),
    Code.STRICT_PROFILE_GAP: Entry(
        Category.INVALID, _WARNING, "Strict clients refuse the form of a certificate"
    ),
    Code.CERTIFICATE_UNDECODABLE: Entry(Category.INVALID, _ERROR, "A certificate cannot be decoded"),
    Code.LIFETIME_TOO_LONG: Entry(Category.POLICY, _ERROR, "The certificate is valid for too long"),
    Code.CT_INSUFFICIENT: Entry(Category.POLICY, _ERROR, "Too few certificate transparency timestamps"),
    Code.CLIENT_AUTH_EKU: Entry(Category.POLICY, _NOTICE, "A public certificate that also serves clients"),
    Code.LINT: Entry(Category.POLICY, _NOTICE, "The certificate breaks a rule for public CAs"),
    Code.DNS_FAILED: Entry(Category.CONNECTION, _ERROR, "The name does not resolve"),
    Code.REFUSED: Entry(Category.CONNECTION, _ERROR, "The connection was refused"),
    Code.TIMEOUT: Entry(Category.CONNECTION, _ERROR, "The server did not answer in time"),
    Code.RESET: Entry(Category.CONNECTION, _ERROR, "The connection was cut"),
    Code.NOT_TLS: Entry(Category.CONNECTION, _ERROR, "The server does not speak TLS on this port"),
    Code.PROTOCOL_UNSUPPORTED: Entry(Category.CONNECTION, _ERROR, "No protocol version or cipher in common"),
    Code.CLIENT_CERTIFICATE_REQUIRED: Entry(
        Category.CONNECTION, _ERROR, "The server demands a client certificate"
    ),
    Code.STARTTLS_REFUSED: Entry(Category.CONNECTION, _ERROR, "The server does not offer STARTTLS"),
    Code.ECH_REQUIRED: Entry(Category.CONNECTION, _ERROR, "The server demands an encrypted client hello"),
    Code.WEAK_EPHEMERAL_KEY: Entry(
        Category.CONNECTION, _ERROR, "The server's Diffie-Hellman key is too weak"
    ),
    Code.FILE_UNREADABLE: Entry(Category.CONNECTION, _ERROR, "The file cannot be read"),
    Code.INTERNAL_ERROR: Entry(Category.CONNECTION, _ERROR, "certtui itself failed"),
}
"""Every code that certtui can find, with its category, default severity and title."""

_REVOKED = frozenset({Code.LEAF_REVOKED, Code.INTERMEDIATE_REVOKED})


def badge_of(code: Code) -> Badge:
    """Return what a finding of this code shows: its category's badge, unless that would say too much."""
    if code is Code.FILE_UNREADABLE:
        return FILE_BADGE
    category = CATALOGUE[code].category
    return STATUS_BADGE if category is Category.REVOKED and code not in _REVOKED else BADGES[category]


def precedence(code: Code) -> int:
    """Return where a finding stands among those of equal severity: lower comes first.

    What only leaves open whether a certificate is revoked comes after all that is known to be wrong.
    """
    if badge_of(code) is STATUS_BADGE:
        return PRECEDENCE[Category.POLICY]
    return PRECEDENCE[CATALOGUE[code].category]
