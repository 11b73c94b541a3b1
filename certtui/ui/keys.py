"""One table of actions: keys, footer, palette, help, settings and documentation all come from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.binding import Binding

from certtui.ui.bindings import Action, Where, shown


def _actions(where: Where, *rows: tuple[str, str, str, str]) -> tuple[Action, ...]:
    """Make the actions of one place from their name, keys, label and help.

    A label that begins with `*` is for the footer; a name that does works while text is being typed too.
    """
    return tuple(
        Action(
            where=where,
            name=name.lstrip("*"),
            keys=tuple(keys.split()),
            label=label.lstrip("*"),
            help=help_,
            in_footer=label.startswith("*"),
            always=name.startswith("*"),
        )
        for name, keys, label, help_ in rows
    )


ACTIONS: tuple[Action, ...] = (
    *_actions(
        Where.MAIN,
        (
            "help",
            "question_mark f1",
            "*Help",
            "What the selected finding means, what it risks, how to repair it; and the keys",
        ),
        (
            "filter",
            "slash",
            "*Filter",
            "Show only hosts that match: words, days<30, issuer:, is:expired, !not",
        ),
        ("compare", "c", "*Compare", "Mark the selected host; on a second one, compare the two"),
        ("copy_menu", "y", "*Copy", "Copy PEM, fingerprint, names ... to the clipboard"),
        ("add", "a", "*Add", "Add hosts, URLs, addresses or files"),
        (
            "clients",
            "w",
            "*Who rejects",
            "Who rejects this host, with which code, and which fault comes next",
        ),
        ("stores", "p", "*Who trusts", "Who trusts this host: each path in each root store, with dates"),
        (
            "inside",
            "i",
            "*Inside",
            "The selected certificate inside out: every field in words, ASN.1 and octets",
        ),
        ("refresh", "r", "*Again", "Look again at the marked hosts, else at the selected one"),
        ("leave", "q", "*Quit", "Quit"),
        ("refresh_all", "R", "All again", "Look at all hosts again"),
        ("cancel", "ctrl+x", "Stop", "Stop looking at hosts; what has come in stays"),
        ("next_fault", "n", "Next fault", "Go to the next host with an error or a warning"),
        ("previous_fault", "N", "Fault before", "Go to the host with an error or a warning before"),
        ("history", "h", "*History", "When the selected host's certificate changed; compare any two looks"),
        ("watch", "W", "*Watch", "Look again and again and mark what changes, or stop doing so"),
        ("log", "l", "*Log", "What changed while watching"),
        ("timeline", "T", "*Timeline", "When the certificates of all hosts expire"),
        ("time_machine", "t", "*Time machine", "Move the clock or remove a root: what would break"),
        ("export", "e", "*Export", "Save PEM, DER, text, JSON, Markdown, HTML or a picture of the screen"),
        ("copy_pem", "Y", "Copy PEM", "Copy the selected certificate as PEM at once"),
        (
            "mark",
            "space",
            "Mark",
            "Mark the host; again, remove and export then mean all marked ones, compare two",
        ),
        ("mark_all", "ctrl+a", "Mark all", "Mark all hosts that are shown, or take these marks away"),
        ("unmark", "C", "Unmark", "Take all marks away, and the signs of what has changed"),
        (
            "remove",
            "d delete",
            "Remove",
            "Remove the marked hosts, else the selected one; undo brings them back",
        ),
        ("undo", "u", "Undo", "Bring back what was removed last"),
        ("failures_only", "x", "*Failures", "Show only hosts with an error or a warning, or all again"),
        (
            "category_menu",
            "f",
            "*Kinds",
            "How many hosts have which kind of fault; choose one to see only those",
        ),
        ("sort_menu", "s", "*Sort", "Choose the order of the hosts"),
        ("reverse", "S", "Reverse", "Reverse the order of the hosts"),
        ("maximise", "z", "Zoom", "Show one pane alone, or all again"),
        ("orientation", "vertical_line", "Turn", "Put the panes side by side or above one another"),
        ("pane('hosts')", "1", "Hosts", "Go to the hosts"),
        ("pane('chain')", "2", "Chain", "Go to the chain"),
        ("pane('detail')", "3", "Detail", "Go to the detail"),
        ("next_pane", "tab", "Next pane", "Go to the next pane"),
        ("previous_pane", "shift+tab", "Pane before", "Go to the pane before"),
        ("inward", "enter right", "Go in", "Go one pane in: from the hosts to the chain to the detail"),
        (
            "outward",
            "escape left",
            "Go back",
            "Go one pane back; from the hosts, clear the filters one by one",
        ),
        ("pager", "v", "Pager", "Read all of the selected host in $PAGER"),
        ("app.change_theme", "ctrl+t", "Theme", "Choose the colours"),
        ("app.command_palette", "colon ctrl+p", "Palette", "Find an action by its name"),
        ("app.suspend_process", "ctrl+z", "Suspend", "Go back to the shell; fg comes back"),
        ("*app.quit", "ctrl+q", "Quit", "Quit from anywhere"),
    ),
    *_actions(
        Where.LIST,
        ("up", "up k", "Up", "One line up"),
        ("down", "down j", "Down", "One line down"),
        ("first", "g home", "First", "To the first line"),
        ("last", "G end", "Last", "To the last line"),
        ("page_up", "pageup ctrl+b", "Page up", "One page up"),
        ("page_down", "pagedown ctrl+f", "Page down", "One page down"),
    ),
    *_actions(
        Where.HELP,
        ("next_finding", "n right", "*Next finding", "The next finding"),
        ("previous_finding", "p left", "Finding before", "The finding before"),
        ("server", "s", "*Server", "Choose the server that the commands are for"),
        ("copy_command", "c enter", "*Copy command", "Copy the command that is marked"),
        ("next_command", "tab", "*Next command", "Mark the next command"),
        ("previous_command", "shift+tab", "Command before", "Mark the command before"),
        ("findings", "l", "*All findings", "All findings that there are, to read at leisure"),
        ("search", "slash", "*Search", "Search for a word or for the error text that a program showed"),
    ),
    *_actions(
        Where.FINDINGS,
        ("open", "enter", "*Open", "Read the finding under the cursor"),
        ("search", "slash", "*Search", "Search for a word or for the error text that a program showed"),
    ),
    *_actions(
        Where.COMPARE,
        ("only_differences", "d", "*Differences", "Show only what differs, or everything"),
        ("next_difference", "n", "*Next", "The next difference"),
        ("previous_difference", "N", "Before", "The difference before"),
        ("swap", "x", "*Swap", "Swap the sides"),
    ),
    *_actions(
        Where.INSIDE,
        ("view", "r tab", "*Raw or words", "The certificate in words, or as ASN.1 and octets"),
        ("copy", "y", "*Copy", "Copy the text, or the octets of the element under the cursor"),
        ("fold", "space", "Fold", "Hide what the element under the cursor holds, or show it again"),
        ("next_certificate", "n right", "*Next certificate", "The next certificate of the chain"),
        ("previous_certificate", "p left", "Certificate before", "The certificate before"),
    ),
    *_actions(
        Where.HISTORY,
        ("compare", "c", "*Mark, compare", "Mark a look; on a second one, compare the two"),
        ("choose", "enter", "*With newest", "Compare with the marked look, or else with the newest"),
    ),
    *_actions(
        Where.TIMELINE,
        ("later", "right", "*Later", "The next span of time"),
        ("earlier", "left", "*Earlier", "The span of time before"),
        ("choose", "enter", "*Go to host", "Go to the host under the cursor"),
    ),
    *_actions(
        Where.TIME_MACHINE,
        ("days(1)", "plus", "*Day on", "One day on"),
        ("days(-1)", "minus", "Day back", "One day back"),
        ("days(7)", "right_square_bracket", "*Week on", "One week on"),
        ("days(-7)", "left_square_bracket", "Week back", "One week back"),
        ("days(30)", "right_curly_bracket", "*30 days on", "Thirty days on"),
        ("days(-30)", "left_curly_bracket", "30 days back", "Thirty days back"),
        ("date", "t", "*Date", "Type a date"),
        ("present", "0", "Now", "Back to now, with every root"),
        ("toggle_root", "space", "*Root", "Remove the root under the cursor, or put it back; so does enter"),
        ("choose", "enter", "Go to host", "Go to the host under the cursor"),
        ("next_pane", "tab", "Other list", "From the roots to the hosts and back"),
    ),
    *_actions(
        Where.LOG,
        ("choose", "enter", "*Go to host", "Go to the host under the cursor"),
    ),
    *_actions(
        Where.PAGE,
        ("leave", "escape q", "*Back", "Back to the explorer"),
        ("copy", "y", "*Copy", "Copy the page as text"),
        ("pager", "v", "Pager", "Read the page in $PAGER"),
        ("keys", "question_mark f1", "*Keys", "The keys"),
        ("app.command_palette", "colon", "Palette", "Find an action by its name"),
    ),
)
"""Every action, place by place, most useful first; the footer shows those marked for it in this order."""


def actions_of(where: Where) -> tuple[Action, ...]:
    """Return the actions of one place."""
    return tuple(action for action in ACTIONS if action.where is where)


def bindings(*places: Where) -> list[Binding]:
    """Return Textual's bindings for the actions of some places; where two use a key, the earlier place has it."""
    taken: set[str] = set()
    made: list[Binding] = []
    for action in (action for where in places for action in actions_of(where)):
        keys = [key for key in action.keys if key not in taken]
        taken.update(keys)
        if keys:
            made.append(
                Binding(
                    ",".join(keys),
                    action.name,
                    action.label,
                    show=action.in_footer,
                    key_display=shown(keys[0]),
                    priority=action.always,
                    tooltip=action.help,
                    id=action.id,
                )
            )
    return made


def shown_keys(action: Action, keymap: Mapping[str, str] | None = None) -> str:
    """Return the keys of an action as people write them, the user's own where they have any."""
    own = (keymap or {}).get(action.id)
    keys = own.split(",") if own else action.keys
    return " ".join(map(shown, keys))


def shown_key(action_id: str, keymap: Mapping[str, str]) -> str:
    """Return the first key of an action by its id."""
    action = next(action for action in ACTIONS if action.id == action_id)
    return shown_keys(action, keymap).partition(" ")[0]


def help_rows(*places: Where, keymap: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield keys and sentence of every action of some places, for help and documentation.

    `keymap` holds the user's own keys by action id, several with commas between.
    """
    for action in (action for where in places for action in actions_of(where)):
        yield shown_keys(action, keymap), action.help
