"""What the importer is told by its environment."""

from carillon.settings import Settings


class ImporterSettings(Settings):
    """Tables, the bucket of uploads, and the queue that it works and goes on through."""

    clients_table: str
    phones_table: str
    imports_table: str
    uploads_bucket: str
    import_queue_url: str
