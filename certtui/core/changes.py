"""What changed between two looks at one host, in a few short sentences: for a log and for whoever is to be told.

Whatever moves with the clock alone is no change, and neither is another address under the same name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from certtui.core.alignment import numbered
from certtui.core.catalogue import SEVERITIES, Code
from certtui.core.certificate import Certificate
from certtui.core.certificate_rows import titled_findings
from certtui.core.finding import Finding
from certtui.core.moments import moment
from certtui.core.name_rows import name_key
from certtui.core.report import Report
from certtui.core.text import shortened

_MOST_NAMES = 3
_MOST_FINDINGS = 6
_MOST_CHARACTERS = 100
_OCTETS_TOLD = 8
_FindingKey = tuple[tuple[Code, str], int]
"""A finding's code and title with the certificate's role, and which of its like it is."""


def changes(before: Report, after: Report) -> tuple[str, ...]:
    """Return what changed, gravest first, raw text in sentences; empty if nothing worth telling did."""
    if before.chain and not after.chain:
        why = f": {after.findings[0].title}" if after.findings else ""
        return (f"Unreachable{why}.",)
    said = [*_verdict(before, after)]
    if before.leaf is not None and after.leaf is not None:
        said += _replaced(before.leaf, after.leaf)
        said += _chain(before, after)
    said += _findings(before, after)
    return tuple(said)


def _verdict(before: Report, after: Report) -> Iterator[str]:
    if after.chain and not before.chain:
        yield f"Reachable again: {after.verdict}."
    elif before.verdict is not after.verdict:
        yield f"{after.verdict.capitalize()}, was {before.verdict}."


def _replaced(before: Certificate, after: Certificate) -> Iterator[str]:
    if before == after:
        return
    new, old = _serial(after), _serial(before)
    if new != old:
        yield f"Certificate replaced: serial {new}, was {old}."
    else:
        yield f"Certificate replaced: SHA-256 {_fingerprint(after)}, was {_fingerprint(before)}."
    if before.not_after != after.not_after:
        yield f"Valid until {moment(after.not_after)}, was {moment(before.not_after)}."
    if before.issuer_key != after.issuer_key:
        yield f"Issuer changed: {_issuer(after)}, was {_issuer(before)}."
    if before.key.label != after.key.label:
        yield f"Key changed: {after.key.label}, was {before.key.label}."
    olds = {name_key(name): name.value for name in before.san}
    news = {name_key(name): name.value for name in after.san}
    gone = [value for key, value in olds.items() if key not in news]
    added = [value for key, value in news.items() if key not in olds]
    if gone:
        yield f"Names gone: {_listed(gone)}."
    if added:
        yield f"Names added: {_listed(added)}."


def _chain(before: Report, after: Report) -> Iterator[str]:
    """Only what is sent beside the server's own certificate: that one was told of already."""
    if before.chain[1:] == after.chain[1:]:
        return
    olds, news = len(before.chain), len(after.chain)
    if olds != news:
        yield f"Chain sent changed: {news} certificate{'s' if news != 1 else ''} instead of {olds}."
    elif Counter(before.chain[1:]) == Counter(after.chain[1:]):
        yield "Chain sent changed: another order."
    else:
        yield "Chain sent changed: other certificates beside the server's own."


def _findings(before: Report, after: Report) -> Iterator[str]:
    olds, news = _by_title(before), _by_title(after)
    yield from _named("New", [_told(key, each) for key, each in news.items() if key not in olds])
    if before.chain or not after.chain:  # what kept it from being reached is gone with its being reached
        yield from _named("Gone", [_told(key, each) for key, each in olds.items() if key not in news])
    both = [(key, olds[key].severity, each.severity) for key, each in news.items() if key in olds]
    moved = [(f"{key[0][1]} ({new}, was {old})", new, old) for key, old, new in both if new is not old]
    rank = SEVERITIES.index
    yield from _named("Graver", [said for said, new, old in moved if rank(new) < rank(old)])
    yield from _named("Milder", [said for said, new, old in moved if rank(new) > rank(old)])


def _by_title(report: Report) -> dict[_FindingKey, Finding]:
    return numbered(((finding.code, title), finding) for title, finding in titled_findings(report))


def _told(key: _FindingKey, finding: Finding) -> str:
    (_, title), _ = key
    return f"{title} ({finding.severity})"


def _named(word: str, said: Sequence[str]) -> Iterator[str]:
    yield from (f"{word}: {each}." for each in said[:_MOST_FINDINGS])
    if len(said) > _MOST_FINDINGS:
        yield f"{word}: {len(said) - _MOST_FINDINGS} more findings."


def _serial(certificate: Certificate) -> str:
    return shortened(f"{certificate.serial:x}", 50) if certificate.serial is not None else "unreadable"


def _fingerprint(certificate: Certificate) -> str:
    return f"{certificate.sha256[:_OCTETS_TOLD].hex(':')}…"


def _issuer(certificate: Certificate) -> str:
    return shortened(
        certificate.issuer.common_name or certificate.issuer.rfc4514 or "nobody", _MOST_CHARACTERS
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(shortened(name, _MOST_CHARACTERS) for name in names[:_MOST_NAMES]) + more
