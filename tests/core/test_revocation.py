"""Revocation by CRLs and OCSP responses at hand: what revokes, what clears, and what OpenSSL says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from certtui.core import der
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.revocation import path_revocation, unchecked_revocation
from certtui.core.checks.status import must_staple_missing, revocation_absent
from certtui.core.finding import Finding
from certtui.lab.pki import CA_WISH, Authority, Issued, Wish, with_broken_signature
from tests.core.examples import HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, leaf
from tests.core.forge import tlv
from tests.core.statements import (
    DAY,
    DELTA,
    ECDSA_WITH_SHA1,
    ENTRY_ISSUER,
    KEY_ID,
    codes_in,
    crl_errors,
    directory,
    entry,
    extension,
    found_in,
    integer,
    make_case,
    make_crl,
    make_response,
    names,
    scope,
    url,
)
from tests.requirements import needs

LEAF = leaf()
SERIAL = LEAF.certificate.serial_number
CA_SERIAL = ISSUER.certificate.serial_number
URL = "http://crl.example.test/1.crl"
ROOT_CRL = make_crl(ROOT)
REVOKED = make_crl(ISSUER, entry(SERIAL, reason=1))
CLEAR = make_crl(ISSUER, entry(SERIAL + 1))
UNKNOWN = "2a0304"
ONLY_USERS, ONLY_CAS, ONLY_ATTRIBUTES, INDIRECT = (tlv(tag, b"\xff") for tag in (0x81, 0x82, 0x85, 0x84))
COMPROMISE, OTHER_REASONS = tlv(0x83, b"\x05\x60"), tlv(0x83, b"\x07\x1f\x80")
_STALE, _UNREACHABLE = frozenset({Code.CRL_STALE}), frozenset({Code.REVOCATION_UNREACHABLE})
_LEAF_REVOKED, _CA_REVOKED = frozenset({Code.LEAF_REVOKED}), frozenset({Code.INTERMEDIATE_REVOKED})
_NOTHING: frozenset[Code] = frozenset()


def pointed(*points: x509.DistributionPoint, issuer: Authority = ISSUER) -> Issued:
    """Return a leaf that names these distribution points."""
    return leaf(issuer, extensions=((x509.CRLDistributionPoints(points), False),))


def point(
    *general: x509.GeneralName,
    relative: x509.RelativeDistinguishedName | None = None,
    reasons: frozenset[x509.ReasonFlags] | None = None,
    issuer: Authority | None = None,
) -> x509.DistributionPoint:
    """Return a distribution point."""
    crl_issuer = [x509.DirectoryName(issuer.certificate.subject)] if issuer else None
    return x509.DistributionPoint(list(general) or None, relative, reasons, crl_issuer)


AT_URL = point(x509.UniformResourceIdentifier(URL))
POINTED = pointed(AT_URL)
NAMED_URL = names(url(URL))
KEY_FOR_CRLS = replace(CA_WISH, usages=("crl_sign",))
SECOND_KEY = ROOT.intermediate("Example CA", wish=KEY_FOR_CRLS, key_label="the CA's key for CRLs")
CRL_CA = ROOT.intermediate("Example CRL CA")
INDIRECTLY = pointed(point(x509.UniformResourceIdentifier(URL), issuer=CRL_CA))


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """CRLs for a chain, and what is found."""

    what: str
    crls: tuple[bytes, ...]
    expected: frozenset[Code]
    sent: tuple[Issued, ...] = (LEAF, ISSUER)
    openssl: frozenset[int] | None = None
    """The errors of which `openssl verify` names at least one; none for acceptance; None if it errs."""
    options: tuple[str, ...] = ("-crl_check",)


def example(
    what: str,
    *crls: bytes,
    expected: frozenset[Code] = _NOTHING,
    sent: tuple[Issued, ...] = (LEAF, ISSUER),
    openssl: tuple[int, ...] | None = (),
    options: tuple[str, ...] = ("-crl_check",),
) -> Example:
    """Return an example."""
    errors = frozenset(openssl) if openssl is not None else None
    return Example(what=what, crls=crls, expected=expected, sent=sent, openssl=errors, options=options)


def serial_of(issued: Issued) -> int:
    """Return the serial number."""
    return issued.certificate.serial_number


def examples() -> list[Example]:
    """Return every example."""
    return [*_plain(), *_unusable(), *_scopes(), *_signers(), *_indirect(), *_deltas()]


def _plain() -> Iterator[Example]:
    yield example("a CRL that lists others", CLEAR)
    yield example("a CRL that lists the leaf", REVOKED, expected=_LEAF_REVOKED, openssl=(23,))
    yield example("an empty CRL", make_crl(ISSUER))
    yield example("no CRL of the issuer", ROOT_CRL, expected=_UNREACHABLE, openssl=(3,))
    listed = make_crl(ROOT, entry(CA_SERIAL))
    everything = ("-crl_check", "-crl_check_all")
    yield example(
        "a CRL that lists the CA", CLEAR, listed, expected=_CA_REVOKED, openssl=(23,), options=everything
    )
    yield example("both CRLs and neither lists", CLEAR, ROOT_CRL, options=everything)
    hold = make_crl(ISSUER, entry(SERIAL, reason=6))
    yield example("a certificate on hold", hold, expected=_LEAF_REVOKED, openssl=(23,))
    yield example("an entry that takes it back", make_crl(ISSUER, entry(SERIAL, reason=8)))
    future = make_crl(ISSUER, entry(SERIAL, when=NOW + timedelta(seconds=1)))
    yield example("a revocation to come", future, expected=_LEAF_REVOKED, openssl=(23,))
    late = make_crl(ISSUER, ends=datetime(2051, 1, 1, tzinfo=UTC))
    yield example("a nextUpdate in GeneralizedTime", late)
    yield example("version 1", make_crl(ISSUER, version=None, number=None))
    yield example("an unknown extension", make_crl(ISSUER, extensions=[extension(UNKNOWN, b"\x05\x00")]))
    # OpenSSL takes the first that looks right and is content with its failure.
    yield example("one good CRL and one bad", make_crl(ISSUER, signer=STRANGER), CLEAR, openssl=None)
    yield example(
        "a stale CRL and a newer one", make_crl(ISSUER, begins=NOW - 3 * DAY, ends=NOW - DAY), CLEAR
    )


def _unusable() -> Iterator[Example]:
    def bad(
        what: str, crl: bytes, *errors: int, code: frozenset[Code] = _UNREACHABLE, tolerant: bool = False
    ) -> Example:
        return example(what, crl, expected=code, openssl=None if tolerant else errors)

    stale = make_crl(ISSUER, begins=NOW - 3 * DAY, ends=NOW - DAY)
    yield bad("a stale CRL", stale, 12, code=_STALE)
    stale = make_crl(ISSUER, entry(SERIAL), begins=NOW - 3 * DAY, ends=NOW - DAY)
    yield bad("a stale CRL that lists the leaf", stale, 12, 23, code=_LEAF_REVOKED)
    yield bad("a CRL from the future", make_crl(ISSUER, begins=NOW + DAY, ends=NOW + 2 * DAY), 11)
    yield bad(
        "a nextUpdate before 2000", make_crl(ISSUER, ends=datetime(1999, 1, 1, tzinfo=UTC)), 12, code=_STALE
    )
    yield bad("no nextUpdate", make_crl(ISSUER, ends=None), tolerant=True)
    yield bad("another's signature", make_crl(ISSUER, entry(SERIAL), signer=STRANGER), 8)
    yield bad("another's name", make_crl(STRANGE_ISSUER, signer=ISSUER), 3)
    critical = [extension(UNKNOWN, b"\x05\x00", critical=True)]
    yield bad("an unknown critical extension", make_crl(ISSUER, extensions=critical), 36)
    yield bad("an unknown critical extension of an entry", make_crl(ISSUER, entry(1, *critical)), 36)
    yield bad("no CRL number", make_crl(ISSUER, number=None), tolerant=True)
    number = extension("551d14", integer(1), critical=True)
    yield bad("a critical CRL number", make_crl(ISSUER, number=None, extensions=[number]), 36)
    yield bad("version 3", make_crl(ISSUER, version=2), tolerant=True)
    yield bad("extensions in version 1", make_crl(ISSUER, version=None), tolerant=True)
    outer = make_crl(ISSUER, outer_algorithm=ECDSA_WITH_SHA1)
    yield bad("two algorithms", outer, tolerant=True)


def _scopes() -> Iterator[Example]:
    def scoped(what: str, fields: tuple[bytes, ...], *errors: int, sent: Issued = LEAF) -> Example:
        expected = _UNREACHABLE if errors else _NOTHING
        crl = make_crl(ISSUER, extensions=[scope(*fields)])
        return example(what, crl, expected=expected, sent=(sent, ISSUER), openssl=errors)

    yield scoped("servers' certificates only", (ONLY_USERS,))
    yield scoped("CAs' certificates only", (ONLY_CAS,), 44)
    yield scoped("attribute certificates only", (ONLY_ATTRIBUTES,), 44)
    yield scoped("the distribution point that the certificate names", (NAMED_URL,), sent=POINTED)
    yield scoped("another distribution point", (names(url(URL + "x")),), 44, sent=POINTED)
    yield scoped("a distribution point, where none is named", (NAMED_URL,), 44)
    yield scoped("everything, where one is named", (ONLY_USERS,), sent=POINTED)
    name = x509.NameAttribute(NameOID.COMMON_NAME, "part 1")
    part = pointed(point(relative=x509.RelativeDistinguishedName([name])))
    pair = tlv(der.SEQUENCE, bytes.fromhex("0603550403"), tlv(0x0C, b"part 1"))
    yield scoped("a relative name", (tlv(0xA0, tlv(0xA1, pair)),), sent=part)
    whole = x509.Name([*ISSUER.certificate.subject, name]).public_bytes()
    yield scoped("a relative name written in full", (names(tlv(0xA4, whole)),), sent=part)
    user_only = make_crl(ROOT, extensions=[scope(ONLY_USERS)])
    everything = ("-crl_check", "-crl_check_all")
    yield example(
        "servers' certificates only, for a CA",
        CLEAR,
        user_only,
        expected=_UNREACHABLE,
        openssl=(44,),
        options=everything,
    )
    first, second = (make_crl(ISSUER, extensions=[scope(some)]) for some in (COMPROMISE, OTHER_REASONS))
    yield example(
        "some reasons only",
        first,
        expected=_UNREACHABLE,
        openssl=(3, 44),
        options=("-crl_check", "-extended_crl"),
    )
    yield example("all reasons in two CRLs", first, second, options=("-crl_check", "-extended_crl"))
    listing = make_crl(ISSUER, entry(SERIAL, reason=4), extensions=[scope(OTHER_REASONS)])
    yield example(
        "a revocation in one of two CRLs",
        first,
        listing,
        expected=_LEAF_REVOKED,
        openssl=(23,),
        options=("-crl_check", "-extended_crl"),
    )
    halves = pointed(
        point(x509.UniformResourceIdentifier(URL), reasons=frozenset({x509.ReasonFlags.key_compromise}))
    )
    crl = make_crl(ISSUER, extensions=[scope(NAMED_URL)])
    yield example(
        "a point for some reasons",
        crl,
        expected=_UNREACHABLE,
        sent=(halves, ISSUER),
        openssl=(3, 44),
        options=("-crl_check", "-extended_crl"),
    )


def _signers() -> Iterator[Example]:
    key_id = x509.SubjectKeyIdentifier.from_public_key(SECOND_KEY.key.public_key()).digest
    named = [extension(KEY_ID, tlv(der.SEQUENCE, tlv(0x80, key_id)))]
    by_second = make_crl(ISSUER, signer=SECOND_KEY, extensions=named)
    extended = ("-crl_check", "-extended_crl")
    yield example("the CA's other key", by_second, sent=(LEAF, ISSUER, SECOND_KEY), options=extended)
    listing = make_crl(ISSUER, entry(SERIAL), signer=SECOND_KEY, extensions=named)
    yield example(
        "the CA's other key revokes",
        listing,
        sent=(LEAF, ISSUER, SECOND_KEY),
        expected=_LEAF_REVOKED,
        openssl=(23,),
        options=extended,
    )
    yield example("a key that nobody vouches for", by_second, expected=_UNREACHABLE, openssl=(3, 8, 33))
    strange = STRANGER.intermediate("Example CA", wish=KEY_FOR_CRLS, key_label="a stranger's key")
    yield example(
        "a stranger's key of the same name",
        make_crl(ISSUER, signer=strange),
        sent=(LEAF, ISSUER, strange),
        expected=_UNREACHABLE,
        openssl=None,
    )
    revoked = make_crl(ROOT, entry(serial_of(SECOND_KEY)))
    yield example(
        "the CA's other key, revoked",
        by_second,
        revoked,
        sent=(LEAF, ISSUER, SECOND_KEY),
        expected=_UNREACHABLE,
        openssl=None,
    )
    old = ROOT.intermediate("Example CA", wish=replace(KEY_FOR_CRLS, ends=-DAY), key_label="an old key")
    yield example(
        "the CA's other key, expired",
        make_crl(ISSUER, signer=old),
        sent=(LEAF, ISSUER, old),
        expected=_UNREACHABLE,
        openssl=None,
    )
    mute = ROOT.intermediate("Mute CA", wish=replace(CA_WISH, usages=("key_cert_sign",)))
    yield example(
        "a CA without cRLSign", make_crl(mute), sent=(leaf(mute), mute), expected=_UNREACHABLE, openssl=(35,)
    )
    free = ROOT.intermediate("Free CA", wish=replace(CA_WISH, usages=()))
    yield example("a CA without a key usage", make_crl(free), sent=(leaf(free), free))


def _indirect() -> Iterator[Example]:
    extended = ("-crl_check", "-extended_crl")
    sent = (INDIRECTLY, ISSUER, CRL_CA)
    theirs = extension(ENTRY_ISSUER, tlv(der.SEQUENCE, directory(ISSUER)), critical=True)
    marked = [scope(NAMED_URL, INDIRECT)]
    listed = entry(serial_of(INDIRECTLY))
    crl = make_crl(CRL_CA, entry(1, theirs), entry(2), extensions=marked)
    yield example("an indirect CRL", crl, sent=sent, options=extended)
    crl = make_crl(CRL_CA, entry(1, theirs), listed, extensions=marked)
    yield example(
        "an indirect CRL that lists", crl, sent=sent, expected=_LEAF_REVOKED, openssl=(23,), options=extended
    )
    crl = make_crl(CRL_CA, listed, entry(1, theirs), extensions=marked)
    yield example("an indirect CRL that lists its own", crl, sent=sent, options=extended)
    crl = make_crl(CRL_CA, extensions=[scope(NAMED_URL)])
    yield example(
        "a CRL that is not marked indirect",
        crl,
        sent=sent,
        expected=_UNREACHABLE,
        openssl=(3,),
        options=extended,
    )
    crl = make_crl(CRL_CA, extensions=marked)
    yield example(
        "an indirect CRL that is not named",
        crl,
        sent=(LEAF, ISSUER, CRL_CA),
        expected=_UNREACHABLE,
        openssl=(3, 44),
        options=extended,
    )
    yield example(
        "an indirect CRL whose signer is not known",
        crl,
        sent=(INDIRECTLY, ISSUER),
        expected=_UNREACHABLE,
        openssl=(3, 33),
        options=extended,
    )
    own = make_crl(ISSUER, entry(serial_of(POINTED)), extensions=marked)
    yield example(
        "an indirect CRL of the issuer",
        own,
        sent=(POINTED, ISSUER),
        expected=_LEAF_REVOKED,
        openssl=(23,),
        options=extended,
    )
    only_issuer = pointed(point(issuer=CRL_CA))
    crl = make_crl(CRL_CA, extensions=[scope(names(directory(CRL_CA)), INDIRECT)])
    yield example(
        "a point that is but its issuer",
        crl,
        sent=(only_issuer, ISSUER, CRL_CA),
        openssl=None,
        options=extended,
    )


def _deltas() -> Iterator[Example]:
    with_deltas = ("-crl_check", "-extended_crl", "-use_deltas")
    fresh = extension("551d2e", tlv(der.SEQUENCE, tlv(der.SEQUENCE, NAMED_URL)))

    def base(*entries: bytes, number: int = 7, stale: bool = False) -> bytes:
        ends = NOW - DAY if stale else NOW + DAY
        return make_crl(ISSUER, *entries, begins=NOW - 3 * DAY, ends=ends, number=number, extensions=[fresh])

    def delta(*entries: bytes, of: int = 7, number: int = 9) -> bytes:
        marks = [extension(DELTA, integer(of), critical=True)]
        return make_crl(ISSUER, *entries, number=number, extensions=marks)

    listed, held, freed = entry(SERIAL), entry(SERIAL, reason=6), entry(SERIAL, reason=8)
    yield example("a delta alone", delta(), expected=_UNREACHABLE, openssl=(3, 36, 44), options=with_deltas)
    yield example("a delta that lists nothing", base(), delta(), options=with_deltas)
    yield example(
        "a delta that lists",
        base(),
        delta(listed),
        expected=_LEAF_REVOKED,
        openssl=(23,),
        options=with_deltas,
    )
    yield example(
        "a base that lists", base(listed), delta(), expected=_LEAF_REVOKED, openssl=(23,), options=with_deltas
    )
    yield example("a delta that takes it back", base(held), delta(freed), options=with_deltas)
    yield example(
        "a delta for a later base",
        base(held),
        delta(freed, of=8),
        expected=_LEAF_REVOKED,
        openssl=(23,),
        options=with_deltas,
    )
    yield example("a stale base that a delta renews", base(stale=True), delta(), options=with_deltas)
    yield example(
        "a stale base and no delta for it",
        base(stale=True),
        delta(of=8),
        expected=_STALE,
        openssl=(12,),
        options=with_deltas,
    )


EXAMPLES = examples()
each = pytest.mark.parametrize("shown", EXAMPLES, ids=[shown.what for shown in EXAMPLES])


@each
def test_crls_tell_what_they_may(shown: Example) -> None:
    found = found_in(make_case(*shown.sent, crls=shown.crls))

    assert {finding.code for finding in found} == shown.expected
    assert len(found) == len(shown.expected)
    assert all(finding.severity is Severity.ERROR and finding.evidence for finding in found)


@pytest.mark.parametrize(
    "shown", [e for e in EXAMPLES if e.openssl is not None], ids=lambda shown: shown.what
)
@needs("openssl")
def test_openssl_agrees(shown: Example, tmp_path: Path) -> None:
    errors = crl_errors(shown.sent, shown.crls, tmp_path, *shown.options)

    assert errors & shown.openssl if shown.openssl else not errors


def facts(finding: Finding) -> dict[str, str]:
    """Return a finding's facts by label."""
    return {fact.label: fact.value for fact in finding.evidence}


