"""Trust anchors: names and keys that end a path (RFC 5280 §6.1.1). Where they come from is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from certtui.core.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Anchor:
    """A certificate that is trusted by decision."""

    certificate: Certificate
    private: bool = False
    """Whether the user's own bundle alone vouches for it."""


class AnchorStore:
    """Anchors indexed by subject; immutable after construction, shared by all diagnoses."""

    __slots__ = ("_by_digest", "_by_subject", "is_public", "label")

    def __init__(self, anchors: Iterable[Anchor], *, label: str, is_public: bool = False) -> None:
        self.label = label
        """Where the anchors come from, e.g. `Mozilla (certifi 2026.10.18)`."""
        self.is_public = is_public
        """Whether it is meant to hold the public CAs, so that one that it lacks is worth a word."""
        self._by_digest: dict[bytes, Anchor] = {}
        self._by_subject: dict[bytes, list[Anchor]] = {}
        for anchor in anchors:
            if anchor.certificate.sha256 not in self._by_digest:
                self._by_digest[anchor.certificate.sha256] = anchor
                self._by_subject.setdefault(anchor.certificate.subject_key, []).append(anchor)

    def __len__(self) -> int:
        return len(self._by_digest)

    def __iter__(self) -> Iterator[Anchor]:
        return iter(self._by_digest.values())

    def named(self, subject_key: bytes) -> Sequence[Anchor]:
        """Return the anchors whose comparable subject is `subject_key`."""
        return self._by_subject.get(subject_key, ())

    def exact(self, certificate: Certificate) -> Anchor | None:
        """Return the anchor that is this very certificate."""
        return self._by_digest.get(certificate.sha256)

    def of(self, certificate: Certificate) -> Anchor | None:
        """Return the anchor that is this certificate, or one with its very name and key."""
        named = self.named(certificate.subject_key)
        return self.exact(certificate) or next(
            (a for a in named if a.certificate.spki == certificate.spki), None
        )

    @classmethod
    def of_certificates(cls, certificates: Iterable[Certificate], *, label: str) -> AnchorStore:
        """Return a store of public anchors, one for each certificate."""
        return cls(map(Anchor, certificates), label=label)
