"""Statements about revocation that tell a part only, or are told by the wrong one: what they may and may not clear."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from certtui.core import der
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.checks.revocation import unchecked_revocation
from certtui.core.ocsp import key_bits, read_response
from certtui.core.ocsp_validation import NoGood, Told, ask_response
from certtui.lab.pki import CA_WISH, Authority, Issued, Wish
from tests.core.examples import ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, leaf
from tests.core.forge import tlv
from tests.core.statements import (
    DAY,
    DELTA,
    ECDSA_WITH_SHA256,
    KEY_ID,
    codes_in,
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

URL = "http://crl.example.test/1.crl"
AT_URL = names(url(URL))
SECOND = timedelta(seconds=1)
KEY_COMPROMISE, CA_COMPROMISE = x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise
ONLY_KEY, ONLY_CA = tlv(0x83, b"\x06\x40"), tlv(0x83, b"\x05\x20")
ALL_BUT_KEY, ALL_BUT_COMPROMISE = tlv(0x83, b"\x07\x3f\x80"), tlv(0x83, b"\x07\x1f\x80")
UNREACHABLE, REVOKED, STALE = Code.REVOCATION_UNREACHABLE, Code.LEAF_REVOKED, Code.CRL_STALE


def _pointed(*divisions: frozenset[x509.ReasonFlags] | None, issuer: Issued | None = None) -> Issued:
    """Return a leaf that names the one place once for each of these sets of reasons, None being all."""
    place = [x509.UniformResourceIdentifier(URL)]
    crl_issuer = [x509.DirectoryName(issuer.certificate.subject)] if issuer is not None else None
    points = [x509.DistributionPoint(place, None, reasons, crl_issuer) for reasons in divisions]
    return leaf(extensions=((x509.CRLDistributionPoints(points), False),))


LEAF, POINTED = leaf(), _pointed(None)
SERIAL = LEAF.certificate.serial_number
FOR_KEY, FOR_CA = frozenset({KEY_COMPROMISE}), frozenset({CA_COMPROMISE})
FOR_REST = frozenset(x509.ReasonFlags) - {
    KEY_COMPROMISE,
    CA_COMPROMISE,
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.remove_from_crl,
}


def _partial(*fields: bytes, lists: Issued | None = None, begins: datetime = NOW - DAY) -> bytes:
    """Return a CRL for the place that certificates name, of this scope besides."""
    listed = [entry(lists.certificate.serial_number)] if lists is not None else []
    return make_crl(ISSUER, *listed, begins=begins, extensions=[scope(AT_URL, *fields)])


@pytest.mark.parametrize(
    ("subject", "crls", "expected"),
    [
        (POINTED, [_partial()], []),
        (POINTED, [_partial(ONLY_KEY)], [UNREACHABLE]),
        (POINTED, [_partial(ALL_BUT_KEY)], [UNREACHABLE]),
        (POINTED, [_partial(ONLY_KEY), _partial(ALL_BUT_KEY)], []),
        (POINTED, [_partial(ONLY_KEY), _partial(ALL_BUT_COMPROMISE)], [UNREACHABLE]),
        (POINTED, [_partial(ONLY_KEY), _partial(ONLY_CA), _partial(ALL_BUT_COMPROMISE)], []),
        (POINTED, [_partial(ONLY_KEY, lists=POINTED)], [REVOKED]),
        (POINTED, [_partial(ONLY_KEY), _partial(ALL_BUT_KEY, lists=POINTED)], [REVOKED]),
        (_pointed(FOR_KEY), [_partial()], [UNREACHABLE]),
        (_pointed(FOR_KEY), [_partial(ALL_BUT_KEY), _partial(ONLY_KEY)], [UNREACHABLE]),
        (_pointed(FOR_KEY, FOR_CA), [_partial()], [UNREACHABLE]),
        (_pointed(FOR_KEY, FOR_CA, FOR_REST), [_partial()], []),
        (_pointed(FOR_KEY, FOR_CA, FOR_REST), [_partial(ONLY_KEY)], [UNREACHABLE]),
        (_pointed(FOR_KEY, None), [_partial()], []),
    ],
    ids=[
        "all reasons",
        "one reason",
        "all but one",
        "one and all others",
        "one is left out",
        "three parts",
        "one that lists",
        "another that lists",
        "a point for one",
        "a point for one, a CRL for the others",
        "points for two",
        "points for all together",
        "points for all together, a CRL for one",
        "a point for one and one for all",
    ],
)
def test_crls_for_some_reasons_clear_only_together(
    subject: Issued, crls: list[bytes], expected: list[Code]
) -> None:
    assert codes_in(make_case(subject, ISSUER, crls=crls)) == expected


@pytest.mark.parametrize(
    ("subject", "place", "expected"),
    [
        (LEAF, directory(ISSUER), []),
        (LEAF, directory(ROOT), [UNREACHABLE]),
        (POINTED, directory(ISSUER), [UNREACHABLE]),
        (_pointed(None, issuer=ISSUER), url(URL), []),
        (_pointed(None, issuer=ROOT), url(URL), [UNREACHABLE]),
        (_pointed(None, issuer=ISSUER), url(URL + "x"), [UNREACHABLE]),
    ],
    ids=[
        "its issuer's, where none is named",
        "another's, where none is named",
        "its issuer's, where another is named",
        "a point of its issuer",
        "a point of another issuer",
        "another point of its issuer",
    ],
)
def test_a_crl_for_one_place_clears_those_that_name_it(
    subject: Issued, place: bytes, expected: list[Code]
) -> None:
    crl = make_crl(ISSUER, extensions=[scope(names(place))])

    assert codes_in(make_case(subject, ISSUER, crls=[crl])) == expected


def test_a_part_that_is_stale_does_not_make_up_the_whole() -> None:
    rest = make_crl(ISSUER, begins=NOW - 3 * DAY, ends=NOW - DAY, extensions=[scope(AT_URL, ALL_BUT_KEY)])

    assert codes_in(make_case(POINTED, ISSUER, crls=[_partial(ONLY_KEY), rest])) == [STALE]


def test_a_hold_is_lifted_by_a_newer_crl_for_all_reasons_only() -> None:
    serial = POINTED.certificate.serial_number
    held = make_crl(ISSUER, entry(serial, reason=6), begins=NOW - 2 * DAY, extensions=[scope(AT_URL)])
    revoked = make_crl(ISSUER, entry(serial, reason=1), begins=NOW - 2 * DAY, extensions=[scope(AT_URL)])

    def codes(*crls: bytes) -> list[Code]:
        return codes_in(make_case(POINTED, ISSUER, crls=crls))

    assert codes(held, _partial()) == []
    assert codes(held, _partial(ONLY_KEY)) == [REVOKED]
    assert codes(held, _partial(begins=NOW - 2 * DAY)) == [REVOKED]
    assert codes(revoked, _partial()) == [REVOKED]


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (NOW, NOW, []),
        (NOW + SECOND, NOW + DAY, [UNREACHABLE]),
        (NOW - DAY, NOW - SECOND, [STALE]),
    ],
    ids=["this very second", "a second early", "a second late"],
)
def test_a_crl_holds_from_its_first_second_to_its_last(
    begins: datetime, ends: datetime, expected: list[Code]
) -> None:
    assert codes_in(make_case(LEAF, ISSUER, crls=[make_crl(ISSUER, begins=begins, ends=ends)])) == expected


def _other_key(issuer: Authority = ROOT, **changes: object) -> Authority:
    """Return a certificate of the issuer's name with another key, for CRLs but for the changes."""
    wish = replace(CA_WISH, usages=("crl_sign",))
    return issuer.intermediate(
        "Example CA",
        wish=replace(wish, **changes),  # type: ignore[arg-type]
        key_label="the CA's other key",
    )


