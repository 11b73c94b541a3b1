"""The alternative names of two certificates as a set difference. It matches no host against them."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.alignment import Row, noted, pair, same
from certtui.core.certificate import Certificate
from certtui.core.extensions import GeneralName, NameKind
from certtui.core.names import as_unicode

_MOST_NAMES = 500
_MOST_NAMES_IN_BOTH = 30
NameKey = tuple[NameKind, str]


def name_rows(left: Certificate | None, right: Certificate | None) -> Iterator[Row]:
    """Yield the subject alternative names as a set difference: what both have as a count, then one name a row."""
    if left is None or right is None:
        yield pair("Names", _listed(left), _listed(right))
        return
    lefts, rights = _names(left), _names(right)
    yield noted("Count", _count(left, lefts), _count(right, rights))
    both = [shown for key, shown in lefts.items() if key in rights]
    if both:
        yield same(f"In both ({len(both)})", _joined(both))
    only_left = [shown for key, shown in lefts.items() if key not in rights]
    only_right = [shown for key, shown in rights.items() if key not in lefts]
    yield from (pair("Name", shown, None) for shown in only_left[:_MOST_NAMES])
    if len(only_left) > _MOST_NAMES:
        yield pair("Names", f"{len(only_left) - _MOST_NAMES} more", None)
    yield from (pair("Name", None, shown) for shown in only_right[:_MOST_NAMES])
    if len(only_right) > _MOST_NAMES:
        yield pair("Names", None, f"{len(only_right) - _MOST_NAMES} more")


def _names(certificate: Certificate) -> dict[NameKey, str]:
    return {name_key(name): shown_name(name) for name in certificate.san}


def name_key(name: GeneralName) -> NameKey:
    """Return what is equal for names that are the same: case does not tell DNS names apart (RFC 5280 §7.2)."""
    return (name.kind, name.value.lower() if name.kind is NameKind.DNS else name.value)


def shown_name(name: GeneralName) -> str:
    """Return a name as `DNS:name`, and in Unicode behind that where it has A-labels; raw text."""
    unicode_form = as_unicode(name.value)
    return f"{name.kind}:{name.value}" + (f" ({unicode_form})" if unicode_form else "")


def _count(certificate: Certificate, names: dict[NameKey, str]) -> str:
    return str(len(names)) if certificate.has_san else "no subject alternative names"


def _listed(certificate: Certificate | None) -> str | None:
    return _joined(list(_names(certificate).values())) or "none" if certificate is not None else None


def _joined(names: list[str]) -> str:
    more = f", +{len(names) - _MOST_NAMES_IN_BOTH} more" if len(names) > _MOST_NAMES_IN_BOTH else ""
    return ", ".join(names[:_MOST_NAMES_IN_BOTH]) + more
