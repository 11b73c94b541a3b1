"""The session's list stays what a plain recomputation gives, however it came about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import certtui
from certtui.core.catalogue import SEVERITIES, Category, Code
from certtui.core.finding import finding
from certtui.core.labels import Labels
from certtui.core.report import Report
from certtui.core.target import HostTarget, Target
from certtui.ui.session import Order, Row, Session
from tests.core.examples import GOOD, HOST, NOW, STRANGE_ISSUER, leaf

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

    assert session.undo() == (rows[1],)
    assert session.undo() == (rows[0],)
    assert session.undo() == ()
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


def checked(*codes: Code | None, order: Order = Order.LISTED) -> Session:
    """Return a session whose hosts have one finding each, None for one that is fine."""
    session = Session()
    session.arrange(order=order)
    session.add(HOSTS[: len(codes)])
    session.expect(session.rows, 1)
    for host, code in zip(HOSTS, codes, strict=False):
        session.apply(1, host, report() if code is None else report(code))
    return session


def names(session: Session) -> str:
    """Return the first letters of the hosts shown, in order."""
    return "".join(row.target.label[0] for row in listed(session))


def test_one_undo_brings_back_all_that_one_removal_took() -> None:
    session = checked(Code.REFUSED, None, Code.REFUSED, None)
    rows = session.rows

    session.remove(rows[0], rows[2])
    session.remove(rows[3])

    assert names(session) == "b"
    assert session.undo() == (rows[3],)
    assert session.undo() == (rows[0], rows[2])
    assert names(session) == "abcd"
    assert session.selected is rows[0]


def test_when_the_selected_goes_with_others_the_next_that_stays_is_selected() -> None:
    session = checked(None, None, None, None)
    session.selected = session.rows[1]

    session.remove(session.rows[1], session.rows[2])

    assert session.selected is session.row_of(HOSTS[3])


def test_a_filter_that_hides_the_selected_host_gives_it_back_when_it_lets_it_through() -> None:
    session = checked(None, None, None)
    chosen = session.rows[2]
    session.selected = chosen

    session.arrange(filter_text="a.")
    assert session.selected is session.rows[0]
    session.arrange(filter_text="a.x")
    assert session.selected is None
    session.arrange(filter_text="")

    assert session.selected is chosen


def test_who_chooses_another_host_in_a_filtered_list_keeps_that() -> None:
    session = checked(None, None, None)
    session.selected = session.rows[2]

    session.arrange(filter_text="!c.")
    session.selected = session.rows[1]
    session.arrange(filter_text="")

    assert session.selected is session.rows[1]


def test_badges_are_counted_faults_first() -> None:
    session = checked(Code.REFUSED, Code.LEAF_EXPIRED, Code.REFUSED, Code.EXPIRING_SOON)

    counts = session.category_counts()

    assert counts == {Category.EXPIRED: 1, Category.EXPIRING: 1, Category.CONNECTION: 2}
    assert list(counts) == [Category.EXPIRED, Category.EXPIRING, Category.CONNECTION]


def test_a_chosen_category_is_shown_alone_and_together_with_a_filter() -> None:
    session = checked(Code.REFUSED, Code.LEAF_EXPIRED, Code.REFUSED, None)

    session.show_category(Category.CONNECTION)
    assert names(session) == "acd"  # a report without a chain and without findings is no connection either
    session.arrange(filter_text="refused")
    assert names(session) == "ac"
    session.show_category(None)
    session.arrange(filter_text="")
    assert names(session) == "abcd"


def test_a_host_that_no_longer_has_the_chosen_fault_leaves_the_list() -> None:
    session = checked(Code.LEAF_EXPIRED, Code.LEAF_EXPIRED)
    session.show_category(Category.EXPIRED)
    session.expect(session.rows[:1], 2)

    session.apply(2, HOSTS[0], report(Code.EXPIRING_SOON))

    assert names(session) == "b"
    assert session.selected is session.rows[1]


def test_the_next_fault_is_found_past_the_end_and_backwards() -> None:
    session = checked(None, Code.REFUSED, None, Code.EXPIRING_SOON, Code.ROOT_SENT)
    rows = session.rows

    assert session.next_fault(rows[1]) is rows[3]
    assert session.next_fault(rows[3]) is rows[1]
    assert session.next_fault(rows[1], -1) is rows[3]
    assert session.next_fault(rows[4]) is rows[1]
    assert session.next_fault(None) is rows[1]
    assert session.next_fault(None, -1) is rows[3]


def test_there_is_no_next_fault_where_there_is_none_or_no_other() -> None:
    assert checked(None, None).next_fault(None) is None
    assert Session().next_fault(None) is None
    one = checked(None, Code.REFUSED)
    assert one.next_fault(one.rows[1]) is None


def test_hosts_that_are_given_up_wait_no_more_and_keep_what_is_known() -> None:
    session = checked(Code.REFUSED, None)
    session.expect(session.rows, 2)

    session.give_up(session.rows)

    assert session.waiting_count == 0
    assert session.apply(2, HOSTS[0], report()) is None
    assert session.rows[0].severity is not None


def test_a_host_that_is_removed_is_no_longer_to_be_compared() -> None:
    session = checked(None, None)
    session.compared = session.rows[0]

    session.remove(session.rows[1])
    assert session.compared is not None
    session.remove(session.rows[0])

    assert session.compared is None


def test_marks_are_kept_in_the_order_of_marking_until_their_host_goes() -> None:
    session = checked(None, None, None)
    rows = session.rows

    assert session.toggle_mark(rows[2])
    assert session.toggle_mark(rows[0])
    assert session.marked_rows == (rows[2], rows[0])
    assert not session.toggle_mark(rows[2])
    session.remove(rows[0])

    assert not session.marked_rows


def test_a_slip_in_a_word_shows_what_is_like_it_until_something_fits() -> None:
    session = Session()
    session.add([HostTarget(host="payments.test"), HostTarget(host="mail.test")])
    session.expect(session.rows, 1)

    session.arrange(filter_text="paymetns")
    assert names(session) == "p"
    assert session.is_loosened
    session.arrange(filter_text="refused")
    assert names(session) == ""
    session.apply(1, session.targets[1], report(Code.REFUSED))
    assert names(session) == "m"
    assert not session.is_loosened


def test_orders_by_issuer_and_group_keep_the_most_urgent_first_in_each() -> None:
    groups: dict[Target, Labels] = {
        HOSTS[0]: Labels(group="web"),
        HOSTS[1]: Labels(group="mail"),
        HOSTS[2]: Labels(group="web"),
    }
    session = Session()
    session.add(HOSTS[:4], groups)
    session.expect(session.rows, 1)
    session.apply(1, HOSTS[2], report(Code.REFUSED))
    session.arrange(order=Order.GROUP)

    assert names(session) == "bcad"
    strange = replace(GOOD, sent=(leaf(STRANGE_ISSUER).der,))
    for host, chain in zip(HOSTS[:2], (strange, GOOD), strict=True):
        session.apply(1, host, certtui.diagnose(chain.sent, host=HOST, anchors=GOOD.anchors, now=NOW))
    session.arrange(order=Order.ISSUER)
    assert names(session) == "bacd"


def test_the_last_changed_host_comes_first_in_that_order() -> None:
    session = checked(None, None, None, order=Order.CHANGED)

    session.note_change(session.rows[2], NOW)
    session.note_change(session.rows[1], NOW + timedelta(seconds=1))
    assert names(session) == "bca"
    session.arrange(filter_text="is:changed")
    assert names(session) == "bc"
    session.note_change(session.rows[1], None)
    assert names(session) == "c"


def test_labels_that_come_later_count_for_hosts_that_are_listed_already() -> None:
    session = checked(None, None)
    session.arrange(filter_text="tag:prod")
    assert names(session) == ""

    assert session.add(HOSTS[:1], {HOSTS[0]: Labels(tags=("prod",))}) == []

    assert names(session) == "a"


@pytest.mark.parametrize("order", list(Order), ids=str)
def test_every_order_can_be_turned_round_and_keeps_the_selection(order: Order) -> None:
    session = checked(None, Code.REFUSED, Code.LEAF_EXPIRED, Code.EXPIRING_SOON)
    session.selected = session.rows[2]

    session.arrange(order=order)
    forwards = names(session)
    session.arrange(is_reversed=True)

    assert names(session) == forwards[::-1]
    assert session.selected is session.rows[2]
    assert (session.order, session.is_reversed) == (order, True)


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
        self.chosen: Row | None = None
        """What the user selected last, as long as it is there."""

    def _some(self, number: int) -> Row | None:
        rows = self.session.rows
        return rows[number % len(rows)] if rows else None

    @rule(hosts=st.lists(st.sampled_from(HOSTS), max_size=3))
    def add(self, hosts: list[HostTarget]) -> None:
        """Add hosts, some of them again."""
        self.session.add(hosts)

    @rule(numbers=st.lists(st.integers(0, 9), max_size=2))
    def remove(self, numbers: list[int]) -> None:
        """Remove hosts."""
        gone = [row for row in map(self._some, numbers) if row is not None]
        self.session.remove(*gone)
        if self.chosen in gone:
            self.chosen = None

    @rule(number=st.integers(0, 9))
    def mark(self, number: int) -> None:
        """Mark a host or take its mark away."""
        row = self._some(number)
        if row is not None:
            self.session.toggle_mark(row)

    @rule(number=st.integers(0, 9))
    def select(self, number: int) -> None:
        """Select a host that is shown."""
        rows = listed(self.session)
        if rows:
            self.chosen = self.session.selected = rows[number % len(rows)]

    @rule(number=st.integers(0, 9), seconds=st.none() | st.integers(0, 3))
    def change(self, number: int, seconds: int | None) -> None:
        """Notice that a host has changed."""
        row = self._some(number)
        if row is not None:
            self.session.note_change(row, NOW + timedelta(seconds=seconds) if seconds is not None else None)

    @rule(category=st.none() | st.sampled_from((Category.EXPIRED, Category.CONNECTION)))
    def show_category(self, category: Category | None) -> None:
        """Show one category alone, or all."""
        self.session.show_category(category)

    @rule()
    def undo(self) -> None:
        """Bring one back."""
        rows = self.session.undo()
        assert not rows or self.session.selected is rows[0]
        self.chosen = rows[0] if rows else self.chosen
        assert all(self.session.position_of(row) is not None for row in rows)

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
        text=st.sampled_from(
            ["", "a", "!a", "expired", "a b", "refsued", "a.tset", "is:failed", "is:changed", "days<3"]
        ),
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
        loosened = session.is_loosened
        order = session.order
        session.arrange(order=Order.EXPIRY if order is Order.LISTED else Order.LISTED)
        session.arrange(order=order, filter_text=session.filter_text)
        assert [row.number for row in listed(session)] == before
        assert session.is_loosened is loosened
        assert session.selected is selected

    @invariant()
    def what_is_selected_is_shown(self) -> None:
        """Keys act on the row that the cursor is on."""
        selected = self.session.selected
        assert selected is None or self.session.position_of(selected) is not None

    @invariant()
    def what_the_user_chose_is_selected_whenever_it_is_shown(self) -> None:
        """A filter that hides it, or a result, only lends the cursor to another row."""
        if self.session.position_of(self.chosen) is not None:
            assert self.session.selected is self.chosen

    @invariant()
    def counts_are_those_of_the_rows(self) -> None:
        """Counts never drift."""
        rows = self.session.rows
        assert self.session.waiting_count == sum(row.is_waiting for row in rows)
        for severity in SEVERITIES:
            assert self.session.count(severity) == sum(row.severity is severity for row in rows)
        counts = self.session.category_counts()
        assert counts == {each: n for each in Category if (n := sum(row.category is each for row in rows))}
        assert self.session.marked.keys() <= set(rows)

    @invariant()
    def every_shown_row_knows_its_position(self) -> None:
        """Position and row are each other's inverse."""
        for position, row in enumerate(listed(self.session)):
            assert self.session.position_of(row) == position


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
