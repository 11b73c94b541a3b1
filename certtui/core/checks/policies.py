"""Certificate policies that a path does not keep to (RFC 5280 §6.1, RFC 9618)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core import der, extensions
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.checks.case import role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.paths import Link, Path
from certtui.core.policies import policy_violation


def path_policies(path: Path) -> Iterator[Finding]:
    """Yield why a path has no valid policy although one of its CAs demands one."""
    links = _below_the_end(path)
    violation = policy_violation([link.certificate for link in links])
    if violation is None:
        return
    link = links[violation.position]
    if violation.is_unreadable and link.certificate.problems:
        return  # that a part cannot be decoded is a finding of its own
    demanding = links[violation.demanded_by] if violation.demanded_by is not None else None
    demand = f"; {role(demanding)} demands one (requireExplicitPolicy)" if demanding is not None else ""
    yield finding(
        Code.POLICY_CONSTRAINT_VIOLATED,
        f"{role(link)}: {violation.what}{demand}",
        Fact("policies", _named(link.certificate)),
        *([Fact("demanded by", role(demanding))] if demanding is not None else []),
        *(
            Fact(f"policies of {role(above)}", _named(above.certificate))
            for above in links[violation.position + 1 :]
        ),
        certificate=link.index,
    )


def _below_the_end(path: Path) -> tuple[Link, ...]:
    """Return what validation looks at: all but the anchor, or the root that would be one."""
    is_rooted = path.anchor is not None or path.last.is_self_signed
    return path.links[:-1] if is_rooted and len(path.links) > 1 else path.links


def _named(certificate: Certificate) -> str:
    extension = certificate.extension(extensions.CERTIFICATE_POLICIES)
    if extension is None:
        return "none"
    try:
        found = extensions.decode_policies(extension.value)
    except der.DerError:
        return "unreadable"
    shown = ", ".join(found[:20])
    return f"{shown}, … {len(found) - 20} more" if len(found) > 20 else shown or "none"
