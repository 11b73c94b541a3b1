"""The command line: reads what the user wants, puts the rooms together and runs them. It decides nothing else."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from certtui import __version__
from certtui.core.catalogue import SEVERITIES, Code, Severity
from certtui.core.target import Target
from certtui.core.text import visible
from certtui.options import Common, Judge, common_options, complain, named_targets

if TYPE_CHECKING:
    from certtui.core.report import Report
    from certtui.probe.scan import Engine

NOTHING, FOUND, BAD_INPUT, UNREACHABLE, OWN_FAULT, INTERRUPTED, UNREAD = 0, 1, 2, 3, 4, 130, 141
_COMMANDS = ("check", "demo", "explain")

_HELP = """Explore TLS certificates: every fault at once, with its evidence and its repair.

\b
certtui                             the hosts remembered from before
certtui example.com mail.example.com:993 smtp://mx.example.com ./fullchain.pem
certtui --hosts hosts.txt
certtui check TARGET... [--json]    the same without a screen (certtui check --help)
certtui demo                        a street of broken servers, on this machine
certtui explain [CODE]              what a finding means and how to repair it
certtui explain "curl: (60) ..."    what an error of a browser or program may mean

A TARGET is a host, host:port, URL, IP address or file. A host that is called check, demo or explain is
reached as check:443.
"""


class _Group(click.Group):
    """A group whose first word may be a command; anything else is a target for the explorer."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Send everything but a command to the explorer."""
        is_command = bool(args) and args[0] in (*_COMMANDS, "--help", "-h", "--version")
        return super().parse_args(ctx, args if is_command else ["explore", *args])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the explorer's options too, which belong to a command that nobody names."""
        options = (option for option in explore.params if isinstance(option, click.Option))
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section("Options of the explorer"):
            formatter.write_dl(records)
        super().format_options(ctx, formatter)


class _Explorer(click.Command):
    """The command that nobody names: its usage is the program's own."""

    def get_usage(self, ctx: click.Context) -> str:
        """Return the line above an error."""
        return "Usage: certtui [OPTIONS] [TARGETS]..."


@click.group(cls=_Group, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="certtui %(version)s")
def cli() -> None:
    """Hold the commands together."""


@cli.command(cls=_Explorer, hidden=True, context_settings={"help_option_names": []})
@click.argument("targets", nargs=-1)
@click.option("--hosts", type=click.Path(), help="A file with hosts.")
@click.option(
    "--ascii", "ascii_only", is_flag=True, help="Plain ASCII signs and frames instead of Unicode ones."
)
@common_options
def explore(targets: Sequence[str], hosts: str | None, ascii_only: bool, **options: Any) -> int:
    """Open the explorer."""
    named = named_targets(targets, hosts)
    if named.problem_count and not named.targets:
        return BAD_INPUT
    from certtui.storage.state import load_state, save_state

    state = load_state()
    if state.note:
        complain(state.note)
    is_named = bool(targets) or hosts is not None
    # A look at other hosts must not cost the list that was kept so far.
    kept = [target for target in state.targets if is_named and target not in named.targets]

    def remember(now: Sequence[Target]) -> None:
        save_state([*now, *(target for target in kept if target not in now)])

    common = Common(**options)
    wanted = named.targets if is_named else state.targets
    return _run_explorer(wanted, _engine_maker(common), remember, common, ascii_only=ascii_only)


@cli.command(
    help="Look at targets without a screen and print what was found. A target '-' reads a list from "
    "standard input. Ends with 4 for a fault of certtui itself, else 2 for bad usage or input, else 1 if "
    "anything reached the threshold, else 3 if a host could not be reached, else 0."
)
@click.argument("targets", nargs=-1)
@click.option("--hosts", type=click.Path(), help="A file with hosts: one or more a line, # starts a comment.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--jsonl", "form", flag_value="jsonl", help="A line of JSON for each host as it is done.")
@click.option("--text", "form", flag_value="text", default="text", help="Plain lines (the default).")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The least severity that ends with 1.",
)
@click.option(
    "--lint", is_flag=True, help="Judge by the rules for public CAs too: slow, needs certtui[lint]."
)
@common_options
def check(
    targets: Sequence[str], hosts: str | None, form: str, fail_on: str, lint: bool, **options: Any
) -> int:
    """Look at targets and print what was found."""
    named = named_targets(targets, hosts)
    if not named.targets:
        if not named.problem_count:
            complain("nothing to check: name a host, --hosts FILE, or - for standard input")
        return BAD_INPUT
    common = Common(**options)
    if lint and not _can_lint():
        return BAD_INPUT
    with _linter(lint) as judged:
        reports = _checked(named.targets, _engine_maker(common)(), form, judged, no_color=common.no_color)
    return exit_code(reports, fail_on, has_bad_input=bool(named.problem_count))