_NAMESAKE_ROOT = Authority.root("Example Root", now=NOW, key_label="another root's key")
_RENAMED_ROOT = Authority.root("Other Root", now=NOW, key_label="Example Root")


@pytest.mark.parametrize(
    ("signer", "why"),
    [
        (_other_key(), ""),
        (_other_key(begins=timedelta(0)), ""),
        (_other_key(ends=timedelta(0)), ""),
        (_other_key(usages=("key_cert_sign",)), "lacks cRLSign"),
        (_other_key(usages=()), "not known to be for CRLs"),
        (_other_key(STRANGER), "no CA of this path certifies"),
        (_other_key(_NAMESAKE_ROOT), "no CA of this path certifies"),
        (_other_key(_RENAMED_ROOT), "no CA of this path certifies"),
        (_other_key(begins=SECOND), "not valid now"),
        (_other_key(ends=-SECOND), "not valid now"),
    ],
    ids=[
        "for CRLs",
        "since now",
        "until now",
        "for certificates only",
        "for nothing in particular",
        "a stranger's",
        "another key's of the root's name",
        "another name's with the root's key",
        "too early",
        "too late",
    ],
)
def test_a_signer_off_the_path_must_be_certified_for_crls(signer: Issued, why: str) -> None:
    found = found_in(make_case(LEAF, ISSUER, signer, crls=[make_crl(ISSUER, signer=signer)]))

    assert [each.code for each in found] == ([UNREACHABLE] if why else [])
    assert all(any(why in fact.value for fact in each.evidence) for each in found)


