"""Keys that are no secret, and kinds of key that not every client takes (BR §6.1.1.3, §6.1.5)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.bad_keys import find_bad_key
from certtui.core.calendar import limits
from certtui.core.catalogue import Code, Severity
from certtui.core.checks.case import Case, role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.keys import KEY_ALGORITHMS, PublicKey
from certtui.core.paths import Link, Path

_CURVES_EVERYWHERE = frozenset({"P-256", "P-384"})
_CERTIFIED = "RSA and EC keys on P-256, P-384 and P-521"
_EXPLICIT = "explicit parameters"
_WITHOUT_SIGNATURES = frozenset({"X25519", "X448"})


def leaf_keys(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the leaf's key, its strength apart."""
    link = case.best.links[0]
    yield from _known_bad(link)
    yield from _unsupported(link)


def path_keys(path: Path, case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the keys of a path's certificates above the leaf, the anchor's too.

    Whoever knows the private key of an anchor can be any server, so that being trusted excuses nothing.
    """
    for link in path.links[1:]:
        yield from _known_bad(link)
        yield from _unsupported(link)


def _known_bad(link: Link) -> Iterator[Finding]:
    """BR §6.1.1.3: a CA may not certify a key that is known to be compromised or was made by a flawed method."""
    bad = find_bad_key(link.certificate.spki)
    if bad is not None:
        yield finding(
            Code.KNOWN_BAD_KEY,
            f"the key of {role(link)} {bad.reason}",
            Fact("key", link.certificate.key.label),
            *bad.evidence,
            certificate=link.index,
            traits=(bad.trait,),
        )


def _unsupported(link: Link) -> Iterator[Finding]:
    key, is_leaf = link.certificate.key, link.index == 0
    if _is_weak(key) or key.algorithm in ("RSA", "undecodable"):
        return
    if key.algorithm == "EC" and key.curve in _CURVES_EVERYWHERE:
        return
    if key.curve == "P-521":
        # Clients that do not take it from a server verify what a CA signs with it.
        if is_leaf:
            yield _found(link, "Chrome does not take it from a server", Severity.WARNING, "p-521")
        return
    severity = Severity.ERROR if _is_refused(key, is_leaf=is_leaf) else Severity.WARNING
    yield _found(link, f"public CAs may certify only {_CERTIFIED}", severity, _trait(key, is_leaf=is_leaf))


def _is_weak(key: PublicKey) -> bool:
    """Whether the key's weakness is a finding already."""
    is_small = key.algorithm == "EC" and key.bits is not None and key.bits < limits().minimum_curve_bits
    return is_small or key.algorithm == "DSA"


def _is_refused(key: PublicKey, *, is_leaf: bool) -> bool:
    """Whether neither browsers nor TLS libraries, as they come, take the key.

    Measured: OpenSSL 3.0, curl, Python, Go, Node.js and GnuTLS refuse a server's key on secp256k1, brainpoolP256r1 and
    sect283r1, and parameters written out wherever they stand in a chain.
    """
    if key.curve == _EXPLICIT:
        return True
    is_known = key.algorithm in KEY_ALGORITHMS.values()
    return is_leaf and (key.algorithm == "EC" or key.algorithm in _WITHOUT_SIGNATURES or not is_known)


def _trait(key: PublicKey, *, is_leaf: bool) -> str | None:
    """Return the name of this kind of key in `clients.toml`; what was measured there is servers' keys."""
    if key.curve == _EXPLICIT:
        return "explicit"
    if not is_leaf:
        return None
    if key.curve is not None:
        return "brainpool" if key.curve.startswith("brainpool") else key.curve.lower()
    return "ml-dsa" if key.algorithm.startswith("ML-DSA") else key.algorithm.lower()


def _found(link: Link, why: str, severity: Severity, trait: str | None) -> Finding:
    key = link.certificate.key
    return finding(
        Code.UNSUPPORTED_KEY_TYPE,
        f"the key of {role(link)} is {key.label}; {why}",
        Fact("key", key.label),
        Fact("what public CAs may certify", f"{_CERTIFIED} (BR §6.1.5)"),
        certificate=link.index,
        severity=severity,
        traits=(trait,) if trait else (),
    )
