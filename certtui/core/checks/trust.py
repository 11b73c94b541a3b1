"""Where the best path ends: in an anchor, in itself, in an unknown root, or in the air (RFC 5280 §6.1)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.checks.stores import unknown_root
from certtui.core.finding import Fact, Finding, finding
from certtui.core.paths import Link, Source


def trust_findings(case: Case) -> Iterator[Finding]:
    """Yield why no anchor vouches for the best path, or that only the user's own does.

    One fault, one finding: a missing or wrong intermediate is named as that, never also as an unknown issuer.
    """
    best = case.best
    if best.anchor is not None:
        if best.anchor.private:
            yield _private_ca(best.links[-1])
        yield from _completed_from_elsewhere(case)
        return
    last = best.links[-1]
    if not last.certificate.fields.issuer:
        # Nothing can be said of an issuer that cannot be read; that it can't is a finding of its own.
        return
    held_elsewhere = unknown_root(best, case) if case.anchors.is_public else None
    if held_elsewhere is not None:
        yield held_elsewhere
        return
    if last.certificate.is_self_signed or last.certificate.claims_to_sign_itself:
        is_alone = len(best.links) == 1 and case.leaf_sent_later is None
        yield _self_signed(case) if is_alone else _untrusted_root(last, case)
        return
    namesake = wrong_issuer(case)
    if namesake is not None:
        yield _wrong_intermediate(last, *namesake)
    elif _is_incomplete(case, last):
        yield _incomplete(last)
    else:
        yield _untrusted_issuer(case, last)


def _private_ca(root: Link) -> Finding:
    name = root.certificate.display_name
    return finding(
        Code.PRIVATE_CA,
        f"the path ends in {name}, which only your own CA file vouches for",
        Fact("trust anchor", root.certificate.subject.rfc4514),
    )


def _completed_from_elsewhere(case: Case) -> Iterator[Finding]:
    """What completes a path and was not sent is what the server should have sent."""
    below = _last_sent(case)
    missing = [link for link in case.best.links if link.source is Source.POOL]
    if not missing:
        return
    namesake = wrong_issuer(case)
    if namesake is not None:
        yield _wrong_intermediate(below, *namesake)
        return
    names = ", ".join(link.certificate.display_name for link in missing)
    yield finding(
        Code.CHAIN_INCOMPLETE,
        f"the server does not send {names}, which the path needs",
        *(Fact("missing", link.certificate.subject.rfc4514) for link in missing),
        certificate=below.index,
    )


def _self_signed(case: Case) -> Finding:
    subject = case.leaf.subject.rfc4514 or "an empty name"
    signed = {
        True: "its own key signs it",
        False: "its own key should have signed it, but the signature does not verify",
        None: "it can't be checked whether its own key signs it",
    }[case.leaf.is_signed_by(case.leaf)]
    return finding(
        Code.SELF_SIGNED_LEAF,
        f"issuer and subject are the same and {signed}; no CA vouches for it",
        Fact("subject", subject),
        Fact("issuer", case.leaf.issuer.rfc4514 or "an empty name"),
        certificate=0,
    )


def _untrusted_root(root: Link, case: Case) -> Finding:
    return finding(
        Code.UNTRUSTED_ROOT_SENT,
        f"the chain ends in {root.certificate.display_name}, a root that is not in the store",
        Fact("root", root.certificate.subject.rfc4514),
        Fact("SHA-256", root.certificate.sha256.hex()),
        Fact("store", case.anchors.label),
        certificate=root.index,
    )


def _last_sent(case: Case) -> Link:
    """Return the certificate of the best path whose issuer should have been sent and was not."""
    links = case.best.links
    pooled = (position for position, link in enumerate(links) if link.source is Source.POOL)
    return links[next(pooled, len(links)) - 1]


def wrong_issuer(case: Case) -> tuple[int, Certificate] | None:
    """Return what was sent in the place of an issuer that is missing: its namesake with another key.

    RFC 5280 §4.2.1.1: a CA may have several keys under one name.
    """
    below = _last_sent(case)
    certificate = below.certificate
    if below.source is Source.ANCHOR or certificate.claims_to_sign_itself or certificate.is_self_signed:
        return None
    for index, other in enumerate(case.chain[1:], start=1):
        if other == certificate or other.subject_key != certificate.issuer_key or other.is_self_signed:
            continue
        if certificate.is_signed_by(other) is False:
            return index, other
    return None


def _wrong_intermediate(below: Link, index: int, other: Certificate) -> Finding:
    wanted, present = below.certificate.authority_key_id, other.subject_key_id
    return finding(
        Code.WRONG_INTERMEDIATE,
        f"certificate {index + 1} bears the name of the issuer, {other.display_name}, but not its key",
        Fact("authority key identifier", wanted.hex() if wanted else "absent"),
        Fact("subject key identifier of the one sent", present.hex() if present else "absent"),
        certificate=index,
    )


def _is_incomplete(case: Case, last: Link) -> bool:
    """A server's own certificate that says where to fetch its issuer has an issuer that was left out.

    Further up a missing certificate is as likely an unknown root, so that only a known issuer decides.
    """
    return last.index == 0 and bool(last.certificate.ca_issuer_urls) and not case.leaf.is_self_issued


def _incomplete(last: Link) -> Finding:
    issuer = last.certificate.issuer.rfc4514
    return finding(
        Code.CHAIN_INCOMPLETE,
        f"the server does not send the issuer of its certificate, {issuer}",
        Fact("missing", issuer),
        *(Fact("said to be at", url) for url in last.certificate.ca_issuer_urls),
        certificate=last.index,
    )


def _untrusted_issuer(case: Case, last: Link) -> Finding:
    issuer = last.certificate.issuer.rfc4514 or "an empty name"
    cut = f"a path of more than {len(case.best.links)} certificates is not followed, so no anchor is found for it"
    same_name = case.anchors.named(last.certificate.issuer_key)
    absent = f"{issuer} is neither among the certificates sent nor in the store"
    impostor = f"the store has {issuer}, but its key does not verify the signature"
    return finding(
        Code.UNTRUSTED_ISSUER,
        cut if case.best.is_cut else impostor if same_name else absent,
        Fact("issuer", issuer),
        Fact("certificates sent", str(len(case.chain))),
        Fact("store", case.anchors.label),
        *(Fact("said to be at (not fetched)", url) for url in last.certificate.ca_issuer_urls),
        certificate=last.index,
    )
