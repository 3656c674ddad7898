"""What the widget is told by its environment."""

from carillon.settings import Settings


class WidgetSettings(Settings):
    """Where mailings and counters lie, and where people work with them."""

    mailings_table: str
    stats_table: str
    page_url: str
    """The admin page's address, with the slash at its end."""