def test_a_revocation_tells_when_why_and_who_says_so() -> None:
    (found,) = found_in(make_case(LEAF, ISSUER, crls=[REVOKED]))

    assert found.certificate == 0
    assert facts(found) == {
        "serial number": f"{SERIAL:x}",
        "revoked at": "2026-11-24 12:00 UTC",
        "reason": "keyCompromise",
        "source": "the CRL of Example CA (number 7)",
        "issued": "2026-11-24 12:00 UTC",
        "holds until": "2026-11-26 12:00 UTC",
        "signed by": "CN=Example CA,O=certtui demo",
        "signature algorithm": "ecdsa-with-SHA256",
    }


def test_a_broken_hash_is_told_of_but_does_not_save_a_revoked_certificate() -> None:
    weak = make_crl(ISSUER, entry(SERIAL), algorithm=ECDSA_WITH_SHA1, digest=hashes.SHA1())

    (found,) = found_in(make_case(LEAF, ISSUER, crls=[weak]))

    assert facts(found)["signature algorithm"].endswith("whose hash is broken")


def test_what_cannot_be_told_names_each_crl_and_its_fault() -> None:
    bad = make_crl(ISSUER, number=3, signer=STRANGER), make_crl(ISSUER, number=None)

    (found,) = found_in(make_case(LEAF, ISSUER, crls=[*bad, b"garbage"]))

    assert "none of 2 CRLs" in found.summary
    assert "does not verify" in facts(found)["the CRL of Example CA (number 3)"]
    assert "no CRL number" in facts(found)["the CRL of Example CA"]
    assert facts(found)["unreadable CRLs"] == "1"


