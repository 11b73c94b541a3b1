"""Issuers that are programs between the server and here, by the names that such programs give themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from certtui.core.catalogue import Code
from certtui.core.checks.case import Case
from certtui.core.distinguished_name import Name
from certtui.core.finding import Fact, Finding, finding
from certtui.core.knowledge import table
from certtui.core.paths import Path
from certtui.core.roots import public_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A program that signs certificates of its own for the servers that it stands before."""

    name: str
    whole: tuple[tuple[str, str], ...]
    """Types of attributes with the value that each must have, case-folded."""
    beginnings: tuple[tuple[str, str], ...]
    """Types of attributes with what the value of each must begin with, case-folded."""
    source: str

    def matches(self, name: Name) -> bool:
        """Return whether a distinguished name is that of this program's signing authority."""
        return all(_value(name, kind) == value for kind, value in self.whole) and all(
            _value(name, kind).startswith(value) for kind, value in self.beginnings
        )


def interception(path: Path, case: Case) -> Finding | None:
    """Return that an inspection product signed a path, one that ends in no public root.

    The vendor's own servers and the product's own pages bear the vendor's name in the leaf; they are not meant.
    """
    if path.anchor is not None and not path.anchor.private and public_root(path.last) is not None:
        return None
    found = _product_among([link.certificate.issuer for link in path.links])
    if found is None or case.leaf.is_self_issued or _is_the_vendors(case.leaf.subject, found[1]):
        return None
    product, issuer = found
    shown = issuer.common_name or issuer.first("O") or issuer.rfc4514
    return finding(
        Code.INTERCEPTION_SUSPECTED,
        f"the issuer {shown} is that of {product.name}, which signs certificates in place of the server's own",
        *_matched(product, issuer),
        Fact("issuer", issuer.rfc4514),
        Fact("product", product.name),
        Fact("known from", product.source),
        certificate=0,
    )


def _product_among(issuers: Sequence[Name]) -> tuple[Product, Name] | None:
    pairs = ((_product_named(issuer), issuer) for issuer in issuers)
    return next(((product, issuer) for product, issuer in pairs if product is not None), None)


@lru_cache(maxsize=256)
def _product_named(issuer: Name) -> Product | None:
    return next((product for product in products() if product.matches(issuer)), None)


def _is_the_vendors(subject: Name, issuer: Name) -> bool:
    return bool(_value(subject, "O")) and _value(subject, "O") == _value(issuer, "O")


def _matched(product: Product, issuer: Name) -> Iterator[Fact]:
    for kind, _ in (*product.whole, *product.beginnings):
        yield Fact(f"matched attribute {kind}", issuer.first(kind) or "")


def _value(name: Name, kind: str) -> str:
    return (name.first(kind) or "").casefold()


@cache
def products() -> Sequence[Product]:
    """Return the programs that are known by name."""
    rows = cast("dict[str, list[dict[str, str]]]", table("interception.toml"))["product"]
    return tuple(
        Product(
            name=row["name"],
            whole=_pairs(row, {"organization": "O", "common_name": "CN"}),
            beginnings=_pairs(row, {"organization_begins": "O", "common_name_begins": "CN"}),
            source=row["source"],
        )
        for row in rows
    )


def _pairs(row: dict[str, str], kinds: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, row[key].casefold()) for key, kind in kinds.items() if key in row)