def test_a_signer_off_the_path_that_may_not_sign_does_not_revoke() -> None:
    mute = _other_key(usages=("key_cert_sign",))
    accusing = make_crl(ISSUER, entry(SERIAL), signer=mute)

    assert codes_in(make_case(LEAF, ISSUER, mute, crls=[accusing])) == [UNREACHABLE]


def test_one_that_may_sign_is_found_behind_one_with_the_same_key_that_may_not() -> None:
    crl = make_crl(ISSUER, signer=_other_key())

    assert codes_in(make_case(LEAF, ISSUER, _other_key(usages=()), _other_key(), crls=[crl])) == []


def test_a_certificate_does_not_clear_itself() -> None:
    renewed = ISSUER.intermediate("Example CA", key_label="the CA's next key")
    own = make_crl(renewed)

    found = found_in(make_case(leaf(renewed), renewed, ISSUER, crls=[own]))

    assert [(each.code, each.certificate) for each in found] == [(UNREACHABLE, 1)]


HELD = make_crl(ISSUER, entry(SERIAL, reason=6), begins=NOW - 2 * DAY)


def _freeing(
    *more: bytes,
    of: int = 7,
    number: int | None = 8,
    signer: Issued | None = None,
    ends: datetime = NOW + DAY,
) -> bytes:
    """Return a delta CRL that takes the revocation of the leaf back."""
    marks = [extension(DELTA, integer(of), critical=True), *more]
    freed = entry(SERIAL, reason=8)
    return make_crl(ISSUER, freed, ends=ends, number=number, extensions=marks, signer=signer)


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (_freeing(), []),
        (_freeing(of=3), []),
        (_freeing(of=8, number=9), [REVOKED]),
        (_freeing(number=7), [REVOKED]),
        (_freeing(of=5, number=6), [REVOKED]),
        (_freeing(number=None), [REVOKED]),
        (_freeing(extension(KEY_ID, tlv(der.SEQUENCE, tlv(0x80, b"another key")))), [REVOKED]),
        (_freeing(scope(AT_URL)), [REVOKED]),
        (_freeing(signer=STRANGER), [REVOKED]),
        (_freeing(ends=NOW - SECOND), [REVOKED]),
    ],
    ids=[
        "the next number",
        "an older base",
        "a later base",
        "the base's own number",
        "a number before the base's",
        "no number",
        "another key's identifier",
        "another scope",
        "another's signature",
        "stale",
    ],
)
def test_a_delta_amends_what_it_fits_only(delta: bytes, expected: list[Code]) -> None:
    assert codes_in(make_case(LEAF, ISSUER, crls=[HELD, delta])) == expected


def test_the_newest_delta_decides() -> None:
    newer = make_crl(ISSUER, entry(SERIAL, reason=1), number=9, extensions=[extension(DELTA, integer(7))])

    assert codes_in(make_case(LEAF, ISSUER, crls=[HELD, _freeing(), newer])) == [REVOKED]
    assert codes_in(make_case(LEAF, ISSUER, crls=[HELD, newer, _freeing(number=10)])) == []


def test_a_delta_renews_its_base_for_the_reasons_of_the_base_only() -> None:
    base = make_crl(ISSUER, extensions=[scope(ONLY_KEY)])
    delta = make_crl(ISSUER, number=8, extensions=[scope(ONLY_KEY), extension(DELTA, integer(7))])

    assert codes_in(make_case(LEAF, ISSUER, crls=[base, delta])) == [UNREACHABLE]


def test_what_stands_inside_a_crl_after_its_signature_spoils_it() -> None:
    crl = make_crl(ISSUER)
    parts = [der.whole(crl, part) for part in der.children(crl, der.root(crl))]

    (found,) = found_in(make_case(LEAF, ISSUER, crls=[tlv(der.SEQUENCE, *parts, b"\x05\x00")]))

    assert found.code is UNREACHABLE
    assert any("something follows its signature" in fact.value for fact in found.evidence)


SUBJECT, BY = Certificate.of(LEAF.der), Certificate.of(ISSUER.der)
RESPONDER = Wish(purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,))
DELEGATE = ISSUER.issue("responder", RESPONDER)
CLEARED, ACCUSED = "believed and good", "believed and revoked"
GOOD, UNKNOWN_STATUS = tlv(0x80), tlv(0x82)
_SHA1 = tlv(der.SEQUENCE, bytes.fromhex("06052b0e03021a"))
_BASIC = bytes.fromhex("06092b0601050507300101")
_CRITICAL = tlv(0xA1, tlv(der.SEQUENCE, extension("2a0304", b"\x05\x00", critical=True)))