def test_a_ca_is_not_held_to_crls_that_its_issuer_did_not_issue() -> None:
    case = make_case(LEAF, ISSUER, crls=[CLEAR])

    assert codes_in(case) == []
    assert [each.what for each in unchecked_revocation(case.best, case)] == [
        "revocation of the intermediate Example CA"
    ]


def test_the_anchor_and_certificates_without_an_issuer_are_not_asked_for() -> None:
    alone, orphan = make_case(ROOT, crls=[ROOT_CRL]), make_case(LEAF, crls=[CLEAR])

    assert codes_in(alone) == []
    assert list(unchecked_revocation(alone.best, alone)) == []
    assert codes_in(orphan) == []
    assert [each.why for each in unchecked_revocation(orphan.best, orphan)] == ["its issuer is not known"]


def test_what_has_a_broken_signature_is_not_judged_by_another_s_crl() -> None:
    case = make_case(with_broken_signature(LEAF), ISSUER, crls=[REVOKED])

    assert codes_in(case) == []


def test_nothing_at_hand_is_one_line() -> None:
    case = make_case(LEAF, ISSUER)

    assert codes_in(case) == []
    assert [each.what for each in unchecked_revocation(case.best, case)] == ["revocation"]


def test_all_that_is_cleared_or_found_is_not_unchecked() -> None:
    for crls in ([CLEAR, ROOT_CRL], [REVOKED, ROOT_CRL], [make_crl(ISSUER, number=None), ROOT_CRL]):
        case = make_case(LEAF, ISSUER, crls=crls)
        assert list(unchecked_revocation(case.best, case)) == []


