"""What the counters are told by their environment."""

from carillon.settings import Settings


class StatsSettings(Settings):
    """The counters' table, the mailings, whose starts time their first messages, and whom to ask
    when a mailing seems complete."""

    stats_table: str
    mailings_table: str
    fanout_queue_url: str
