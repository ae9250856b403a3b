"""Many rows at once, handed to the driver as they are: SQLAlchemy's work on each took as long as SQLite's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table


def insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows; each has a value for every column, in the order of the table, as the driver takes it."""
    if not rows:
        return
    compiled = table.insert().compile(dialect=connection.dialect)
    names = [column.name for column in table.columns]
    if compiled.positional and compiled.positiontup == names:
        connection.exec_driver_sql(str(compiled), list(rows))
    else:
        named = [dict(zip(names, row, strict=True)) for row in rows]
        connection.exec_driver_sql(str(compiled), named)
