"""What the page's function needs to know."""

from carillon.settings import Settings


class PageSettings(Settings):
    """Read once at init.

    `uploads_origin` is where a browser sends files of clients, such as
    `https://bucket.s3.eu-central-1.amazonaws.com`; empty where it sends none.
    """

    uploads_origin: str
