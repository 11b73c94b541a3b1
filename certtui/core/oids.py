"""What object identifiers are called, and by whom: the table `oids.tsv` and the names that `keys.py` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from certtui.core.keys import CURVES, SIGNATURE_ALGORITHMS
from certtui.core.knowledge import KnowledgeError, lines


@dataclass(frozen=True, slots=True)
class Oid:
    """An object identifier that somebody has named."""

    dotted: str
    kind: str
    """`attribute`, `extension`, `purpose`, `policy`, `access` ..."""
    name: str
    """As its source writes it: `subjectAltName`."""
    words: str
    """In words where the name needs them, else the name."""
    source: str
    """The RFC or other document that defines it: `RFC 5280 §4.2.1.6`."""


@cache
def known_oids() -> Mapping[str, Oid]:
    """Return everything that has a name here, by its dotted form."""
    found: dict[str, Oid] = {}
    for row in lines("oids.tsv"):
        columns = row.split("\t")
        if len(columns) != 5:
            raise KnowledgeError(f"oids.tsv: a row of {len(columns)} columns: {row}")
        dotted, kind, name, words, source = columns
        found[dotted] = Oid(dotted, kind, name, words or name, source)
    for dotted, (name, _) in SIGNATURE_ALGORITHMS.items():
        found.setdefault(dotted, Oid(dotted, "signature", name, name, ""))
    for dotted, (name, _) in CURVES.items():
        found.setdefault(dotted, Oid(dotted, "curve", name, name, ""))
    return found


def names_of(kind: str) -> dict[str, str]:
    """Return the names of one kind by dotted form."""
    return {oid.dotted: oid.name for oid in known_oids().values() if oid.kind == kind}


def name_of(dotted: str) -> str:
    """Return the name of an object identifier, its dotted form where it has none."""
    known = known_oids().get(dotted)
    return known.name if known is not None else dotted


def words_of(dotted: str) -> str:
    """Return what an object identifier means in words, its dotted form where nothing is known."""
    known = known_oids().get(dotted)
    return known.words if known is not None else dotted


def told(dotted: str) -> str:
    """Return name and dotted form, `serverAuth (1.3.6.1.5.5.7.3.1)`; the dotted form alone where it has no name."""
    known = known_oids().get(dotted)
    return f"{known.name} ({dotted})" if known is not None else dotted
