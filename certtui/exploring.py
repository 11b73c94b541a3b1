"""Opening the explorer: settings, options and what is remembered come together, and engine and history are made."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from certtui.core.labels import Labels
from certtui.core.target import Target
from certtui.options import Common, Judge, Named, complain

if TYPE_CHECKING:
    from certtui.core.anchors import AnchorStore
    from certtui.core.evidence import Evidence
    from certtui.core.report import Report
    from certtui.probe.scan import Engine
    from certtui.storage.settings import Settings
    from certtui.storage.state import State
    from certtui.ui.services import Backend, Preferences, Remembered

NO_TERMINAL, BAD_SETTINGS = 2, 2


class Wish(NamedTuple):
    """What the user asks of the explorer besides the options that all commands have."""

    ascii_only: bool = False
    theme: str | None = None
    watch: timedelta | None = None
    """Watch from the start, with this period."""


class Route(NamedTuple):
    """How the demo's servers are reached, and what they are judged by."""

    anchors: AnchorStore
    routes: Mapping[tuple[str, int], tuple[str, int]]
    timeout: float


def engine_of(common: Common, route: Route | None = None) -> tuple[Engine, AnchorStore]:
    """Return an engine by the user's options, and the store that it judges by; raise `TrustError` without a store."""
    from certtui.probe.scan import Engine
    from certtui.probe.settings import ProbeSettings
    from certtui.trust.store import load_store

    settings = ProbeSettings(
        timeout_seconds=route.timeout if route is not None else common.timeout,
        concurrency=common.concurrency,
        connect_to=common.connect,
        server_name=common.server_name,
        routes=route.routes if route is not None else {},
    )
    anchors = route.anchors if route is not None else load_store(common.store, common.ca_file)
    return Engine(settings, _judge(common, anchors, common.at)), anchors


def _judge(common: Common, anchors: AnchorStore, at: datetime | None) -> Judge:
    crls = tuple(crl for file in common.crl for crl in file)
    return Judge(anchors, at, crls, common.ct_logs)


def explore_from_state(
    named: Named, *, is_named: bool, common: Common, wish: Wish, settings: Settings
) -> int:
    """Open the explorer on the targets named, or on those of the last time where none was asked for.

    What a list names is not remembered: thousands of hosts that were looked at once would else be looked at ever after.
    """
    from certtui.storage.state import State, load_state, save_state

    state = load_state()
    # A look at other hosts must not cost the list that was kept so far.
    kept = [target for target in state.targets if is_named and target not in named.targets]
    passing = named.listed - {*state.targets}

    def remember(now: Remembered) -> None:
        own = [target for target in now.targets if target not in passing]
        targets = (*own, *(target for target in kept if target not in now.targets))
        save_state(
            State(
                targets=targets,
                order=now.order,
                is_reversed=now.is_reversed,
                theme=now.theme,
                server=now.server,
            )
        )

    notes = [*([state.note] if state.note else []), *named.problems]
    return _explore(
        named.targets if is_named else state.targets,
        named.labels,
        common=common,
        wish=wish,
        settings=settings,
        state=state,
        remember=remember,
        notes=notes,
    )


def explore_street(*, common: Common, wish: Wish, settings: Settings) -> int:
    """Open the explorer on the demo's street; nothing is remembered of it."""
    from certtui.core.anchors import Anchor, AnchorStore
    from certtui.core.certificate import Certificate
    from certtui.lab import Street
    from certtui.storage.state import State

    with Street() as street:
        anchors = AnchorStore([Anchor(Certificate.of(street.root_der))], label="the demo's own root")
        # A silent house would hold the last badges back for as long as a real one is waited for.
        route = Route(anchors=anchors, routes=street.routes, timeout=min(common.timeout, 5.0))
        return _explore(
            street.targets,
            street.labels,
            common=common,
            wish=wish,
            settings=settings,
            state=State(),
            remember=lambda _: None,
            route=route,
        )


def _explore(
    targets: Sequence[Target],
    labels: Mapping[Target, Labels],
    *,
    common: Common,
    wish: Wish,
    settings: Settings,
    state: State,
    remember: Callable[[Remembered], None],
    route: Route | None = None,
    notes: Sequence[str] = (),
) -> int:
    """Open the explorer on targets, run it until the user leaves, and return the exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("the explorer needs a terminal; certtui check does the same without one")
        return NO_TERMINAL
    gc.disable()  # nothing that starting makes is garbage; the explorer collects again once it is painted
    preferences = _preferences(common, wish, settings, state)
    if preferences is None:
        return BAD_SETTINGS
    if preferences.no_color:
        os.environ["NO_COLOR"] = "1"
    # Where a shell exports its size, Textual would hold on to that however the window is resized.
    for size in ("COLUMNS", "LINES"):
        os.environ.pop(size, None)
    from certtui.ui.app import CerttuiApp
    from certtui.ui.services import Services

    app = CerttuiApp(
        targets=targets,
        labels=labels,
        services=Services(start=lambda tell: _backend(common, settings, route, tell), remember=remember),
        preferences=preferences,
        notes=notes,
    )
    app.run()
    return app.return_code or 0


def _preferences(common: Common, wish: Wish, settings: Settings, state: State) -> Preferences | None:
    """Return how the user wants things: options before settings before what is remembered; None if keys are wrong."""
    from certtui.storage.places import config_file
    from certtui.ui.services import Preferences
    from certtui.ui.themes import theme_problem

    keymap, wrong_keys = _keymap(settings)
    problems = [f"{config_file()}: keys.{problem}" for problem in wrong_keys]
    if (wrong := theme_problem(settings.theme)) is not None:
        problems.append(f"{config_file()}: theme: {wrong}")
    if (wrong := theme_problem(wish.theme)) is not None:
        problems.append(f"--theme: {wrong}")
    for problem in problems:
        complain(problem)
    if problems:
        return None
    return Preferences(
        no_color=common.no_color or bool(os.environ.get("NO_COLOR")),
        ascii_only=wish.ascii_only or settings.ascii,
        theme=wish.theme or settings.theme or state.theme,
        order=state.order,
        is_reversed=state.is_reversed,
        server=settings.server or state.server,
        keymap=keymap,
        clipboard=settings.clipboard,
        watch_every=wish.watch or settings.watch.every,
        watch_at_once=wish.watch is not None,
        bell=settings.watch.bell,
        notify=settings.watch.notify,
        on_change=settings.watch.on_change,
    )


def _keymap(settings: Settings) -> tuple[Mapping[str, str], tuple[str, ...]]:
    if not settings.keys:
        return {}, ()
    from certtui.ui.keymap import keymap_of  # most users have no keys of their own

    return keymap_of(settings.keys)


def _backend(common: Common, settings: Settings, route: Route | None, tell: Callable[[str], None]) -> Backend:
    """Make the engine, and the history unless nothing is to be kept: of the demo nothing ever is."""
    from certtui.storage.history import History
    from certtui.storage.history_writer import HistoryWriter
    from certtui.ui.services import Backend

    engine, anchors = engine_of(common, route)

    def judge(evidence: Evidence, at: datetime | None, store: AnchorStore) -> Report:
        return _judge(common, store, at or common.at)(evidence)

    if route is not None or not settings.history.enabled:
        return Backend(engine=engine, anchors=anchors, judge=judge)
    history = History()
    return Backend(
        engine=engine,
        anchors=anchors,
        judge=judge,
        history=history,
        writer=HistoryWriter(history, tell, keep_days=settings.history.keep_days),
    )
