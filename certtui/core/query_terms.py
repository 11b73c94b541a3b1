"""The fields that a query can ask for: each makes a test of its value. It splits no text into terms."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from certtui.core.searchable import LeafText, Searchable, known_states, slug
from certtui.core.target import HostTarget

if TYPE_CHECKING:
    from certtui.core.finding import Finding

Test = Callable[[Searchable], bool]
"""Whether a term finds a target."""
Builder = Callable[[str, str], Test]
"""Makes a test of a sign and a value, or raises `Wrong`."""


class Wrong(ValueError):
    """A field whose sign or value makes no sense, or is not complete; the text says what to write."""


_DAYS = re.compile(r"(-?[0-9]{1,7})d?")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    ":": operator.eq,
}
_SYNONYMS = {
    "ok": "trusted",
    "good": "trusted",
    "selfsigned": "self-signed",
    "mismatch": "name",
    "unknown": "untrusted",
    "offline": "unreachable",
    "down": "unreachable",
    "soon": "expiring",
    "bad": "failed",
    "faulty": "failed",
    "fault": "failed",
    "new": "waiting",
    "checking": "waiting",
    "unchecked": "waiting",
}
"""What else people call a state."""
_KEY_SYNONYMS = {
    "ecdsa": "ec",
    "prime256v1": "p256",
    "secp256r1": "p256",
    "secp384r1": "p384",
    "secp521r1": "p521",
}


def _must_be_colon(name: str, sign: str, value: str, example: str) -> None:
    if sign not in (":", "="):
        raise Wrong(f"{name}{sign} compares nothing: write {name}:{example}")
    if not value:
        raise Wrong(f"{name}: is not finished: write {name}:{example}")


def _in_leaf(name: str, example: str, text: Callable[[LeafText], str], sign: str, value: str) -> Test:
    _must_be_colon(name, sign, value, example)
    return lambda it: it.leaf is not None and value in text(it.leaf)


def _days(sign: str, value: str) -> Test:
    found = _DAYS.fullmatch(value)
    if found is None:
        what = f"{value!r} is no number of days" if value else f"days{sign} is not finished"
        raise Wrong(f"{what}: write days<30")
    limit, holds = int(found.group(1)), _COMPARE[sign]
    return lambda it: (days := it.days_left) is not None and holds(days, limit)


def _is(sign: str, value: str) -> Test:
    _must_be_colon("is", sign, value, "expired")
    written = slug(value)
    known = known_states()
    wanted = {written} & known or {
        word for word in known | _SYNONYMS.keys() if written and word.startswith(written)
    }
    if not wanted:
        raise Wrong(f"nothing is {value!r}: write a badge or a severity, as in is:expired")
    states = frozenset(_SYNONYMS.get(word, word) for word in wanted)
    return lambda it: not states.isdisjoint(it.states)


def _code(sign: str, value: str) -> Test:
    _must_be_colon("code", sign, value, "chain-incomplete")
    return lambda it: it.report is not None and any(value in finding.code for finding in it.report.findings)


def _key(sign: str, value: str) -> Test:
    _must_be_colon("key", sign, value, "rsa2048")
    short = value.removesuffix("bits").replace("-", "").replace(" ", "")
    start = f" {_KEY_SYNONYMS.get(short, short)}"
    # Digits are a whole number: 2048 is no beginning of 20480.
    wanted = re.compile(re.escape(start) + ("(?![0-9])" if start[-1].isdigit() else ""))
    return lambda it: it.leaf is not None and wanted.search(it.leaf.key) is not None


def _signature(sign: str, value: str) -> Test:
    return _in_leaf("sig", "sha1", lambda leaf: leaf.signature, sign, value.replace("-", ""))


def _hexadecimal(name: str, value: str) -> str:
    digits = re.sub(r"[:\s-]", "", value).removeprefix("0x")
    if not re.fullmatch(r"[0-9a-f]+", digits):
        raise Wrong(f"{value!r} is not hexadecimal: write {name}:04:3f")
    return digits


def _serial(sign: str, value: str) -> Test:
    _must_be_colon("serial", sign, value, "04:3f")
    digits = _hexadecimal("serial", value)
    if ":" in value:
        # The last octet may not be typed to its end yet.
        *whole, last = re.sub(r"[\s-]", "", value).removeprefix("0x").split(":")
        written = _behind_colons("".join(each.zfill(len(each) + len(each) % 2) for each in whole) + last)
        return lambda it: it.leaf is not None and written in _octets(it.leaf.serial)
    # A serial number is shown with a leading zero, and kept without (X.690 §8.3).
    part = digits.lstrip("0") or "0"
    return lambda it: it.leaf is not None and part in it.leaf.serial


def _octets(serial: str) -> str:
    """Return a serial number's octets as a certificate has them, each behind a colon."""
    if not serial:
        return ""
    even = serial.zfill(len(serial) + len(serial) % 2)
    # A number whose first bit is set has an octet of zeros before it (X.690 §8.3).
    return _behind_colons(f"00{even}" if even[0] >= "8" else even)


