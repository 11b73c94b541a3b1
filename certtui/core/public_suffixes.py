"""Which names end in a public suffix of the registries' (ICANN's) part of the Public Suffix List. It judges nothing.

The list takes some 60 ms to read, so it is asked only where a name's top-level domain does not decide.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_FLAT = frozenset({"com", "net", "org"})
"""Top-level domains below which no registry has suffixes of several labels."""
_ONION_KEY_LETTERS = 56
"""A version 3 onion name is a key (BR appendix B); other names below onion belong to nobody (RFC 7686)."""
_RESERVED = ("home.arpa",)
"""Special-use names below a public suffix (RFC 8375)."""


def has_public_suffix(name: str) -> bool:
    """Return whether a name, in lower-case A-labels, can be unique in the public DNS, or is an onion service's."""
    labels = name.split(".")
    if len(labels) < 2:
        return _is_listed(name)
    if labels[-1] == "onion":
        return len(labels[-2]) == _ONION_KEY_LETTERS
    if name in _RESERVED or name.endswith(tuple(f".{reserved}" for reserved in _RESERVED)):
        return False
    return labels[-1] in _FLAT or _is_listed(labels[-1])


def is_public_suffix(name: str) -> bool:
    """Return whether a name, in lower-case A-labels, is itself a suffix under which registries register names.

    Suffixes of several labels stand under country codes; the few under other domains are not looked for.
    """
    labels = name.split(".")
    if len(labels) > 1 and (len(labels[-1]) != 2 and not labels[-1].startswith("xn--")):
        return False
    return _list().publicsuffix(name) == name


def _is_listed(domain: str) -> bool:
    return _list().publicsuffix(domain) == domain


@cache
def _list() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # few names need it

    return PublicSuffixList(accept_unknown=False, only_icann=True)
