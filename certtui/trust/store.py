"""Stores of trust anchors by name, each read once. It decides what is in a store, not what a store means."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.trust.bundles import TrustError, read_bundle
from certtui.trust.system import read_system_store

__all__ = ["StoreKind", "TrustError", "default_store", "load_store"]


class StoreKind(StrEnum):
    """The stores that a user can choose from."""

    MOZILLA = "mozilla"
    """Mozilla's list, as the certifi package has it: the same on every machine."""
    SYSTEM = "system"
    """What the operating system trusts, with what its administrator added."""


def load_store(kind: StoreKind | str, ca_file: Path | None = None) -> AnchorStore:
    """Return the anchors of a store, and with `ca_file` those of the user's own file or folder beside them.

    Anchors that only the user's file vouches for are marked private. Raises `TrustError` for a file or store that
    cannot be used.
    """
    return _load(StoreKind(kind), ca_file)


def default_store() -> AnchorStore:
    """Return Mozilla's anchors."""
    return load_store(StoreKind.MOZILLA)


@cache
def _load(kind: StoreKind, ca_file: Path | None) -> AnchorStore:
    label, certificates = _read_mozilla() if kind is StoreKind.MOZILLA else read_system_store()
    public = [Anchor(certificate) for certificate in certificates]
    if ca_file is None:
        return AnchorStore(public, label=label, is_public=True)
    known = set(certificates)
    own = [Anchor(each, private=True) for each in read_bundle(ca_file) if each not in known]
    return AnchorStore((*public, *own), label=f"{label} and {ca_file}", is_public=True)


def _read_mozilla() -> tuple[str, tuple[Certificate, ...]]:
    import certifi  # only who uses Mozilla's list pays for finding it

    with as_file(files(certifi).joinpath("cacert.pem")) as path:
        return f"Mozilla (certifi {certifi.__version__})", read_bundle(path)
