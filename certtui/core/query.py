"""What users type to find hosts, read leniently while they type. It knows no list and no screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize

from certtui.core.query_terms import BUILDERS, Test, Wrong, is_near, is_subsequence
from certtui.core.searchable import Searchable

_WORD = re.compile(r'(?:"[^"]*(?:"|$)|[^\s"])+')
"""A run without spaces but for those between quotes; the last quote may still be missing."""
_FEWEST_LETTERS = 4
"""Shorter words are like nearly every name."""
_FIELD = re.compile(r"([a-z0-9]+)(:|<=|>=|<|>|=)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermKind:
    """A kind of term, for help and documentation."""

    term: str
    finds: str
    example: str


TERMS: tuple[TermKind, ...] = (
    TermKind(
        term="word",
        finds="in the target, its group and tags, badges, codes of findings, the leaf's subject and issuer",
        example='mail "wrong name"',
    ),
    TermKind(
        term="~letters", finds="the letters in this order in the target, others between", example="~pydb"
    ),
    TermKind(term="!term", finds="what the term does not find", example="!is:expired"),
    TermKind(
        term="is:",
        finds="a badge, a severity, or accepted, rejected, unreachable, failed, changed, waiting",
        example="is:expired",
    ),
    TermKind(term="code:", finds="the code of a finding", example="code:chain-incomplete"),
    TermKind(
        term="days",
        finds="the whole days that the leaf is still valid: < <= > >= = and a number, below 0 once it has expired",
        example="days<30",
    ),
    TermKind(term="issuer:", finds="the leaf's issuer", example='issuer:"Let\'s Encrypt"'),
    TermKind(term="subject:", finds="the leaf's subject", example="subject:example"),
    TermKind(
        term="san:", finds="any subject alternative name, in A-labels or Unicode", example="san:*.example"
    ),
    TermKind(term="key:", finds="the kind and size of the leaf's key", example="key:rsa2048"),
    TermKind(term="sig:", finds="the algorithm of the leaf's signature", example="sig:sha1"),
    TermKind(
        term="serial:", finds="a part of the leaf's serial number in hexadecimal", example="serial:04:3f"
    ),
    TermKind(
        term="sha256:",
        finds="the start of the SHA-256 of any certificate that was sent",
        example="sha256:9f:86",
    ),
    TermKind(term="name:", finds="a part of the target; host: does the same", example="name:mail"),
    TermKind(term="address:", finds="the start of the address that answered", example="address:192.0.2."),
    TermKind(term="port:", finds="the port", example="port:8443"),
    TermKind(term="group:", finds="a part of the group in the host file", example="group:payments"),
    TermKind(term="tag:", finds="the start of a tag in the host file", example="tag:prod"),
    TermKind(term="client:", finds="what a client rejects", example="client:curl"),
)
"""Every kind of term with what it finds and an example."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a query, understood."""

    text: str
    """As typed."""
    test: Test
    is_negated: bool = False
    word: str | None = None
    """The plain word that it is, in lower case; None for every other kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Terms that must all find a target. One without terms finds everything."""

    text: str
    """As typed."""
    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()
    """What was not understood and therefore left out; raw text."""

    def finds(self, searchable: Searchable) -> bool:
        """Return whether every term finds it, a negated one only if it does not."""
        return all(term.test(searchable) is not term.is_negated for term in self.terms)

    @property
    def matcher(self) -> Callable[[Searchable], bool]:
        """The same as `finds`, for long lists: as quick as the terms allow."""
        if len(self.terms) == 1 and not self.terms[0].is_negated:
            return self.terms[0].test
        return self.finds

    def loosened(self) -> Query | None:
        """Return a query that forgives slips in plain words, None if there are none that it could forgive.

        It is what to try when nothing is found: the letters of each word of four or more need only stand in this order
        in the target, and one of them may be wrong, too many or in the wrong place.
        """
        terms = tuple(_loosened(term) for term in self.terms)
        return replace(self, terms=terms) if terms != self.terms else None


def parse_query(text: str) -> Query:
    """Return the query that a text means; it never fails, since users look on while they type.

    Terms are separated by spaces and must all hold; spaces between double quotes belong to the term. A term that is
    not finished, or that makes no sense, is left out and noted in `problems`. What looks like a field but has a name
    that no field has, such as `example.com:443`, is a plain word.
    """
    terms: list[Term] = []
    problems: list[str] = []
    for written in _WORD.findall(normalize("NFC", text)):
        term = _term(written, problems)
        if term is not None:
            terms.append(term)
    # What costs least to tell comes first, and rules out most.
    terms.sort(key=lambda term: term.text.lower().startswith(("client:", "!client:", "sha256:", "!sha256:")))
    return Query(text=text, terms=tuple(terms), problems=tuple(dict.fromkeys(problems)))


def _term(written: str, problems: list[str]) -> Term | None:
    bare = written.lstrip("!")
    is_negated = (len(written) - len(bare)) % 2 == 1  # turned round twice it is what it was
    bare = bare.lower()
    word = bare.replace('"', "")
    if not word:
        return None  # what is to be turned round, or stands between the quotes, is still to come
    field = _FIELD.fullmatch(bare)
    if field is not None and field.group(1) in BUILDERS:
        name, sign, value = field.group(1), field.group(2), field.group(3).replace('"', "").strip()
        try:
            return Term(written, BUILDERS[name](sign, value), is_negated)
        except Wrong as wrong:
            problems.append(str(wrong))
            return None
    if word.startswith("~"):
        letters = word.removeprefix("~")
        return Term(written, lambda it: is_subsequence(letters, it.name), is_negated) if letters else None
    if field is not None:
        problems += _likely_slip(field.group(1), field.group(2), field.group(3))
    return Term(written, lambda it: word in it.text, is_negated, word=word)


def _likely_slip(name: str, sign: str, value: str) -> Iterator[str]:
    """Yield what to say of a field that no field is called like, if it is likely to be meant for one."""
    if sign == ":" and value.isdigit():
        return  # a port
    from difflib import get_close_matches  # slips are few

    close = get_close_matches(name, BUILDERS, n=1, cutoff=0.75)
    if close:
        yield f"{name}{sign} is no term: did you mean {close[0]}{sign}"


def _loosened(term: Term) -> Term:
    word = term.word
    if word is None or term.is_negated or len(word) < _FEWEST_LETTERS:
        return term
    letters = "".join(word.split())
    return Term(term.text, lambda it: is_near(letters, it.name))