def test_a_response_clears_what_no_crl_does() -> None:
    case = make_case(LEAF, ISSUER, crls=[ROOT_CRL], responses=[make_response(LEAF)])

    assert codes_in(case) == []
    assert list(unchecked_revocation(case.best, case)) == []


def test_a_response_may_revoke_a_ca_and_a_crl_outweighs_a_good_response() -> None:
    about_ca = make_response(ISSUER, ROOT, status=ocsp.OCSPCertStatus.REVOKED)

    assert codes_in(make_case(LEAF, ISSUER, responses=[about_ca])) == [Code.INTERMEDIATE_REVOKED]
    case = make_case(LEAF, ISSUER, crls=[REVOKED], responses=[make_response(LEAF)])
    assert codes_in(case) == [Code.LEAF_REVOKED]


def test_a_response_that_was_given_and_is_no_good_leaves_the_leaf_unchecked() -> None:
    case = make_case(LEAF, ISSUER, responses=[make_response(LEAF, begins=NOW - 3 * DAY, ends=NOW - DAY)])

    assert codes_in(case) == []
    whys = [each.why for each in unchecked_revocation(case.best, case)]
    assert any("is stale" in why for why in whys)


def test_a_stapled_response_revokes_with_reason_and_time() -> None:
    stapled = make_response(LEAF, status=ocsp.OCSPCertStatus.REVOKED, reason=x509.ReasonFlags.key_compromise)

    (found,) = found_in(make_case(LEAF, ISSUER, stapled=stapled))

    assert found.code is Code.LEAF_REVOKED
    assert facts(found)["reason"] == "keyCompromise"
    assert facts(found)["revoked at"] == "2026-11-24 12:00 UTC"


