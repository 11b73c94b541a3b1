"""The session's list stays what a plain recomputation gives, however it came about."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import certtui
from certtui.core.catalogue import SEVERITIES, Code
from certtui.core.finding import finding
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.ui.session import Order, Row, Session, matches
from tests.core.examples import GOOD, HOST, NOW

_CODES = (Code.LEAF_EXPIRED, Code.EXPIRING_SOON, Code.ROOT_SENT, Code.REFUSED)
HOSTS = [HostTarget(host=f"{name}.test") for name in ("a", "b", "c", "d", "e")]


def report(*codes: Code) -> Report:
    """Return a report with these findings."""
    return Report(host="x", now=NOW, chain=(), findings=tuple(finding(code, "x") for code in codes))


def listed(session: Session) -> list[Row]:
    """Return the rows as they are shown."""
    rows = (session.row_at(position) for position in range(session.shown_count))
    return [row for row in rows if row is not None]


def test_the_most_urgent_comes_first_and_what_waits_last() -> None:
    session = Session()
    rows = session.add(HOSTS[:4])
    session.expect(rows[:3], 1)
    session.apply(1, HOSTS[0], report())
    session.apply(1, HOSTS[1], report(Code.EXPIRING_SOON))
    session.apply(1, HOSTS[2], report(Code.LEAF_EXPIRED))

    assert [row.target for row in listed(session)] == [HOSTS[2], HOSTS[1], HOSTS[0], HOSTS[3]]


def test_a_result_of_an_older_scan_is_dropped() -> None:
    session = Session()
    rows = session.add(HOSTS[:1])
    session.expect(rows, 1)
    session.expect(rows, 2)

    assert session.apply(1, HOSTS[0], report(Code.LEAF_EXPIRED)) is None
    assert session.waiting_count == 1
    assert session.apply(2, HOSTS[0], report()) is rows[0]
    assert session.waiting_count == 0


def test_a_result_for_a_removed_host_is_dropped() -> None:
    session = Session()
    rows = session.add(HOSTS[:1])
    session.expect(rows, 1)
    session.remove(rows[0])

    assert session.apply(1, HOSTS[0], report()) is None
    assert session.waiting_count == 0


def test_removed_hosts_come_back_one_by_one_with_their_reports() -> None:
    session = Session()
    rows = session.add(HOSTS[:2])
    session.expect(rows, 1)
    session.apply(1, HOSTS[0], report(Code.LEAF_EXPIRED))
    session.remove(rows[0])
    session.remove(rows[1])

    assert session.undo() is rows[1]
    assert session.undo() is rows[0]
    assert session.undo() is None
    assert rows[0].report is not None


def test_the_selection_stays_on_its_host_while_others_move_past_it() -> None:
    session = Session()
    rows = session.add(HOSTS)
    session.selected = rows[2]
    session.expect(rows, 1)

    for host in HOSTS:
        session.apply(1, host, report(Code.LEAF_EXPIRED))
    session.arrange(order=Order.NAME, is_reversed=True)

    assert session.selected is rows[2]
    assert session.position_of(rows[2]) == 2


def test_terms_look_at_names_badges_codes_and_issuers() -> None:
    row = Row(0, HostTarget(host=HOST))
    row.report = certtui.diagnose(GOOD.sent, host="other.test", anchors=GOOD.anchors, now=NOW)

    assert matches(row, ["www"])
    assert matches(row, ["wrong name"])
    assert matches(row, ["host-mismatch", "example ca"])
    assert not matches(row, ["expired"])
    assert matches(row, ["!expired"])
    assert not matches(row, ["!www"])
    assert matches(row, ["!"]) is ("!" in HOST)


def test_a_certificate_s_end_decides_among_equally_grave_hosts() -> None:
    session = Session()
    session.add(HOSTS[:2])
    session.expect(session.rows, 1)
    for host, days in zip(HOSTS[:2], (100, 20), strict=True):
        moment = NOW - timedelta(days=days)
        session.apply(1, host, certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=moment))

    assert [row.target for row in listed(session)] == [HOSTS[1], HOSTS[0]]


class AnyUse(RuleBasedStateMachine):
    """Whatever is done in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.scan = 0

    def _some(self, number: int) -> Row | None:
        rows = self.session.rows
        return rows[number % len(rows)] if rows else None

    @rule(hosts=st.lists(st.sampled_from(HOSTS), max_size=3))
    def add(self, hosts: list[HostTarget]) -> None:
        """Add hosts, some of them again."""
        self.session.add(hosts)

    @rule(number=st.integers(0, 9))
    def remove(self, number: int) -> None:
        """Remove a host."""
        row = self._some(number)
        if row is not None:
            self.session.remove(row)

    @rule()
    def undo(self) -> None:
        """Bring one back."""
        row = self.session.undo()
        assert row is None or self.session.selected is row

    @rule(number=st.integers(0, 9))
    def expect(self, number: int) -> None:
        """Look at a host again."""
        row = self._some(number)
        if row is not None:
            self.scan += 1
            self.session.expect([row], self.scan)

    @rule(number=st.integers(0, 9), codes=st.lists(st.sampled_from(_CODES), max_size=2))
    def apply(self, number: int, codes: list[Code]) -> None:
        """Have a result."""
        row = self._some(number)
        if row is not None and row.scan is not None:
            found = sorted((finding(code, "x") for code in set(codes)), key=lambda each: each.rank)
            self.session.apply(
                row.scan, row.target, Report(host="x", now=NOW, chain=(), findings=tuple(found))
            )

    @rule(
        order=st.sampled_from(Order),
        is_reversed=st.booleans(),
        text=st.sampled_from(["", "a", "!a", "expired", "a b"]),
        failures_only=st.booleans(),
    )
    def arrange(self, order: Order, is_reversed: bool, text: str, failures_only: bool) -> None:
        """Change order and filter."""
        self.session.arrange(
            order=order, is_reversed=is_reversed, filter_text=text, failures_only=failures_only
        )

    @invariant()
    def shows_what_a_recomputation_gives(self) -> None:
        """The list is what a new session would show."""
        session = self.session
        before = [row.number for row in listed(session)]
        selected = session.selected
        session.arrange()
        assert [row.number for row in listed(session)] == before
        session.selected = selected

    @invariant()
    def what_is_selected_is_shown(self) -> None:
        """Keys act on the row that the cursor is on."""
        selected = self.session.selected
        assert selected is None or self.session.position_of(selected) is not None

    @invariant()
    def counts_are_those_of_the_rows(self) -> None:
        """Counts never drift."""
        rows = self.session.rows
        assert self.session.waiting_count == sum(row.is_waiting for row in rows)
        for severity in SEVERITIES:
            assert self.session.count(severity) == sum(row.severity is severity for row in rows)

    @invariant()
    def every_shown_row_knows_its_position(self) -> None:
        """Position and row are each other's inverse."""
        for position, row in enumerate(listed(self.session)):
            assert self.session.position_of(row) == position


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
