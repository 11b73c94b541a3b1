"""What clients and root stores make of the public root that a path ends in, whatever store is in use here.

A client takes a chain by any way that leads to a root of its own, so all candidate paths count, and so does a root
that nobody sent but whose name and key verify what was sent (RFC 5280 §6.1.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.distrust import Cutoff, Departure, Refuser, cutoffs, departure, past_departure
from certtui.core.finding import Fact, Finding, finding
from certtui.core.moments import moment
from certtui.core.paths import Path
from certtui.core.roots import Root, Store, public_root, signed_by_root, stores
from certtui.core.transparency import timestamps

MOZILLA = "mozilla"
_CERTIFI = re.compile(r"^Mozilla \(certifi (\d{4})\.(\d\d)\.(\d\d)")
_A_YEAR = timedelta(days=365)


def path_stores(path: Path, case: Case) -> Iterator[Finding]:
    """Yield who else refuses, or will refuse, the public root that a trusted path ends in."""
    root = root_of(path)
    if root is None:
        return
    reached = reached_roots(path, case)
    refusing = _refusing(root, reached, case)
    if refusing:
        yield _ca_distrusted(root, refusing, path, case)
    disagreement = _stores_disagree(root, reached, refusing, path, case)
    if disagreement is not None:
        yield disagreement
    if Refuser.MOZILLA not in refusing:
        yield from _leaving(reached, path, case)


def unknown_root(path: Path, case: Case) -> Finding | None:
    """Return that the store in use lacks a root which other stores hold, for a path that ends in no anchor.

    The root is the last certificate, or the one that the last certificate names and whose key verifies it. None
    where no store of today holds it, or a signature on the way does not verify.
    """
    if path.anchor is not None or path.broken:
        return None
    as_sent = public_root(path.last) if len(path.links) > 1 else None
    root = as_sent or signed_by_root(path.last)
    if root is None:
        return None
    reached = reached_roots(path, case)
    refusing = _refusing(root, reached, case)
    if refusing:
        return _ca_distrusted(root, refusing, path, case)
    holders = [store.title for store in _deciding() if _held(store, reached, case)]
    if not holders:
        return None
    verb = "holds" if len(holders) == 1 else "hold"
    return finding(
        Code.STORES_DISAGREE,
        f"{_listed(holders)} {verb} the root {root.display_name}, but the store in use, {case.anchors.label}, does not",
        *_store_facts(root, reached, case),
        certificate=path.links[-1].index,
        severity=Severity.ERROR,
        traits=_traits([store for store in _deciding() if not _held(store, reached, case)]),
    )


def root_of(path: Path) -> Root | None:
    """Return the public root that a trusted path ends in, None for a private one or one that no store holds."""
    if path.anchor is None or path.anchor.private or path.broken or len(path.links) < 2:
        return None
    return public_root(path.last)


def reached_roots(path: Path, case: Case) -> Sequence[Root]:
    """Return the public roots to which this or any candidate path leads over certificates that are valid now."""
    found = (root for each in (path, *case.paths) for root in roots_along(each, case.now))
    return tuple({(root.name, root.spki_sha256): root for root in found}.values())


def roots_along(path: Path, now: datetime) -> Iterator[Root]:
    """Yield the public roots to which a path leads over certificates that are valid now, and valid signatures."""
    for position, link in enumerate(path.links):
        root = public_root(link.certificate) if position else None
        if root is not None:
            yield root
        if position and not link.certificate.is_valid_at(now):
            return
        signer = signed_by_root(link.certificate)
        if signer is not None:
            yield signer
        if position in path.broken:
            return


def _refusing(root: Root, reached: Sequence[Root], case: Case) -> Mapping[Refuser, Cutoff]:
    """Return the clients that refuse the leaf for being newer than they take of this root, and of every other."""
    refusing: dict[Refuser, Cutoff] = {}
    for cutoff in cutoffs(root):
        others = (each for each in reached if each is not root and _may_hold(cutoff.client, each, case))
        if is_newer(case.leaf, cutoff) and not any(_takes(cutoff.client, each, case.leaf) for each in others):
            refusing[cutoff.client] = cutoff
    return refusing


def _may_hold(client: Refuser, root: Root, case: Case) -> bool:
    """Whether a client may know a root: no list of Chrome's or of today's Java is at hand, so that they may."""
    store = stores().get(client.value)
    return store is None or _holds(store, root, case)


def _takes(client: Refuser, root: Root, leaf: Certificate) -> bool:
    return not any(is_newer(leaf, cutoff) for cutoff in cutoffs(root) if cutoff.client is client)


def is_newer(leaf: Certificate, cutoff: Cutoff) -> bool:
    """Return whether a client that set this cut-off takes a leaf for too new."""
    date_of_issue = issued(leaf, cutoff.client)
    return date_of_issue is not None and date_of_issue > cutoff.after


def issued(leaf: Certificate, client: Refuser) -> datetime | None:
    """Return when a leaf was issued in the eyes of a client, None where that cannot be read."""
    stamps = timestamps(leaf) if client.looks_at_timestamps else ()
    return min((stamp.when for stamp in stamps), default=leaf.not_before)


def _ca_distrusted(root: Root, refusing: Mapping[Refuser, Cutoff], path: Path, case: Case) -> Finding:
    clients = [f"{client.shown} (after {cutoff.after:%Y-%m-%d})" for client, cutoff in refusing.items()]
    facts = [Fact("root", root.rfc4514), Fact("notBefore", moment(case.leaf.not_before))]
    stamps = timestamps(case.leaf)
    if stamps and Refuser.CHROME in refusing:
        facts.append(Fact("earliest timestamp", moment(min(stamp.when for stamp in stamps))))
    for client, cutoff in refusing.items():
        since = f", since {cutoff.since}" if cutoff.since else ""
        facts.append(
            Fact(
                client.shown, f"takes none newer than {moment(cutoff.after)}{since}; source: {cutoff.source}"
            )
        )
    return finding(
        Code.CA_DISTRUSTED,
        f"{_listed(clients)} no longer take new certificates under {root.display_name}; "
        f"this one is of {moment(case.leaf.not_before)}",
        *facts,
        certificate=path.links[-1].index,
        traits=(client.value for client in refusing),
    )


def _stores_disagree(
    root: Root, reached: Sequence[Root], refusing: Mapping[Refuser, Cutoff], path: Path, case: Case
) -> Finding | None:
    """What clients refuse for its date is not said again of their stores."""
    asked = [store for store in _deciding() if store.key not in {client.value for client in refusing}]
    lacking = [store for store in asked if not _held(store, reached, case)]
    holders = [store.title for store in asked if store not in lacking]
    if not lacking or not holders:
        return None
    verb = "holds" if len(holders) == 1 else "hold"
    return finding(
        Code.STORES_DISAGREE,
        f"{_listed(holders)} {verb} the root {root.display_name}, but {_without(lacking, root, case)}",
        *_store_facts(root, reached, case),
        certificate=path.links[-1].index,
        severity=Severity.WARNING,
        traits=_traits(lacking),
    )


def _without(lacking: Sequence[Store], root: Root, case: Case) -> str:
    """Return which stores lack a root, in words: what is known of a list, and what of a calendar."""
    left = {store.title: leaves for store in lacking if (leaves := _departed(store, root, case)) is not None}
    never = [store.title for store in lacking if store.title not in left]
    said = [f"{title}'s trust in it ended on {leaves.when:%Y-%m-%d}" for title, leaves in left.items()]
    return _listed([*([f"{_listed(never)} did not when last looked at"] if never else []), *said])


def _store_facts(root: Root, reached: Sequence[Root], case: Case) -> Iterator[Fact]:
    yield Fact("root", root.rfc4514)
    for store in stores().values():
        other = next((each for each in reached if each is not root and _holds(store, each, case)), None)
        departed = _departed(store, root, case)
        if _holds(store, root, case):
            said = "holds it"
        elif departed is not None:
            said = f"held it until {departed.when:%Y-%m-%d}{', by the age of its key' if departed.by_age else ''}"
        elif other is not None:
            said = f"holds {other.display_name}, to which the chain leads as well"
        else:
            said = "does not hold it"
        label = f"{store.title} ({store.version})" if store.decides and store.version else store.title
        yield Fact(label, f"{said} ({_looked_at(store, case)})")


def _looked_at(store: Store, case: Case) -> str:
    if _is_in_use(store, case):
        return f"{case.anchors.label}, the store in use"
    return f"as of {store.as_of}" if store.decides else f"as of {store.as_of}, too old to count"


def _deciding() -> list[Store]:
    return [store for store in stores().values() if store.decides]


def _held(store: Store, reached: Sequence[Root], case: Case) -> bool:
    return any(_holds(store, root, case) for root in reached)


def _holds(store: Store, root: Root, case: Case) -> bool:
    """Whether a store holds a root at the moment of judgement, by the newest list of it that is at hand."""
    return _lists(store, root, case) and _departed(store, root, case) is None


def _departed(store: Store, root: Root, case: Case) -> Departure | None:
    """Return when a store ended its trust in a root that the newest list of it at hand still has."""
    if store.key != MOZILLA or not _lists(store, root, case):
        return None
    listed = _version_in_use(case) if _is_in_use(store, case) else None
    return past_departure(root, listed or store.as_of, case.now)


def _lists(store: Store, root: Root, case: Case) -> bool:
    if not _is_in_use(store, case):
        return store.key in root.stores
    return any(
        not anchor.private and anchor.certificate.spki == root.spki
        for anchor in case.anchors.named(root.name)
    )


def _is_in_use(store: Store, case: Case) -> bool:
    """Whether the store in use here is this one, and newer than what the table has of it."""
    version = _version_in_use(case) if store.key == MOZILLA else None
    return version is not None and version >= store.as_of


def _version_in_use(case: Case) -> date | None:
    """Return the day of Mozilla's list where that is the store in use."""
    version = _CERTIFI.match(case.anchors.label)
    try:
        return date(*map(int, version.groups())) if version is not None else None
    except ValueError:
        return None