def test_a_good_staple_is_no_finding_and_clears_the_leaf() -> None:
    case = make_case(LEAF, ISSUER, stapled=make_response(LEAF))

    assert codes_in(case) == []
    assert [each.what for each in unchecked_revocation(case.best, case)] == [
        "revocation of the intermediate Example CA"
    ]


BAD_STAPLES = {
    "stale": make_response(LEAF, begins=NOW - 3 * DAY, ends=NOW - DAY),
    "from the future": make_response(LEAF, begins=NOW + DAY, ends=NOW + 2 * DAY),
    "about another certificate": make_response(leaf()),
    "of another issuer": make_response(LEAF, STRANGE_ISSUER),
    "neither the issuer": make_response(LEAF, signer=STRANGE_ISSUER),
    "does not know": make_response(LEAF, status=ocsp.OCSPCertStatus.UNKNOWN),
    "says tryLater": b"\x30\x03\x0a\x01\x03",
    "cannot be read": b"garbage",
}


@pytest.mark.parametrize("why", list(BAD_STAPLES))
def test_a_staple_that_is_no_good_is_a_warning_that_names_why(why: str) -> None:
    (found,) = found_in(make_case(LEAF, ISSUER, stapled=BAD_STAPLES[why]))

    assert (found.code, found.severity, found.certificate) == (Code.STAPLE_INVALID, Severity.WARNING, 0)
    assert why in found.summary


