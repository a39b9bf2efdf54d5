"""What earlier builds found out, remembered by digest in one SQLite file.

The memo is a convenience, never a truth: deleting it costs time alone. So nothing here fails a
build. A damaged or foreign file is begun anew, and where nothing can be written the memo lives in
memory and `Store.fault` says why.

Durability: rollback journal, ``synchronous = OFF``. A killed process leaves a journal that the
next one rolls back, for the operating system keeps what was written. Only a crash of the system
itself can tear the file; then SQLite finds it malformed, or a value does not fit the checksum
over it and its key. That saves every wait for the disk. A write-ahead log would write each page twice
and open two more files, for a program that writes once, at its end, and mostly appends.

Compression: each stage has a dictionary, 32 KB sampled from the first values it was given. With
it typeset formulas shrink to a fourteenth (with plain zlib to a quarter), and are read faster.

Age: a run counts only if it puts something, for nothing else makes the memo grow. The mark of an
entry is the run in which it was last known to be of use. A mark is renewed only when it is
`LEEWAY` runs old, so that reading costs hardly any writing.

The module is long because each way in which SQLite may fail is met here, and nowhere else.
"""

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import msgspec

from grimoire.digest import Digest

MEMO = "memo.db"
"""The memo's file, in its folder."""
LEEWAY = 64
"""How many runs a mark may be out of date."""

_DICTIONARY_SIZE = 32_768  # what deflate can look back
_SAMPLED_FROM = 2 * _DICTIONARY_SIZE  # fewer bytes would make a dictionary of chance
_WORTH_PACKING = 200  # bytes
_WAITING_LIMIT = 1 << 20  # bytes of a stage; more go to SQLite, compressed, before the commit
_KEYS_PER_QUERY = 500
_PATIENCE = 10.0  # seconds to wait for another build's commit, which takes less than one

_SCHEMA = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, stage TEXT NOT NULL, key BLOB NOT NULL, run INTEGER NOT NULL,
  is_packed INTEGER NOT NULL, checksum INTEGER NOT NULL, value BLOB NOT NULL, UNIQUE (stage, key));
