"""Past chains are kept once, come back exactly, and no file stops anybody."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from certtui.core.catalogue import Code
from certtui.core.evidence import Evidence, Loaded
from certtui.core.finding import finding
from certtui.core.report import Report, Verdict
from certtui.core.target import FileTarget, HostTarget, Starttls
from certtui.storage.history import History, HistoryFault
from certtui.storage.history_rows import MOST_VISITS
from certtui.storage.places import history_file, set_aside
from tests.storage.looks import (
    CHAIN,
    DAY,
    EVERY_KIND,
    HOST,
    ISSUER,
    MINUTE,
    NOW,
    RENEWED,
    connection,
    evidence,
    failed,
    judged,
    leaf,
    look,
)


@pytest.fixture
def history() -> History:
    """A history in the test's own folder."""
    return History.open()


def rows(table: str) -> int:
    """Return how many rows a table has, as SQLite itself counts them."""
    with closing(sqlite3.connect(history_file())) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize("found", EVERY_KIND.values(), ids=EVERY_KIND)
def test_evidence_comes_back_exactly_and_so_does_the_report(found: Evidence, history: History) -> None:
    report = judged(found)
    history.record([report])

    (visit,) = history.visits(found.target)

    assert visit.evidence == found
    assert visit.verdict is report.verdict
    again = judged(visit.evidence)
    assert again == report
    assert [each.code for each in visit.findings] == list(dict.fromkeys(f.code for f in report.findings))


def test_looks_that_see_the_same_make_one_visit(history: History) -> None:
    for number in range(3):
        history.record([look(when=NOW + number * MINUTE)])

    (visit,) = history.visits(HOST)
    assert (visit.first_seen, visit.last_seen, visit.looks) == (NOW, NOW + 2 * MINUTE, 3)
    assert (rows("visits"), rows("certificates"), rows("links")) == (1, 2, 2)


def test_another_address_or_staple_makes_no_other_visit(history: History) -> None:
    history.record([look(), look(when=NOW + MINUTE, stapled_ocsp=None, connection=connection("192.0.2.99"))])

    (visit,) = history.visits(HOST)
    assert visit.looks == 2


def test_a_renewed_certificate_makes_another_visit_and_the_issuer_is_kept_once(history: History) -> None:
    history.record([look(CHAIN), look(RENEWED, NOW + MINUTE), look(CHAIN, NOW + 2 * MINUTE)])

    visits = history.visits(HOST)
    assert [visit.evidence.observation for visit in visits] == [
        look(chain).evidence.observation  # type: ignore[union-attr]
        for chain in (CHAIN, RENEWED, CHAIN)
    ]
    assert [visit.first_seen for visit in visits] == [NOW + 2 * MINUTE, NOW + MINUTE, NOW]
    assert rows("certificates") == 3


def test_another_finding_makes_another_visit(history: History) -> None:
    report = look()
    worse = replace(report, findings=(finding(Code.LEAF_REVOKED, "it is revoked"), *report.findings))
    history.record([report, worse])

    newest, oldest = history.visits(HOST)
    assert newest.verdict is Verdict.REJECTED
    assert newest.badge.word == "REVOKED"
    assert oldest.verdict is report.verdict
    assert newest.outline.badge is worse.badge


def test_a_host_that_was_not_reached_is_a_visit_too(history: History) -> None:
    history.record([look(), failed(NOW + MINUTE), failed(NOW + 2 * MINUTE), look(when=NOW + 3 * MINUTE)])

    newest, lost, oldest = history.visits(HOST)
    assert (lost.chain, lost.leaf, lost.verdict, lost.looks) == ((), None, Verdict.UNREACHABLE, 2)
    assert lost.badge.word == "NO CONNECTION"
    assert newest.chain == oldest.chain