def test_a_stale_response_still_revokes() -> None:
    stapled = make_response(LEAF, status=ocsp.OCSPCertStatus.REVOKED, begins=NOW - 3 * DAY, ends=NOW - DAY)

    assert codes_in(make_case(LEAF, ISSUER, stapled=stapled)) == [Code.LEAF_REVOKED]


MUST_STAPLE = leaf(extensions=((x509.TLSFeature([x509.TLSFeatureType.status_request]), False),))


def test_must_staple_is_missing_only_where_a_client_asked_in_vain() -> None:
    def found(subject: Issued, *, stapled: bytes | None = None, known: bool = True) -> list[Code]:
        case = make_case(subject, ISSUER, stapled=stapled, is_staple_known=known)
        return [each.code for each in must_staple_missing(case)]

    assert found(MUST_STAPLE) == [Code.MUST_STAPLE_MISSING]
    assert found(MUST_STAPLE, known=False) == []
    assert found(MUST_STAPLE, stapled=make_response(MUST_STAPLE)) == []
    assert found(LEAF) == []


@pytest.mark.parametrize("value", [b"", b"\x30\x03\x02\x01", b"\x30\x80", b"\x04\x00", b"\x30\x02\x02\x00"])
def test_an_unreadable_tls_feature_demands_nothing(value: bytes) -> None:
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.24"), value)
    case = make_case(leaf(extensions=((odd, False),)), ISSUER, is_staple_known=True)

    assert list(must_staple_missing(case)) == []


