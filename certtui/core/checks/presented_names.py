"""The names in the leaf themselves: whether they are names at all, and of one script (RFC 5280 §4.2.1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from certtui.core import der, extensions
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.extensions import GeneralName, NameKind
from certtui.core.finding import Fact, Finding, finding
from certtui.core.names import as_ip
from certtui.core.unicode_scripts import MixedName, mixed_name

_SHOWN = 20
_SHOWN_CHARACTERS = 100
_MAX_LABELS = 500
"""More labels than this are not turned into Unicode; no certificate that serves anyone has as many."""
_MAX_NAME, _MAX_LABEL = 253, 63
"""RFC 1035 §2.3.4, in octets without the final dot."""
_GENERAL_NAME_TAGS = frozenset((0xA0, 0x81, 0x82, 0xA3, 0xA4, 0xA5, 0x86, 0x87, 0x88))
"""The kinds of GeneralName that exist (RFC 5280 §4.2.1.6)."""
_TEXTUAL = frozenset((NameKind.DNS, NameKind.EMAIL, NameKind.URI))
_ODD = re.compile(r"[^A-Za-z0-9_*.-]")
_SPOKEN = {" ": "a space", "\t": "a tab", "\n": "a line end", "\r": "a line end", "\0": "a NUL"}
_ORDINARY = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", re.I)
"""Names in whose form nothing can be wrong; thousands of them cost little."""


@dataclass(frozen=True, slots=True)
class _Malformed:
    """A name that is none."""

    shown: str
    wrong: str
    severity: Severity = Severity.WARNING


def presented_name_findings(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the form of the leaf's alternative names, whatever host was asked for."""
    if not case.leaf.has_san or case.leaf.fields.san is None:
        return
    if not case.leaf.san:
        yield _empty()
        return
    malformed = list(_malformed_names(case.leaf, case.host))
    if malformed:
        yield _san_malformed(malformed, len(case.leaf.san))
    mixed = list(_mixed_names(case.leaf.san))
    if mixed:
        yield _mixed_script(mixed)


def _empty() -> Finding:
    """Chromium calls the certificate invalid, and strict checks of OpenSSL refuse it (error 87)."""
    return finding(
        Code.SAN_MALFORMED,
        "the subjectAltName holds no name, which RFC 5280 forbids and browsers refuse",
        Fact("names", "none"),
        certificate=0,
        severity=Severity.ERROR,
        traits=("refused-whole",),
    )


def _san_malformed(malformed: list[_Malformed], total: int) -> Finding:
    first = malformed[0]
    more = f", and {len(malformed) - 1} more of {total} names are malformed" if len(malformed) > 1 else ""
    severities = {each.severity for each in malformed}
    severity = next(severity for severity in Severity if severity in severities)
    facts = [Fact("malformed name", f"{each.shown}: {each.wrong}") for each in malformed[:_SHOWN]]
    if len(malformed) > _SHOWN:
        facts.append(Fact("more malformed names", str(len(malformed) - _SHOWN)))
    return finding(
        Code.SAN_MALFORMED,
        f"the alternative name {first.shown} {first.wrong}{more}",
        *facts,
        certificate=0,
        severity=severity,
        traits=("refused-whole",) if severity is Severity.ERROR else (),
    )


def _malformed_names(leaf: Certificate, host: str | None) -> Iterator[_Malformed]:
    """Yield the gravest first, so that the summary is about it."""
    found = []
    for tag, name in zip(_tags(leaf), leaf.san, strict=False):
        if name.kind is NameKind.DNS and len(name.value) <= _MAX_LABEL and _ORDINARY.fullmatch(name.value):
            continue
        wrong = _refused_whole(tag, name)
        if wrong is not None:
            found.append(_Malformed(_shown(name), wrong, Severity.ERROR))
        elif name.kind is NameKind.DNS and not (host is not None and as_ip(name.value) == host):
            # That the very address asked for stands there as a DNS name is ip-not-in-san.
            wrong = _wrong_dns_name(name.value)
            if wrong is not None:
                found.append(_Malformed(_shown(name), wrong))
            elif "_" in name.value:
                found.append(_underscore(name, host))
    return iter(sorted(found, key=lambda each: tuple(Severity).index(each.severity)))


