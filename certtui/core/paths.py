"""Candidate paths from the leaf to an anchor, over what was sent and a pool (RFC 4158). It finds, never judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.finding import Finding

MAX_PATHS = 256
"""Candidates kept; with more, the search stops, since what is left would not be looked at by anyone."""
MAX_LENGTH = 64
"""Certificates in one path."""
MAX_LINKS = 5_000
"""Certificates in all paths together; each is judged in each of its paths."""
MAX_CHECKS = 1_000
"""Signatures looked at in one search, so that a hostile list of certificates costs little time."""


class Source(StrEnum):
    """Where a certificate of a path comes from."""

    SENT = "sent"
    POOL = "pool"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of a path."""

    certificate: Certificate
    source: Source
    index: int | None = None
    """Its place among the certificates as sent, None if it was not sent."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way from the leaf towards an anchor."""

    links: tuple[Link, ...]
    """Leaf first; the last is the anchor, or where the search found nothing further."""
    anchor: Anchor | None
    """The anchor that the path ends in, None if it ends in none."""
    broken: frozenset[int] = frozenset()
    """Positions in `links` of certificates whose signature does not verify, or cannot be verified, with the next
    one's key."""
    findings: tuple[Finding, ...] = ()
    """The faults of this path alone: those of its certificates above the leaf, and of its end."""

    @property
    def is_trusted(self) -> bool:
        """Whether it ends in an anchor and every signature verifies."""
        return self.anchor is not None and not self.broken

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates of its links, leaf first."""
        return tuple(link.certificate for link in self.links)

    @property
    def is_cut(self) -> bool:
        """Whether it may go on: it was followed as far as any path is."""
        return self.anchor is None and len(self.links) >= MAX_LENGTH

    @property
    def last(self) -> Certificate:
        """The certificate furthest from the leaf."""
        return self.links[-1].certificate

    @property
    def is_as_sent(self) -> bool:
        """Whether everything but the anchor was sent."""
        return all(link.source is not Source.POOL for link in self.links)


@dataclass(slots=True)
class Search:
    """One search for paths; `paths` holds what it found, in no particular order."""

    sent: Sequence[Link]
    """Distinct certificates as sent, leaf first, each with its first index."""
    pool: Sequence[Certificate]
    anchors: AnchorStore
    paths: list[Path] = field(default_factory=list)
    checks: int = 0
    links: int = 0
    _issuers: dict[bytes, list[Link]] = field(default_factory=dict)

    def run(self) -> list[Path]:
        """Return all candidate paths from the first certificate sent, within the bounds."""
        pooled = (Link(certificate, Source.POOL) for certificate in self.pool)
        for link in (*self.sent[1:], *pooled):
            self._issuers.setdefault(link.certificate.subject_key, []).append(link)
        self._extend((self.sent[0],), frozenset())
        return self.paths

    def _extend(self, links: tuple[Link, ...], broken: frozenset[int]) -> None:
        current = links[-1].certificate
        anchor = self.anchors.exact(current)
        if anchor is not None:
            self._keep(Path((*links[:-1], _as_anchor(links[-1], len(links))), anchor, broken))
            return
        if len(links) >= MAX_LENGTH:
            self._keep(Path(links, None, broken))
            return
        candidates = self._candidates(links)
        verdicts = [(pair, current.is_signed_by(pair[0].certificate)) for pair in candidates]
        verified = [pair for pair, verifies in verdicts if verifies]
        undecided = [pair for pair, verifies in verdicts if verifies is None]
        doubtful = [
            pair for pair in (*undecided, *candidates) if _may_be_issuer(current, pair[0].certificate)
        ]
        followed = verified or doubtful[:1]
        if not followed:
            self._keep(Path(links, None, broken))
        for link, found in followed:
            if len(self.paths) >= MAX_PATHS or self.links >= MAX_LINKS:
                return
            now_broken = broken if verified else broken | {len(links) - 1}
            if found is not None:
                self._keep(Path((*links, link), found, now_broken))
            else:
                self._extend((*links, link), now_broken)

    def _keep(self, path: Path) -> None:
        self.paths.append(path)
        self.links += len(path.links)

    def _candidates(self, links: tuple[Link, ...]) -> list[tuple[Link, Anchor | None]]:
        """Return what bears the issuer's name: anchors first, then what was sent, then the pool.

        Of many namesakes those with the identifier that the certificate names come first (RFC 4158 §3.5.12), so
        that the bound is spent on the likeliest; anchors are no stranger's choice and do not count.
        """
        current = links[-1].certificate
        if current.is_self_signed or not current.fields.issuer:
            return []
        anchors = list(self._anchors(current.issuer_key))
        used = {(link.certificate.subject_key, link.certificate.spki) for link in links}
        others = [
            link
            for link in self._issuers.get(current.issuer_key, ())
            if (current.issuer_key, link.certificate.spki) not in used
            and self.anchors.exact(link.certificate) is None
        ]
        if len(others) > 1:
            others.sort(key=lambda link: link.certificate.subject_key_id != current.authority_key_id)
        others = others[: max(0, MAX_CHECKS - self.checks)]
        self.checks += len(others)
        return [*anchors, *((link, None) for link in others)]

    def _anchors(self, issuer: bytes) -> Iterator[tuple[Link, Anchor]]:
        for anchor in self.anchors.named(issuer):
            index = next((link.index for link in self.sent if link.certificate == anchor.certificate), None)
            yield Link(anchor.certificate, Source.ANCHOR, index), anchor


def find_paths(
    sent: Sequence[Certificate], pool: Sequence[Certificate], anchors: AnchorStore
) -> tuple[Path, ...]:
    """Return every candidate path from `sent[0]`, within the bounds; never empty unless nothing was sent.

    A certificate is followed to every certificate that bears its issuer's name and whose key verifies its
    signature. Where none verifies, the likeliest is followed all the same and the path remembers the break.
    """
    if not sent:
        return ()
    first_index: dict[Certificate, int] = {}
    for index, certificate in enumerate(sent):
        first_index.setdefault(certificate, index)
    links = [Link(certificate, Source.SENT, index) for certificate, index in first_index.items()]
    new_in_pool = [certificate for certificate in dict.fromkeys(pool) if certificate not in first_index]
    return tuple(Search(links, new_in_pool, anchors).run())


def _as_anchor(link: Link, length: int) -> Link:
    """A certificate that was sent and is an anchor ends the path as the anchor it is; a leaf stays a leaf."""
    return link if length == 1 else Link(link.certificate, Source.ANCHOR, link.index)


def _may_be_issuer(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether a certificate whose key does not verify the signature is meant to (RFC 5280 §4.2.1.1)."""
    if certificate.authority_key_id is not None and issuer.subject_key_id is not None:
        return certificate.authority_key_id == issuer.subject_key_id
    return not _signed_by_another_kind_of_key(certificate, issuer)


def _signed_by_another_kind_of_key(certificate: Certificate, issuer: Certificate) -> bool:
    name = certificate.signature_algorithm.lower()
    kind = issuer.key.algorithm
    return (kind.startswith("RSA") and "rsa" not in name) or (kind == "EC" and not name.startswith("ecdsa"))
