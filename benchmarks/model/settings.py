"""What an operator can turn, under the very names of `environments/*.toml`, and what we advise."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a deployment that decide how fast it is; `infra.environment` explains them.

    A test holds the defaults to that class.
    """

    slices: int = 8
    fanout_concurrency: int = 10
    sender_concurrency: int = 20
    gateway_parts_per_s: float | None = None
    messages_warm_writes_per_s: int | None = None
    clients_warm_reads_per_s: int | None = None

    def at_gateway(self, parts_per_s: float | None) -> "Settings":
        """The same, with the pace that the gateway asks for."""
        return replace(self, gateway_parts_per_s=parts_per_s)


DEFAULT = Settings()

TUNED = Settings(
    slices=32,
    fanout_concurrency=40,
    sender_concurrency=60,
    messages_warm_writes_per_s=40_000,
)
"""For a million in ten minutes and ten million in an hour, if the gateway takes them."""

SLICES_MAX = 64
CONCURRENCY_MAX = 1_000
"""What the settings themselves allow: `infra.environment`, `infra.limits`."""
