"""Every lasting change that an index tells, of any kind: pages ask only for what got worse."""

from dataclasses import dataclass

from sqlalchemy import select

from pagewalk.index.database import Index
from pagewalk.index.schema import benchmark, change, revision


@dataclass(frozen=True, slots=True)
class Told:
    """A change that is told; `params` is JSON, `first` a commit and `name` what it is called."""

    benchmark: str
    params: str
    kind: str
    state: str
    first: str
    name: str


def told(index: Index) -> list[Told]:
    """Return what is told of the only subject, in the order of its series."""
    columns = (
        benchmark.c.name,
        change.c.params,
        change.c.kind,
        change.c.state,
        change.c.first,
        revision.c.name,
    )
    query = (
        select(*columns)
        .join(benchmark, benchmark.c.id == change.c.benchmark_id)
        .join(revision, revision.c.commit_hash == change.c.first)
        .where(change.c.q.is_not(None))
        .order_by(*change.primary_key)
    )
    with index.reading() as connection:
        return [Told(*row) for row in connection.execute(query)]
