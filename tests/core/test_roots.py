"""The tables of public roots: found by name and key, well formed, each fact with its source, and made as they say."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterable
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.checks.interception import products
from certtui.core.distrust import Refuser, cutoffs, departure
from certtui.core.knowledge import lines, table
from certtui.core.roots import (
    Root,
    public_root,
    root_of_certificate,
    roots_named,
    signed_by_root,
    stores,
)
from tests.core.examples import GOOD, ROOT
from tests.core.forge import PUBLIC_KEY, forged
from tests.core.public_roots import DIGICERT_G1, ISRG_X1, SUBJECT, real_isrg_x1, root_with, stand_in

REPOSITORY = Path(__file__).parent.parent.parent
OLDER_FIRMAPROFESIONAL = "04048028bf1f2864d48f9ad4d83294366a828856553f3b14303f90147f5d40ef"
YOUNGER_FIRMAPROFESIONAL = "57de0583efd2b26e0361da99da9df4648def7ee8441c3b728afa9bcde0f9b26a"


def _roots() -> Iterable[Root]:
    for line in lines("roots.tsv"):
        root = root_of_certificate(line.partition("\t")[0])
        assert root is not None
        yield root


def test_a_root_is_found_by_its_certificate() -> None:
    root = public_root(real_isrg_x1())

    assert root is not None
    assert root.display_name == "ISRG Root X1"
    assert root.sha256.hex() == ISRG_X1
    assert {"mozilla", "apple", "android", "microsoft"} <= root.stores


def test_another_certificate_of_the_same_name_and_key_is_the_same_root() -> None:
    assert public_root(stand_in(ISRG_X1)) is public_root(real_isrg_x1())


def test_the_same_key_under_another_name_is_another_root() -> None:
    def edit(fields: list[bytes]) -> None:
        fields[PUBLIC_KEY] = root_with(ISRG_X1).spki

    assert public_root(Certificate.of(forged(ROOT, ROOT, edit))) is None


def test_the_same_name_over_another_key_is_another_root() -> None:
    def edit(fields: list[bytes]) -> None:
        fields[SUBJECT] = root_with(ISRG_X1).subject

    impostor = Certificate.of(forged(ROOT, ROOT, edit))

    assert public_root(impostor) is None
    assert [root.display_name for root in roots_named(impostor.subject_key)] == ["ISRG Root X1"]


def test_certificates_of_one_name_and_key_count_together() -> None:
    older, younger = root_with(OLDER_FIRMAPROFESIONAL), root_with(YOUNGER_FIRMAPROFESIONAL)

    assert older is younger
    assert older.not_before.year == 2009
    assert {"apple", "mozilla"} <= older.stores
    assert len(older.certificates) == 2


def test_roots_told_apart_by_the_organizational_unit_are_called_by_it() -> None:
    named = {root.display_name for root in _roots()}

    assert {"GlobalSign Root CA - R3", "GlobalSign Root CA - R6"} <= named


def test_who_is_signed_by_a_root_is_found_by_name_and_key() -> None:
    assert signed_by_root(real_isrg_x1()) is public_root(real_isrg_x1())


def test_who_only_names_a_root_as_issuer_is_not_signed_by_it() -> None:
    def edit(fields: list[bytes]) -> None:
        fields[3] = root_with(ISRG_X1).subject

    assert signed_by_root(Certificate.of(forged(ROOT, ROOT, edit))) is None


@pytest.mark.parametrize("octets", [b"", b"\x30\x00", b"\xff" * 40, GOOD.sent[0]])
def test_a_stranger_or_garbage_is_no_root(octets: bytes) -> None:
    certificate = Certificate.of(octets)

    assert public_root(certificate) is None
    assert signed_by_root(certificate) is None


def test_the_table_is_read_only_when_asked_for() -> None:
    script = "import certtui.core.roots as r; print(r._lines.cache_info().currsize)"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "0"


def test_every_line_holds_what_its_columns_say() -> None:
    for line in lines("roots.tsv"):
        sha256, spki_sha256, held_by, begins, ends, subject, spki = line.split("\t")
        assert re.fullmatch("[0-9a-f]{64}", sha256)
        assert hashlib.sha256(b64decode(spki, validate=True)).hexdigest() == spki_sha256
        assert set(held_by.split(",")) <= stores().keys()
        assert datetime.fromisoformat(begins) < datetime.fromisoformat(ends)
        assert der.root(b64decode(subject, validate=True)).next == len(b64decode(subject))


def test_every_root_is_found_by_its_name() -> None:
    assert all(root in roots_named(root.name) for root in _roots())


def test_every_store_says_where_it_is_from_and_holds_as_many_roots_as_it_says() -> None:
    held = [line.split("\t")[2].split(",") for line in lines("roots.tsv")]

    for store in stores().values():
        assert store.source.startswith("http")
        assert date(2020, 1, 1) <= store.as_of <= date(2026, 11, 23)
        assert sum(store.key in each for each in held) == store.count
    assert {store.key for store in stores().values() if store.decides} == {
        "mozilla",
        "apple",
        "android",
        "microsoft",
    }


@pytest.mark.parametrize("kind", ["cutoff", "retirement", "leaving"])
def test_every_row_about_distrust_has_its_source_and_names_known_roots(kind: str) -> None:
    rows = table("distrust.toml")[kind]
    assert isinstance(rows, list)
    for row in rows:
        assert len(row["source"]) > 10
        assert all(root_of_certificate(root) for root in row.get("roots", ()))


def test_every_cutoff_is_a_moment_that_has_passed() -> None:
    known = [cutoff for root in _roots() for cutoff in cutoffs(root)]

    assert {cutoff.client for cutoff in known} == set(Refuser)
    assert all(cutoff.after < datetime.fromisoformat("2026-11-23T00:00:00Z") for cutoff in known)


@pytest.mark.parametrize(
    ("sha256", "leaves"),
    [
        (DIGICERT_G1, "2026-04-15"),
        (OLDER_FIRMAPROFESIONAL, "2027-04-15"),
        (ISRG_X1, "2030-06-04"),
        ("69729b8e15a86efc177a57afb7171dfc64add28c2fca8cf1507e34453ccb1470", "2035-09-04"),
        ("2cabeafe37d06ca22aba7391c0033d25982952c453647349763a3ab5ad6ccf69", "2029-12-10"),
    ],
)
def test_a_root_leaves_mozilla_by_the_age_of_its_key(sha256: str, leaves: str) -> None:
    leaving = departure(root_with(sha256))

    assert leaving is not None
    assert leaving.when.date() == date.fromisoformat(leaves)


def test_every_product_that_intercepts_has_its_source_and_matches_by_something() -> None:
    for product in products():
        assert product.name
        assert len(product.source) > 10
        assert product.whole or product.beginnings
        assert all(value for _, value in (*product.whole, *product.beginnings))


def test_no_product_that_intercepts_is_named_like_a_public_root() -> None:
    names = [Certificate.of(stand_in(root.sha256.hex()).der).subject for root in _roots()]

    assert not [
        (product.name, name.rfc4514) for product in products() for name in names if product.matches(name)
    ]


def test_the_tables_are_what_the_script_makes_of_a_snapshot_that_says_the_same(tmp_path: Path) -> None:
    names = ("sha256", "spki_sha256", "stores", "not_before", "not_after", "subject_der", "spki")
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines("roots.tsv")]
    roots = [{**row, "stores": row["stores"].split(",")} for row in reversed(rows)]
    (tmp_path / "roots.jsonl").write_text("".join(json.dumps(root) + "\n" for root in roots))
    (tmp_path / "stores.json").write_text(json.dumps(_described_stores()))

    made = _make_roots().make_tables(tmp_path)

    folder = resources.files("certtui.knowledge")
    assert folder.joinpath("roots.tsv").read_text("utf-8") == made.roots
    assert folder.joinpath("stores.toml").read_text("utf-8") == made.stores


def _described_stores() -> dict[str, dict[str, object]]:
    rows = cast("dict[str, dict[str, object]]", table("stores.toml"))
    return {
        key: {**row, "as_of": str(row["as_of"]), "version": row.get("version")} for key, row in rows.items()
    }


def _make_roots() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_roots", REPOSITORY / "scripts" / "make_roots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_roots"] = module
    spec.loader.exec_module(module)
    return module
