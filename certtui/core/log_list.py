"""Lists of certificate transparency logs, in version 3 of Google's format. It never fetches one."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import cast


class LogState(StrEnum):
    """What a log list says of a log."""

    PENDING = "pending"
    QUALIFIED = "qualified"
    USABLE = "usable"
    READONLY = "readonly"
    RETIRED = "retired"
    REJECTED = "rejected"


_ACCEPTED = frozenset({LogState.QUALIFIED, LogState.USABLE, LogState.READONLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A log, as a log list describes it."""

    description: str
    operator: str
    log_id: bytes
    key: bytes
    """SubjectPublicKeyInfo in DER."""
    merge_delay: timedelta | None
    """How long after a timestamp the log may take to publish the certificate."""
    state: LogState | None
    """None for a log that was never submitted to be recognised."""
    since: datetime | None
    """Since when the log is in this state."""
    begins: datetime | None
    """The earliest notAfter of a certificate that the log takes, None if there is no limit."""
    ends: datetime | None
    """The first notAfter that the log no longer takes."""
    is_tiled: bool
    """Whether it is read by the static API, so that it does not keep to RFC 6962."""
    previous_operators: tuple[tuple[str, datetime], ...] = ()
    """Who ran it before, and until when."""

    def operator_at(self, when: datetime) -> str:
        """Return who ran the log at a moment."""
        former = sorted(self.previous_operators, key=lambda each: each[1])
        return next((name for name, until in former if when < until), self.operator)

    def is_accepted(self, now: datetime) -> bool:
        """Return whether clients take new timestamps of this log."""
        return self.state in _ACCEPTED or (self.state is LogState.RETIRED and not self.has_retired(now))

    def has_retired(self, now: datetime) -> bool:
        """Return whether clients have stopped to take new timestamps of this log."""
        return self.state is LogState.RETIRED and (self.since is None or self.since <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogList:
    """The logs that clients know."""

    published: datetime
    """When the list was made; aware, UTC."""
    logs: tuple[Log, ...]


def read_log_list(document: object) -> LogList:
    """Return the log list in a JSON document, given as text, as octets or as what `json.loads` made of them.

    The format is that of https://www.gstatic.com/ct/log_list/v3/log_list_schema.json. Raises `ValueError`, which
    says what is wrong and where, for anything else.
    """
    if isinstance(document, str | bytes):
        document = _parsed(document)
    top = _object(document, "the log list")
    operators = _array(top, "operators", "the log list")
    logs = tuple(log for number, operator in enumerate(operators) for log in _logs(operator, number))
    if not logs:
        raise ValueError("the log list names no log")
    return LogList(published=_moment(top, "log_list_timestamp", "the log list"), logs=logs)


def _parsed(document: str | bytes) -> object:
    try:
        return json.loads(document)
    except RecursionError:
        raise ValueError("the log list is no JSON that can be read: it is nested too deep") from None
    except ValueError as error:
        raise ValueError(f"the log list is no JSON: {error}") from None


def _logs(document: object, number: int) -> Iterator[Log]:
    where = f"operator {number + 1}"
    operator = _object(document, where)
    name = _text(operator, "name", where)
    for field, is_tiled in (("logs", False), ("tiled_logs", True)):
        if field in operator:
            for log in _array(operator, field, where):
                yield _log(_object(log, f"a log of {name}"), name, is_tiled)


def _log(log: Mapping[str, object], operator: str, is_tiled: bool) -> Log:
    where = f"a log of {operator}"
    description = _text(log, "description", where) if "description" in log else ""
    where = f"the log {description!r} of {operator}" if description else where
    log_id, key = _octets(log, "log_id", where), _octets(log, "key", where)
    if hashlib.sha256(key).digest() != log_id:
        raise ValueError(f"{where}: its log_id is not the SHA-256 of its key")
    state, since = _state(log, where)
    begins, ends = _interval(log, where)
    return Log(
        description=description,
        operator=operator,
        log_id=log_id,
        key=key,
        merge_delay=_merge_delay(log, where),
        state=state,
        since=since,
        begins=begins,
        ends=ends,
        is_tiled=is_tiled,
        previous_operators=tuple(_previous_operators(log, where)),
    )


def _state(log: Mapping[str, object], where: str) -> tuple[LogState | None, datetime | None]:
    if "state" not in log:
        return None, None
    state = _object(log["state"], f"{where}: its state")
    if len(state) != 1:
        raise ValueError(f"{where}: its state has {len(state)} names where one should stand")
    (name,) = state
    if name not in tuple(LogState):
        raise ValueError(f"{where}: its state {name!r} is not known")
    place = f"{where}: its state"
    return LogState(name), _moment(_object(state[name], place), "timestamp", place)


def _interval(log: Mapping[str, object], where: str) -> tuple[datetime | None, datetime | None]:
    if "temporal_interval" not in log:
        return None, None
    place = f"{where}: its temporal_interval"
    interval = _object(log["temporal_interval"], place)
    return _moment(interval, "start_inclusive", place), _moment(interval, "end_exclusive", place)


def _merge_delay(log: Mapping[str, object], where: str) -> timedelta | None:
    seconds = log.get("mmd")
    if seconds is None:
        return None
    if not isinstance(seconds, int) or not 0 <= seconds <= 1 << 32:
        raise ValueError(f"{where}: its mmd is no number of seconds")
    return timedelta(seconds=seconds)


def _previous_operators(log: Mapping[str, object], where: str) -> Iterator[tuple[str, datetime]]:
    place = f"{where}: its previous_operators"
    for document in _array(log, "previous_operators", where) if "previous_operators" in log else ():
        operator = _object(document, place)
        yield _text(operator, "name", place), _moment(operator, "end_time", place)


def _object(document: object, where: str) -> Mapping[str, object]:
    if not isinstance(document, dict):
        raise ValueError(f"{where} is no JSON object")
    return cast("dict[str, object]", document)


def _array(document: Mapping[str, object], field: str, where: str) -> list[object]:
    value = document.get(field)
    if not isinstance(value, list):
        raise ValueError(f"{where}: {field} is missing or no array")
    return value


def _text(document: Mapping[str, object], field: str, where: str) -> str:
    value = document.get(field)
    if not isinstance(value, str):
        raise ValueError(f"{where}: {field} is missing or no text")
    return value


def _octets(document: Mapping[str, object], field: str, where: str) -> bytes:
    text = _text(document, field, where)
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{where}: {field} is no base64") from None


def _moment(document: Mapping[str, object], field: str, where: str) -> datetime:
    text = _text(document, field, where)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no offset from UTC")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{where}: {field} {text!r} is no moment such as 2026-01-31T12:00:00Z") from None
