"""pagewalk serve: look at the history in a browser."""

from pathlib import Path

import click

from pagewalk.commands import options
from pagewalk.commands.progress import console
from pagewalk.errors import Unavailable


@click.command("serve")
@options.results_option
@options.index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8050, show_default=True)
@click.option(
    "--allow-triage",
    is_flag=True,
    help="Let people who open it decide about findings; without it, nothing is ever written to the results.",
)
def command(results: Path | None, index: str | None, host: str, port: int, allow_triage: bool) -> None:
    """Look at the history in a browser: what needs attention, two revisions, one benchmark over commits.

    What runs at the moment shows as well: the pages Live and Bisect follow it without reloading.

    Reads the results folder only; whatever is measured meanwhile shows with the next reload. Pages read an
    index, which is brought up to date in the background while they are served.

    \b
    pagewalk serve                                         the project's own results
    pagewalk serve --results ~/pandas/results              those of any project that uses asv
    pagewalk serve --allow-triage                          with buttons to decide about findings
    """
    try:
        from dashboard.app import serve  # noqa: PLC0415 - heavy, and an extra
        from pagewalk.index.database import open_index  # noqa: PLC0415 - SQLAlchemy takes half a second
        from pagewalk.index.location import default_index  # noqa: PLC0415
    except ImportError as error:
        raise Unavailable(
            f"The dashboard is not installed ({error.name} is missing).",
            "Type `pip install 'pagewalk[dashboard]'`.",
        ) from error
    root = results or options.project_root() / "results"
    project = options.project_root() if options.in_project() else None
    console().print(f"pagewalk is at http://{host}:{port}/ — stop it with Ctrl-C.")
    opened = open_index(index or default_index(root), create=True)
    repositories = options.repositories_at_hand()
    serve(
        root,
        opened,
        host=host,
        port=port,
        project=project,
        repositories=repositories,
        allow_triage=allow_triage,
    )
