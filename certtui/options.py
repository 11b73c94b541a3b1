"""What the command line has in common: options, targets from arguments and lists, the moment to judge at.

Every start defines these values; as named tuples that is quicker than as dataclasses.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from certtui.core.labels import NO_LABELS, Labels
from certtui.core.target import HostTarget, Target, TargetProblem, parse_target, parse_target_list
from certtui.core.text import visible

if TYPE_CHECKING:
    from certtui.core.evidence import Evidence
    from certtui.core.log_list import LogList
    from certtui.core.report import Report

Command = TypeVar("Command", bound=Callable[..., Any])


class Moment(click.ParamType[datetime]):
    """A moment in ISO 8601; without a time zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware datetime."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{visible(value)!r} is no time: write 2026-12-24 or 2026-12-24T18:00:00+01:00", param, ctx
            )
        try:
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except OverflowError:
            self.fail(f"{visible(value)!r} is beyond the years that can be told in UTC", param, ctx)


class Period(click.ParamType[timedelta]):
    """A length of time between two looks."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return it."""
        from certtui.storage.durations import parse_duration

        duration = parse_duration(str(value))
        if isinstance(duration, str):
            self.fail(visible(duration), param, ctx)
        return duration


class Place(click.ParamType[str]):
    """An address to connect to."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address as given if it can be understood."""
        from certtui.probe.settings import parse_place

        try:
            parse_place(value)
        except ValueError as error:
            self.fail(visible(str(error)), param, ctx)
        return str(value)


class ServerName(click.ParamType[str]):
    """A name to ask for and to judge by."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name in A-labels, or the address in canonical form."""
        outcome = parse_target(f"tls://[{value}]" if ":" in value else f"tls://{value}")
        if not isinstance(outcome, HostTarget):
            problem = outcome.message if isinstance(outcome, TargetProblem) else "this is no name"
            self.fail(visible(problem), param, ctx)
        return outcome.host


class RevocationLists(click.ParamType[tuple[bytes, ...]]):
    """A file of certificate revocation lists, in PEM or DER."""

    name = "path"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[bytes, ...]:
        """Return the lists in DER."""
        from certtui.probe.files import load_crls

        found = load_crls(value)
        if isinstance(found, str):
            self.fail(f"{visible(value)}: {visible(found)}", param, ctx)
        return found


