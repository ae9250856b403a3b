"""What a browser may keep for good: styles, scripts and pictures whose address names their version."""

from flask import Flask, Response, request

_FOREVER = "public, max-age=31536000, immutable"
_VERSIONS = {"/assets/": "m", "/_favicon.ico": "v"}
"""Dash writes the time of a change, or its own version, into the query of these."""


def keep_versioned(server: Flask) -> None:
    """Let no browser ask twice for the same version: at each click it would ask for the icon again."""

    @server.after_request
    def add_lifetime(response: Response) -> Response:
        named = any(
            request.path.startswith(path) and request.args.get(version) for path, version in _VERSIONS.items()
        )
        if named and response.status_code == 200:
            response.headers["Cache-Control"] = _FOREVER
        return response