def _tags(leaf: Certificate) -> Iterator[int]:
    extension = leaf.extension(extensions.SUBJECT_ALT_NAME)
    value = extension.value if extension is not None else b""
    return (element.tag for element in der.children(value, der.root(value)))


def _shown(name: GeneralName) -> str:
    value = name.value
    cut = f"{value[:_SHOWN_CHARACTERS]}…" if len(value) > _SHOWN_CHARACTERS else value
    return f"{name.kind}:{cut}"


def _refused_whole(tag: int, name: GeneralName) -> str | None:
    """Return what is wrong with a name for which clients refuse the certificate, whatever host they want.

    Measured: Chromium 156 refuses them all (-207); so do Go 1.19 what is beyond ASCII and addresses of another
    length, and OpenSSL 3.0, GnuTLS 3.7 and cryptography 50 most kinds of name that do not exist.
    """
    if tag not in _GENERAL_NAME_TAGS:
        return f"has the tag 0x{tag:02x}, which is no kind of name"
    if name.kind is NameKind.IP and name.value.startswith("malformed:"):
        octets = len(name.value.removeprefix("malformed:")) // 2
        return f"is an address of {octets} octets; only 4 and 16 make one"
    if name.kind in _TEXTUAL and not name.value.isascii():
        return "holds octets beyond ASCII; names in other scripts must be written as A-labels"
    return None


def _wrong_dns_name(value: str) -> str | None:
    """Return what keeps a dNSName from being a host name or a wildcard (RFC 5280 §4.2.1.6, RFC 1034 §3.5)."""
    if not value:
        return "is empty"
    if as_ip(value) is not None:
        return "is an IP address, which only counts as an iPAddress"
    if "://" in value:
        return "is a URL, not a host name"
    odd = _ODD.search(value)
    if odd is not None:
        return _odd_character(value, odd.group())
    return _wrong_labels(value)


def _odd_character(value: str, odd: str) -> str:
    host, colon, port = value.partition(":")
    if colon and port.isdigit() and _ODD.search(host) is None:
        return "has a port, which is no part of a name"
    return f"holds {_SPOKEN.get(odd, repr(odd))}, which stands in no host name"


def _wrong_labels(value: str) -> str | None:
    if value == "*":
        return "is a star alone, which stands for no name"
    if value.startswith("."):
        return "begins with a dot"
    if value.endswith("."):
        return "ends with a dot, which a name in a certificate does not"
    if ".." in value:
        return "has two dots in a row"
    if len(value) > _MAX_NAME:
        return f"has {len(value)} octets; a name has at most {_MAX_NAME}"
    labels = value.split(".")
    longest = max(labels, key=len)
    if len(longest) > _MAX_LABEL:
        return f"has a part of {len(longest)} octets; a part has at most {_MAX_LABEL}"
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return "has a part that begins or ends with a hyphen"
    return None


def _underscore(name: GeneralName, host: str | None) -> _Malformed:
    """Measured: Java 17 and cryptography 50 do not connect to such a host; browsers, OpenSSL and Go do."""
    is_asked_for = host is not None and "_" in host and name.value.lower() == host
    severity = Severity.WARNING if is_asked_for else Severity.NOTICE
    return _Malformed(_shown(name), "holds an underscore, which stands in no host name", severity)


def _mixed_names(names: tuple[GeneralName, ...]) -> Iterator[MixedName]:
    labels = 0
    for name in names:
        value = name.value.lower()
        if name.kind is NameKind.DNS and len(value) <= _MAX_NAME and "xn--" in value:
            labels += value.count("xn--")
            if labels > _MAX_LABELS:
                return
            mixed = mixed_name(value)
            if mixed is not None:
                yield mixed


def _mixed_script(mixed: list[MixedName]) -> Finding:
    facts = []
    for each in mixed[:_SHOWN]:
        facts.append(Fact("name", f"{each.name} is {each.in_unicode}"))
        facts.extend(Fact(f"{script} letters", letters) for script, letters in each.letters)
    if len(mixed) > _SHOWN:
        facts.append(Fact("more such names", str(len(mixed) - _SHOWN)))
    more = f"; so do {len(mixed) - 1} more names" if len(mixed) > 1 else ""
    first = mixed[0]
    return finding(
        Code.MIXED_SCRIPT_NAME,
        f"{first.name} reads {first.in_unicode}, which mixes {first.described}{more}",
        *facts,
        certificate=0,
    )
