"""Every object identifier is named in one place, and OpenSSL knows it by the same number."""

from __future__ import annotations

import re
import subprocess

from certtui.core.distinguished_name import ATTRIBUTE_NAMES
from certtui.core.keys import CURVES, KEY_ALGORITHMS, SIGNATURE_ALGORITHMS
from certtui.core.knowledge import lines
from certtui.core.oids import known_oids, name_of, told, words_of


def test_every_row_is_whole_and_no_oid_stands_there_twice() -> None:
    rows = [row.split("\t") for row in lines("oids.tsv")]

    assert all(len(row) == 5 and row[1] and row[2] and row[4] for row in rows)
    assert all(re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", row[0]) for row in rows)
    dotted = [row[0] for row in rows]
    assert len(dotted) == len(set(dotted))


def test_the_table_does_not_repeat_what_the_keys_know() -> None:
    dotted = {row.split("\t")[0] for row in lines("oids.tsv")}

    assert not dotted & (SIGNATURE_ALGORITHMS.keys() | CURVES.keys())


def test_whatever_has_a_short_name_has_its_full_name_too() -> None:
    known = known_oids().keys()

    assert ATTRIBUTE_NAMES.keys() <= known
    assert KEY_ALGORITHMS.keys() <= known


def test_a_name_that_openssl_knows_too_has_the_same_number() -> None:
    listed = subprocess.run(
        ["openssl", "list", "-objects"], capture_output=True, text=True, check=True
    ).stdout
    judges: dict[str, set[str]] = {}
    for short, long, dotted in re.findall(r"^(.+?) = (.+), ([\d.]+)$", listed, re.MULTILINE):
        for name in (short, long):
            judges.setdefault(name.lower().replace(" ", ""), set()).add(dotted)

    ours = [(oid.name.lower(), oid.dotted) for oid in known_oids().values()]
    shared = {"timestamping"}  # a purpose, a policy and an access method are called so
    judged = {(name, dotted) for name, dotted in ours if name in judges.keys() - shared}

    assert len(judged) > 60
    assert {(name, dotted) for name, dotted in judged if dotted not in judges[name]} == set()


def test_an_oid_is_told_by_name_words_and_number() -> None:
    assert name_of("2.5.29.17") == "subjectAltName"
    assert words_of("1.3.6.1.5.5.7.48.2") == "CA issuers"
    assert told("1.2.840.10045.3.1.7") == "P-256 (1.2.840.10045.3.1.7)"
    assert (name_of("1.2.3"), words_of("1.2.3"), told("1.2.3")) == ("1.2.3",) * 3


def test_kinds_of_other_name_have_the_numbers_of_their_rfcs() -> None:
    named = {oid.dotted: (oid.name, oid.source) for oid in known_oids().values() if oid.kind == "other-name"}

    assert named["1.3.6.1.5.5.7.8.11"] == ("bundleEID", "RFC 9174")
    assert named["1.3.6.1.5.5.7.8.12"] == ("MACAddress", "RFC 10031")
