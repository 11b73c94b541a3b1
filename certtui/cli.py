"""The command line: reads what the user wants, puts the rooms together and runs them. It decides nothing else."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from certtui import __version__, checking
from certtui.checking import BAD_INPUT, NOTHING, OWN_FAULT, NobodyReads, output_width, print_text
from certtui.core.servers import SERVERS, server_named
from certtui.core.text import visible
from certtui.options import Common, Period, common_options, complain, named_targets

if TYPE_CHECKING:
    from certtui.storage.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

INTERRUPTED, UNREAD = 130, 141
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
        is_command = bool(args) and args[0] in (*_COMMANDS, "--help", "-h", "--version", "--paths")
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


def _print_paths(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:
    if is_wanted and not ctx.resilient_parsing:
        from certtui.storage.places import paths_text

        print_text(visible_lines(paths_text()) + "\n")
        ctx.exit()


@click.group(cls=_Group, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="certtui %(version)s")
@click.option(
    "--paths",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_paths,
    help="Say which files certtui reads and writes.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Hold the commands together, with what the settings say where an option says nothing."""
    if ctx.invoked_subcommand == "explain":
        return
    from certtui.storage.settings import Settings, load_settings

    # Help is to be had however wrong the settings are.
    settings = Settings() if {"-h", "--help"} & {*sys.argv} else load_settings()
    if not isinstance(settings, Settings):
        for problem in settings:
            complain(str(problem))
        ctx.exit(BAD_INPUT)
    ctx.obj = settings
    given = {
        "timeout": settings.timeout,
        "concurrency": settings.concurrency,
        "ca_file": settings.ca_file,
        "store": settings.store,
        "server": settings.server,
    }
    defaults = {name: value for name, value in given.items() if value is not None}
    ctx.default_map = {"explore": defaults, "check": defaults}


_EXPLORER_OPTIONS = (
    click.option(
        "--ascii", "ascii_only", is_flag=True, help="Plain ASCII signs and frames instead of Unicode ones."
    ),
    click.option("--theme", metavar="NAME", help="The colours: certtui-dark, certtui-light, ansi-dark ..."),
    click.option(
        "--watch",
        type=Period(),
        metavar="PERIOD",
        help="Look again every so often (10m, 1h30m) and mark what changes.",
    ),
)


def explorer_options(command: Command) -> Command:
    """Add the options of the screen to a command."""
    for option in reversed(_EXPLORER_OPTIONS):
        command = option(command)
    return command


@cli.command(cls=_Explorer, hidden=True, context_settings={"help_option_names": []})
@click.argument("targets", nargs=-1)
@click.option("--hosts", type=click.Path(), help="A file with hosts, perhaps in [groups] and with +tags.")
@explorer_options
@common_options
@click.pass_obj
def explore(
    settings: Settings,
    /,
    targets: Sequence[str],
    hosts: str | None,
    ascii_only: bool,
    theme: str | None,
    watch: timedelta | None,
    **options: Any,
) -> int:
    """Open the explorer."""
    named = named_targets(targets, hosts)
    if named.problems and not named.targets:
        return BAD_INPUT
    from certtui.exploring import Wish, explore_from_state

    return explore_from_state(
        named,
        is_named=bool(targets) or hosts is not None,
        common=Common(**options),
        wish=Wish(ascii_only=ascii_only, theme=theme, watch=watch),
        settings=settings,
    )


@cli.command(
    help="Look at targets without a screen and print what was found. A target '-' reads a list from "
    "standard input. Ends with 4 for a fault of certtui itself, else 2 for bad usage or input, else 1 if "
    "anything reached the threshold, else 3 if a host could not be reached, else 0."
)
@click.argument("targets", nargs=-1)
@click.option("--hosts", type=click.Path(), help="A file with hosts: one or more a line, # starts a comment.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--jsonl", "form", flag_value="jsonl", help="A line of JSON for each host as it is done.")
@click.option("--markdown", "form", flag_value="markdown", help="A report for a ticket.")
@click.option("--html", "form", flag_value="html", help="A report for a browser, whole in one file.")
@click.option("--text", "form", flag_value="text", default="text", help="Plain lines (the default).")
@click.option(
    "--server",
    type=click.Choice(tuple(SERVERS), case_sensitive=False),
    help="The program that repairs in --markdown and --html are for.",
)
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
    targets: Sequence[str],
    hosts: str | None,
    form: str,
    server: str | None,
    fail_on: str,
    lint: bool,
    **options: Any,
) -> int:
    """Look at targets and print what was found."""
    named = named_targets(targets, hosts)
    if not named.targets:
        if not named.problems:
            complain("nothing to check: name a host, --hosts FILE, or - for standard input")
        return BAD_INPUT
    common = Common(**options)
    if lint and not checking.can_lint():
        return BAD_INPUT
    from certtui.exploring import engine_of

    with checking.linter(lint) as judged:
        reports = checking.look(
            named.targets,
            engine_of(common)[0],
            form,
            judged,
            no_color=common.no_color,
            program=server_named(server) if server else None,
        )
    return checking.exit_code(reports, fail_on, has_bad_input=bool(named.problems))


@cli.command(short_help="Open the explorer on a street of broken servers, offline.")
@common_options
@explorer_options
@click.pass_obj
def demo(
    settings: Settings, /, ascii_only: bool, theme: str | None, watch: timedelta | None, **options: Any
) -> int:
    """Open the explorer on a street of broken servers that certtui starts itself, offline."""
    from certtui.exploring import Wish, explore_street

    wish = Wish(ascii_only=ascii_only, theme=theme, watch=watch)
    return explore_street(common=Common(**options), wish=wish, settings=settings)


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
        print_text(all_codes())
        return NOTHING
    code = code_named(text)
    listed = explained(code, width=output_width()) if code else explain_symptom(text, width=output_width())
    if listed is not None:
        print_text(listed)
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
    except NobodyReads:
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