def test_targets_do_not_mix(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = HostTarget(host="www.example.test", port=25)
    starttls = HostTarget(host="www.example.test", port=25, starttls=Starttls.SMTP)
    monkeypatch.chdir(tmp_path)
    here = FileTarget(path="chain.pem")
    file = evidence(Loaded(path="chain.pem", chain=CHAIN), target=here)
    history.record([look(target=plain), look(target=starttls), judged(file)])

    assert [len(history.visits(target)) for target in (HOST, plain, starttls, here)] == [0, 1, 1, 1]
    assert history.visits(FileTarget(path=str(tmp_path / "chain.pem")))[0].evidence == file
    monkeypatch.chdir("/")
    assert history.visits(here) == ()


def test_only_what_was_observed_and_judged_at_that_time_is_kept(history: History) -> None:
    given = replace(look(), evidence=None)
    about_another_time = judged(evidence(), now=NOW + 400 * DAY)
    broken = replace(look(), findings=(finding(Code.INTERNAL_ERROR, "a fault of ours"),))

    history.record([given, about_another_time, broken])

    assert history.visits(HOST) == ()


def test_what_was_not_seen_for_long_is_forgotten_with_its_certificates(history: History) -> None:
    history.record([look(CHAIN, NOW), look(RENEWED, NOW + 10 * DAY), failed(NOW, HostTarget(host="b.test"))])

    history.prune(NOW + 35 * DAY, keep_days=30)

    (kept,) = history.visits(HOST)
    assert kept.chain[0].der == RENEWED[0]
    assert (rows("visits"), rows("certificates"), rows("links")) == (1, 2, 2)


def test_a_visit_that_is_still_seen_is_not_forgotten(history: History) -> None:
    history.record([look(CHAIN, NOW), look(CHAIN, NOW + 34 * DAY)])

    history.prune(NOW + 35 * DAY, keep_days=30)

    assert history.visits(HOST)[0].looks == 2


def test_a_host_that_changes_with_every_look_keeps_only_so_many(history: History) -> None:
    reports = [look(CHAIN if number % 2 else RENEWED, NOW + number * MINUTE) for number in (0, 1)]
    history.record([failed()])
    history.record(reports * (MOST_VISITS // 2 + 5))

    assert rows("visits") == MOST_VISITS
    assert {visit.chain for visit in history.visits(HOST)} == {report.chain for report in reports}
    assert (rows("certificates"), rows("links")) == (3, 2 * MOST_VISITS)


def test_certificates_that_go_with_too_many_visits_are_not_kept(history: History) -> None:
    history.record([look((b"%d" % number,)) for number in range(MOST_VISITS + 5)])
    history.record([look((b"%d" % number,), target=HostTarget(host="b.test")) for number in (3, 4, 9)])
    history.record([look((b"%d" % number,)) for number in range(3)])

    assert len(history.visits(HOST)) == MOST_VISITS
    assert len(history.visits(HostTarget(host="b.test"))) == 3
    assert rows("certificates") == MOST_VISITS + 2  # 9 belongs to both, 3 and 4 to the other host alone
    assert is_whole()


def test_an_older_history_without_an_index_of_certificates_gets_one(history: History) -> None:
    history.record([look()])
    with closing(sqlite3.connect(history_file())) as database, database:
        database.execute("DROP INDEX links_of_certificate")

    history.record([look(RENEWED, NOW + MINUTE)])

    with closing(sqlite3.connect(history_file())) as database:
        (step,) = database.execute("EXPLAIN QUERY PLAN SELECT 1 FROM links WHERE sha256 = x'00'").fetchall()
        assert "links_of_certificate" in step[-1]
        assert database.execute("PRAGMA user_version").fetchone() == (1,)


def is_whole() -> bool:
    """Return whether SQLite itself finds the file sound, and no link without its certificate."""
    with closing(sqlite3.connect(history_file())) as database:
        return (
            database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            and database.execute("PRAGMA foreign_key_check").fetchall() == []
        )


def test_forgetting_gives_space_back(history: History) -> None:
    history.record([look((leaf().der, ISSUER.der), target=HostTarget(host=f"h{n}.test")) for n in range(50)])
    before = history_file().stat().st_size

    history.prune(NOW + 400 * DAY, keep_days=1)

    assert rows("certificates") == 0
    assert history_file().stat().st_size < before / 2


def test_a_moment_in_another_zone_is_kept_in_utc(history: History) -> None:
    history.record([look(when=NOW.astimezone())])

    (visit,) = history.visits(HOST)
    assert visit.first_seen == visit.last_seen == NOW
    assert visit.last_seen.tzinfo is UTC


def test_only_its_owner_can_read_the_history(history: History) -> None:
    history.record([look()])

    assert stat.S_IMODE(history_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(history_file().parent.stat().st_mode) == 0o700
    assert [each.name for each in history_file().parent.iterdir()] == ["history.sqlite3"]


def test_sqlite_itself_finds_the_file_sound(history: History) -> None:
    history.record([look(), look(RENEWED, NOW + MINUTE), failed()])

    assert is_whole()


def foreign_database(path: Path) -> None:
    """Make another program's database."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE songs (title)")


@pytest.mark.parametrize(
    "content", [b"no database", b"SQLite format 3\0" + b"\xff" * 4080], ids=["text", "a broken header"]
)
def test_a_damaged_file_is_set_aside_and_a_new_history_begun(content: bytes) -> None:
    path = history_file()
    path.parent.mkdir()
    path.write_bytes(content)

    history = History.open()

    assert history.is_on
    assert history.note is not None
    assert "history.sqlite3.damaged" in history.note
    assert path.with_name("history.sqlite3.damaged").read_bytes() == content
    history.record([look()])
    assert len(History.open().visits(HOST)) == 1
    assert History.open().note is None


def test_another_program_s_database_is_set_aside_whole() -> None:
    path = history_file()
    path.parent.mkdir()
    foreign_database(path)

    history = History.open()
    history.record([look()])

    assert "another program's" in (history.note or "")
    with closing(sqlite3.connect(path.with_name("history.sqlite3.damaged"))) as database:
        assert database.execute("SELECT count(*) FROM songs").fetchone() == (0,)


def test_damage_that_shows_only_later_costs_the_past_and_not_the_present(history: History) -> None:
    history.record([look(target=HostTarget(host=f"h{n}.test")) for n in range(200)])
    path = history_file()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)

    history.record([look()])

    assert "damaged" in (history.note or "")
    assert len(history.visits(HOST)) == 1
    assert path.with_name("history.sqlite3.damaged").exists()


def test_a_journal_is_set_aside_with_its_damaged_file() -> None:
    path = history_file()
    path.parent.mkdir()
    path.write_bytes(b"no database")
    path.with_name("history.sqlite3-journal").write_bytes(b"what would be played back into the next database")

    set_aside(path)

    assert path.with_name("history.sqlite3.damaged-journal").read_bytes().startswith(b"what would be")
    assert not path.with_name("history.sqlite3-journal").exists()


def test_a_newer_certtui_s_history_is_left_alone(history: History) -> None:
    history.record([look()])
    with closing(sqlite3.connect(history_file())) as database:
        database.execute("PRAGMA user_version = 99")
    content = history_file().read_bytes()

    newer = History.open()
    newer.record([look(RENEWED)])
    newer.prune(NOW + 400 * DAY, keep_days=1)

    assert not newer.is_on
    assert "newer certtui" in (newer.note or "")
    assert newer.visits(HOST) == ()
    assert history_file().read_bytes() == content
    assert [each.name for each in history_file().parent.iterdir()] == ["history.sqlite3"]
    with pytest.raises(HistoryFault, match="newer certtui"):
        history.record([look()])


def test_a_code_that_is_not_known_is_passed_over(history: History) -> None:
    history.record([failed()])
    with closing(sqlite3.connect(history_file())) as database, database:
        database.execute(
            """UPDATE visits SET findings = '[["of-tomorrow", "error"], ["refused", "error"]]'"""
        )

    (visit,) = history.visits(HOST)
    assert [each.code for each in visit.findings] == [Code.REFUSED]


def test_a_visit_in_unknown_words_is_passed_over(history: History) -> None:
    history.record([look(), failed(NOW + MINUTE)])
    with closing(sqlite3.connect(history_file())) as database, database:
        database.execute("UPDATE visits SET verdict = 'of tomorrow' WHERE verdict = 'unreachable'")

    assert [visit.verdict for visit in history.visits(HOST)] == [look().verdict]


def test_a_folder_that_cannot_be_made_is_told_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CERTTUI_DATA_DIR", str(tmp_path / "file" / "below"))

    history = History.open()
    history.record([look()])

    assert not history.is_on
    assert "Not a directory" in (history.note or "")
    assert history.visits(HOST) == ()


def test_a_folder_in_the_file_s_place_is_told_and_stays() -> None:
    history_file().mkdir(parents=True)

    history = History.open()

    assert not history.is_on
    assert str(history_file()) in (history.note or "")
    assert history_file().is_dir()


def test_a_file_that_was_removed_meanwhile_is_made_again(history: History) -> None:
    history.record([look()])
    history_file().unlink()

    history.record([failed()])

    assert [visit.verdict for visit in history.visits(HOST)] == [Verdict.UNREACHABLE]
    assert stat.S_IMODE(history_file().stat().st_mode) == 0o600


def test_a_failed_transaction_leaves_everything_as_it_was(history: History) -> None:
    history.record([look()])
    with closing(sqlite3.connect(history_file())) as database, database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON links BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )

    with pytest.raises(HistoryFault, match="no room"):
        history.record([failed(NOW + MINUTE), look(RENEWED, NOW + 2 * MINUTE)])

    assert len(history.visits(HOST)) == 1
    assert rows("certificates") == 2


def test_an_old_look_that_comes_late_does_not_turn_the_clock_back(history: History) -> None:
    history.record([look(when=NOW), look(when=NOW - timedelta(hours=5))])

    (visit,) = history.visits(HOST)
    assert (visit.last_seen, visit.looks) == (NOW, 2)


def test_a_report_of_a_long_hostile_chain_is_kept(history: History) -> None:
    chain = tuple(os.urandom(4_000) for _ in range(100))
    report: Report = look(chain)
    history.record([report])

    assert history.visits(HOST)[0].evidence == report.evidence
