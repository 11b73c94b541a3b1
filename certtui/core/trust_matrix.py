"""Which root stores trust a chain, by which way, and until when. It knows tables and paths, and decides no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from certtui.core.certificate import Certificate
from certtui.core.checks.stores import MOZILLA, is_newer, issued, roots_along
from certtui.core.distrust import Cutoff, cutoffs, departure, past_departure
from certtui.core.paths import Path
from certtui.core.report import Report
from certtui.core.roots import Root, Store, public_root, stores

_MOST_PATHS = 12
"""The best paths; a hostile list of certificates has hundreds."""


class Trust(StrEnum):
    """What a store makes of a root, or a client of what is new under it."""

    HOLDS = "holds it"
    LACKS = "does not hold it"
    TAKES = "takes this certificate, by its date"
    REFUSES = "refuses this certificate"
    UNDATED = "the certificate's date cannot be read"
    LEAVES = "holds it, but not for long"
    OUTDATED = "list too old to tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one store or client says of one root."""

    who: str
    trust: Trust
    detail: str
    """Dates and reasons in words, perhaps empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One path to one root."""

    certificates: tuple[Certificate, ...]
    """Leaf first, as far as they are at hand; the root may be missing."""
    root: str
    """The name of the root, or of the issuer where the way ends; raw text."""
    is_public: bool
    """Whether a public store knows the root."""
    is_taken: bool
    """Whether the verdict rests on this path."""
    in_use: str
    """What the store in use here makes of it, in words."""
    is_whole: bool = True
    """Whether it leads to a root at all; else `root` names the issuer that is missing."""
    opinions: tuple[Opinion, ...] = ()


def trust_matrix(report: Report) -> tuple[Way, ...]:
    """Return every way from the leaf to a root, best first, with what each public store makes of that root.

    A root counts as reached although nobody sent it, where its name and key verify what was sent (RFC 5280 §6.1.1).
    """
    ways: dict[tuple[bytes, ...], Way] = {}
    for number, path in enumerate(report.paths[:_MOST_PATHS]):
        for way in _ways(path, report, is_taken=number == 0):
            key = (*(each.sha256 for each in way.certificates), way.root.encode("utf-8", "replace"))
            ways.setdefault(key, way)
    return tuple(ways.values())


def _ways(path: Path, report: Report, *, is_taken: bool) -> Iterator[Way]:
    roots = tuple({root.spki_sha256 + root.name: root for root in roots_along(path, report.now)}.values())
    said = _in_use(path)
    if not roots:
        end = path.last if path.anchor is not None or path.last.is_self_signed else None
        name = (
            end.display_name
            if end is not None
            else path.last.issuer.common_name or path.last.issuer.rfc4514 or "an issuer without a name"
        )
        yield Way(
            certificates=path.certificates,
            root=name,
            is_public=False,
            is_taken=is_taken,
            in_use=said,
            is_whole=end is not None,
        )
    for root in roots:
        yield Way(
            certificates=_up_to(path, root),
            root=root.display_name,
            is_public=True,
            is_taken=is_taken,
            in_use=said,
            opinions=tuple(_opinions(root, report)),
        )


def _up_to(path: Path, root: Root) -> tuple[Certificate, ...]:
    """Return the certificates of a path up to the one that has the root's name and key, if any of them has."""
    for position, certificate in enumerate(path.certificates):
        if position and public_root(certificate) == root:
            return path.certificates[: position + 1]
    return path.certificates


def _in_use(path: Path) -> str:
    if path.broken:
        return "a signature on the way does not verify"
    if path.anchor is None:
        return "ends in no anchor of the store in use"
    return "trusted by your own CA file" if path.anchor.private else "trusted by the store in use"


def _opinions(root: Root, report: Report) -> Iterator[Opinion]:
    said = {store.key: _of_store(store, root, report) for store in stores().values()}
    yield from said.values()
    if report.leaf is None:
        return
    for cutoff in cutoffs(root):
        own = said.get(cutoff.client.value)
        # Where the client's own list lacks the root, its cut-off decides nothing.
        if own is None or own.trust is not Trust.LACKS:
            yield _of_cutoff(cutoff, report.leaf)


def _of_cutoff(cutoff: Cutoff, leaf: Certificate) -> Opinion:
    """Say what a client makes of the leaf's date alone: whether it holds the root is known of few clients."""
    since = f", since {cutoff.since}" if cutoff.since else ""
    rule = f"takes no certificate newer than {cutoff.after:%Y-%m-%d}{since}"
    if issued(leaf, cutoff.client) is None:
        trust, said = Trust.UNDATED, rule
    elif is_newer(leaf, cutoff):
        trust, said = Trust.REFUSES, f"{rule}; this one is newer"
    else:
        trust, said = Trust.TAKES, f"{rule}; this one is not newer"
    return Opinion(who=f"{cutoff.client.shown}'s cut-off", trust=trust, detail=said)


def _of_store(store: Store, root: Root, report: Report) -> Opinion:
    who = store.title if store.version is None else f"{store.title} ({store.version.split(',')[0]})"
    dated = f"as of {store.as_of}"
    if not store.decides:
        held = "held it" if store.key in root.stores else "did not hold it"
        return Opinion(who=who, trust=Trust.OUTDATED, detail=f"{held} {dated}")
    if store.key not in root.stores:
        return Opinion(who=who, trust=Trust.LACKS, detail=dated)
    leaves = departure(root) if store.key == MOZILLA else None
    if leaves is None:
        return Opinion(who=who, trust=Trust.HOLDS, detail=dated)
    day = f"{leaves.when:%Y-%m-%d}{', by the age of its key' if leaves.by_age else ''}"
    if past_departure(root, store.as_of, report.now) is not None:
        return Opinion(who=who, trust=Trust.LACKS, detail=f"left on {day}; {dated}")
    if leaves.when <= report.now:
        return Opinion(who=who, trust=Trust.HOLDS, detail=f"was to leave on {day}, but was there {dated}")
    return Opinion(who=who, trust=Trust.LEAVES, detail=f"leaves on {day}; {dated}")
