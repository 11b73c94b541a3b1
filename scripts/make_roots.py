"""Make certtui's tables of public roots from a snapshot of the root stores, such as trust_stores_observatory's.

    python scripts/make_roots.py FOLDER

FOLDER holds `roots.jsonl`, an object a line with sha256, spki_sha256, subject_der and spki (base64), not_before,
not_after and stores, and `stores.json` with version, as_of, source and count of each store. The same snapshot gives
the same tables, to the octet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
KNOWLEDGE = HERE / "certtui" / "knowledge"

TITLES = {
    "mozilla": "Mozilla",
    "apple": "Apple",
    "android": "Android",
    "microsoft": "Microsoft",
    "openjdk-17.0.2": "OpenJDK 17.0.2",
    "oracle-jdk-13": "Oracle JDK 13.0.2",
}
"""What users call each store, in the order in which they are shown."""
KEPT_UP_TO_DATE = frozenset({"mozilla", "apple", "android", "microsoft"})
"""The others are years old: they are shown with their date and decide nothing."""

ROOTS_HEADER = """\
# Public roots and the stores that hold them, made by scripts/make_roots.py; never edit this by hand.
# Columns, a tab between them: SHA-256 of the certificate, SHA-256 of its SubjectPublicKeyInfo, stores (keys of
# stores.toml), notBefore, notAfter, subject (DER in base64), SubjectPublicKeyInfo (DER in base64).
"""
STORES_HEADER = """\
# The root stores that roots.tsv knows, made by scripts/make_roots.py; never edit this by hand.
# A store that does not decide is too old to speak for today's clients: it is shown with its date and nothing more.
"""


@dataclass(frozen=True, slots=True)
class Tables:
    """The texts of both files."""

    roots: str
    stores: str


def make_tables(snapshot: Path) -> Tables:
    """Return the tables that a snapshot gives."""
    lines = (snapshot / "roots.jsonl").read_text("utf-8").splitlines()
    roots = sorted((json.loads(line) for line in lines), key=lambda root: str(root["sha256"]))
    stores = json.loads((snapshot / "stores.json").read_text("utf-8"))
    unknown = {key for root in roots for key in root["stores"]} - TITLES.keys()
    if unknown or stores.keys() != TITLES.keys():
        raise SystemExit(f"stores without a title here: {sorted(unknown | stores.keys() - TITLES.keys())}")
    return Tables(
        roots=ROOTS_HEADER + "".join(f"{_root_line(root)}\n" for root in roots),
        stores=STORES_HEADER + "".join(_store_row(key, stores[key], roots) for key in TITLES),
    )


def _root_line(root: dict[str, object]) -> str:
    held_by = [key for key in TITLES if key in _texts(root["stores"])]
    dates = [str(root[name]).replace("+00:00", "Z") for name in ("not_before", "not_after")]
    fields = [
        root["sha256"],
        root["spki_sha256"],
        ",".join(held_by),
        *dates,
        root["subject_der"],
        root["spki"],
    ]
    return "\t".join(map(str, fields))


def _store_row(key: str, store: dict[str, object], roots: Iterable[dict[str, object]]) -> str:
    count = sum(key in _texts(root["stores"]) for root in roots)
    if count != store["count"]:
        raise SystemExit(f"{key} should hold {store['count']} roots, but {count} are listed")
    lines = [f"title = {_quoted(TITLES[key])}"]
    if store["version"]:
        lines.append(f"version = {_quoted(store['version'])}")
    lines += [
        f"as_of = {store['as_of']}",
        f"source = {_quoted(store['source'])}",
        f"count = {count}",
        f"decides = {str(key in KEPT_UP_TO_DATE).lower()}",
    ]
    return f"\n[{_quoted(key)}]\n" + "".join(f"{line}\n" for line in lines)


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _quoted(value: object) -> str:
    return json.dumps(str(value), ensure_ascii=False)


def main() -> None:
    """Write both tables."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    tables = make_tables(Path(sys.argv[1]))
    (KNOWLEDGE / "roots.tsv").write_text(tables.roots, "utf-8")
    (KNOWLEDGE / "stores.toml").write_text(tables.stores, "utf-8")


if __name__ == "__main__":
    main()
