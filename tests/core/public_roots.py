"""Paths that end in public roots, put together by hand, since nobody here has the private keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path as FilePath

import certifi
from cryptography import x509

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.paths import Link, Path, Source
from certtui.core.roots import Root, root_of_certificate
from certtui.lab.pki import Issued
from certtui.trust.bundles import read_bundle
from tests.core.examples import ISSUER, NOW, ROOT, leaf
from tests.core.forge import PUBLIC_KEY, forged

SUBJECT = 5
"""Place of the subject in a TBSCertificate that begins with a version."""
SYSTEM = "the system's store"
MOZILLA = "Mozilla (certifi 2026.10.18)"

ISRG_X1 = "96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6"
ENTRUST_G2 = "43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339"
DIGICERT_G1 = "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161"
GLOBALSIGN_R3 = "cbb522d7b7f127ad6a0113865bdf1cd4102e7d0759af635a7cf4720dc963c53b"
NETLOCK = "6c61dac3a2def031506be036d2a6fe401994fbd13df9c8d466599274c446ec98"
EPKI = "c0a6f4dc63a24bfdcf54ef2a6a082a0a72de35803e2ff5ff527ae5d87206dfd5"
CERTAINLY_R1 = "77b82cd8644c4305f7acc5cb156b45675004033d51c60c6202a8e0c33467d3a0"
DAY = timedelta(days=1)


def root_with(sha256: str) -> Root:
    """Return the public root of which a certificate has this SHA-256."""
    root = root_of_certificate(sha256)
    assert root is not None
    return root


def stand_in(sha256: str) -> Certificate:
    """Return a certificate with a public root's name and key that another key signed."""
    root = root_with(sha256)

    def edit(fields: list[bytes]) -> None:
        fields[SUBJECT], fields[PUBLIC_KEY] = root.subject, root.spki

    return Certificate.of(forged(ROOT, ROOT, edit))


def real_isrg_x1() -> Certificate:
    """Return a root that signs itself with its real key."""
    anchors = read_bundle(FilePath(certifi.where()))
    return next(each for each in anchors if each.sha256.hex() == ISRG_X1)


def leaf_of(begins: datetime, lasts: timedelta = 90 * DAY, **changes: object) -> Certificate:
    """Return a server's certificate that begins at a moment."""
    return Certificate.of(leaf(ISSUER, begins=begins - NOW, ends=begins + lasts - NOW, **changes).der)


def path_to(
    root: Certificate, server: Certificate, *, issuer: Issued = ISSUER, private: bool = False
) -> Path:
    """Return a trusted path from a server's certificate to a root."""
    links = (
        Link(server, Source.SENT, 0),
        Link(Certificate.of(issuer.der), Source.SENT, 1),
        Link(root, Source.ANCHOR),
    )
    return Path(links, Anchor(root, private=private))


def path_to_nowhere(*certificates: Certificate) -> Path:
    """Return a path of these certificates that ends in no anchor."""
    return Path(tuple(Link(each, Source.SENT, index) for index, each in enumerate(certificates)), None)


def case_of(
    *paths: Path,
    label: str = SYSTEM,
    anchors: Sequence[Certificate] = (),
    now: datetime = NOW,
    host: str | None = None,
    purpose: str | None = "server",
) -> Case:
    """Return the case of these paths, best first."""
    best = paths[0]
    own = [path.anchor.certificate for path in paths if path.anchor is not None]
    return Case(
        chain=tuple(link.certificate for link in best.links if link.index is not None),
        paths=paths,
        anchors=AnchorStore.of_certificates((*own, *anchors), label=label),
        host=host,
        now=now,
        purpose=purpose,
    )


def timestamp_list(*moments: datetime) -> tuple[x509.ExtensionType, bool]:
    """Return an extension with a timestamp of each moment (RFC 6962 §3.3); nobody's key signed them."""
    stamps = [
        b"\x00"
        + bytes(32)
        + int(when.timestamp() * 1000).to_bytes(8, "big")
        + b"\x00\x00\x04\x03\x00\x01\x00"
        for when in moments
    ]
    listed = b"".join(len(stamp).to_bytes(2, "big") + stamp for stamp in stamps)
    octets = len(listed).to_bytes(2, "big") + listed
    length = bytes((len(octets),)) if len(octets) < 128 else b"\x82" + len(octets).to_bytes(2, "big")
    oid = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
    return x509.UnrecognizedExtension(oid, b"\x04" + length + octets), False


def at(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
