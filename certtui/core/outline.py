"""The ASN.1 outline of a certificate: every element with its place, its type, its name in RFC 5280 and its value.

It reads what can be read, in one pass over the octets and within bounds, and never raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from certtui.core import der
from certtui.core.oids import name_of
from certtui.core.primitives import field_words
from certtui.core.structures import Field, Shape, shape_of, shape_of_extension
from certtui.core.tags import (
    CONSTRUCTED,
    INDEFINITE,
    UNIVERSAL_NAMES,
    Header,
    TagClass,
    holds_der,
    read_header,
)

MAX_NODES: Final = 50_000
"""More elements than this are not told apart: the rest is one node."""
MAX_DEPTH: Final = 32
"""What is nested deeper is not looked into."""
UNREADABLE: Final = "unreadable from here"
"""The type of a node for octets that cannot be taken apart."""
END_OF_CONTENTS: Final = "end of contents"
"""The type of the two zero octets that end an indefinite length."""


class Node(NamedTuple):
    """One element of a certificate."""

    depth: int
    offset: int
    """Where its tag stands."""
    header_length: int
    """Octets of tag and length."""
    end: int
    """Where its content ends; the end-of-contents octets of an indefinite length are a node of their own."""
    is_indefinite: bool
    """Whether its length is not written (X.690 §8.1.3.6)."""
    tag_class: TagClass
    number: int
    is_constructed: bool
    type_name: str
    """`SEQUENCE`, `[3] EXPLICIT`, or `UNREADABLE`."""
    field: str
    """What RFC 5280 calls it: `serialNumber`, an extension's name; empty where it has no name."""
    value: str
    """A primitive element's value in words, cut to a bound; raw text."""
    parent: int
    """The place of the node that holds it, -1 for the outermost."""

    @property
    def content(self) -> int:
        """Where its content begins."""
        return self.offset + self.header_length

    @property
    def length(self) -> int:
        """Octets of content."""
        return self.end - self.content


def outline(data: bytes, *, most: int = MAX_NODES) -> tuple[Node, ...]:
    """Return every element of a DER certificate in its order, each before what it holds.

    Octet and bit strings that hold DER, as those of extensions do, are looked into. What cannot be read is one node,
    and so is what comes after `most` elements.
    """
    return tuple(_Outliner(data, most).nodes)


def path_of(nodes: Sequence[Node], position: int) -> tuple[str, ...]:
    """Return the names on the way to a node: `extensions`, `subjectAltName`; its type for one that has no name."""
    steps: list[str] = []
    at = position
    while at >= 0:
        node = nodes[at]
        if at == position or (node.field and node.parent >= 0):
            steps.append(node.field or node.type_name)
        at = node.parent
    return tuple(reversed(steps))


@dataclass(slots=True)
class _Container:
    """An element whose content is being read."""

    position: int
    """Its place among the nodes, -1 for the data as a whole."""
    depth: int
    """The depth of what it holds."""
    limit: int
    is_indefinite: bool
    shape: Shape
    place: int = 0
    """From which of the shape's fields the next is looked for."""
    oid: str = ""
    """The object identifier last seen in it."""


