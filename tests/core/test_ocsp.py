"""OCSP responses: what they say, whom they are believed from, and that nothing makes the reader raise."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.ocsp import CertificateStatus, read_response
from certtui.core.ocsp_validation import NoGood, Told, ask_response
from certtui.lab.pki import Issued, Wish
from tests.core.examples import ISSUER, NOW, ROOT, STRANGE_ISSUER, leaf
from tests.core.forge import tlv
from tests.core.statements import DAY, make_response
from tests.requirements import needs

LEAF = leaf()
SUBJECT, BY = Certificate.of(LEAF.der), Certificate.of(ISSUER.der)
RESPONDER = Wish(purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,))
DELEGATE = ISSUER.issue("responder", RESPONDER)
REVOKED, UNKNOWN = ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN
BY_NAME = ocsp.OCSPResponderEncoding.NAME


def ask(octets: bytes) -> Told | NoGood | None:
    """Return what a response says of the leaf."""
    return ask_response(octets, SUBJECT, BY, NOW)


def why(octets: bytes) -> str:
    """Return why a response is no good."""
    said = ask(octets)
    assert isinstance(said, NoGood)
    return said.why


def test_it_reads_what_cryptography_writes() -> None:
    octets = make_response(
        LEAF,
        status=REVOKED,
        reason=x509.ReasonFlags.superseded,
        signer=DELEGATE,
        sent=[DELEGATE],
        encoding=BY_NAME,
    )

    response = read_response(octets)
    (answer,) = response.answers

    assert (response.status, response.problem) == ("successful", None)
    assert response.responder_name == DELEGATE.certificate.subject.public_bytes()
    assert response.produced_at is not None
    assert response.certificates == (Certificate.of(DELEGATE.der),)
    assert (answer.status, answer.reason) == (CertificateStatus.REVOKED, "superseded")
    assert (answer.revoked_at, answer.this_update, answer.next_update) == (NOW - DAY, NOW - DAY, NOW + DAY)
    assert answer.serial == SUBJECT.serial
    assert answer.is_about(SUBJECT, BY)
    assert not answer.is_about(SUBJECT, Certificate.of(STRANGE_ISSUER.der))


@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_every_hash_that_names_a_certificate_is_understood(digest: hashes.HashAlgorithm) -> None:
    assert isinstance(ask(make_response(LEAF, digest=digest)), Told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A response, and whether it is believed."""

    what: str
    octets: bytes
    why: str = ""
    """Why it is no good; empty where it is believed."""
    openssl: bool | None = None
    """Whether OpenSSL accepts it; None where it judges otherwise, or not at all."""


def responder(**changes: object) -> Issued:
    """Return a delegated responder but for the changes."""
    return ISSUER.issue("responder", replace(RESPONDER, **changes))  # type: ignore[arg-type]


def delegated(signer: Issued, *sent: Issued) -> bytes:
    """Return a response of a delegated responder."""
    return make_response(LEAF, signer=signer, sent=sent or [signer])


def damaged(octets: bytes) -> bytes:
    """Return a response with a bit of its signature turned over."""
    position = octets.index(read_response(octets).signature) + 20
    return octets[:position] + bytes((octets[position] ^ 1,)) + octets[position + 1 :]


STALE = make_response(LEAF, begins=NOW - 3 * DAY, ends=NOW - timedelta(seconds=1))
EXAMPLES = [
    Example(what="by the issuer's key", octets=make_response(LEAF), openssl=True),
    Example(what="by the issuer's name", octets=make_response(LEAF, encoding=BY_NAME), openssl=True),
    Example(what="by a delegate", octets=delegated(DELEGATE), openssl=True),
    Example(what="without an end", octets=make_response(LEAF, ends=None), openssl=True),
    Example(
        what="a clock ahead", octets=make_response(LEAF, begins=NOW + timedelta(minutes=4)), openssl=True
    ),
    Example(
        what="a clock far ahead", octets=make_response(LEAF, begins=NOW + timedelta(minutes=6)), why="future"
    ),
    Example(what="stale", octets=STALE, why="is stale"),
    Example(what="unknown", octets=make_response(LEAF, status=UNKNOWN), why="does not know"),
    Example(what="damaged", octets=damaged(make_response(LEAF)), why="does not verify", openssl=False),
    Example(
        what="a delegate that is not sent",
        octets=make_response(LEAF, signer=DELEGATE),
        why="neither the issuer",
        openssl=False,
    ),
    Example(
        what="a delegate for other purposes",
        octets=delegated(responder(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,))),
        why="does not allow OCSP signing",
        openssl=False,
    ),
    Example(
        what="an expired delegate", octets=delegated(responder(ends=-DAY)), why="not valid at", openssl=False
    ),
    Example(
        what="another CA's delegate",
        octets=delegated(ROOT.issue("responder", RESPONDER)),
        why="does not certify",
        openssl=False,
    ),
    Example(
        what="the delegate of a namesake",
        octets=delegated(STRANGE_ISSUER.issue("responder", RESPONDER)),
        why="does not certify",
        openssl=False,
    ),
    Example(
        what="a revocation to come",
        octets=make_response(LEAF, status=REVOKED, revoked_at=NOW + DAY),
        why="only from",
    ),
    Example(what="another certificate", octets=make_response(leaf()), why="about another certificate"),
    Example(what="another issuer", octets=make_response(LEAF, STRANGE_ISSUER), why="of another issuer"),
]


