"""What can be saved of a report to a file, each made only once it is chosen. It touches no widget."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from certtui.core.repaired_chain import repaired_chain
from certtui.core.text import shortened
from certtui.ui.screens.prompt import Mistake

if TYPE_CHECKING:
    from certtui.core.certificate import Certificate
    from certtui.core.report import Report

_MOST_LETTERS = 200
"""Of a host's name; files cannot have names of more than 255 octets."""
MOST_PATHS = 9
"""Paths that have a digit to be chosen by; the best ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Something to save."""

    letter: str
    what: str
    """Completes "Saved …"; raw text."""
    suffix: str
    """How the names of such files end, with the dot."""
    make: Callable[[], bytes]
    """Makes it; for many hosts this takes so long that it must not be done where keys are read."""
    why_not: str | None = None
    """Why it is not to be had, to be shown beside it; None where it is. Such an export makes nothing."""
    addition: str = ""
    """What its file's name has after the host's, so that the files of one host are told apart."""
    stem: str | None = None
    """What its file is called instead of its host; None where it is about one host."""

    @property
    def label(self) -> str:
        """What a menu says of it."""
        return self.what if self.why_not is None else f"{self.what}: not to be had, {self.why_not}"


def exports(
    report: Report | None,
    certificate: Certificate | None,
    *,
    all_reports: Sequence[Report],
    program: str | None,
    are_marked: bool = False,
) -> list[Export]:
    """Return what can be saved of a report, one of its certificates and all reports that are shown, or marked.

    Without a certificate the server's own is meant. `program` is the server whose recipes the reports tell.
    """
    shown = tuple(all_reports)
    offered: list[Export] = []
    if report is not None:
        offered += _of_certificate(certificate if certificate is not None else report.leaf)
        offered += _of_chain(report)
        offered += _of_reports((report,), program, "this host")
    if len(shown) > 1 or (shown and report is None):
        offered += _of_reports(
            shown, program, f"all {len(shown)} hosts {'marked' if are_marked else 'shown'}", stem="hosts"
        )
    return offered


def picture(svg: str) -> Export:
    """Return a picture of the screen that was taken already."""
    return Export(
        letter="s", what="SVG of the screen", suffix=".svg", make=lambda: svg.encode(), stem="certtui"
    )


def file_name(report: Report | None, export: Export) -> str:
    """Return a name for a file from the host's own letters and digits only, so that no path can hide in it."""
    host = export.stem or (report.host if report is not None else None) or "certificate"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in host[:_MOST_LETTERS])
    return f"{plain.strip('.-') or 'certificate'}{export.addition}{export.suffix}"


def _of_certificate(certificate: Certificate | None) -> Iterator[Export]:
    if certificate is not None:
        yield Export(
            letter="p", what="PEM of this certificate", suffix=".pem", make=partial(_pem, certificate)
        )
        yield Export(letter="d", what="DER of this certificate", suffix=".der", make=lambda: certificate.der)
        yield Export(
            letter="t",
            what="text of this certificate, as openssl x509 -text",
            suffix=".txt",
            make=partial(_text, certificate),
        )


def _of_chain(report: Report) -> Iterator[Export]:
    if not report.chain:
        return
    sent = f"PEM of the chain as sent ({len(report.chain)})"
    yield Export(letter="c", what=sent, suffix=".pem", make=partial(_pem, *report.chain), addition="-chain")
    yield _repaired(report)
    if len(report.paths) > 1:
        yield from _of_paths(report)


def _repaired(report: Report) -> Export:
    chain = repaired_chain(report)
    if isinstance(chain, str):
        what = "PEM of the chain repaired"
        return Export(letter="r", what=what, suffix=".pem", make=bytes, why_not=shortened(chain, 200))
    path = report.best_path
    trusted = path is not None and path.anchor is not None
    # Order and completeness are repaired; nothing makes anyone trust it.
    untrusted = "" if trusted else "; its root is not trusted"
    what = f"PEM of the chain repaired: leaf first, no root ({len(chain)}){untrusted}"
    return Export(letter="r", what=what, suffix=".pem", make=partial(_pem, *chain), addition="-fullchain")


def _of_paths(report: Report) -> Iterator[Export]:
    for number, path in enumerate(report.paths[:MOST_PATHS], start=1):
        end = shortened(path.last.display_name, 60)
        trusted = "" if path.is_trusted else ", not trusted"
        what = f"PEM of path {number} of {len(report.paths)}, to {end} ({len(path.links)}){trusted}"
        make = partial(_pem, *path.certificates)
        yield Export(letter=str(number), what=what, suffix=".pem", make=make, addition=f"-path-{number}")


def _of_reports(
    reports: tuple[Report, ...], program: str | None, whose: str, *, stem: str | None = None
) -> Iterator[Export]:
    kinds: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("j", "JSON", ".json", partial(_json, reports)),
        ("m", "Markdown report", ".md", partial(_markdown, reports, program)),
        ("h", "HTML report", ".html", partial(_html, reports, program)),
    )
    for letter, kind, suffix, make in kinds:
        key = letter if stem is None else letter.upper()
        yield Export(letter=key, what=f"{kind} of {whose}", suffix=suffix, make=make, stem=stem)


def _pem(*certificates: Certificate) -> bytes:
    return "".join(certificate.to_pem() for certificate in certificates).encode("ascii")


def _text(certificate: Certificate) -> bytes:
    from certtui.report.x509_text import certificate_text

    return certificate_text(certificate).encode("utf-8")


def _json(reports: tuple[Report, ...]) -> bytes:
    from certtui.report.json import as_json

    return as_json(reports).encode("ascii")


def _markdown(reports: tuple[Report, ...], program: str | None) -> bytes:
    from certtui.report.markdown import as_markdown

    return as_markdown(reports, program=program).encode("utf-8")


def _html(reports: tuple[Report, ...], program: str | None) -> bytes:
    from certtui.report.html import as_html

    return as_html(reports, made_at=datetime.now(UTC), program=program).encode("utf-8")


def free_path(name: str) -> Path | Mistake:
    """Return the path of a file that can be written and is not there yet, or what is wrong with it."""
    if not name.strip():
        return Mistake("Write a file name.")
    path = Path(name.strip())
    try:
        path = path.expanduser()
        if os.path.lexists(path):
            return Mistake(f"{path} exists already: choose another name.")
        if not path.parent.is_dir():
            return Mistake(f"{path} cannot be written: there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            return Mistake(f"{path} cannot be written: its folder does not allow it")
    except (OSError, RuntimeError, ValueError) as error:  # a home or a name that there cannot be
        why = error.strerror if isinstance(error, OSError) else None
        return Mistake(f"{path} cannot be written: {why or error}")
    return path.absolute()


def save_new_file(name: str, octets: bytes) -> Path | Mistake:
    """Write a file that must not exist yet; return its path, or why it could not be written.

    Nothing is overwritten or followed to elsewhere, and a file that could not be written whole is taken away again.
    """
    if not name.strip():
        return Mistake("Write a file name.")
    path = Path(name.strip())
    try:
        path = path.expanduser()
        with path.open("xb", buffering=0) as file:
            _write_whole(file, octets)
    except FileExistsError:
        return Mistake(f"{path} exists already: choose another name.")
    except (OSError, RuntimeError, ValueError) as error:  # a home or a name that there cannot be
        why = error.strerror if isinstance(error, OSError) else None
        return Mistake(f"{path} cannot be written: {why or error}")
    return path.absolute()


def _write_whole(file: FileIO, octets: bytes) -> None:
    """Write all octets to a file that was just made; leave no file where that fails."""
    left = memoryview(octets)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise
