"""The history's file: an SQLite database, made if there is none and never taken from another program.

It keeps a rollback journal rather than a write-ahead log: that works in folders on the network too, and leaves one
file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

VERSION = 1
"""Of the tables; a file with a higher one was written by a newer certtui."""
APPLICATION_ID = int.from_bytes(b"cert", "big")
"""In the file's header, so that another program's database is never taken for a history."""

WRITER_SECONDS = 15.0
"""How long a writer waits for other instances; each of their transactions takes a fraction of a second."""
OPENER_SECONDS = 1.0
"""How long opening does: whether the file is any good can be seen later too."""
READER_SECONDS = 0.3
"""How long a reader does: a screen stands still meanwhile."""

_INDEX_OF_LINKS = "CREATE INDEX IF NOT EXISTS links_of_certificate ON links (sha256)"
"""Without it every certificate that is forgotten would cost a look at all links. The first histories had none."""
_TABLES = ("certificates", "visits", "links")
_SCHEMA = (
    "CREATE TABLE certificates (sha256 BLOB PRIMARY KEY, der BLOB NOT NULL)",
    "CREATE TABLE visits (id INTEGER PRIMARY KEY, target TEXT NOT NULL, sameness BLOB NOT NULL, "
    "last_seen TEXT NOT NULL, looks INTEGER NOT NULL, verdict TEXT NOT NULL, findings TEXT NOT NULL, "
    "evidence TEXT NOT NULL)",
    "CREATE INDEX visits_of_target ON visits (target)",
    "CREATE TABLE links (visit INTEGER NOT NULL REFERENCES visits (id) ON DELETE CASCADE, "
    "position INTEGER NOT NULL, sha256 BLOB NOT NULL REFERENCES certificates (sha256), "
    "PRIMARY KEY (visit, position)) WITHOUT ROWID",
    _INDEX_OF_LINKS,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)
_making = threading.Lock()


class Foreign(Exception):
    """The file is a database that certtui did not write."""


class Newer(Exception):
    """The file was written by a newer certtui."""


def connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Return a connection to the history at `path`, made if there is none, whose transactions begin when told to.

    Other instances are waited for so many seconds.

    Raises `Foreign`, `Newer`, `sqlite3.Error` or `OSError`.
    """
    _make_file(path)
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        if not _is_own(connection):
            _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def begin_writing(connection: sqlite3.Connection) -> None:
    """Begin a transaction that writes, in a file that has all its indexes."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_INDEX_OF_LINKS)


def is_busy(error: Exception) -> bool:
    """Return whether an error only means that somebody else is writing to the file."""
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_damage(error: Exception) -> bool:
    """Return whether an error means that the file itself is no good, rather than its folder or the moment."""
    if isinstance(error, Foreign):
        return True
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _make_file(path: Path) -> None:
    """Make an empty file for its owner alone; SQLite gives its journal the same mode.

    One at a time: closing a file gives up every lock that this process has on it, those of SQLite too.
    """
    with _making:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _is_own(connection: sqlite3.Connection) -> bool:
    if _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        return False
    if _number(connection, "PRAGMA user_version") > VERSION:
        raise Newer
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not found.issuperset(_TABLES):
        raise Foreign("tables are missing")
    return True


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, in one transaction, unless another instance was faster."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _is_own(connection):
            return
        if _number(connection, "SELECT count(*) FROM sqlite_master") or _number(
            connection, "PRAGMA user_version"
        ):
            raise Foreign("another program's database")
        for statement in _SCHEMA:
            connection.execute(statement)


def _number(connection: sqlite3.Connection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0])