@pytest.mark.parametrize("shown", EXAMPLES, ids=lambda shown: shown.what)
def test_a_response_is_believed_from_whom_it_may_come(shown: Example) -> None:
    said = ask(shown.octets)

    if shown.why:
        assert isinstance(said, NoGood)
        assert shown.why in said.why
    else:
        assert isinstance(said, Told)
        assert not said.is_revoked


@pytest.mark.parametrize(
    "shown", [e for e in EXAMPLES if e.openssl is not None], ids=lambda shown: shown.what
)
@needs("openssl")
def test_openssl_agrees_about_the_signer(shown: Example, tmp_path: Path) -> None:
    for name, text in (("leaf", LEAF.pem), ("issuer", ISSUER.pem), ("root", ROOT.pem)):
        (tmp_path / f"{name}.pem").write_text(text)
    (tmp_path / "response.der").write_bytes(shown.octets)
    files = {"-respin": "response.der", "-issuer": "issuer.pem", "-cert": "leaf.pem", "-CAfile": "root.pem"}
    arguments = [word for option, name in files.items() for word in (option, str(tmp_path / name))]
    now = ["-attime", str(int(NOW.timestamp())), "-validity_period", str(10**9)]

    outcome = subprocess.run(
        ["openssl", "ocsp", *arguments, "-no-CApath", "-no-CAstore", *now],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert ("Response verify OK" in outcome.stderr) == shown.openssl, outcome.stderr


def test_a_stale_response_says_revoked_but_not_good() -> None:
    stale = make_response(LEAF, status=REVOKED, begins=NOW - 3 * DAY, ends=NOW - DAY)

    said = ask(stale)

    assert isinstance(said, Told)
    assert said.is_revoked
    assert isinstance(ask(STALE), NoGood)


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"\x30\x03\x0a\x01\x03", "tryLater"),
        (b"\x30\x03\x0a\x01\x06", "unauthorized"),
        (b"\x30\x03\x0a\x01\x09", "status 9"),
        (b"\x30\x03\x0a\x01\x00", "no responseBytes"),
        (b"\x30\x03\x02\x01\x00", "responseStatus"),
        (b"", "the data ends"),
        (b"\x30\x80\x00\x00", "indefinite"),
        (bytes(300_000), "more than the"),
    ],
    ids=["later", "not allowed", "unknown", "empty", "no status", "nothing", "indefinite", "huge"],
)
def test_what_holds_no_answer_says_so(octets: bytes, reason: str) -> None:
    assert reason in why(octets)


def test_what_can_be_told_without_the_issuer_is_told_without_it() -> None:
    assert ask_response(make_response(LEAF), SUBJECT, None, NOW) is None
    assert isinstance(ask_response(make_response(leaf()), SUBJECT, None, NOW), NoGood)


def test_an_unknown_critical_extension_is_refused() -> None:
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=LEAF.certificate,
            issuer=ISSUER.certificate,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=NOW - DAY,
            next_update=NOW + DAY,
            revocation_time=None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, ISSUER.certificate)
    )
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")

    strict, lenient = (
        builder.add_extension(odd, critical=critical)
        .sign(ISSUER.key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
        for critical in (True, False)
    )

    assert "1.2.3.4" in why(strict)
    assert isinstance(ask(lenient), Told)


def test_very_many_answers_are_not_read() -> None:
    answers = tlv(der.SEQUENCE, tlv(der.SEQUENCE, b"") * 2_000)
    tbs = tlv(
        der.SEQUENCE,
        tlv(0xA2, tlv(der.OCTET_STRING, b"")),
        tlv(der.GENERALIZED_TIME, b"20260101000000Z"),
        answers,
    )
    basic = tlv(der.SEQUENCE, tbs, tlv(der.SEQUENCE, b""), tlv(der.BIT_STRING, b"\x00"))
    kind = tlv(der.OID, bytes.fromhex("2b0601050507300101"))
    inner = tlv(der.SEQUENCE, kind, tlv(der.OCTET_STRING, basic))
    octets = tlv(der.SEQUENCE, tlv(0x0A, b"\x00"), tlv(0xA0, inner))

    assert "more than 1000 answers" in why(octets)


GOOD = delegated(DELEGATE)


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(GOOD)),
)
def test_no_damage_makes_it_raise(changes: list[tuple[int, int]], length: int) -> None:
    octets = bytearray(GOOD)
    for position, octet in changes:
        octets[position] = octet

    for each in (bytes(octets), bytes(octets[:length]), GOOD + bytes(octets)):
        assert isinstance(ask(each), Told | NoGood)
        assert read_response(each).algorithm is not None


@given(st.binary(max_size=200))
def test_no_garbage_makes_it_raise(octets: bytes) -> None:
    assert isinstance(ask(octets), NoGood)
