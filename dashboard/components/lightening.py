"""What a page is made into on its way to a browser, so that showing it takes no longer than a click may."""

from typing import Any

from dashboard.components.later import when_near
from dashboard.components.text import as_text


def light(tree: Any) -> Any:
    """Return the same page of few components: text in whole pieces, plots and grids when they are near."""
    return as_text(when_near(tree))