CREATE TABLE dictionary (stage TEXT PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE output (folder TEXT PRIMARY KEY, checksum INTEGER NOT NULL, records BLOB NOT NULL);
CREATE TABLE standing (folder TEXT PRIMARY KEY, checksum INTEGER NOT NULL, value BLOB NOT NULL);
CREATE TABLE clock (run INTEGER NOT NULL);
INSERT INTO clock VALUES (0)
"""
_INSERT = """
INSERT OR REPLACE INTO entry (stage, key, run, is_packed, checksum, value) VALUES (?, ?, ?, ?, ?, ?)
"""
_SELECT = "SELECT id, run <= ?, key, is_packed, checksum, value FROM entry WHERE stage = ? AND key IN "

# Errors that say the file is not what it should be; all others are of the world around it.
_DAMAGE = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class OutputRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of a site as it was left: made from what, and with which content.

    `key` is the digest of the page, `content` that of the file's bytes; `size` and `mtime_ns` are
    the file's own. `meta` belongs to the caller, who keeps there what explains the page.
    """

    key: Digest
    content: Digest
    size: int
    mtime_ns: int
    meta: bytes = b""


_encode_records = msgspec.msgpack.Encoder(order="deterministic").encode
_decode_records = msgspec.msgpack.Decoder(dict[str, OutputRecord]).decode
_VERSION = zlib.crc32(f"{_SCHEMA}{OutputRecord.__struct_fields__}".encode()) & 0x7FFF_FFFF


class Store:
    """A memo of values by stage and digest, and of the files each output folder was left with.

    Values are bytes that the caller encodes; equal keys must mean equal values. What is put is
    found at once by this store, unless the file turns out to be damaged, and by others after
    `commit`, which ends a run and begins the next. One store may be used by several threads in
    turn, but not by a forked child, in which asking and putting raise RuntimeError.

    Attributes:
        fault: why nothing is, or could be, remembered on disk; "" when all is well.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the memo in `file`, or one in memory; `Store.open` is the usual way."""
        self.fault = ""
        self._owner = os.getpid()
        self._file = file
        self._database: sqlite3.Connection | None = None
        self._run = 1
        self._put_any = False
        self._waiting: dict[str, dict[Digest, bytes]] = {}
        self._waiting_size: dict[str, int] = {}
        self._useful: set[int] = set()
        self._oldest_kept: int | None = None
        self._records: dict[str, bytes] = {}
        self._new_records: set[str] = set()
        self._standing: dict[str, bytes] = {}
        self._dictionaries: dict[str, bytes] = {}
        if file is not None:
            self._connect(file)

    @classmethod
    def open(cls, folder: Path | None) -> Self:
        """Open the memo in `folder`, which is made if need be; None gives one in memory."""
        return cls(None if folder is None else folder / MEMO)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what was not committed is forgotten."""
        if self._database is not None:
            self._database.close()
            self._database = None

    # ------------------------------------------------------------ values

    def get(self, stage: str, key: Digest) -> bytes | None:
        """Give the value remembered for one key, None if there is none."""
        return self.get_many(stage, (key,)).get(key)

    def get_many(self, stage: str, keys: Sequence[Digest]) -> dict[Digest, bytes]:
        """Give the values remembered for `keys`; those that are not remembered are left out."""
        self._check_owner()
        waiting = self._waiting.get(stage, {})
        found = {key: waiting[key] for key in keys if key in waiting}
        absent = [key for key in keys if key not in found]
        stale = self._run - LEEWAY
        for start in range(0, len(absent), _KEYS_PER_QUERY):
            some = absent[start : start + _KEYS_PER_QUERY]
            rows = self._rows(f"{_SELECT}({','.join('?' * len(some))})", stale, stage, *some)
            try:
                for number, is_stale, key, *row in rows:
                    found[key] = self._unpacked(stage, key, row)
                    if is_stale:
                        self._useful.add(number)
            except (sqlite3.DatabaseError, zlib.error, TypeError) as error:
                self._recover(error)
        return found

    def put_many(self, stage: str, values: Mapping[Digest, bytes]) -> None:
        """Remember `values`; on disk with the next `commit`."""
        if not values:
            return
        self._check_owner()
        self._put_any = True
        self._waiting.setdefault(stage, {}).update(values)
        size = self._waiting_size.get(stage, 0) + sum(map(len, values.values()))
        self._waiting_size[stage] = size
        if size > _WAITING_LIMIT:
            self._write(lambda database: self._insert(database, stage))

    def _check_owner(self) -> None:
        if os.getpid() != self._owner:
            message = "a memo belongs to the process that opened it"
            raise RuntimeError(message)

    # ------------------------------------------------------------ outputs

    def outputs(self, out: Path) -> dict[str, OutputRecord]:
        """Give the record of each file that the last build left in the folder `out`, by path."""
        folder = os.path.realpath(out)
        if folder not in self._records:
            query = "SELECT checksum, records FROM output WHERE folder = ?"
            for checksum, records in self._rows(query, folder):
                if isinstance(records, bytes) and _checksum(folder.encode(), records) == checksum:
                    self._records[folder] = records
        with suppress(msgspec.DecodeError, KeyError):
            return _decode_records(self._records[folder])
        return {}

    def set_outputs(self, out: Path, records: Mapping[str, OutputRecord]) -> None:
        """Remember what a build left in the folder `out`; on disk with the next `commit`."""
        folder = os.path.realpath(out)
        encoded = _encode_records(records)
        if self._records.get(folder) != encoded:
            self._records[folder] = encoded
            self._new_records.add(folder)

    def standing(self, out: Path) -> bytes:
        """Give what the last build that wrote the folder `out` said of itself, b"" if that is not known."""
        folder = os.path.realpath(out)
        if folder in self._standing:
            return self._standing[folder]
        for checksum, value in self._rows("SELECT checksum, value FROM standing WHERE folder = ?", folder):
            if isinstance(value, bytes) and _checksum(folder.encode(), value) == checksum:
                return value
        return b""

    def set_standing(self, out: Path, value: bytes) -> None:
        """Remember what a build says of itself; on disk with the next `commit`."""
        if self.standing(out) != value:
            self._standing[os.path.realpath(out)] = value

    # ------------------------------------------------------------ the end of a run

    @property
    def is_sweep_due(self) -> bool:
        """Whether this run should `sweep`: one in `LEEWAY` of those that put something."""
        return self._database is not None and self._put_any and self._run % LEEWAY == 0

    def sweep(self, live: Mapping[str, Iterable[Digest]], keep_runs: int = 2 * LEEWAY) -> None:
        """Forget, with the next `commit`, what was of no use in the last `keep_runs` runs.

        Args:
            live: by stage, keys that are of use though this run did not read them. A kept page
                reads none of its formulas; they are wanted again when the theme changes.
            keep_runs: how many runs back an entry must have been read, put or live.
        """
        lived = {stage: frozenset(keys) for stage, keys in live.items()}
        query = "SELECT id, stage, key FROM entry WHERE run < ?"
        for row, stage, key in self._rows(query, self._run):
            if key in lived.get(stage, ()):
                self._useful.add(row)
        self._oldest_kept = self._run - max(keep_runs, LEEWAY) - LEEWAY

    def commit(self) -> None:
        """Write all that this run has put, in one transaction, and begin the next run.

        Writes nothing when nothing was put. What cannot be written is forgotten.
        """
        if self._put_any or self._new_records or self._standing or self._oldest_kept is not None:
            if not self._write(self._finish):
                return
            self._run += self._put_any
        self._put_any = False
        self._useful.clear()
        self._oldest_kept = None
        self._new_records.clear()
        self._standing.clear()

    def _finish(self, database: sqlite3.Connection) -> None:
        """Put into the open transaction what is left, and close it."""
        for stage in list(self._waiting):
            self._insert(database, stage)
        marks = ((self._run, row) for row in sorted(self._useful))
        database.executemany("UPDATE entry SET run = ? WHERE id = ?", marks)
        for folder in sorted(self._new_records):
            row = folder, _checksum(folder.encode(), self._records[folder]), self._records[folder]
            database.execute("INSERT OR REPLACE INTO output VALUES (?, ?, ?)", row)
        for folder, value in sorted(self._standing.items()):
            standing = folder, _checksum(folder.encode(), value), value
            database.execute("INSERT OR REPLACE INTO standing VALUES (?, ?, ?)", standing)
        if self._put_any:
            database.execute("UPDATE clock SET run = max(run, ?)", (self._run,))
        if self._oldest_kept is not None:
            database.execute("DELETE FROM entry WHERE run < ?", (self._oldest_kept,))
            for row in database.execute("SELECT folder FROM output").fetchall():
                if not Path(row[0]).is_dir():
                    database.execute("DELETE FROM output WHERE folder = ?", row)
                    database.execute("DELETE FROM standing WHERE folder = ?", row)
        database.execute("COMMIT")

    # ------------------------------------------------------------ packing

    def _insert(self, database: sqlite3.Connection, stage: str) -> None:
        """Carry what waits over into the open transaction, compressed where that pays."""
        values = self._waiting[stage]
        dictionary = self._dictionary(stage)
        if not dictionary and self._waiting_size[stage] >= _SAMPLED_FROM:
            dictionary = self._dictionaries[stage] = _sample(list(values.values()))
            database.execute("INSERT OR REPLACE INTO dictionary VALUES (?, ?)", (stage, dictionary))
        # Taking in a dictionary takes longer than compressing: it is done once, and copied. With 9 in place of 8 the
        # copy takes twenty times as long, for what it takes of memory the system is asked each time anew.
        fresh = zlib.compressobj(2, zlib.DEFLATED, -15, 8, zdict=dictionary)
        for key, value in values.items():
            packed = value
            if is_packed := bool(dictionary) and len(value) >= _WORTH_PACKING:
                press = fresh.copy()
                packed = press.compress(value) + press.flush()
            row = stage, key, self._run, is_packed, _checksum(key, value), packed
            database.execute(_INSERT, row)
        del self._waiting[stage], self._waiting_size[stage]

    def _unpacked(self, stage: str, key: Digest, row: Sequence[Any]) -> bytes:
        """Give the value of a row.

        Raises:
            sqlite3.DatabaseError, zlib.error, TypeError: if the file is torn.
        """
        is_packed, checksum, value = row
        if is_packed:
            value = zlib.decompressobj(-15, zdict=self._dictionary(stage)).decompress(value)
        if _checksum(key, value) != checksum:
            raise sqlite3.DatabaseError("a value does not fit its checksum")
        return bytes(value)

    def _dictionary(self, stage: str) -> bytes:
        """Give the dictionary of a stage, b"" where it has none yet."""
        if stage not in self._dictionaries and self._database is not None:
            query = "SELECT text FROM dictionary WHERE stage = ?"
            for (text,) in self._database.execute(query, (stage,)).fetchall():
                if isinstance(text, bytes):
                    self._dictionaries[stage] = text
        return self._dictionaries.get(stage, b"")

    # ------------------------------------------------------------ the file

    def _connect(self, file: Path) -> None:
        """Open or begin `file`; without success the memo lives in memory."""
        try:
            if not file.parent.is_dir():
                file.parent.mkdir(parents=True)
                (file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
            self._database, last_run = _open(file)
            self._run = last_run + 1
        except (OSError, sqlite3.Error) as error:
            self.fault = f"the memo {file} cannot be used: {error}"

    def _rows(self, query: str, *values: object) -> list[Any]:
        if self._database is None:
            return []
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            self._recover(error)
            return []

    def _write(self, change: Callable[[sqlite3.Connection], None]) -> bool:
        """Apply `change` in a transaction; begin one if none is open. Say whether that succeeded."""
        if self._database is None:
            return False
        try:
            if not self._database.in_transaction:
                self._database.execute("BEGIN IMMEDIATE")
            change(self._database)
        except sqlite3.DatabaseError as error:
            self._recover(error)
            return False
        return True

    def _recover(self, error: Exception) -> None:
        """Go on after `error`: with a new file in place of a damaged one, else in memory."""
        self.close()
        self._dictionaries.clear()
        self._useful.clear()
        if self._file is None or not _is_damage(error):
            self.fault = f"the memo {self._file} cannot be used: {error}"
            return
        with suppress(OSError):
            _remove(self._file)
        self._connect(self._file)


def _open(file: Path) -> tuple[sqlite3.Connection, int]:
    """Open the memo in `file`, in place of whatever else is there, and give its last run too."""
    for _ in range(2):
        database = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            if (run := _last_run(database)) is not None:
                return database, run
        except sqlite3.Error as error:
            if not _is_damage(error):
                database.close()
                raise
        database.close()
        _remove(file)
    raise sqlite3.DatabaseError("another program writes there")


def _last_run(database: sqlite3.Connection) -> int | None:
    """Give the run that was counted last; begin an empty database; None if it is not ours."""
    database.execute("PRAGMA synchronous = OFF")
    # A transaction too large for the cache must not lock readers out before its commit.
    database.execute("PRAGMA cache_spill = OFF")
    if _version(database) != _VERSION:
        database.execute("BEGIN IMMEDIATE")
        if _version(database) != _VERSION:  # else another build was quicker
            if database.execute("SELECT 1 FROM sqlite_master").fetchone():
                return None
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        database.execute("COMMIT")
    row = database.execute("SELECT run FROM clock").fetchone()
    return row[0] if row and isinstance(row[0], int) else None


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _remove(file: Path) -> None:
    for name in (file, file.with_name(f"{file.name}-journal")):
        name.unlink(missing_ok=True)


def _is_damage(error: Exception) -> bool:
    # Without a code of SQLite's it is what it gave that makes no sense.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGE


def _checksum(key: bytes, value: bytes) -> int:
    return zlib.crc32(value, zlib.crc32(key))


def _sample(values: Sequence[bytes]) -> bytes:
    """Join values taken evenly from all of `values` to a dictionary."""
    wanted = max(1, _DICTIONARY_SIZE * len(values) // sum(map(len, values)))
    return b"".join(values[:: max(1, len(values) // wanted)])[-_DICTIONARY_SIZE:]
