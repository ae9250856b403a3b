"""A repository with one commit after the other, written in one go."""

import subprocess
from pathlib import Path


def write_line(folder: Path, last: int) -> Path:
    """Write commits 0 to `last` on branch main of a new repository; the file `n` says which one it is."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    stream = ""
    for n in range(last + 1):
        stream += f"commit refs/heads/main\nmark :{n + 1}\ncommitter A <a@b> {1700000000 + n} +0000\n"
        stream += f"data <<END\nchange number {n}\nEND\n" + (f"from :{n}\n" if n else "")
        stream += f"M 100644 inline n\ndata <<END\n{n}\nEND\n\n"
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, text=True, check=True)
    return folder
