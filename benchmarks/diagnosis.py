"""Cost of a diagnosis: a common chain of three certificates, beside two validators that stop at the first fault."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store
from OpenSSL import crypto

from certtui.api import diagnose
from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.lab.pki import Authority, Wish, now_to_the_second
from certtui.trust.store import default_store

_DER = Encoding.DER
HOST = "www.example.test"
LEAVES = 400
"""Certificates of as many servers below the same issuers, so that no answer about a leaf is found in a cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Chains as sent, leaf first, and the root that they lead to."""

    chains: Sequence[tuple[x509.Certificate, ...]]
    root: x509.Certificate
    now: datetime


def servers() -> Servers:
    """Return servers whose chains have a leaf and two intermediates."""
    now = now_to_the_second()
    root = Authority.root("Benchmark Root", now=now)
    upper = root.intermediate("Benchmark Upper CA")
    lower = upper.intermediate("Benchmark Lower CA")
    issuers = (lower.certificate, upper.certificate)
    wish = Wish(names=(HOST, "example.test"))
    chains = [(lower.issue(HOST, wish).certificate, *issuers) for _ in range(LEAVES)]
    return Servers(chains=chains, root=root.certificate, now=now)


def _certtui(found: Servers) -> Callable[[tuple[bytes, ...]], None]:
    root = Anchor(Certificate.of(found.root.public_bytes(_DER)))
    anchors = AnchorStore((*default_store(), root), label="Mozilla's and the benchmark's")

    def run(chain: tuple[bytes, ...]) -> None:
        report = diagnose(chain, host=HOST, anchors=anchors, now=found.now)
        assert not report.findings

    return run


def _cryptography(found: Servers) -> Callable[[tuple[bytes, ...]], None]:
    store = Store([found.root])

    def run(chain: tuple[bytes, ...]) -> None:
        leaf, *issuers = map(x509.load_der_x509_certificate, chain)
        verifier = PolicyBuilder().store(store).time(found.now).build_server_verifier(x509.DNSName(HOST))
        verifier.verify(leaf, issuers)

    return run


def _openssl(found: Servers) -> Callable[[tuple[bytes, ...]], None]:
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(found.root))

    def run(chain: tuple[bytes, ...]) -> None:
        leaf, *issuers = (crypto.load_certificate(crypto.FILETYPE_ASN1, each) for each in chain)
        crypto.X509StoreContext(store, leaf, issuers).verify_certificate()

    return run


def _median_milliseconds(
    run: Callable[[tuple[bytes, ...]], None], chains: Sequence[tuple[bytes, ...]]
) -> float:
    spent = []
    for chain in chains:
        start = time.perf_counter()
        run(chain)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def run() -> None:
    """Print the median of each, and how many of theirs ours is."""
    found = servers()
    chains = [tuple(each.public_bytes(_DER) for each in chain) for chain in found.chains]
    own = _median_milliseconds(_certtui(found), chains)
    print(f"diagnosis of 3 certificates: p50 {own:.2f} ms (goal: at most 1 ms)")
    for name, judge in (("cryptography's verifier", _cryptography(found)), ("OpenSSL", _openssl(found))):
        theirs = _median_milliseconds(judge, chains)
        print(f"  {own / theirs:.1f} times {name} ({theirs:.2f} ms), which stops at the first fault")
