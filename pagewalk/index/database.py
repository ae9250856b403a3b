"""Opens the database of an index: SQLite embedded, or whatever SQLAlchemy's URL names."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from pagewalk.errors import HistoryError, Unavailable
from pagewalk.index import schema
from pagewalk.locking import locked

_READER_KIB = 4_096
"""What a connection keeps of the file. A server has many, and the system keeps it once for all of them."""
_WRITER_KIB = 65_536
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers never wait for the writer
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=20000",
    f"PRAGMA cache_size=-{_READER_KIB}",
    "PRAGMA temp_store=MEMORY",
)

_ONE_STATE = "REPEATABLE READ"
_LATEST = "READ COMMITTED"
"""Levels of PostgreSQL: a reader sees one state; a writer, who waited for others, what they have written."""
_WRITES = select(func.pg_advisory_xact_lock(0x70616765, 1))
_UPDATES = select(func.pg_advisory_lock(0x70616765, 2))
_UPDATED = select(func.pg_advisory_unlock(0x70616765, 2))
"""Locks that PostgreSQL keeps for whoever agrees on a number: ours are "page" in ASCII."""


@dataclass(frozen=True, slots=True)
class Index:
    """An open index; safe to share between threads.

    Args:
        where: a path or a URL without its password, for messages.
    """

    engine: Engine
    where: str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the index, whatever is written meanwhile."""
        with self.engine.connect() as connection:
            reader = connection.execution_options(**self._isolation(_ONE_STATE))
            with reader.begin():
                yield reader

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a transaction: all of it happens, or nothing."""
        with self.engine.connect() as connection:
            writer = connection.execution_options(pagewalk_writes=True, **self._isolation(_LATEST))
            with writer.begin():
                if self._server:
                    writer.execute(_WRITES)
                yield writer

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off every other update, of other processes too, until this one is over."""
        if self._server:
            with self.engine.connect() as connection:
                holder = connection.execution_options(isolation_level="AUTOCOMMIT")
                holder.execute(_UPDATES)
                try:
                    yield
                finally:
                    holder.execute(_UPDATED)
            return
        path = self.engine.url.database
        with locked(Path(path)) if path else nullcontext():
            yield

    @property
    def _server(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def _isolation(self, level: str) -> dict[str, str]:
        """Return how a transaction is kept apart from others; SQLite knows one way only."""
        return {"isolation_level": level} if self._server else {}

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_index(where: str | Path, *, create: bool = False) -> Index:
    """Open the index at a path or an SQLAlchemy URL.

    Args:
        create: make an empty one where there is none, or where it was made by another version.

    Raises:
        HistoryError: there is no index, or something else is there.
        Unavailable: the database cannot be reached, or its driver is not installed.
    """
    engine = _engine(where, create)
    shown = engine.url.render_as_string(hide_password=True) if "://" in str(where) else str(where)
    try:
        if not _current(engine):
            if not create:
                raise HistoryError(f"There is no index at {shown}.", "Type `pagewalk index` to build it.")
            _rebuild(engine)
    except OperationalError as error:
        raise Unavailable(f"cannot open the index {shown}: {error.orig}", _REMEDY) from error
    except DBAPIError as error:
        raise HistoryError(f"{shown} is no index of pagewalk: {error.orig}", _REMEDY) from error
    return Index(engine, shown)


_PLAIN = ("postgresql", "postgres")
_REMEDY = "Delete it (an index can always be built anew), or name another one with --index."


def _engine(where: str | Path, create: bool) -> Engine:
    if "://" not in str(where):
        path = Path(where)
        if not create and not path.is_file():
            raise HistoryError(f"There is no index at {path}.", "Type `pagewalk index` to build it.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"cannot write to {path.parent}: {error.strerror}", _REMEDY) from error
        where = f"sqlite:///{path}"
    try:
        engine = create_engine(_url(str(where)))
    except (ArgumentError, NoSuchModuleError) as error:
        raise HistoryError(f"{where} is no database URL: {error}", "See `pagewalk index --help`.") from error
    except ImportError as error:
        raise Unavailable(
            f"The driver {error.name} is not installed.", "Type `pip install 'pagewalk[postgresql]'`."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _url(where: str) -> URL:
    """Read a URL; one that names PostgreSQL and no driver means the driver that the extra installs."""
    url = make_url(where)
    return url.set(drivername="postgresql+psycopg") if url.drivername in _PLAIN else url


def _prepare(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for one view of the data
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("pagewalk_writes", False)
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_WRITER_KIB if writes else _READER_KIB}")
    # a reader that turns writer halfway fails where another one wrote in between; so say it at the start
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _current(engine: Engine) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table(schema.meta.name):
            return False
        query = select(schema.meta.c.value).where(schema.meta.c.key == "version")
        return connection.execute(query).scalar() == schema.VERSION


def _rebuild(engine: Engine) -> None:
    with Index(engine, "").writing() as connection:
        schema.metadata.drop_all(connection)
        schema.metadata.create_all(connection)
        rows = [{"key": "version", "value": schema.VERSION}, {"key": "generation", "value": "0"}]
        connection.execute(schema.meta.insert(), rows)
