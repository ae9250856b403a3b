"""Which changes of a subject are told: those that hold among all series that were searched."""

from sqlalchemy import Connection, bindparam, func, select, update

from pagewalk.analysis.regressions import Change, Kind, Place, SeriesName, control
from pagewalk.index.schema import benchmark, change, search, subject
from pagewalk.model import Case

_SET = (
    update(change)
    .where(*(column == bindparam(f"the_{column.name}") for column in change.primary_key))
    .values(q=bindparam("new_q"))
)


def tell(connection: Connection, subject_name: str) -> None:
    """Decide anew what is told, in the transaction that stores what was found."""
    own = select(benchmark.c.id).join(subject, subject.c.id == benchmark.c.subject_id)
    mine = own.where(subject.c.name == subject_name)
    looked = select(func.sum(search.c.series)).where(search.c.benchmark_id.in_(mine))
    series = int(connection.execute(looked).scalar() or 0)
    names: dict[tuple[object, ...], SeriesName] = {}
    rows: list[dict[str, int | str]] = []
    before: list[float | None] = []
    candidates: list[Change] = []
    query = select(
        *change.primary_key, change.c.version, change.c.params, change.c.kind, change.c.p, change.c.q
    )
    for row in connection.execute(query.where(change.c.benchmark_id.in_(mine))):
        key = (row.benchmark_id, row.machine_id, row.environment, row.version, row.params)
        # the control asks for the name of a series tens of thousands of times: a short one
        name = names.setdefault(key, SeriesName("", Case(str(len(names))), ""))
        rows.append({f"the_{column.name}": row._mapping[column.name] for column in change.primary_key})
        before.append(row.q)
        candidates.append(Change(name, Place(len(candidates), 0), Kind(row.kind), row.p))
    told = {one.place.after: one.q for one in control(candidates, max(series, len(names)))}
    changed = [
        row | {"new_q": told.get(number)}
        for number, row in enumerate(rows)
        if before[number] != told.get(number)
    ]
    if changed:
        connection.execute(_SET, changed)
