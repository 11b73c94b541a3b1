"""The lines of a host list: their words, and the group and tags of what they name. It parses no target.

Every start defines these values; as named tuples that is quicker than as dataclasses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")
"""What editors count as the end of a line; `str.splitlines` knows more."""
_COMMENT = re.compile(r"(?:^|\s)#")
_HEADING = re.compile(r"\s*\[([^\[\]:]*)\]((?:\s+\S+)*)\s*")
"""A name in brackets that starts the line. A colon would make it an IPv6 address, which is a target."""
_NUMERIC = re.compile(r"\s*[0-9]+(?:\.[0-9]+)*\s*")
"""More likely an address in the wrong brackets than a name."""
_HOSTS = re.compile(r"(?:[\w-]+\.)+[\w-]+\.?(?: (?:[\w-]+\.)+[\w-]+\.?)*")
"""A group whose every word reads as a host: perhaps the brackets are there by mistake."""
_ADVICE = "Write a host without brackets, or add a word to the group"
_TAGS = re.compile(r"\+[\w-]+(?:,\+?[\w-]+)*")
"""No target is written so: neither a name nor a scheme starts with a plus, and a file would need a dot or slash."""


class Labels(NamedTuple):
    """What a target is called together with others; raw text."""

    group: str | None = None
    """The heading that it stands under, None for a target under none."""
    tags: tuple[str, ...] = ()
    """Its tags without the plus, in the order of the list, each once."""

    def __bool__(self) -> bool:
        """Whether there is a group or a tag."""
        return self.group is not None or bool(self.tags)

    def joined(self, other: Labels) -> Labels:
        """Return these labels with the tags of others added, and their group where these have none."""
        if not other:
            return self
        return Labels(group=self.group or other.group, tags=_once((*self.tags, *other.tags)))


NO_LABELS = Labels()
"""What a target has that no list says anything of."""


class ListedLine(NamedTuple):
    """A line of a host list that names targets, or one that cannot be meant as it is written."""

    number: int
    """1-based."""
    words: tuple[tuple[int, str], ...]
    """Each word that must be a target, with its 0-based place in the line."""
    labels: Labels
    """What all of the line's targets are labelled with."""
    fault: tuple[int, str] | None = None
    """The 0-based place of what is wrong with the line as a whole, and what to write instead; raw text."""


def listed_lines(text: str) -> Iterator[ListedLine]:
    """Yield the lines of a host list; comments, which `#` starts, blank lines and headings are left out.

    A line `[payments team]` begins a group and `[]` ends it. `+prod` or `+prod,eu` tags the targets of its line, and
    on a heading's line all of the group.
    """
    group = NO_LABELS
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1):
        content = _COMMENT.split(line, maxsplit=1)[0]
        begun = _heading(content)
        if begun is not None:
            group = begun
            if begun.group is not None and _HOSTS.fullmatch(begun.group):
                fault = (content.index("["), f"is [{begun.group}] a group or a host? {_ADVICE}")
                yield ListedLine(number=number, words=(), labels=group, fault=fault)
            continue
        found = [(word.start(), word.group()) for word in re.finditer(r"\S+", content)]
        tagged = [each for each in found if _TAGS.fullmatch(each[1])]
        words = tuple(each for each in found if not _TAGS.fullmatch(each[1]))
        labels = group.joined(Labels(tags=_tags(word for _, word in tagged)))
        if found:
            yield ListedLine(number=number, words=words, labels=labels, fault=_stray(tagged, words))


def _stray(tagged: Sequence[tuple[int, str]], words: Sequence[tuple[int, str]]) -> tuple[int, str] | None:
    """Return what is wrong with tags on a line without targets."""
    if words or not tagged:
        return None
    start, word = tagged[0]
    return start, f"tags without a host: write example.com {word}"


def _heading(line: str) -> Labels | None:
    """Return the labels of all targets below a line, None if it is no heading."""
    found = _HEADING.fullmatch(line)
    if found is None or _NUMERIC.fullmatch(found.group(1)):
        return None
    words = found.group(2).split()
    if not all(_TAGS.fullmatch(word) for word in words):
        return None
    return Labels(group=" ".join(found.group(1).split()) or None, tags=_tags(words))


def _tags(words: Iterable[str]) -> tuple[str, ...]:
    return _once(tag.lstrip("+") for word in words for tag in word.split(","))


def _once(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))