@pytest.mark.parametrize(
    ("changes", "is_public", "expected"),
    [
        ({}, True, 1),
        ({}, False, 0),
        ({"begins": -DAY, "ends": 6 * DAY}, True, 0),
        ({"begins": -DAY, "ends": 6 * DAY + timedelta(seconds=1)}, True, 1),
        ({"begins": -300 * DAY, "ends": -290 * DAY}, True, 0),
        ({"begins": -300 * DAY, "ends": -289 * DAY}, True, 1),
        ({"extensions": ((x509.CRLDistributionPoints([AT_URL]), False),)}, True, 0),
    ],
)
def test_a_public_certificate_that_names_no_source_is_warned_of_unless_short_lived(
    changes: dict[str, object], is_public: bool, expected: int
) -> None:
    case = make_case(leaf(ISSUER, **changes), ISSUER)

    found = list(revocation_absent(case, is_public=is_public))

    assert [(each.code, each.severity) for each in found] == [
        (Code.REVOCATION_ABSENT, Severity.WARNING)
    ] * expected


def test_a_responder_or_an_unreadable_list_of_them_is_a_source() -> None:
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://o.test/")
            )
        ]
    )
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.1"), b"\x30\x05")
    for extra in (access, odd):
        case = make_case(leaf(extensions=((extra, False),)), ISSUER)
        assert list(revocation_absent(case, is_public=True)) == []


@pytest.mark.parametrize(
    "value", [b"", b"\x30\x80\x00\x00", b"\x30\x02\x30\x00", b"\x30\x04\x30\x02\xa0\x00"]
)
def test_unreadable_distribution_points_clear_nothing_and_raise_nothing(value: bytes) -> None:
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.31"), value)
    case = make_case(
        leaf(extensions=((odd, False),)), ISSUER, crls=[make_crl(ISSUER, extensions=[scope(NAMED_URL)])]
    )

    assert codes_in(case) == [Code.REVOCATION_UNREACHABLE]


def test_many_namesakes_that_may_have_signed_cost_little() -> None:
    strangers = [STRANGER.intermediate("Example CA", key_label=f"key {n}") for n in range(30)]
    crls = [make_crl(ISSUER, number=n, signer=STRANGER) for n in range(30)]
    case = make_case(LEAF, ISSUER, *strangers, crls=crls)
    begun = time.perf_counter()

    codes = codes_in(case)

    assert codes == [Code.REVOCATION_UNREACHABLE]
    assert time.perf_counter() - begun < 2


def test_every_path_is_judged_by_its_own_issuer() -> None:
    crossed = STRANGER.intermediate("Example CA", key_label="Example CA")
    case = make_case(
        LEAF,
        ISSUER,
        crossed,
        anchors=(ROOT, STRANGER),
        crls=[CLEAR, make_crl(STRANGER, entry(serial_of(crossed)))],
    )

    found = [{finding.code for finding in path_revocation(path, case)} for path in case.paths]

    assert sorted(found, key=len) == [set(), {Code.INTERMEDIATE_REVOKED}]


def test_a_name_of_the_leaf_is_not_needed() -> None:
    anonymous = ISSUER.issue(HOST, Wish(names=(HOST,), subject=x509.Name([])))

    codes = codes_in(make_case(anonymous, ISSUER, crls=[make_crl(ISSUER, entry(serial_of(anonymous)))]))

    assert codes == [Code.LEAF_REVOKED]


def test_a_pool_may_hold_the_certificate_of_a_crl_s_signer() -> None:
    case = make_case(LEAF, ISSUER, crls=[make_crl(ISSUER, signer=SECOND_KEY)])
    pooled = replace(case, pool=(Certificate.of(SECOND_KEY.der),))

    assert codes_in(case) == [Code.REVOCATION_UNREACHABLE]
    assert codes_in(pooled) == []