def _behind_colons(digits: str) -> str:
    return "".join(f":{digits[at : at + 2]}" for at in range(0, len(digits), 2))


def _sha256(sign: str, value: str) -> Test:
    _must_be_colon("sha256", sign, value, "9f:86")
    digits = _hexadecimal("sha256", value)
    return lambda it: (
        it.report is not None and any(each.sha256.hex().startswith(digits) for each in it.report.chain)
    )


def _name(sign: str, value: str) -> Test:
    _must_be_colon("name", sign, value, "mail")
    return lambda it: value in it.name


def _address(sign: str, value: str) -> Test:
    _must_be_colon("address", sign, value, "192.0.2.1")
    start = value.strip("[]")
    return lambda it: it.report is not None and (it.report.address or "").startswith(start)


def _port(sign: str, value: str) -> Test:
    _must_be_colon("port", sign, value, "8443")
    if not (value.isascii() and value.isdigit() and len(value) <= 5):
        raise Wrong(f"{value!r} is no port: write port:8443")
    port = int(value)
    return lambda it: isinstance(it.target, HostTarget) and it.target.port == port


def _group(sign: str, value: str) -> Test:
    _must_be_colon("group", sign, value, "payments")
    return lambda it: it.labels.group is not None and value in it.labels.group.lower()


def _tag(sign: str, value: str) -> Test:
    _must_be_colon("tag", sign, value, "prod")
    start = value.removeprefix("+")
    return lambda it: any(tag.lower().startswith(start) for tag in it.labels.tags)


def _client(sign: str, value: str) -> Test:
    _must_be_colon("client", sign, value, "curl")
    from certtui.core.client_statements import clients  # reads a table that few need

    names = frozenset(
        client.name for client in clients() if value in (client.key, client.name.lower())
    ) or frozenset(client.name for client in clients() if client.name.lower().startswith(value))
    if not names:
        raise Wrong(
            f"no client is called {value!r}: write one of {', '.join(each.key for each in clients())}"
        )
    return lambda it: (
        it.report is not None
        and bool(it.report.chain)  # without a certificate there was nothing to reject
        and not names.isdisjoint(_rejecting(it.report.findings))
    )


@lru_cache(maxsize=4096)
def _rejecting_by(faults: tuple[Finding, ...]) -> frozenset[str]:
    from certtui.core.clients import client_verdicts

    return frozenset(verdict.client for verdict in client_verdicts(faults) if verdict.rejects)


def _rejecting(findings: tuple[Finding, ...]) -> frozenset[str]:
    """Return the clients that reject; thousands of hosts have the same few combinations of faults."""
    from certtui.core.finding import Finding  # it is not needed to start

    faults = tuple(
        Finding(
            code=each.code,
            severity=each.severity,
            certificate=0 if each.certificate == 0 else None,
            summary="",
            traits=each.traits,
        )
        for each in findings
    )
    return _rejecting_by(faults) if faults else frozenset()


BUILDERS: dict[str, Builder] = {
    "is": _is,
    "code": _code,
    "days": _days,
    "issuer": partial(_in_leaf, "issuer", "example", lambda leaf: leaf.issuer),
    "subject": partial(_in_leaf, "subject", "example", lambda leaf: leaf.subject),
    "san": partial(_in_leaf, "san", "example", lambda leaf: leaf.san),
    "key": _key,
    "sig": _signature,
    "serial": _serial,
    "sha256": _sha256,
    "name": _name,
    "host": _name,
    "address": _address,
    "port": _port,
    "group": _group,
    "tag": _tag,
    "client": _client,
}
"""Each field's name and what makes a test of it."""


def is_subsequence(letters: str, text: str) -> bool:
    """Return whether the letters stand in `text` in this order, others between them or not."""
    at = 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True


def is_near(letters: str, text: str) -> bool:
    """Return whether the letters, but for at most one of them, stand in `text` in this order."""
    ends = [0]
    for letter in letters:
        at = text.find(letter, ends[-1]) + 1
        if not at:
            break
        ends.append(at)
    else:
        return True
    # From the end backwards: where the letters behind the one that is left out begin at the latest.
    start = len(text)
    for left_out in range(len(letters) - 1, -1, -1):
        if left_out < len(ends) and ends[left_out] <= start:
            return True
        start = text.rfind(letters[left_out], 0, start)
        if start < 0:
            return False
    return False
