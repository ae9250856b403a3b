"""The title of the document: what is looked at, by the address, and on which page."""

from dash.development.base_component import Component


class Title(Component):
    """Shows nothing; `assets/parts.js` titles the document, anew with every address.

    A callback would do the same, and have Dash draw the whole page once more for it.

    Args:
        page: the page's own title.
        path: where the page is; the address of another one is not this one's affair.
    """

    page: str
    path: str
    _namespace = "pagewalk_parts"
    _type = "Title"

    def __init__(self, page: str, path: str) -> None:
        self._prop_names = ["page", "path"]
        self._valid_wildcard_attributes = []
        super().__init__(page=page, path=path)  # type: ignore[no-untyped-call]
