"""What RFC 5280 calls the parts of a certificate: a table from which an outline takes its names. It reads no octets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from certtui.core import extensions


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a structure, as its ASN.1 definition names it."""

    name: str
    """`serialNumber`; empty where it has none of its own."""
    tag: int | None = None
    """The identifier octet by which it is known; None where any will do."""
    is_explicit: bool = False
    """Whether its tag wraps another one."""
    shape: str = ""
    """The structure of what it holds; empty where that has no names."""
    is_named_by_oid: bool = False
    """Whether it is called by the object identifier that it begins with, as extensions are."""


NAMELESS = Field("")
"""What stands where nothing is known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a structure."""

    fields: tuple[Field, ...]
    is_repeated: bool
    """Whether each element may be any of the fields, rather than one after the other."""

    def field_at(self, place: int, tag: int) -> tuple[Field, int]:
        """Return the field of an element with a tag, and the place from which the next one is looked for."""
        start = 0 if self.is_repeated else place
        for at in range(start, len(self.fields)):
            if self.fields[at].tag in (None, tag):
                return self.fields[at], at + 1
        return NAMELESS, place


_SHAPES = {
    "Data": "Certificate:Certificate",
    "Certificate": "tbsCertificate:TBSCertificate signatureAlgorithm:AlgorithmIdentifier signatureValue:Signature",
    "TBSCertificate": (
        "version@a0! serialNumber@02 signature:AlgorithmIdentifier issuer:Name validity:Validity subject:Name"
        " subjectPublicKeyInfo:SubjectPublicKeyInfo issuerUniqueID@81 subjectUniqueID@82 extensions@a3!:Wrapped"
    ),
    "AlgorithmIdentifier": "algorithm parameters:PssParameters",
    "PssParameters": (
        "hashAlgorithm@a0!:WrappedAlgorithm maskGenAlgorithm@a1!:WrappedAlgorithm saltLength@a2! trailerField@a3!"
    ),
    "WrappedAlgorithm": ":MaskAlgorithm",
    "MaskAlgorithm": "algorithm parameters:AlgorithmIdentifier",
    "Name": "* :RelativeDistinguishedName",
    "RelativeDistinguishedName": "* ?:AttributeTypeAndValue",
    "AttributeTypeAndValue": "type value",
    "Validity": "notBefore notAfter",
    "SubjectPublicKeyInfo": "algorithm:KeyAlgorithm subjectPublicKey:PublicKey",
    "KeyAlgorithm": "algorithm parameters",
    "PublicKey": "RSAPublicKey:RSAPublicKey",
    "RSAPublicKey": "modulus publicExponent",
    "Signature": ":SignatureNumbers",
    "SignatureNumbers": "r s",
    "Wrapped": ":Extensions",
    "Extensions": "* ?:Extension",
    "Extension": "extnID critical@01 extnValue@04",
    "GeneralNames": (
        "* otherName@a0:OtherName rfc822Name@81 dNSName@82 x400Address@a3 directoryName@a4!:DirectoryName"
        " ediPartyName@a5:EdiPartyName uniformResourceIdentifier@86 iPAddress@87 registeredID@88"
    ),
    "OtherName": "type-id value@a0!",
    "DirectoryName": ":Name",
    "EdiPartyName": "nameAssigner@a0! partyName@a1!",
    "BasicConstraints": "cA@01 pathLenConstraint@02",
    "ExtKeyUsageSyntax": "* keyPurposeId",
    "AuthorityKeyIdentifier": (
        "keyIdentifier@80 authorityCertIssuer@a1:GeneralNames authorityCertSerialNumber@82"
    ),
    "NameConstraints": "permittedSubtrees@a0:GeneralSubtrees excludedSubtrees@a1:GeneralSubtrees",
    "GeneralSubtrees": "* subtree:GeneralSubtree",
    "GeneralSubtree": "base minimum@80 maximum@81",
    "CRLDistributionPoints": "* point:DistributionPoint",
    "DistributionPoint": "distributionPoint@a0!:DistributionPointName reasons@81 cRLIssuer@a2:GeneralNames",
    "DistributionPointName": "fullName@a0:GeneralNames nameRelativeToCRLIssuer@a1:RelativeDistinguishedName",
    "CertificatePolicies": "* ?:PolicyInformation",
    "PolicyInformation": "policyIdentifier policyQualifiers:PolicyQualifiers",
    "PolicyQualifiers": "* ?:PolicyQualifierInfo",
    "PolicyQualifierInfo": "policyQualifierId qualifier:UserNotice",
    "UserNotice": "noticeRef@30:NoticeReference explicitText",
    "NoticeReference": "organization noticeNumbers",
    "PolicyMappings": "* mapping:PolicyMapping",
    "PolicyMapping": "issuerDomainPolicy subjectDomainPolicy",
    "PolicyConstraints": "requireExplicitPolicy@80 inhibitPolicyMapping@81",
    "AuthorityInfoAccess": "* ?:AccessDescription",
    "AccessDescription": "accessMethod accessLocation",
    "PrivateKeyUsagePeriod": "notBefore@80 notAfter@81",
    "SubjectDirectoryAttributes": "* ?:Attribute",
    "Attribute": "type values",
    "TLSFeature": "* feature",
    "QCStatements": "* ?:QCStatement",
    "QCStatement": "statementId statementInfo",
}
"""Each structure's fields: `name`, the tag it is known by after `@`, `!` where that is explicit, its shape after `:`.

A star stands before fields of which there may be any number in any order, and `?` is the name of a field that is
called by its object identifier.
"""

