"""Log lists are read, or refused with the reason."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.log_list import LogState, read_log_list
from tests.core.examples import NOW
from tests.core.logs import ALPHA, BETA, DAY, LOGS, SIGNED, known, log_list


def test_a_list_is_read_from_a_document_text_or_octets() -> None:
    document = log_list(LOGS, NOW)

    assert read_log_list(document) == read_log_list(json.dumps(document))
    assert read_log_list(document) == read_log_list(json.dumps(document).encode())


def test_what_stands_there_is_kept() -> None:
    former = ("Old Beta", NOW - 100 * DAY)
    interval = (NOW, NOW + 180 * DAY)
    log = replace(
        BETA, is_tiled=True, interval=interval, state="retired", since=SIGNED, former_operator=former
    )

    (read,) = known(log).logs

    assert (read.description, read.operator, read.log_id, read.key) == (
        "Beta 2027",
        "Beta",
        log.log_id,
        log.spki,
    )
    assert (read.state, read.since, read.is_tiled) == (LogState.RETIRED, SIGNED, True)
    assert (read.begins, read.ends, read.merge_delay) == (*interval, DAY)
    assert read.operator_at(NOW - 101 * DAY) == "Old Beta"
    assert read.operator_at(NOW - 100 * DAY) == "Beta"
    assert known(log).published == NOW


def test_a_log_without_a_state_or_limits_has_none() -> None:
    (read,) = known(replace(ALPHA, state=None)).logs

    assert (read.state, read.since, read.begins, read.ends) == (None, None, None, None)
    assert not read.is_accepted(NOW)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "the log list is no JSON object"),
        ([], "the log list is no JSON object"),
        ("{", "the log list is no JSON: "),
        (b"\xff\xfe\xff", "the log list is no JSON: "),
        ("[" * 100_000, "the log list is no JSON"),
        ({}, "the log list: operators is missing or no array"),
        ({"operators": []}, "the log list names no log"),
        ({"operators": [3]}, "operator 1 is no JSON object"),
        ({"operators": [{"logs": []}]}, "operator 1: name is missing or no text"),
        ({"operators": [{"name": "A", "logs": {}}]}, "operator 1: logs is missing or no array"),
    ],
)
def test_what_is_no_log_list_is_refused_with_the_reason(document: object, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_log_list(document)

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"log_id": 3}, "log_id is missing or no text"),
        ({"log_id": "ä"}, "log_id is no base64"),
        ({"key": "AA=="}, "its log_id is not the SHA-256 of its key"),
        ({"state": []}, "its state is no JSON object"),
        ({"state": {}}, "its state has 0 names where one should stand"),
        ({"state": {"odd": {}}}, "its state 'odd' is not known"),
        ({"state": {"usable": {}}}, "timestamp is missing or no text"),
        ({"state": {"usable": {"timestamp": "2024-01-01T00:00:00"}}}, "is no moment such as"),
        ({"state": {"usable": {"timestamp": "0001-01-01T00:00:00+23:00"}}}, "is no moment such as"),
        ({"temporal_interval": {}}, "its temporal_interval: start_inclusive is missing"),
        ({"mmd": "86400"}, "its mmd is no number of seconds"),
        ({"mmd": 1 << 40}, "its mmd is no number of seconds"),
        ({"description": 3}, "description is missing or no text"),
        ({"previous_operators": [{}]}, "its previous_operators: name is missing"),
    ],
)
def test_a_log_that_makes_no_sense_is_named_with_the_reason(change: dict[str, object], message: str) -> None:
    document = {
        "log_list_timestamp": "2026-01-01T00:00:00Z",
        "operators": [{"name": "Alpha", "logs": [ALPHA.entry() | change]}],
    }

    with pytest.raises(ValueError) as refused:
        read_log_list(document)

    assert message in str(refused.value)
    assert "Alpha" in str(refused.value)


def test_a_list_without_a_date_is_refused() -> None:
    document = log_list(LOGS, NOW)
    del document["log_list_timestamp"]

    with pytest.raises(ValueError, match="log_list_timestamp is missing"):
        read_log_list(document)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["operators", "name", "logs", "tiled_logs", "x"]), inner)
        ),
        max_leaves=20,
    )
)
def test_whatever_is_given_only_a_value_error_comes_of_it(document: object) -> None:
    with pytest.raises(ValueError):
        read_log_list(document)