class LogListFile(click.ParamType["LogList"]):
    """A file with a list of certificate transparency logs."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> LogList:
        """Return the logs."""
        from certtui.core.log_list import read_log_list
        from certtui.probe.files import read_file

        data = read_file(value)
        if isinstance(data, str):
            self.fail(f"{visible(value)}: {visible(data)}", param, ctx)
        try:
            return read_log_list(data)
        except ValueError as error:
            self.fail(f"{visible(value)}: {visible(str(error))}", param, ctx)


class Common(NamedTuple):
    """The options that every command that looks at servers has."""

    ca_file: Path | None
    store: str
    crl: tuple[tuple[bytes, ...], ...]
    ct_logs: LogList | None
    connect: str | None
    server_name: str | None
    timeout: float
    concurrency: int
    at: datetime | None
    no_color: bool


def common_options(command: Command) -> Command:
    """Add the options of `Common` to a command, which gets them one by one."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--ca-file",
        type=click.Path(exists=True, path_type=Path),
        help="Trust the CAs in this file or folder as well.",
    ),
    click.option(
        "--store",
        type=click.Choice(["mozilla", "system"]),
        default="mozilla",
        show_default=True,
        help="The public CAs to trust.",
    ),
    click.option(
        "--crl",
        type=RevocationLists(),
        multiple=True,
        metavar="PATH",
        help="Look for revocations in this file of CRLs; may be given more than once.",
    ),
    click.option(
        "--ct-logs",
        type=LogListFile(),
        metavar="PATH",
        help="Judge certificate transparency by this log list (Google's version 3, JSON).",
    ),
    click.option(
        "--connect",
        type=Place(),
        metavar="ADDRESS",
        help="Connect here instead: ADDRESS, ADDRESS:PORT or [IPV6]:PORT.",
    ),
    click.option(
        "--server-name",
        type=ServerName(),
        metavar="NAME",
        help="Ask for this name (SNI) and judge the certificate by it.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0.1, max=3600),
        default=15.0,
        show_default=True,
        metavar="S",
        help="Seconds for one host, all in all.",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(min=1, max=5000),
        default=100,
        show_default=True,
        metavar="N",
        help="Hosts to look at at once.",
    ),
    click.option(
        "--at", type=Moment(), metavar="TIME", help="Judge validity at this moment (ISO 8601) instead of now."
    ),
    click.option("--no-color", is_flag=True, help="No colours; the variable NO_COLOR does the same."),
)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges evidence against one store at one moment, with what was given; it can be sent to another process."""

    anchors: Any
    at: datetime | None
    crls: tuple[bytes, ...] = ()
    ct_logs: LogList | None = None

    def __call__(self, evidence: Evidence) -> Report:
        """Return the diagnosis."""
        from certtui.core.diagnosis import diagnose_evidence

        return diagnose_evidence(
            evidence, anchors=self.anchors, now=self.at, crls=self.crls, ct_logs=self.ct_logs
        )


class Named(NamedTuple):
    """The targets that a command line names, and what is wrong with its other names; raw text."""

    targets: tuple[Target, ...]
    problems: tuple[str, ...] = ()
    labels: Mapping[Target, Labels] = MappingProxyType({})
    """Groups and tags, of targets that have any."""
    listed: frozenset[Target] = frozenset()
    """Those that a list names, which need not be remembered: the list does that."""


def named_targets(arguments: Sequence[str], hosts_file: str | None) -> Named:
    """Return the targets of arguments and lists, `-` being standard input; each bad one is told on standard error."""
    parts = [_read_list("-") if argument == "-" else _named(argument) for argument in arguments]
    if hosts_file is not None:
        parts.append(_read_list(hosts_file))
    labels: dict[Target, Labels] = {}
    for part in parts:
        for target, given in part.labels.items():
            labels[target] = labels.get(target, NO_LABELS).joined(given)
    named = Named(
        targets=tuple(dict.fromkeys(target for part in parts for target in part.targets)),
        problems=tuple(problem for part in parts for problem in part.problems),
        labels=labels,
        listed=frozenset(target for part in parts for target in part.listed)
        - {target for part in parts if not part.listed for target in part.targets},
    )
    for problem in named.problems:
        complain(problem)
    return named


def _named(argument: str) -> Named:
    outcome = parse_target(argument)
    if isinstance(outcome, TargetProblem):
        return Named((), (f"{argument}: column {outcome.column}: {outcome.message}",))
    return Named((outcome,))


_MOST_LIST_BYTES = 64 << 20
"""Far more than any list of hosts; a file without end is refused here."""


def _read_list(name: str) -> Named:
    shown = "standard input" if name == "-" else name
    if name == "-" and not sys.stdin:
        return Named((), (f"{shown}: it is closed",))
    try:
        # Standard input stays open: it may be named twice, and has nothing to say the second time.
        with nullcontext(sys.stdin.buffer) if name == "-" else open(name, "rb") as file:
            data = file.read(_MOST_LIST_BYTES + 1)
    except OSError as error:
        return Named((), (f"{shown}: {error.strerror or error}",))
    if len(data) > _MOST_LIST_BYTES:
        return Named((), (f"{shown}: more than {_MOST_LIST_BYTES >> 20} MiB, which no list of hosts is",))
    # PowerShell's > writes UTF-16 with a byte order mark.
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    parsed = parse_target_list(data.decode(encoding, errors="replace"))
    problems = (
        f"{shown}: line {problem.line}, column {problem.column}: {problem.message}"
        for problem in parsed.problems
    )
    return Named(parsed.targets, tuple(problems), parsed.labels, frozenset(parsed.targets))


def complain(text: str) -> None:
    """Tell a problem on standard error, made safe to show."""
    click.echo(f"certtui: {visible(text)}", err=True)
