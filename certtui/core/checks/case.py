"""What every check looks at: one chain, its best path and the circumstances. It holds values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from certtui.core.anchors import AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.evidence import RevocationData
from certtui.core.name_constraints import NameChecks
from certtui.core.names import is_covered
from certtui.core.paths import Link, Path, Source

if TYPE_CHECKING:
    from certtui.core.log_list import LogList


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A chain in its circumstances."""

    chain: tuple[Certificate, ...]
    """As sent, not empty."""
    paths: tuple[Path, ...]
    """Best first, not empty."""
    anchors: AnchorStore
    host: str | None
    """The reference identity in comparable form, None if names are not judged."""
    now: datetime
    """Judged to the second, as certificates are written."""
    purpose: str | None
    """`server`, or None if the extended key usage is not judged."""
    pool: tuple[Certificate, ...] = ()
    """More certificates that are at hand; nobody sent them."""
    revocation: RevocationData = field(default_factory=RevocationData)
    ct_logs: LogList | None = None
    """The logs of certificate transparency, None if timestamps are only counted."""
    names: NameChecks = field(default_factory=NameChecks, compare=False)
    """What has been compared with name constraints so far, for all paths together."""

    @property
    def leaf(self) -> Certificate:
        """The first certificate sent."""
        return self.chain[0]

    @property
    def best(self) -> Path:
        """The path that the verdict rests on."""
        return self.paths[0]

    @property
    def leaf_is_self_signed(self) -> bool:
        """Whether the leaf signs itself and no anchor vouches for it."""
        return self.leaf.is_self_signed and self.best.anchor is None

    @property
    def leaf_sent_later(self) -> int | None:
        """Where the server's own certificate stands if a CA's stands in its place; None if it is the first.

        It is one that is no CA's and either covers the host or is issued by the CA that stands first.
        """
        if not self.leaf.is_ca:
            return None
        for index, certificate in enumerate(self.chain[1:], start=1):
            covers_host = self.host is not None and is_covered(self.host, certificate.san)
            if not certificate.is_ca and (covers_host or certificate.issuer_key == self.leaf.subject_key):
                return index
        return None


def judged_links(path: Path) -> Iterator[Link]:
    """Yield the certificates of a path that validation looks at: all but the anchor (RFC 5280 §6.1)."""
    for position, link in enumerate(path.links):
        is_anchor = path.anchor is not None and position == len(path.links) - 1
        if not is_anchor or position == 0:
            yield link


def role(link: Link) -> str:
    """Return what to call a certificate of a path in a sentence; raw text."""
    name = link.certificate.display_name
    if link.index == 0:
        return f"the certificate of {name}"
    is_root = (
        link.certificate.is_self_issued if link.source is Source.ANCHOR else link.certificate.is_self_signed
    )
    kind = "root" if is_root else "intermediate"
    return f"the {kind} {name}"