def _time(when: datetime) -> bytes:
    return tlv(der.GENERALIZED_TIME, when.strftime("%Y%m%d%H%M%SZ").encode())


def _revoked(when: datetime = NOW - DAY) -> bytes:
    return tlv(0xA1, _time(when))


def _answer(
    status: bytes = GOOD,
    *,
    serial: int = SERIAL,
    issuer: Issued = ISSUER,
    begins: datetime = NOW - DAY,
    ends: datetime = NOW + DAY,
    more: bytes = b"",
) -> bytes:
    """Return a SingleResponse."""
    name = hashlib.sha1(issuer.certificate.subject.public_bytes(), usedforsecurity=False).digest()
    key = hashlib.sha1(key_bits(Certificate.of(issuer.der)), usedforsecurity=False).digest()
    named = (tlv(der.OCTET_STRING, name), tlv(der.OCTET_STRING, key), integer(serial))
    identifier = tlv(der.SEQUENCE, _SHA1, *named)
    return tlv(der.SEQUENCE, identifier, status, _time(begins), tlv(0xA0, _time(ends)), more)


def _response(
    *answers: bytes, named: Issued = ISSUER, signer: Issued = ISSUER, sent: Sequence[Issued] = ()
) -> bytes:
    """Return a response with these answers whose responder is named by name."""
    responder = tlv(0xA1, named.certificate.subject.public_bytes())
    tbs = tlv(der.SEQUENCE, responder, _time(NOW), tlv(der.SEQUENCE, *answers))
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signature = tlv(der.BIT_STRING, b"\x00" + signer.key.sign(tbs, ec.ECDSA(hashes.SHA256())))
    certificates = tlv(0xA0, tlv(der.SEQUENCE, *(each.der for each in sent))) if sent else b""
    basic = tlv(der.SEQUENCE, tbs, ECDSA_WITH_SHA256, signature, certificates)
    inner = tlv(der.SEQUENCE, _BASIC, tlv(der.OCTET_STRING, basic))
    return tlv(der.SEQUENCE, tlv(0x0A, b"\x00"), tlv(0xA0, inner))


