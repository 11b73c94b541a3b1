"""Make docs/failures.md and docs/keys.md from the tables: `make_docs.py` writes them, `--check` compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from certtui.core.catalogue import BADGES, CATALOGUE, Category, badge_of
from certtui.core.client_statements import clients, statements
from certtui.core.knowledge import Heading, Paragraph, page
from certtui.core.query import TERMS
from certtui.core.remedy import NOTHING_KNOWN, fill
from certtui.ui.bindings import Where, shown
from certtui.ui.keys import actions_of

DOCS = Path(__file__).parent.parent / "docs"
_MADE = "<!-- Made by scripts/make_docs.py from the tables; edit those. -->"


def failures() -> Iterator[str]:
    """Yield the lines of docs/failures.md."""
    yield from ("# What certtui finds", "", _MADE, "")
    yield "`certtui explain CODE` has the whole page of a finding, with its risk and repair."
    for category in Category:
        codes = [code for code, entry in CATALOGUE.items() if entry.category is category]
        if not codes:
            continue
        yield from ("", f"## {BADGES[category].glyph} {BADGES[category].word}")
        for code in codes:
            yield from ("", f"### `{code}`: {CATALOGUE[code].title}", "")
            first = fill(page(code), NOTHING_KNOWN).section(Heading.WHAT_IT_IS).blocks[0]
            text = first.text if isinstance(first, Paragraph) else ""
            badge = badge_of(code)
            shown_as = "" if badge is BADGES[category] else f" Its badge is {badge.glyph} {badge.word}."
            yield f"{CATALOGUE[code].severity.capitalize()}. {text}{shown_as}"
            known = statements(code)
            shown = [
                f"{client.name} `{known[client.key].shows}`"
                for client in clients()
                if client.key in known and known[client.key].shows
            ]
            if shown:
                yield from ("", f"What clients show: {'; '.join(shown)}.")


def keys() -> Iterator[str]:
    """Yield the lines of docs/keys.md."""
    yield from ("# Keys", "", _MADE, "")
    yield "Every action has a key, is in the palette (`:`), and can be clicked there or in the line of keys."
    yield 'The settings\' table `[keys]` gives an action other keys by its id: `filter = "ctrl+f"`.'
    for where in Where:
        actions = actions_of(where)
        if actions:
            yield from ("", f"## {where}", "", "| key | id | does |", "|---|---|---|")
        for action in actions:
            keys = " ".join(f"`{shown(key)}`" for key in action.keys)
            yield f"| {_cell(keys)} | `{action.id}` | {_cell(action.help)} |"
    yield from ("", "## What the filter understands", "", 'All terms must fit. `"` keeps words together.')
    yield from ("", "| term | finds | example |", "|---|---|---|")
    for kind in TERMS:
        yield f"| `{kind.term}` | {_cell(kind.finds)} | `{_cell(kind.example)}` |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write both files, or with `--check` say which are out of date."""
    made = {"failures.md": "\n".join(failures()) + "\n", "keys.md": "\n".join(keys()) + "\n"}
    stale = [
        name for name, text in made.items() if not (DOCS / name).exists() or (DOCS / name).read_text() != text
    ]
    if "--check" in sys.argv:
        for name in stale:
            print(f"docs/{name} is out of date: run scripts/make_docs.py")
        return 1 if stale else 0
    DOCS.mkdir(exist_ok=True)
    for name, text in made.items():
        (DOCS / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
