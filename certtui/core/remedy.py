"""A page filled in with one host's names, so that its commands can be copied. It runs and judges nothing.

Names in a certificate are written by whoever sent it, and a command that is offered for copying gets pasted
into a shell. So nothing is escaped or cleaned here: a value either is, character for character, a host name,
an address or a number, or a neutral word such as `HOST` stands in its place.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from certtui.core.evidence import Reached, Unreachable
from certtui.core.knowledge import Block, CodeBlock, Item, Page, Paragraph, Recipe, Section
from certtui.core.report import Report
from certtui.core.target import HostTarget, Starttls


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What is known of one host, raw; anything may be missing, and anything may be hostile."""

    host: str | None = None
    """The name or address that was judged."""
    port: int | None = None
    address: str | None = None
    """The IP address that answered, or was tried."""
    starttls: Starttls | None = None
    names: tuple[str, ...] = ()
    """DNS names and addresses in the certificate."""
    issuer: str | None = None
    """The common name of whoever issued the certificate."""


NOTHING_KNOWN = Values()
"""Fills every placeholder with its neutral word."""


def values_of(report: Report) -> Values:
    """Return what a report knows of its host."""
    leaf = report.chain[0] if report.chain else None
    target = report.evidence.target if report.evidence else None
    return Values(
        host=report.host,
        port=target.port if isinstance(target, HostTarget) else None,
        address=_address(report),
        starttls=target.starttls if isinstance(target, HostTarget) else None,
        names=tuple(name.value for name in leaf.san if name.kind in ("DNS", "IP")) if leaf else (),
        issuer=leaf.issuer.common_name if leaf else None,
    )


def fill(page: Page, values: Values) -> Page:
    """Return `page` with its placeholders filled in."""
    return replace(page, sections=tuple(_fill_section(section, values) for section in page.sections))


def fill_text(text: str, values: Values, language: str = "") -> str:
    """Return `text` with its placeholders filled in; with language `sh`, so that a shell reads each as meant.

    Filled-in text is not looked at again, so a value that looks like a placeholder stays what it is.
    """
    return PLACEHOLDER.sub(lambda match: _FILLERS[match.group(1)](values, language == "sh"), text)


PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
"""What a placeholder looks like; configuration files have spaces or line ends within their braces."""

PROSE_ONLY = frozenset({"issuer"})
"""Placeholders for free text, which must not stand in a code block."""

_MOST_NAMES = 25
"""A command with more names than this is no help to anyone."""

_LONGEST_COMMON_NAME = 64

_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,'&()-]{0,62}[A-Za-z0-9.)])?")


def _is_address(text: str) -> bool:
    try:
        # An IPv6 zone is free text (RFC 4007 §11), so an address with one is not just an address.
        return "%" not in text and bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_host(text: str) -> bool:
    return _is_address(text) or (_HOST_NAME.fullmatch(text) is not None and not text.startswith("*"))


def _address(report: Report) -> str | None:
    match report.evidence.observation if report.evidence else None:
        case Reached(connection=connection):
            return connection.address
        case Unreachable(address=address):
            return address
    return None


def _host(values: Values, _: bool) -> str:
    return values.host if values.host and _is_host(values.host) else "HOST"


def _port(values: Values, _: bool) -> str:
    return str(values.port) if values.port is not None and 0 < values.port < 65536 else "PORT"


def _ip_address(values: Values, _: bool) -> str:
    return values.address if values.address and _is_address(values.address) else "ADDRESS"


def _endpoint(values: Values, _: bool) -> str:
    host = _host(values, True)
    return f"[{host}]:{_port(values, True)}" if ":" in host else f"{host}:{_port(values, True)}"


def _site(values: Values, _: bool) -> str:
    """Return the host as a web server's configuration names it: an IPv6 address stands in brackets."""
    host = _host(values, True)
    return f"[{host}]" if ":" in host else host


def _common_name(values: Values, _: bool) -> str:
    """Return the host, or as many of its last labels as a commonName may hold (RFC 5280, ub-common-name)."""
    name = _host(values, True)
    while len(name) > _LONGEST_COMMON_NAME:
        name = name.partition(".")[2]
    return name


def _for_curl(values: Values, _: bool) -> str:
    """Return what makes curl talk to the server as certtui did."""
    if values.starttls is None:
        return f"https://{_endpoint(values, True)}/"
    return f"--ssl-reqd {values.starttls.value}://{_endpoint(values, True)}/"


def _s_client(values: Values, _: bool) -> str:
    """Return the beginning of a command that talks to the server as certtui did."""
    host = _host(values, True)
    server_name = "-noservername" if _is_address(host) else f"-servername {host}"
    starttls = f" -starttls {values.starttls.value}" if values.starttls else ""
    return f"openssl s_client -connect {_endpoint(values, True)} {server_name}{starttls}"


def _verify_name(values: Values, _: bool) -> str:
    host = _host(values, True)
    return f"-verify_ip {host}" if _is_address(host) else f"-verify_hostname {host}"


def _issuer(values: Values, _: bool) -> str:
    plain = values.issuer if values.issuer and _PLAIN_WORDS.fullmatch(values.issuer) else None
    return f"“{plain}”" if plain else "the CA"


def _names(values: Values, in_shell: bool) -> str:
    return _each(values, in_shell, lambda name: name, " ")


def _names_for_certbot(values: Values, in_shell: bool) -> str:
    return _each(
        values, in_shell, lambda name: f"{'--ip-address' if _is_address(name) else '-d'} {name}", " "
    )


def _names_for_openssl(values: Values, _: bool) -> str:
    """Return a subjectAltName value; its characters are safe within double quotes, where the pages put it."""
    return _each(values, False, lambda name: f"{'IP' if _is_address(name) else 'DNS'}:{name}", ",")


def _each(values: Values, in_shell: bool, written: Callable[[str], str], separator: str) -> str:
    names = _wanted_names(values) or ["HOST"]
    if in_shell:
        names = [shlex.quote(name) for name in names]
    return separator.join(written(name) for name in names)


def _wanted_names(values: Values) -> list[str]:
    """Return what a new certificate must hold: the host that was asked for and every name of the present one.

    A name that a wildcard beside it covers is left out, as CAs refuse to issue both.
    """
    given = [values.host, *values.names] if values.host and _is_host(values.host) else list(values.names)
    valid = [name for name in given if _is_address(name) or _HOST_NAME.fullmatch(name)]
    names = list(dict.fromkeys(name.lower() for name in valid))
    names = [name for name in names if "*." + name.partition(".")[2] not in names or name.startswith("*.")]
    return names if len(names) <= _MOST_NAMES else [_host(values, True), "NAME"]


_FILLERS: dict[str, Callable[[Values, bool], str]] = {
    "host": _host,
    "port": _port,
    "address": _ip_address,
    "endpoint": _endpoint,
    "site": _site,
    "common_name": _common_name,
    "for_curl": _for_curl,
    "s_client": _s_client,
    "verify_name": _verify_name,
    "issuer": _issuer,
    "names": _names,
    "names_for_certbot": _names_for_certbot,
    "names_for_openssl": _names_for_openssl,
}

PLACEHOLDERS = frozenset(_FILLERS)
"""Every placeholder that a page may use."""


def _fill_section(section: Section, values: Values) -> Section:
    recipes = tuple(Recipe(recipe.program, _fill_blocks(recipe.blocks, values)) for recipe in section.recipes)
    return Section(section.heading, _fill_blocks(section.blocks, values), recipes)


def _fill_blocks(blocks: Iterable[Block], values: Values) -> tuple[Block, ...]:
    return tuple(_fill_block(block, values) for block in blocks)


def _fill_block(block: Block, values: Values) -> Block:
    match block:
        case Paragraph(text):
            return Paragraph(fill_text(text, values))
        case Item(text):
            return Item(fill_text(text, values))
        case CodeBlock(language, text):
            return CodeBlock(language, fill_text(text, values, language))