def _said(octets: bytes) -> str:
    """Return what a response that is believed says, else why it is not."""
    said = ask_response(octets, SUBJECT, BY, NOW)
    assert said is not None
    if isinstance(said, NoGood):
        return said.why
    return ACCUSED if said.is_revoked else CLEARED


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that stand in one response, and what they say together."""

    what: str
    answers: tuple[bytes, ...]
    expected: str


_OTHER_REVOKED = _answer(_revoked(), serial=SERIAL + 1)
_OLD = _answer(begins=NOW - 3 * DAY, ends=NOW - 2 * DAY)
TOGETHER = [
    Answers("another serial is revoked", (_OTHER_REVOKED, _answer()), CLEARED),
    Answers("another serial is good", (_answer(serial=SERIAL + 1), _answer(_revoked())), ACCUSED),
    Answers("other serials only", (_OTHER_REVOKED, _answer(serial=SERIAL + 2)), "about another certificate"),
    Answers("another issuer's is revoked", (_answer(_revoked(), issuer=STRANGE_ISSUER), _answer()), CLEARED),
    Answers("another issuer's only", (_answer(issuer=STRANGE_ISSUER),), "of another issuer"),
    Answers("good, then revoked", (_answer(), _answer(_revoked())), ACCUSED),
    Answers("revoked, then newer and good", (_answer(_revoked(), begins=NOW - 2 * DAY), _answer()), ACCUSED),
    Answers(
        "revoked tomorrow and revoked now", (_answer(_revoked(NOW + DAY)), _answer(_revoked(NOW))), ACCUSED
    ),
    Answers("good, and revoked tomorrow", (_answer(), _answer(_revoked(NOW + DAY))), "only from"),
    Answers("stale, then in force", (_OLD, _answer()), CLEARED),
    Answers("in force, then stale", (_answer(), _OLD), CLEARED),
    Answers("good, then newer and unknown", (_OLD, _answer(UNKNOWN_STATUS)), "does not know"),
    Answers(
        "unknown, then newer and good", (_answer(UNKNOWN_STATUS, begins=NOW - 2 * DAY), _answer()), CLEARED
    ),
    Answers("ends now", (_answer(ends=NOW),), CLEARED),
    Answers("ended a second ago", (_answer(ends=NOW - SECOND),), "is stale"),
    Answers("begins in five minutes", (_answer(begins=NOW + timedelta(minutes=5)),), CLEARED),
    Answers("begins a second later", (_answer(begins=NOW + timedelta(minutes=5, seconds=1)),), "future"),
    Answers("an unknown critical extension", (_answer(more=_CRITICAL),), "1.2.3.4"),
    Answers("one of two is not understood", (_answer(), _answer(more=_CRITICAL)), "1.2.3.4"),
    Answers("another's is not understood", (_answer(), _answer(serial=SERIAL + 1, more=_CRITICAL)), CLEARED),
]


@pytest.mark.parametrize("shown", TOGETHER, ids=lambda shown: shown.what)
def test_of_several_answers_those_about_the_certificate_count(shown: Answers) -> None:
    octets = _response(*shown.answers)

    assert len(read_response(octets).answers) == len(shown.answers)
    assert shown.expected in _said(octets)


def test_a_response_about_others_is_neither_weighed_nor_blamed() -> None:
    case = make_case(LEAF, ISSUER, responses=[_response(_OTHER_REVOKED)])

    (whys,) = {each.why for each in unchecked_revocation(case.best, case) if "certificate" in each.what}

    assert codes_in(case) == []
    assert "no CRL and no OCSP response" in whys


def test_a_response_about_others_says_of_whom_it_speaks() -> None:
    some = _response(*(_answer(serial=serial) for serial in (0xA1, 0xA2, 0xA3, 0xA4)))

    assert "(serial number a1, a2, a3)" in _said(some)
    assert "(serial number none)" in _said(_response())


def test_another_certificate_s_revocation_in_a_staple_is_no_revocation() -> None:
    case = make_case(LEAF, ISSUER, stapled=_response(_OTHER_REVOKED, _answer()))

    assert codes_in(case) == []


_NAMESAKE_KEY = STRANGER.intermediate("Other CA", key_label="Example CA")
_NOBODY = STRANGER.issue("nobody", RESPONDER)


@pytest.mark.parametrize(
    ("named", "signer", "sent", "expected"),
    [
        (ISSUER, ISSUER, (), CLEARED),
        (DELEGATE, DELEGATE, (DELEGATE,), CLEARED),
        (DELEGATE, DELEGATE, (_NOBODY, DELEGATE), CLEARED),
        (DELEGATE, DELEGATE, (), "neither the issuer"),
        (DELEGATE, ISSUER, (), "neither the issuer"),
        (DELEGATE, ISSUER, (DELEGATE,), "does not verify"),
        (ISSUER, DELEGATE, (DELEGATE,), "does not verify"),
        (_NOBODY, DELEGATE, (DELEGATE,), "neither the issuer"),
        (_NOBODY, _NOBODY, (_NOBODY,), "does not certify"),
    ],
    ids=[
        "the issuer",
        "a delegate",
        "a delegate behind another",
        "a delegate that is not sent",
        "a delegate, signed by the issuer",
        "a delegate, sent, signed by the issuer",
        "the issuer, signed by a delegate",
        "somebody else, signed by a delegate",
        "a stranger",
    ],
)
def test_who_is_named_by_name_must_have_signed(
    named: Issued, signer: Issued, sent: tuple[Issued, ...], expected: str
) -> None:
    assert expected in _said(_response(_answer(), named=named, signer=signer, sent=sent))


@pytest.mark.parametrize("encoding", list(ocsp.OCSPResponderEncoding), ids=lambda encoding: encoding.name)
def test_the_delegate_of_another_issuer_with_the_same_key_is_refused(
    encoding: ocsp.OCSPResponderEncoding,
) -> None:
    theirs = _NAMESAKE_KEY.issue("their responder", RESPONDER)
    assert Certificate.of(theirs.der).is_signed_by(BY) is True

    octets = make_response(LEAF, signer=theirs, sent=[theirs], encoding=encoding)

    assert "does not certify" in _said(octets)


@pytest.mark.parametrize(
    ("begins", "ends", "is_believed"),
    [
        (timedelta(0), DAY, True),
        (-DAY, timedelta(0), True),
        (SECOND, DAY, False),
        (-DAY, -SECOND, False),
    ],
)
def test_a_delegate_s_certificate_holds_from_its_first_second_to_its_last(
    begins: timedelta, ends: timedelta, is_believed: bool
) -> None:
    delegate = ISSUER.issue("responder", replace(RESPONDER, begins=begins, ends=ends))

    said = ask_response(make_response(LEAF, signer=delegate, sent=[delegate]), SUBJECT, BY, NOW)

    assert isinstance(said, Told) is is_believed
