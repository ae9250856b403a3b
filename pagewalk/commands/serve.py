"""pagewalk serve: look at the history in a browser."""

from pathlib import Path

import click

from pagewalk.commands import options
from pagewalk.commands.progress import console
from pagewalk.errors import Unavailable


@click.command("serve")
@options.results_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8050, show_default=True)
def command(results: Path | None, host: str, port: int) -> None:
    """Look at the history in a browser: an overview, and two revisions side by side.

    Reads the results folder only; whatever is measured meanwhile shows with the next reload.
    """
    try:
        from dashboard.app import serve  # noqa: PLC0415 - heavy, and an extra
    except ImportError as error:
        raise Unavailable(
            f"The dashboard is not installed ({error.name} is missing).",
            "Type `pip install 'pagewalk[dashboard]'`.",
        ) from error
    root = results or options.project_root() / "results"
    console().print(f"pagewalk is at http://{host}:{port}/ — stop it with Ctrl-C.")
    serve(root, host=host, port=port)