def _traits(lacking: Sequence[Store]) -> list[str]:
    return [f"not-{store.key}" for store in lacking]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _leaving(reached: Sequence[Root], path: Path, case: Case) -> Iterator[Finding]:
    """Mozilla ends its trust in roots by their age; the one that stays longest decides."""
    dated = [(departure(root), root) for root in reached if _holds(stores()[MOZILLA], root, case)]
    known = [(leaves, root) for leaves, root in dated if leaves is not None]
    expires = case.leaf.not_after
    if not known or expires is None or len(known) < len(dated):
        return
    leaves, root = max(known, key=lambda pair: pair[0].when)
    is_soon = leaves.when - case.now <= _A_YEAR
    outlives = expires >= leaves.when
    if leaves.when <= case.now or not (is_soon or outlives):
        return
    name, day = root.display_name, f"{leaves.when:%Y-%m-%d}"
    yield finding(
        Code.ROOT_LEAVING_STORE,
        f"{name} leaves Mozilla's store on {day}, "
        + (
            f"before this certificate ends on {moment(expires)}"
            if outlives
            else f"after {moment(expires)}, when "
            "this certificate ends: the next one should come from another root"
        ),
        Fact("root", root.rfc4514),
        Fact("leaves", f"{day}{', by the age of its key' if leaves.by_age else ''}; source: {leaves.source}"),
        Fact("notBefore of the root", moment(root.not_before)),
        Fact("notAfter", moment(expires)),
        certificate=path.links[-1].index,
        severity=Severity.WARNING if outlives and is_soon else Severity.NOTICE,
        traits=(MOZILLA,),
    )
