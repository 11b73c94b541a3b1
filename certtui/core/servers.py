"""Which recipes of a page are for whom: the server that the user runs, what goes with it, and what is for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the names alone are wanted at every start
    from certtui.core.knowledge import Recipe, Section

SERVERS: Mapping[str, tuple[str, ...]] = {
    "nginx": ("certbot", "openssl"),
    "Apache": ("certbot", "openssl"),
    "Caddy": ("openssl",),
    "HAProxy": ("certbot", "openssl"),
    "IIS": ("openssl",),
    "Kubernetes": ("cert-manager", "openssl"),
    "Postfix": ("certbot", "openssl"),
    "Dovecot": ("certbot", "openssl"),
    "certbot": ("nginx", "Apache", "HAProxy", "Postfix", "Dovecot", "openssl"),
    "openssl": (),
}
"""What a user can choose, each with the programs whose recipes help beside its own: who runs nginx gets certificates
by certbot or openssl, not by cert-manager."""

_TOOLS = frozenset({*SERVERS, "cert-manager"})
"""Programs whose recipes are for those who run them; any other recipe is for everyone, such as one for Windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """A section's recipes, sorted by whether they are for the user's server."""

    shown: tuple[Recipe, ...]
    """For the server first, then for what goes with it, then for everyone."""
    others: tuple[str, ...]
    """The programs that the section has further recipes for."""
    has_own: bool
    """Whether there is one for the server itself."""


def server_named(text: str) -> str | None:
    """Return the server that a text names, whatever its case; None if there is none."""
    return next((name for name in SERVERS if name.lower() == text.strip().lower()), None)


def recipes_for(section: Section, server: str | None) -> Recipes:
    """Return a section's recipes for a server; without one, or if the section has none for it, all of them."""
    goes_with = SERVERS.get(server, ()) if server is not None else ()
    has_own = any(recipe.program == server for recipe in section.recipes)
    helps = has_own or any(recipe.program in goes_with for recipe in section.recipes)
    if server is None or not helps:
        return Recipes(shown=section.recipes, others=(), has_own=has_own)
    wanted = (server, *goes_with)
    ranked = [
        recipe for recipe in section.recipes if recipe.program in wanted or recipe.program not in _TOOLS
    ]
    ranked.sort(key=lambda it: wanted.index(it.program) if it.program in wanted else len(wanted))
    others = tuple(recipe.program for recipe in section.recipes if recipe not in ranked)
    return Recipes(shown=tuple(ranked), others=others, has_own=has_own)
