"""What a browser may do with our pages: show them, run our own scripts, and nothing else."""

from collections.abc import Sequence

from flask import Flask, Response

_LOOPBACK = ("127.0.0.1", "localhost")


def policy(script_hashes: Sequence[str]) -> str:
    """Return the Content-Security-Policy.

    Styles may be inline, since Mantine, ag-grid and plotly write theirs that way; scripts may not,
    but for those of Dash whose hashes are given. `data:` and `blob:` images are plotly's way to
    a PNG. There is no `unsafe-eval`.

    Args:
        script_hashes: as `'sha256-…'`, with their quotes.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def harden(server: Flask, script_hashes: Sequence[str]) -> None:
    """Add the headers to every answer."""
    headers = {
        "Content-Security-Policy": policy(script_hashes),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    @server.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            # A document in a frame of ours has a stricter policy of its own
            response.headers.setdefault(name, value)
        return response


def is_loopback(host: str) -> bool:
    """Return whether only this machine can ask at an address."""
    return host in _LOOPBACK


def answer_only_to(server: Flask, host: str) -> None:
    """Refuse requests by any other name where only this machine is meant to ask.

    A web page could else make a name of its own point here and read the results (DNS rebinding).
    """
    if is_loopback(host):
        server.config["TRUSTED_HOSTS"] = list(_LOOPBACK)