_CONTENTS = {
    extensions.SUBJECT_DIRECTORY_ATTRIBUTES: "SubjectDirectoryAttributes",
    extensions.SUBJECT_KEY_ID: "KeyIdentifier",
    extensions.KEY_USAGE: "KeyUsage",
    extensions.PRIVATE_KEY_USAGE_PERIOD: "PrivateKeyUsagePeriod",
    extensions.SUBJECT_ALT_NAME: "GeneralNames",
    extensions.ISSUER_ALT_NAME: "GeneralNames",
    extensions.BASIC_CONSTRAINTS: "BasicConstraints",
    extensions.NAME_CONSTRAINTS: "NameConstraints",
    extensions.CRL_DISTRIBUTION_POINTS: "CRLDistributionPoints",
    extensions.FRESHEST_CRL: "CRLDistributionPoints",
    extensions.CERTIFICATE_POLICIES: "CertificatePolicies",
    extensions.POLICY_MAPPINGS: "PolicyMappings",
    extensions.AUTHORITY_KEY_ID: "AuthorityKeyIdentifier",
    extensions.POLICY_CONSTRAINTS: "PolicyConstraints",
    extensions.EXTENDED_KEY_USAGE: "ExtKeyUsageSyntax",
    extensions.INHIBIT_ANY_POLICY: "SkipCerts",
    extensions.AUTHORITY_INFO_ACCESS: "AuthorityInfoAccess",
    extensions.SUBJECT_INFO_ACCESS: "AuthorityInfoAccess",
    extensions.TLS_FEATURE: "TLSFeature",
    extensions.SIGNED_CERTIFICATE_TIMESTAMPS: "SignedCertificateTimestampList",
    "1.3.6.1.5.5.7.1.3": "QCStatements",
}
"""The type of what each extension's octet string holds."""


@cache
def shape_of(name: str) -> Shape:
    """Return a structure by its name; one without fields where it is not known."""
    words = _SHAPES.get(name, "").split()
    is_repeated = words[:1] == ["*"]
    return Shape(tuple(map(_field, words[is_repeated:])), is_repeated)


@cache
def shape_of_extension(oid: str) -> Shape:
    """Return the structure whose one field is what an extension's octet string holds."""
    name = _CONTENTS.get(oid, "")
    return Shape((Field(name, shape=name),), is_repeated=False)


def _field(word: str) -> Field:
    head, _, shape = word.partition(":")
    name, _, tag = head.partition("@")
    return Field(
        name="" if name == "?" else name,
        tag=int(tag.rstrip("!"), 16) if tag else None,
        is_explicit=tag.endswith("!"),
        shape=shape,
        is_named_by_oid=name == "?",
    )