@cli.command(short_help="Open the explorer on a street of broken servers, offline.")
@common_options
@click.option(
    "--ascii", "ascii_only", is_flag=True, help="Plain ASCII signs and frames instead of Unicode ones."
)
def demo(ascii_only: bool, **options: Any) -> int:
    """Open the explorer on a street of broken servers that certtui starts itself, offline."""
    from certtui.core.anchors import Anchor, AnchorStore
    from certtui.core.certificate import Certificate
    from certtui.lab import Street

    common = Common(**options)
    with Street() as street:
        anchors = AnchorStore([Anchor(Certificate.of(street.root_der))], label="the demo's own root")
        # A silent house would hold the last badges back for as long as a real one is waited for.
        start = _engine_maker(common, anchors=anchors, routes=street.routes, timeout=min(common.timeout, 5.0))
        return _run_explorer(street.targets, start, lambda _: None, common, ascii_only=ascii_only)


@cli.command(
    short_help="Say what a finding, or an error of a browser or program, means and how to repair it.",
    # A number such as -202 is no option.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, metavar="[CODE|ERROR]")
def explain(words: Sequence[str]) -> int:
    """Say what a finding means and how to repair it; without CODE, list all findings.

    ERROR is what a browser or a program shows: a name (ERR_CERT_DATE_INVALID), a number (-202), the title of a
    warning page, or a whole line in quotes. What it may mean is explained or listed.
    """
    from certtui.report.explain import all_codes, code_named, explain_symptom, nearest_codes
    from certtui.report.explain import explain as explained

    text = " ".join(words)
    if not words:
        _print(all_codes())
        return NOTHING
    code = code_named(text)
    listed = explained(code, width=_width()) if code else explain_symptom(text, width=_width())
    if listed is not None:
        _print(listed)
        return NOTHING
    if len(text.split()) > 1:
        complain(
            "nothing is known of this text: paste the line that names the error, or look at the host itself with "
            "certtui check HOST"
        )
        return BAD_INPUT
    near = nearest_codes(text)
    advice = f"did you mean {' or '.join(near)}?" if near else "certtui explain lists all findings"
    complain(f"there is no finding {text!r}: {advice}")
    return BAD_INPUT


def exit_code(reports: Sequence[Report], fail_on: str, *, has_bad_input: bool) -> int:
    """Return what `check` ends with: 4 before 2 before 1 before 3 before 0."""
    from certtui.core.report import Verdict

    findings = [finding for report in reports for finding in report.findings]
    if any(finding.code is Code.INTERNAL_ERROR for finding in findings):
        return OWN_FAULT
    if has_bad_input or any(finding.code is Code.FILE_UNREADABLE for finding in findings):
        return BAD_INPUT
    unreachable = [report for report in reports if report.verdict is Verdict.UNREACHABLE]
    reached = [report for report in reports if report.verdict is not Verdict.UNREACHABLE]
    if fail_on != "never":
        failing = SEVERITIES[: SEVERITIES.index(Severity(fail_on)) + 1]
        if any(report.severity in failing for report in reached):
            return FOUND
    return UNREACHABLE if unreachable else NOTHING


def _engine_maker(
    common: Common,
    *,
    anchors: object | None = None,
    routes: Mapping[tuple[str, int], tuple[str, int]] | None = None,
    timeout: float | None = None,
) -> Callable[[], Engine]:
    def start() -> Engine:
        from certtui.probe.scan import Engine
        from certtui.probe.settings import ProbeSettings
        from certtui.trust.store import load_store

        seconds = timeout or common.timeout
        settings = ProbeSettings(
            timeout_seconds=seconds,
            concurrency=common.concurrency,
            connect_to=common.connect,
            server_name=common.server_name,
            routes=routes or {},
        )
        store = anchors if anchors is not None else load_store(common.store, common.ca_file)
        crls = tuple(crl for file in common.crl for crl in file)
        return Engine(settings, Judge(store, common.at, crls, common.ct_logs))

    return start


def _can_lint() -> bool:
    from certtui.lint.pkilint import NOT_INSTALLED, is_installed

    if not is_installed():
        complain(NOT_INSTALLED.why)
    return is_installed()


@contextmanager
def _linter(is_wanted: bool) -> Iterator[Callable[[Report], Report]]:
    """Hand over what adds a linter's findings to a report, or leaves it as it is."""
    if not is_wanted:
        yield lambda report: report
        return
    from certtui.lint.worker import Linter

    with Linter() as linter:
        yield linter.judge


def _checked(
    targets: Sequence[Target],
    engine: Engine,
    form: str,
    judged: Callable[[Report], Report],
    *,
    no_color: bool,
) -> list[Report]:
    """Look at all targets and print each report: in order as soon as it can be, or for jsonl as it comes."""
    from certtui.report.json import as_json, as_json_line

    in_order: list[Report] = []
    write = _text_writer(no_color) if form == "text" else as_json_line
    waiting: dict[Target, Report] = {}
    try:
        for target, unlinted in _results(targets, engine):
            report = judged(unlinted)
            if form == "jsonl":
                _print(as_json_line(report))
            waiting[target] = report
            while len(in_order) < len(targets) and targets[len(in_order)] in waiting:
                in_order.append(waiting.pop(targets[len(in_order)]))
                if form == "text":
                    _print(write(in_order[-1]))
    finally:
        engine.close()
        if form == "json":
            _print(as_json([*in_order, *waiting.values()]))
    return in_order


def _results(targets: Sequence[Target], engine: Engine) -> Iterator[tuple[Target, Report]]:
    engine.submit(targets)
    left = len(targets)
    while left:
        engine.wait(0.2)
        for inspected in engine.take():
            left -= 1
            yield inspected.target, inspected.report


def _text_writer(no_color: bool) -> Callable[[Report], str]:
    from certtui.report.text import TextWriter

    in_colour = sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")
    return TextWriter(width=_width(), in_colour=in_colour).report


class _NobodyReads(Exception):
    """Whoever read the output has seen enough; click would call a broken pipe a failure."""


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise _NobodyReads from None


def _width() -> int:
    if not sys.stdout.isatty():
        return 100
    return min(os.get_terminal_size(sys.stdout.fileno()).columns or 80, 120)


def _run_explorer(
    targets: Sequence[Target],
    start: Callable[[], Engine],
    remember: Callable[[Sequence[Target]], None],
    common: Common,
    *,
    ascii_only: bool,
) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("the explorer needs a terminal; certtui check does the same without one")
        return BAD_INPUT
    no_color = common.no_color or bool(os.environ.get("NO_COLOR"))
    if no_color:
        os.environ["NO_COLOR"] = "1"
    # Where a shell exports its size, Textual would hold on to that however the window is resized.
    for size in ("COLUMNS", "LINES"):
        os.environ.pop(size, None)
    gc.disable()  # nothing that starting makes is garbage; the explorer collects again once it is painted
    from certtui.ui.app import CerttuiApp

    app = CerttuiApp(
        targets=targets, start_engine=start, remember=remember, no_color=no_color, ascii_only=ascii_only
    )
    app.run()
    return app.return_code or NOTHING


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    try:
        code = cli.main(args=arguments, prog_name="certtui", standalone_mode=False)
    except click.exceptions.Exit as ending:
        code = ending.exit_code
    except click.ClickException as mistake:
        mistake.show()
        code = BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except _NobodyReads:
        # What is still in the buffer must not be complained about either. As a shell calls the end by SIGPIPE, since
        # nobody knows what the hosts not printed would have come to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = UNREAD
    except Exception as error:
        code = _own_fault(error)
    sys.exit(code if isinstance(code, int) else NOTHING)


def _own_fault(error: Exception) -> int:
    from certtui.trust.store import TrustError

    if isinstance(error, TrustError):
        complain(str(error))
        return BAD_INPUT
    complain(f"this is a fault of certtui itself: {type(error).__name__}: {error}")
    if os.environ.get("CERTTUI_DEBUG"):
        click.echo(visible_lines(traceback.format_exc()), err=True)
    else:
        complain("set CERTTUI_DEBUG=1 to see where, and please report it")
    return OWN_FAULT


def visible_lines(text: str) -> str:
    """Return a text of several lines made safe to show line by line."""
    return "\n".join(visible(row) for row in text.splitlines())