class _Outliner:
    """Reads element after element; `_open` holds the containers that it is in."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self._most = most
        self._at = 0
        self.nodes: list[Node] = []
        self._open = [_Container(-1, 0, len(data), False, shape_of("Data"))]
        while self._open:
            self._step(self._open[-1])

    def _step(self, container: _Container) -> None:
        if self._at >= container.limit:
            self._open.pop()
            return
        if len(self.nodes) >= self._most - 1:
            self._give_up(self._open[0], f"more than {self._most} elements")
            return
        try:
            header = read_header(self._data, self._at, container.limit)
        except der.DerError as error:
            self._give_up(container, str(error))
            return
        if container.is_indefinite and header.tag == 0 and header.length == 0:
            self._close(container, header)
        elif header.length == INDEFINITE and container.depth + 1 >= MAX_DEPTH:
            self._give_up(container, "nested too deep for its end to be looked for")
        else:
            self._take(container, header)

    def _give_up(self, container: _Container, why: str) -> None:
        """Make what is left of a container one node."""
        self.nodes.append(self._special(container, UNREADABLE, 0, container.limit, why))
        self._at = container.limit

    def _close(self, container: _Container, header: Header) -> None:
        """End a container whose length is not written."""
        size = header.content - self._at
        self.nodes.append(self._special(container, END_OF_CONTENTS, size, header.content))
        self.nodes[container.position] = self.nodes[container.position]._replace(end=self._at)
        self._at = header.content
        self._open.pop()

    def _special(
        self, container: _Container, type_name: str, header_length: int, end: int, value: str = ""
    ) -> Node:
        return Node(
            depth=container.depth,
            offset=self._at,
            header_length=header_length,
            end=end,
            is_indefinite=False,
            tag_class=TagClass.UNIVERSAL,
            number=0,
            is_constructed=False,
            type_name=type_name,
            field="",
            value=value,
            parent=container.position,
        )

    def _take(self, container: _Container, header: Header) -> None:
        """Make an element a node, and go into it if it holds others."""
        is_indefinite = header.length == INDEFINITE
        end = container.limit if is_indefinite else header.content + header.length
        field, container.place = container.shape.field_at(container.place, header.tag)
        start = self._start_inside(container, header, end)
        self.nodes.append(
            Node(
                depth=container.depth,
                offset=self._at,
                header_length=header.content - self._at,
                end=end,
                is_indefinite=is_indefinite,
                tag_class=TagClass(header.tag >> 6),
                number=header.number,
                is_constructed=bool(header.tag & CONSTRUCTED),
                type_name=_type_name(header, field),
                field=self._field_name(container, header, field, end),
                value=self._value(container, header, field, end) if start is None else "",
                parent=container.position,
            )
        )
        self._at = end if start is None else start
        if start is not None:
            shape = shape_of(field.shape) if field.name != "extnValue" else shape_of_extension(container.oid)
            inside = _Container(len(self.nodes) - 1, container.depth + 1, end, is_indefinite, shape)
            self._open.append(inside)

    def _start_inside(self, container: _Container, header: Header, end: int) -> int | None:
        """Return where the elements that an element holds begin, None if it holds none."""
        if container.depth + 1 >= MAX_DEPTH or header.content >= end:
            return None
        if header.tag & CONSTRUCTED:
            return header.content
        if header.tag not in (der.OCTET_STRING, der.BIT_STRING):
            return None
        start = header.content
        if header.tag == der.BIT_STRING:
            if self._data[start] != 0:
                return None
            start += 1
        is_extension = container.shape is shape_of("Extension")
        return start if holds_der(self._data, start, end, any_type=is_extension) else None

    def _field_name(self, container: _Container, header: Header, field: Field, end: int) -> str:
        """Return the name of an element, which for some is that of the object identifier that it begins with."""
        if not field.is_named_by_oid or not header.tag & CONSTRUCTED:
            return field.name
        try:
            first = read_header(self._data, header.content, end)
            return name_of(_dotted(self._data, first)) if first.tag == der.OID else ""
        except der.DerError:
            return ""

    def _value(self, container: _Container, header: Header, field: Field, end: int) -> str:
        if header.tag & CONSTRUCTED:
            return "" if header.content == end else "nested too deep to be looked into"
        octets = self._data[header.content : end]
        try:
            if header.tag == der.OID:
                container.oid = der.oid(octets)
            return field_words(field.name, header.tag, octets)
        except der.DerError as error:
            return f"cannot be decoded: {error}"


def _dotted(data: bytes, header: Header) -> str:
    return der.oid(data[header.content : header.content + header.length])


def _type_name(header: Header, field: Field) -> str:
    tag_class = TagClass(header.tag >> 6)
    if tag_class is TagClass.UNIVERSAL:
        return UNIVERSAL_NAMES.get(header.number, f"universal {header.number}")
    written = f"[{header.number}]" if tag_class is TagClass.CONTEXT else f"[{tag_class.name} {header.number}]"
    if tag_class is not TagClass.CONTEXT or field.tag is None:
        return written
    return f"{written} {'EXPLICIT' if field.is_explicit else 'IMPLICIT'}"
