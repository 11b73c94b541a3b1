"""What ended a connection, in the catalogue's codes and in plain words. It does no I/O and looks at no certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from certtui.core.catalogue import Code
from certtui.core.evidence import Failure, Stage
from certtui.core.finding import Fact
from certtui.core.target import Starttls
from certtui.core.text import shortened
from certtui.probe import records
from certtui.probe.banner import other_protocol_failure
from certtui.probe.exchange import MAX_RECEIVED_BYTES, Ended, Ending
from certtui.probe.handshake import Handshake, LocalError
from certtui.probe.starttls import Preamble

WEAK_DIFFIE_HELLMAN_BITS: Final = 1024
"""OpenSSL refuses smaller primes at any security level (Logjam, CVE-2015-4000)."""

ALERTS: Final = {
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
    121: "ech_required",
}
"""Names of alert descriptions (IANA TLS Alerts registry)."""

_UNRECOGNIZED_NAME: Final = 112
_CERTIFICATE_REQUIRED: Final = 116
_ECH_REQUIRED: Final = 121
_PROTOCOL_VERSION: Final = 70
_FOR_WANT_OF_A_CLIENT_CERTIFICATE: Final = frozenset({40, 41, 42, 43, 46, 48, 49, _CERTIFICATE_REQUIRED})
"""What servers say, in TLS 1.2 at the latest, to a client that was asked for a certificate and sent none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Who was talked to and how long was allowed, for the words of a failure."""

    address: str
    port: int
    seconds: float
    """How long the stage that failed could take."""


def preamble_failure(preamble: Preamble, protocol: Starttls, ended: Ended, place: Place) -> Failure | None:
    """Return why a plain-text preamble did not lead to TLS; None if it did."""
    if preamble.refusal is not None:
        return Failure(
            code=Code.STARTTLS_REFUSED,
            stage=Stage.STARTTLS,
            detail=preamble.refusal.detail,
            facts=(Fact("the server said", preamble.refusal.said),),
        )
    if ended.ending is Ending.FINISHED:
        return None
    said = (
        f"; the last it said was “{shortened(preamble.last_line, 200)}”"
        if preamble.last_line
        else f"; it sent no greeting, as a server of {protocol.upper()} should: it may expect TLS at once"
    )
    failure = _cut_off(ended, Stage.STARTTLS, place)
    return Failure(code=failure.code, stage=failure.stage, detail=failure.detail + said, facts=failure.facts)


def handshake_failure(
    handshake: Handshake, ended: Ended, place: Place, *, server_name: str | None
) -> Failure | None:
    """Return why a handshake, or the wait for an answer after it, came to nothing; None if it is well."""
    stage = Stage.AFTER_HANDSHAKE if handshake.completed else Stage.HANDSHAKE
    if handshake.other_protocol is not None:
        return other_protocol_failure(handshake.other_protocol)
    if handshake.alert is not None:
        return _alert_failure(handshake, stage, server_name)
    if handshake.error is not None:
        return _local_failure(handshake, handshake.error)
    if handshake.completed:
        return _after_handshake(handshake, ended)
    if handshake.client_certificate_sent and ended.ending in (Ending.CLOSED, Ending.RESET, Ending.FINISHED):
        return _client_certificate_required("it closed the connection when none came", stage)
    return _cut_off(ended, Stage.HANDSHAKE, place)


def _alert_failure(handshake: Handshake, stage: Stage, server_name: str | None) -> Failure:
    alert = handshake.alert or 0
    name = f"{ALERTS.get(alert, 'unknown')} ({alert})"
    facts = (Fact("alert", name),)
    if handshake.certificate_requested and alert in _FOR_WANT_OF_A_CLIENT_CERTIFICATE:
        return _client_certificate_required(
            f"it answered with the alert {name} when none came", stage, *facts
        )
    if alert == _CERTIFICATE_REQUIRED:
        code, detail = (
            Code.CLIENT_CERTIFICATE_REQUIRED,
            f"the server demands a client certificate: alert {name}",
        )
    elif alert == _UNRECOGNIZED_NAME:
        asked = f"the name {server_name}" if server_name else "a client that asks for no name"
        code, detail = Code.SNI_REFUSED, f"the server does not serve {asked}: alert {name}"
    elif alert == _ECH_REQUIRED:
        code, detail = Code.ECH_REQUIRED, f"the server demands an encrypted client hello: alert {name}"
    elif alert == _PROTOCOL_VERSION:
        code = Code.PROTOCOL_UNSUPPORTED
        detail = f"the server refused every version offered, from TLS 1.0 to TLS 1.3: alert {name}"
    else:
        code, detail = Code.PROTOCOL_UNSUPPORTED, f"the server refused the handshake: alert {name}"
    return Failure(code=code, stage=stage, detail=detail, facts=facts)


def _client_certificate_required(what_happened: str, stage: Stage, *facts: Fact) -> Failure:
    return Failure(
        code=Code.CLIENT_CERTIFICATE_REQUIRED,
        stage=stage,
        detail=f"the server asked for a client certificate; {what_happened}",
        facts=facts,
    )


def _local_failure(handshake: Handshake, error: LocalError) -> Failure:
    facts = (Fact("OpenSSL says", error.words),)
    bits = records.diffie_hellman_bits(handshake.received) if error.is_about_diffie_hellman else None
    if error.is_about_diffie_hellman and (bits is None or bits < WEAK_DIFFIE_HELLMAN_BITS):
        size = f"of {bits} bits" if bits else "that OpenSSL finds too small"
        return Failure(
            code=Code.WEAK_EPHEMERAL_KEY,
            stage=Stage.HANDSHAKE,
            detail=(
                f"the server's Diffie-Hellman prime is one {size}: "
                f"fewer than {WEAK_DIFFIE_HELLMAN_BITS} bits can be broken"
            ),
            facts=(*facts, *((Fact("prime", f"{bits} bits"),) if bits else ())),
        )
    if error.is_about_a_certificate:
        detail = f"OpenSSL cannot make sense of the server's certificate: {error.words}"
        return Failure(code=Code.CERTIFICATE_UNDECODABLE, stage=Stage.HANDSHAKE, detail=detail, facts=facts)
    if error.is_about_size:
        detail = f"the server sends a longer message than OpenSSL takes, such as 100 KiB of certificates: {error.words}"
        return Failure(code=Code.PROTOCOL_UNSUPPORTED, stage=Stage.HANDSHAKE, detail=detail, facts=facts)
    detail = f"the server's part of the handshake cannot be followed: {error.words}"
    return Failure(code=Code.PROTOCOL_UNSUPPORTED, stage=Stage.HANDSHAKE, detail=detail, facts=facts)


def _after_handshake(handshake: Handshake, ended: Ended) -> Failure | None:
    if handshake.certificate_requested and ended.ending in (Ending.CLOSED, Ending.RESET):
        return _client_certificate_required("it closed the connection when none came", Stage.AFTER_HANDSHAKE)
    return None


def _cut_off(ended: Ended, stage: Stage, place: Place) -> Failure:
    where = f"{place.address} port {place.port}"
    heard = f"after {ended.received_bytes} bytes" if ended.received_bytes else "without a word"
    facts = (Fact("bytes received", str(ended.received_bytes)),)
    match ended.ending:
        case Ending.TIMED_OUT:
            silence = (
                f"took the connection and then sent only {ended.received_bytes} bytes"
                if ended.received_bytes
                else "took the connection but said nothing"
            )
            code, detail = Code.TIMEOUT, f"{where} {silence} in {place.seconds:.1f} s"
        case Ending.RESET:
            code, detail = Code.RESET, f"{where} cut the connection {heard}: {ended.error}"
        case Ending.OVERFLOWED:
            code = Code.PROTOCOL_UNSUPPORTED
            detail = f"{where} sent more than {MAX_RECEIVED_BYTES >> 20} MiB and came to no end"
        case _:
            code, detail = (
                Code.RESET,
                f"{where} closed the connection {heard}",
            )
    return Failure(code=code, stage=stage, detail=detail, facts=facts)
