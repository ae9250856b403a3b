"""Values that arguments had: histograms for a terminal and for programs."""

from collections.abc import Sequence

from rich.table import Column, Table
from rich.text import Text

from pagewalk.analysis.profiles.arguments import Argument, Bucket
from pagewalk.reports.wording import printable
from pagewalk.units import share_text

_WIDEST = 40


def bucket_text(bucket: Bucket) -> str:
    """Say "64 … 127", or "0"."""
    return str(bucket.low) if bucket.low == bucket.high else f"{bucket.low} … {bucket.high}"


def argument_table(argument: Argument, base: str = "", head: str = "calls") -> Table:
    """Return the histogram of one argument; of two sides where the base has a name.

    Args:
        base, head: headings of the sides.
    """
    sides = (Column(printable(base), justify="right"),) if base else ()
    columns = (Column(argument.name, justify="right"), *sides, Column(printable(head), justify="right"), "")
    table = Table(*columns, box=None, pad_edge=False)
    most = max(max(bucket.base, bucket.head) for bucket in argument.buckets)
    for bucket in argument.buckets:
        before = (_cell(bucket.base, argument.base),) if base else ()
        bar = Text("█" * round(_WIDEST * bucket.head / most))
        table.add_row(bucket_text(bucket), *before, _cell(bucket.head, argument.head), bar)
    return table


def argument_content(arguments: Sequence[Argument]) -> list[dict[str, object]]:
    """Return the histograms as JSON takes them; `base` and `head` are calls."""
    return [
        {
            "name": argument.name,
            "buckets": [
                {"low": one.low, "high": one.high, "base": one.base, "head": one.head}
                for one in argument.buckets
            ],
        }
        for argument in arguments
    ]


def _cell(count: int, total: int) -> str:
    return f"{count} ({share_text(count / total)})" if count else "·"
