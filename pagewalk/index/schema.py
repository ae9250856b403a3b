"""The tables. Plain SQL types only, so that SQLite and PostgreSQL hold the same; docs/index.md draws them.

Values are stored in chunks: one row holds up to `CASES_A_CHUNK` cases of one benchmark in one file, as
arrays. Rows of one benchmark lie together, so that a series over a thousand commits is one range of the
table, and a file of four thousand values is a few hundred rows. Of a whole file at once, which is what two
revisions are compared by, the values lie once more in one row of `sheet`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = "8"
"""An index of another version is built anew."""
CASES_A_CHUNK = 256

metadata = MetaData()


class Array(LargeBinary):
    """Bytes that every driver takes and gives as they are: no call for each of a million of them."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:  # noqa: ARG002 - SQLAlchemy's signature
        return None

    def result_processor(self, dialect: Dialect, coltype: object) -> None:  # noqa: ARG002 - as above
        return None


def _key(name: str = "id") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="")


meta = Table("meta", metadata, Column("key", String(64), primary_key=True), _text("value"))

subject = Table("subject", metadata, _key(), _text("name"), _text("folder"), UniqueConstraint("name"))

machine = Table(
    "machine",
    metadata,
    _key(),
    _number("subject_id"),
    _text("name"),
    _text("facts"),  # JSON: machine.json, or what result files say where there is none
    UniqueConstraint("subject_id", "name"),
)

revision = Table(
    "revision",
    metadata,
    _key(),
    _number("subject_id"),
    Column("commit_hash", String(64), nullable=False),
    Column("date", BigInteger),
    _number("position"),
    _text("name"),
    _text("title"),
    _text("page"),  # its address on a forge
    UniqueConstraint("subject_id", "commit_hash"),
)

benchmark = Table(
    "benchmark",
    metadata,
    _key(),
    _number("subject_id"),
    _text("name"),
    _text("unit"),
    _text("version"),  # the current one, of benchmarks.json
    _text("param_names"),  # JSON
    _text("params"),  # JSON: the current axes
    UniqueConstraint("subject_id", "name"),
)

layout = Table(
    "layout",
    metadata,
    _key(),
    Column("digest", String(40), nullable=False, unique=True),
    _number("cases"),
    _text("body"),  # JSON, see pagewalk.index.layouts
)

family = Table(
    "family",
    metadata,
    _key(),
    _number("benchmark_id"),
    _number("layout_id"),
    _text("version"),
    UniqueConstraint("benchmark_id", "version", "layout_id"),
)

provenance = Table(
    "provenance",
    metadata,
    _key(),
    _text("origin"),
    _text("precision"),
    _text("source"),
    Column("share", Float, nullable=False),
    UniqueConstraint("origin", "precision", "source", "share"),
)

source_file = Table(
    "source_file",
    metadata,
    _key(),
    Column("path", Text, nullable=False, unique=True),  # relative to the results root, with /
    Column("kind", String(16), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("settled", Boolean, nullable=False),  # not written within the clock's grain of our reading
    Column("digest", String(40), nullable=False),
    _number("subject_id"),
    Column("machine_id", Integer),
    Column("revision_id", Integer),
    _text("environment"),
    Column("date", BigInteger),  # of the commit, as the file says
    Column("taken", Float),  # the latest time anything in it was measured
    Column("value_count", Integer, nullable=False, default=0),
    Index("source_file_revision", "revision_id", "machine_id"),
)

chunk = Table(
    "chunk",
    metadata,
    _key("family_id"),
    _key("part"),
    _key("file_id"),
    Column("taken", Float),
    Column("value", Array, nullable=False),  # float64, little-endian, one a case
    Column("low", Array),
    Column("high", Array),
    Column("state", Array),  # a byte a case, see pagewalk.index.states; NULL: all ok
    Column("interval", SmallInteger, nullable=False, default=0),
    Column("provenance_id", Integer),
    Index("chunk_file", "file_id"),
    sqlite_with_rowid=False,
)

roster = Table(  # which families a file has values of, in which order; most files repeat another's
    "roster",
    metadata,
    _key(),
    Column("digest", String(40), nullable=False, unique=True),
    Column("families", Array, nullable=False),  # int32, little-endian: family_id and number of cases of each
)

sheet = Table(
    "sheet",
    metadata,
    _key("file_id"),
    _number("roster_id"),
    Column("value", Array, nullable=False),  # as in `chunk`, all families after each other
)

coverage = Table(  # how many files have a family on a machine in an environment, and when that last changed
    "coverage",
    metadata,
    _key("family_id"),
    _key("machine_id"),
    Column("environment", Text, primary_key=True),
    _number("files"),
    _number("generation"),
)

tally = Table(
    "tally", metadata, _key("file_id"), Column("state", SmallInteger, primary_key=True), _number("cases")
)

crash = Table(
    "crash",
    metadata,
    _key("file_id"),
    _key("place"),
    _text("benchmark"),
    _text("params"),  # JSON
    Column("outcome", String(16), nullable=False),
    _text("signal"),
    Column("exit_status", BigInteger),
    _text("fault_address"),  # hexadecimal: 64 unsigned bits are too many for BIGINT
    Column("fingerprint", String(16), nullable=False, index=True),
    _text("record"),  # JSON: all of `pagewalk.model.Crash`
    _number("count"),
    Column("taken", Float, nullable=False),
)

problem = Table("problem", metadata, _key("file_id"), _key("place"), _number("line"), _text("reason"))

search = Table(  # of which values lasting changes were looked for: all cases of a benchmark at one place
    "search",
    metadata,
    _key("benchmark_id"),
    _key("machine_id"),
    Column("environment", Text, primary_key=True),
    _text("stamp"),  # of all that the values may depend on: cheap to compare
    Column("digest", String(40), nullable=False),  # of the values themselves, and of the method
    _number("series"),
)

level = Table(  # where the levels of a series begin, by its values: what a page would have to find out
    "level",
    metadata,
    _key("benchmark_id"),
    _key("machine_id"),
    Column("environment", Text, primary_key=True),
    Column("digest", String(32), primary_key=True),  # of the values, and of the method
    Column("starts", Array, nullable=False),  # int32, little-endian: places among the values there are
)

change = Table(  # what a search found; which of it is told is decided over all of a subject
    "change",
    metadata,
    _key("benchmark_id"),
    _key("machine_id"),
    Column("environment", Text, primary_key=True),
    _key("place"),
    _text("params"),  # JSON
    _text("version"),
    Column("last_good", String(64), nullable=False),  # commits: it happened after this one
    Column("first", String(64), nullable=False),  # and no later than this one
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # what became of it
    Column("p", Float, nullable=False),
    Column("q", Float),  # among all series of the subject; NULL: not told
    *(Column(name, Float, nullable=False) for name in ("before", "after", "ratio", "low", "high")),
)
