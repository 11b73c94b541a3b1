"""Lengths of time as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.storage.durations import LONGEST, SHORTEST, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5s", 5),
        ("90s", 90),
        ("10m", 600),
        ("1h30m", 5_400),
        ("2d", 172_800),
        ("1d2h3m4s", 93_784),
        (" 1H 30M ", 5_400),
        ("30d", 2_592_000),
        ("720h", 2_592_000),
    ],
)
def test_what_people_write_is_understood(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", " ", "10", "m", "ten minutes", "30m1h", "1h1h", "-5m", "1.5h", "10 min", "٣m", "9" * 5_000 + "s"],
)
def test_what_is_no_length_of_time_is_told_with_an_example(text: str) -> None:
    outcome = parse_duration(text)

    assert isinstance(outcome, str)
    assert "is no length of time: write it as in 90s, 10m" in outcome


@pytest.mark.parametrize(
    ("text", "what"), [("4s", "short"), ("0m", "short"), ("30d1s", "long"), ("9999999d", "long")]
)
def test_what_is_out_of_bounds_is_told_with_the_bounds(text: str, what: str) -> None:
    outcome = parse_duration(text)

    assert isinstance(outcome, str)
    assert f"is too {what}" in outcome
    assert "from 5s to 30d" in outcome


@given(st.timedeltas(SHORTEST, LONGEST).map(lambda span: timedelta(seconds=int(span.total_seconds()))))
def test_every_length_within_the_bounds_can_be_written(span: timedelta) -> None:
    hours, seconds = divmod(span.seconds, 3_600)

    assert parse_duration(f"{span.days}d{hours}h{seconds // 60}m{seconds % 60}s") == span


@given(st.text())
def test_no_text_is_fatal(text: str) -> None:
    assert isinstance(parse_duration(text), str | timedelta)
